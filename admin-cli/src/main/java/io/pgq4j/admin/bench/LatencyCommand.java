package io.pgq4j.admin.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "latency",
    description = {
      "Measures how long an event takes from its commit to its consumer.",
      "A ticker and a runner with the default settings work in this process. Producers insert one"
          + " event per transaction on connections of their own, at times fixed beforehand, whether"
          + " or not the system keeps up. 'Commit to consumer' begins when a producer's commit has"
          + " returned and ends when Consumer.process is entered; 'schedule to consumer' begins"
          + " when the insert was to begin, so it has the insert, its commit and all waiting for"
          + " them in it.",
      "JSON: {\"bench\": \"latency\", \"results\": [{\"rate\": …, \"commit_to_consumer\":"
          + " {\"p50_seconds\": …}, …}], \"environment\": {…}}"
    },
    footer = "  pgq-admin bench latency --rate 1,100,1000 --for 60s")
final class LatencyCommand extends MeasuringCommand {
  private static final long MOST_EVENTS = 10_000_000;

  @Option(
      names = "--rate",
      paramLabel = "N",
      split = ",",
      defaultValue = "1,100,1000",
      description = "Events per second; several rates are measured in turn. Default: 1,100,1000.")
  private List<Integer> rates = List.of();

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "20s",
      converter = DurationOption.class,
      description = "How long each rate is measured, after a warm-up. Default: 20s.")
  private Duration time = Duration.ZERO;

  @Option(
      names = "--consumers",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many consumers get each event. Default: 1.")
  private int consumers;

  @Override
  Report measure(DataSource server) throws SQLException, InterruptedException {
    check();
    try (ScratchDatabase scratch = ScratchDatabase.withSchema(server)) {
      return new LatencyBench(scratch, consumers, time, this::say).measure(rates);
    }
  }

  private void check() {
    if (consumers < 1 || consumers > 1_000) {
      throw usage("--consumers must be from 1 to 1000.");
    }
    for (int rate : rates) {
      if (rate < 1 || rate > 100_000) {
        throw usage("--rate must be from 1 to 100000 events per second.");
      }
      if (rate * time.toSeconds() * consumers > MOST_EVENTS) {
        throw usage(
            "That is more than ten million events: take a lower --rate or a shorter --for.");
      }
    }
  }
}
