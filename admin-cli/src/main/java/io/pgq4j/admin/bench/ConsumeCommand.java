package io.pgq4j.admin.bench;

import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "consume",
    description = {
      "Measures the Java consumer on a backlog: how fast one that does nothing reads it, beside a"
          + " bare cursor on the same table; how handlers that only wait run side by side by key; and"
          + " how many batches one gets among many.",
      "With JAVA_TOOL_OPTIONS=-Xmx64m and many --events it shows that a backlog needs no memory.",
      "JSON: {\"bench\": \"consume\", \"results\": [{\"contest\": …, \"contestant\": …,"
          + " \"per_second\": …, …}], \"environment\": {…}}"
    },
    footer = "  pgq-admin bench consume --events 1000000 --workers 1,16,64")
final class ConsumeCommand extends MeasuringCommand {
  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "200000",
      description = "Events of the backlog, in one batch. Default: 200000.")
  private int events;

  @Option(
      names = "--workers",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,8,64",
      description = "Numbers of workers by key; each handler takes 20 ms. Default: 1,8,64.")
  private List<Integer> workers = List.of();

  @Option(
      names = "--consumers",
      paramLabel = "N",
      defaultValue = "20",
      description = "Consumers of the queue, a connection each. Default: 20.")
  private int consumers;

  @Option(
      names = "--batches",
      paramLabel = "N",
      defaultValue = "200",
      description = "Batches that each of them gets in a round. Default: 200.")
  private int batches;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Mixin
  private RoundsOptions turns;

  @Override
  Report measure(DataSource server) throws SQLException, InterruptedException {
    check("--events", events, 50_000_000);
    check("--consumers", consumers, 1_000);
    check("--batches", batches, 100_000);
    workers.forEach(number -> check("--workers", number, 1_000));
    checkRounds(turns);
    if (turns.withPeer()) {
      throw usage("--peer is not for this measurement: PgQ has no consumer in Java.");
    }
    return new ConsumeBench(
            new ConsumeBench.Options(events, List.copyOf(workers), consumers, batches), this::say)
        .measure(server, turns.rounds);
  }

  private void check(String option, int value, int max) {
    if (value < 1 || value > max) {
      throw usage(option + " must be from 1 to " + max + ".");
    }
  }
}
