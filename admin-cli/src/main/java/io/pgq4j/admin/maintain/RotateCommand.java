package io.pgq4j.admin.maintain;

import io.pgq4j.QueueAdmin;
import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Printable;
import io.pgq4j.admin.internal.Rows;
import java.sql.Connection;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "rotate",
    description = {
      "Empties the oldest event table of a queue and has new events go there, due or not; the"
          + " ticker does it once in each rotation_period.",
      "Only events that all consumers have finished go. If something is in the way, it says what,"
          + " and the exit code is 6.",
      "JSON: {\"queue\": …, \"rotated\": true}"
    },
    footer = "  pgq-admin rotate jobs")
public final class RotateCommand extends AdminCommand {
  private static final String REASON =
      """
      select case
               when blocked_by = 'consumer' then 'a consumer has not finished what the next table holds.'
                 ' ''pgq-admin consumers'' shows which one lags.'
               when blocked_by = 'transaction' then 'a transaction that wrote to the next table is open.'
               when blocked_by = 'lock' then 'somebody reads or locks the next table: a dump, say.'
               when stopped_by = 'behind' then 'its ticks are of another server. See ''pgq-admin rebase''.'
               else 'there is nothing to empty.'
             end
        from pgq.get_queue_metrics()
       where queue_name = ?
      """;

  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Override
  protected void run() {
    onConnection(this::rotate);
    say("Queue " + Printable.quoted(queue) + " rotated.");
    print(JsonObject.of("queue", queue).with("rotated", true));
  }

  /** The period is zero for this transaction, inside of it only. */
  private boolean rotate(Connection connection) {
    NotFound.unlessQueue(connection, queue);
    String period =
        ask(connection, "select queue_rotation_period::text from pgq.queue where queue_name = ?");
    setPeriod(connection, "0");
    String reason = ask(connection, REASON); // before it locks what is to be looked at
    if (ask(connection, "select pgq.maint_rotate_tables_step1(?)::text").equals("0")) {
      throw new CommandFailure(
          ExitCode.CHECK_FAILED,
          "Queue " + Printable.quoted(queue) + " was not rotated: " + reason);
    }
    setPeriod(connection, period);
    return true;
  }

  private String ask(Connection connection, String sql) {
    return Rows.query(connection, "queues", sql, queue).text();
  }

  private void setPeriod(Connection connection, String period) {
    QueueAdmin.on(connection).configure(queue, Map.of("rotation_period", period));
  }
}
