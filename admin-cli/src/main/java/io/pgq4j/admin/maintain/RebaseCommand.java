package io.pgq4j.admin.maintain;

import io.pgq4j.admin.internal.DestructiveCommand;
import io.pgq4j.admin.internal.Rows;
import java.sql.Connection;
import picocli.CommandLine.Command;

@Command(
    name = "rebase",
    description = {
      "After a restored dump or a logical failover: anchors the queues anew whose ticks are of"
          + " another server. Without any, it does nothing.",
      "What consumers have not finished comes to them as retries; the event tables are emptied, and"
          + " open batches are refused from now on.",
      "JSON: {\"rebased\": [{\"queue\": …, \"consumer\": …, \"resent\": number}]}"
    },
    footer = "  pgq-admin rebase --yes")
public final class RebaseCommand extends DestructiveCommand {
  private static final String BEHIND =
      "select count(*) from pgq.get_queue_metrics() where stopped_by = 'behind'";

  private static final String REBASE =
      "select queue_name as queue, consumer_name as consumer, resent from pgq.rebase()";

  @Override
  protected String plan(Connection connection) {
    return "Anchor "
        + Rows.query(connection, "queues", BEHIND).number()
        + " queues anew, and empty their event tables.";
  }

  @Override
  protected void execute() {
    list(connection -> Rows.query(connection, "rebased", REBASE));
  }
}
