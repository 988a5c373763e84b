package io.pgq4j.admin.queue;

import io.pgq4j.QueueAdmin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
    name = "pause",
    description = {
      "Pauses a queue: it takes events, but nobody gets new ones. Or one consumer: it gets no more"
          + " batches.",
      "Events are kept meanwhile, so the queue grows. It lasts until 'pgq-admin resume'.",
      "JSON: {\"queue\": …, \"consumer\": …|null, \"paused\": true, \"changed\": true|false}"
    },
    footer = "  pgq-admin pause jobs mailer")
public final class PauseCommand extends PausingCommand {
  @Override
  boolean change(QueueAdmin admin, String queue, @Nullable String consumer) {
    return consumer == null ? admin.pauseQueue(queue) : admin.pauseConsumer(queue, consumer);
  }

  @Override
  boolean paused() {
    return true;
  }
}
