package io.pgq4j.admin.watch;

import io.pgq4j.QueueException;
import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import java.sql.Connection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "unwatch-table",
    description = {
      "Ends watch-table: removes the triggers that write a table's changes to a queue.",
      "JSON: {\"table\": …, \"queue\": …, \"triggers_removed\": number}"
    },
    footer = "  pgq-admin unwatch-table public.job jobs")
public final class UnwatchTableCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "TABLE", description = "The table, quoted as in SQL.")
  private String table = "";

  @Parameters(index = "1", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Override
  protected void run() {
    int removed = inTransaction(admin -> admin.unwatchTable(table, queue));
    String both = Printable.quoted(table) + " for queue " + Printable.quoted(queue);
    if (removed == 0) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND, "Table " + both + " is not watched, so there is nothing to end.");
    }
    say("Table " + both + " is no longer watched.");
    print(JsonObject.of("table", table).with("queue", queue).with("triggers_removed", removed));
  }

  @Override
  protected RuntimeException explain(QueueException e, Connection connection) {
    return Tables.explain(e, connection, table).orElseGet(() -> super.explain(e, connection));
  }
}
