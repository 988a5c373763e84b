package io.pgq4j.admin.queue;

import io.pgq4j.QueueAdmin;
import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** Pauses or resumes a queue or a consumer. */
abstract class PausingCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "CONSUMER",
      description = "Only this consumer. Default: the queue itself.")
  private @Nullable String consumer;

  /** Returns whether it was otherwise before. */
  abstract boolean change(QueueAdmin admin, String queue, @Nullable String consumer);

  /** What it is afterwards. */
  abstract boolean paused();

  @Override
  protected final void run() {
    boolean changed = inTransaction(admin -> change(admin, queue, consumer));
    String what =
        (consumer == null ? "Queue " : "Consumer " + Printable.quoted(consumer) + " of queue ")
            + Printable.quoted(queue);
    say(
        what
            + (changed ? " is " : " was ")
            + (paused() ? "paused" : "running")
            + (changed ? "." : " already."));
    print(
        JsonObject.of("queue", queue)
            .with("consumer", consumer)
            .with("paused", paused())
            .with("changed", changed));
  }
}
