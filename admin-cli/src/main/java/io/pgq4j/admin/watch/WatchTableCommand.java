package io.pgq4j.admin.watch;

import io.pgq4j.QueueException;
import io.pgq4j.Watch;
import io.pgq4j.Watch.Level;
import io.pgq4j.Watch.OldRow;
import io.pgq4j.Watch.Operation;
import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.Failures;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "watch-table",
    description = {
      "Has every change of a table's rows written to a queue, by triggers.",
      "Watching it again for the same queue replaces all options.",
      "Each event has the operation as its type and the row as JSON as its data.",
      "JSON: {\"table\": …, \"queue\": …, \"watched\": true}"
    },
    footer = "  pgq-admin watch-table public.job jobs --operations insert,update")
public final class WatchTableCommand extends AdminCommand {
  @Parameters(
      index = "0",
      paramLabel = "TABLE",
      description =
          "The table, quoted as in SQL, with its schema unless that is on the search path.")
  private String table = "";

  @Parameters(index = "1", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Option(
      names = "--operations",
      split = ",",
      paramLabel = "OPERATION",
      description = "Only these: insert, update, delete, truncate. Default: all.")
  private List<Operation> operations = List.of();

  @Option(
      names = "--ignore",
      split = ",",
      paramLabel = "COLUMN",
      description = "Leave these columns out.")
  private List<String> ignore = List.of();

  @Option(
      names = "--columns",
      split = ",",
      paramLabel = "COLUMN",
      description = "Send only these columns. Default: all.")
  private List<String> columns = List.of();

  @Option(
      names = "--mask",
      split = ",",
      paramLabel = "COLUMN",
      description = "Replace the values of these columns, for secrets.")
  private List<String> mask = List.of();

  @Option(names = "--old-row", description = "Give an update's event the old row too, as extra2.")
  private boolean oldRow;

  @Option(
      names = "--old-values",
      description = "Give an update's event the old values of the columns that changed, as extra2.")
  private boolean oldValues;

  @Option(
      names = "--skip-unchanged",
      description = "No event for an update that changed none of the columns sent.")
  private boolean skipUnchanged;

  @Option(
      names = "--key",
      split = ",",
      paramLabel = "COLUMN",
      description = "The columns that identify a row. Default: the primary key.")
  private List<String> key = List.of();

  @Option(
      names = "--where",
      paramLabel = "EXPRESSION",
      description = "Only rows that meet this SQL condition.")
  private @Nullable String where;

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      description =
          "statement: one trigger call for each statement; row: one for each row, needed where"
              + " logical replication applies the changes. Default: statement.")
  private @Nullable Level level;

  @Option(names = "--always", description = "Fire on replicated changes too.")
  private boolean always;

  @Override
  protected void run() {
    Watch watch = valid(this::watch);
    inTransaction(
        admin -> {
          admin.watchTable(watch);
          return true;
        });
    say(
        "Changes of table "
            + Printable.quoted(table)
            + " go to queue "
            + Printable.quoted(queue)
            + " from now on.");
    print(JsonObject.of("table", table).with("queue", queue).with("watched", true));
  }

  private Watch watch() {
    if (Stream.of(ignore, columns, mask, key).anyMatch(names -> names.contains(""))) {
      throw usage("A column name is empty.");
    }
    Watch.Builder watch =
        Watch.builder(table, queue)
            .operations(operations.toArray(Operation[]::new))
            .ignore(ignore.toArray(String[]::new))
            .columns(columns.toArray(String[]::new))
            .mask(mask.toArray(String[]::new))
            .oldRow(oldValues ? OldRow.CHANGED : oldRow ? OldRow.WHOLE : OldRow.NONE)
            .skipUnchanged(skipUnchanged)
            .key(key.toArray(String[]::new))
            .always(always);
    if (where != null) {
      watch.where(where);
    }
    if (level != null) {
      watch.level(level);
    }
    return watch.build();
  }

  /**
   * The schema was looked at before: what SQL finds missing now is in the table or the condition.
   */
  @Override
  protected RuntimeException explain(QueueException e, Connection connection) {
    String state = Failures.sqlState(e);
    if (where != null && state != null && state.startsWith("42") && !state.equals("42501")) {
      return new CommandFailure(
          ExitCode.USAGE,
          "The condition " + Printable.quoted(where) + " does not work: " + serverMessage(e),
          e);
    }
    return Tables.explain(e, connection, table).orElseGet(() -> super.explain(e, connection));
  }

  /** Without what the exception adds about the schema. */
  private static String serverMessage(QueueException e) {
    return Objects.requireNonNullElse(e.getCause(), e).getMessage() + ".";
  }
}
