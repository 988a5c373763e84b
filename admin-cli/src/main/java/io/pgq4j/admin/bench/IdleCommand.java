package io.pgq4j.admin.bench;

import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "idle",
    description = {
      "Measures what pgq4j asks of a server while nothing happens.",
      "A ticker and consumers with the default settings run in this process, and nobody inserts."
          + " Counted are the transactions of the scratch database, committed and rolled back, as"
          + " pg_stat_database has them: whatever the ticker and the consumers do, and autovacuum's"
          + " visits; a VACUUM beforehand leaves it nothing to do. The measurement itself looks from"
          + " another database. Also told is the CPU time of the ticker's threads, and of its"
          + " sessions if the server is a Linux process on this machine.",
      "JSON: {\"bench\": \"idle\", \"results\": [{\"queries_per_second\": …, …}], \"environment\":"
          + " {…}}"
    },
    footer = "  pgq-admin bench idle --queues 10 --consumers 10 --for 5m")
final class IdleCommand extends MeasuringCommand {
  @Option(
      names = "--queues",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many queues. Default: 10.")
  private int queues;

  @Option(
      names = "--consumers",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many consumers, spread over the queues. Default: 10.")
  private int consumers;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "60s",
      converter = DurationOption.class,
      description = "How long to count. Default: 60s.")
  private Duration time = Duration.ZERO;

  @Option(
      names = "--settle",
      paramLabel = "TIME",
      defaultValue = "15s",
      converter = DurationOption.class,
      description = "How long to wait before, until all have come to rest. Default: 15s.")
  private Duration settle = Duration.ZERO;

  @Override
  Report measure(DataSource server) throws SQLException, InterruptedException {
    if (queues < 1 || queues > 10_000) {
      throw usage("--queues must be from 1 to 10000.");
    }
    if (consumers < 1 || consumers > 1_000) {
      throw usage("--consumers must be from 1 to 1000.");
    }
    try (ScratchDatabase scratch = ScratchDatabase.withSchema(server)) {
      return new IdleBench(server, scratch, this::say).measure(queues, consumers, settle, time);
    }
  }
}
