package io.pgq4j.admin.queue;

import io.pgq4j.QueueAdmin;
import io.pgq4j.QueueRight;
import picocli.CommandLine.Command;

@Command(
    name = "grant",
    description = {
      "Gives a role a right on one queue alone: produce, to insert events, or consume, to register"
          + " and read.",
      "The first grant in a database makes all queues look at rights, and waits two seconds for"
          + " open producers. Members of pgq_reader and pgq_writer have the right on all queues.",
      "JSON: {\"queue\": …, \"role\": …, \"right\": …, \"granted\": true}"
    },
    footer = "  pgq-admin grant jobs reporting consume")
public final class GrantCommand extends RightCommand {
  @Override
  void change(QueueAdmin admin, String queue, String role, QueueRight right) {
    admin.grant(queue, role, right);
  }

  @Override
  boolean granted() {
    return true;
  }
}
