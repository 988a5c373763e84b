package io.pgq4j.admin.queue;

import io.pgq4j.QueueAdmin;
import io.pgq4j.QueueRight;
import picocli.CommandLine.Command;

@Command(
    name = "revoke",
    description = {
      "Takes a right on one queue from a role that grant gave it.",
      "What a role has as a member of pgq_reader or pgq_writer, it keeps.",
      "JSON: {\"queue\": …, \"role\": …, \"right\": …, \"granted\": false}"
    },
    footer = "  pgq-admin revoke jobs reporting consume")
public final class RevokeCommand extends RightCommand {
  @Override
  void change(QueueAdmin admin, String queue, String role, QueueRight right) {
    admin.revoke(queue, role, right);
  }

  @Override
  boolean granted() {
    return false;
  }
}
