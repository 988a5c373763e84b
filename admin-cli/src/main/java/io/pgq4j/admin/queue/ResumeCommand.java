package io.pgq4j.admin.queue;

import io.pgq4j.QueueAdmin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
    name = "resume",
    description = {
      "Ends pause, of a queue or of one consumer.",
      "JSON: {\"queue\": …, \"consumer\": …|null, \"paused\": false, \"changed\": true|false}"
    },
    footer = "  pgq-admin resume jobs mailer")
public final class ResumeCommand extends PausingCommand {
  @Override
  boolean change(QueueAdmin admin, String queue, @Nullable String consumer) {
    return consumer == null ? admin.resumeQueue(queue) : admin.resumeConsumer(queue, consumer);
  }

  @Override
  boolean paused() {
    return false;
  }
}
