package io.pgq4j.admin.queue;

import io.pgq4j.BadArgumentException;
import io.pgq4j.ConsumerInfo;
import io.pgq4j.QueueAdmin;
import io.pgq4j.QueueException;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.DestructiveCommand;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Printable;
import java.sql.Connection;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "drop-queue",
    description = {
      "Drops a queue with its events, retries and dead letters.",
      "A queue that has consumers is dropped only with --force; one that still watches a table is"
          + " not dropped at all (see unwatch-table).",
      "JSON: {\"queue\": …, \"dropped\": true}"
    },
    footer = "  pgq-admin drop-queue jobs --force --yes")
public final class DropQueueCommand extends DestructiveCommand {
  private static final String UNREGISTER_FIRST =
      " 'pgq-admin drop-queue --force' unregisters them first.";

  @Parameters(index = "0", paramLabel = "NAME", description = "The queue.")
  private String name = "";

  @Option(names = "--force", description = "Unregister its consumers first.")
  private boolean force;

  @Override
  protected String plan(Connection connection) {
    QueueAdmin admin = QueueAdmin.on(connection);
    if (admin.queue(name).isEmpty()) {
      throw NotFound.queue(connection, name);
    }
    int consumers = admin.consumers(name).size();
    if (consumers > 0 && !force) {
      throw new CommandFailure(
          ExitCode.CHECK_FAILED,
          "Queue " + Printable.quoted(name) + " has consumers." + UNREGISTER_FIRST);
    }
    return "Drop queue "
        + Printable.quoted(name)
        + ", its events, retries and dead letters, and its "
        + consumers
        + (consumers == 1 ? " consumer." : " consumers.");
  }

  @Override
  protected void execute() {
    inTransaction(admin -> admin.dropQueue(name, force));
    say("Queue " + Printable.quoted(name) + " dropped.");
    print(JsonObject.of("queue", name).with("dropped", true));
  }

  /** The name is good, or the queue would not have been found: so it is the queue's state. */
  @Override
  protected RuntimeException explain(QueueException e, Connection connection) {
    if (!(e instanceof BadArgumentException)) {
      return super.explain(e, connection);
    }
    List<ConsumerInfo> consumers = force ? List.of() : QueueAdmin.on(connection).consumers(name);
    String cure =
        consumers.isEmpty()
            ? " 'pgq-admin unwatch-table TABLE QUEUE' ends that."
            : UNREGISTER_FIRST;
    return new CommandFailure(ExitCode.CHECK_FAILED, e.getMessage() + cure, e);
  }
}
