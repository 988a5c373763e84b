package io.pgq4j.admin.bench;

import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "batches",
    description = {
      "Measures how many batches of one event a consumer gets through.",
      "For each it calls pgq.next_batch, pgq.get_batch_events and pgq.finish_batch, each a"
          + " transaction. With --peer pgq in turn with the C extension PgQ. With --hold-xmin it goes"
          + " on while a transaction is open, which keeps VACUUM from removing anything, and compares"
          + " the last tenth of that time with the first.",
      "JSON: {\"bench\": \"batches\", \"results\": [{\"contestant\": …, \"per_second\": …, …}],"
          + " \"environment\": {…}}"
    },
    footer = "  pgq-admin bench batches --peer pgq --hold-xmin 10m")
final class BatchesCommand extends MeasuringCommand {
  @Option(
      names = "--batches",
      paramLabel = "N",
      defaultValue = "500",
      description = "Batches in each round. Default: 500.")
  private int batches;

  @Option(
      names = "--queues",
      paramLabel = "N",
      defaultValue = "1",
      description = "Queues in the database, all but one of them idle. Default: 1.")
  private int queues;

  @Option(names = "--lagging", description = "Another consumer is registered, and reads nothing.")
  private boolean lagging;

  @Option(
      names = "--hold-xmin",
      paramLabel = "TIME",
      converter = DurationOption.class,
      description = "Then go on for so long while a transaction is open.")
  private @Nullable Duration hold;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Mixin
  private RoundsOptions turns;

  @Override
  Report measure(DataSource server) throws SQLException, InterruptedException {
    if (batches < 1 || batches > 100_000) {
      throw usage("--batches must be from 1 to 100000.");
    }
    if (queues < 1 || queues > 10_000) {
      throw usage("--queues must be from 1 to 10000.");
    }
    checkRounds(turns);
    return new BatchesBench(new BatchesBench.Options(batches, queues, lagging, hold), this::say)
        .measure(server, turns);
  }
}
