package io.pgq4j.admin.bench;

import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "retry",
    description = {
      "Measures how fast events come back from the retry queue.",
      "The retry queue is filled, and pgq.maint_retry_events called until it is empty; with --peer"
          + " pgq in turn with the C extension PgQ's.",
      "JSON: {\"bench\": \"retry\", \"results\": [{\"contestant\": …, \"per_second\": …, …}],"
          + " \"environment\": {…}}"
    },
    footer = "  pgq-admin bench retry --peer pgq")
final class RetryCommand extends MeasuringCommand {
  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Events that are due at once. Default: 100000.")
  private int events;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "20s",
      converter = DurationOption.class,
      description =
          "How long each may take in each round; who is not ready then is judged by what it has"
              + " moved. Default: 20s.")
  private Duration limit = Duration.ZERO;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Mixin
  private RoundsOptions turns;

  @Override
  Report measure(DataSource server) throws SQLException, InterruptedException {
    if (events < 1 || events > 10_000_000) {
      throw usage("--events must be from 1 to 10000000.");
    }
    checkRounds(turns);
    return new RetryBench(events, limit).measure(server, turns, this::say);
  }
}
