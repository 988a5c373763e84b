package io.pgq4j.admin.watch;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Rows;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "watches",
    description = {
      "Lists the tables that are watched, for which queue, and how.",
      "Enabled: no: somebody disabled a trigger, and changes are lost. Uncovered: partitions and"
          + " children that came later; watch the table again to cover them.",
      "JSON: {\"watches\": [{\"queue\": …, \"table\": …, \"options\": …, \"enabled\": true|false,"
          + " \"uncovered\": [table]|null}]}"
    },
    footer = "  pgq-admin watches jobs")
public final class WatchesCommand extends AdminCommand {
  private static final String SQL =
      """
      select queue_name as queue, table_name as "table", options::text as options, enabled, uncovered
        from pgq.get_watches()
       where queue_name = coalesce(?, queue_name)
      """;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "QUEUE",
      description = "Only those for this queue. Default: for all.")
  private @Nullable String queue;

  @Override
  protected void run() {
    list(
        connection -> {
          NotFound.unlessQueue(connection, queue);
          return Rows.query(connection, "watches", SQL, queue);
        });
  }
}
