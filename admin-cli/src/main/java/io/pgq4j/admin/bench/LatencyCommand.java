package io.pgq4j.admin.bench;

import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
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
      "With --peer pgq each rate is measured with PgQ as well, in a second scratch database: its"
          + " daemon pgqd, and consumers that poll as those of Skytools do. Both poll once per"
          + " --peer-period, and ticker_max_lag is 0, not PgQ's 3 seconds.",
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

  @Option(
      names = "--queues",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many queues there are. Default: 1.")
  private int queues;

  @Option(
      names = "--active",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "How many of them have producers and consumers; events go to them in turn. Default: 1.")
  private int active;

  @Option(
      names = "--peer",
      paramLabel = "NAME",
      description =
          "Compare with: pgq, where PgQ is installed on the server and pgqd here; needs a user who"
              + " may create that extension.")
  private @Nullable Peer peer;

  @Option(
      names = "--peer-period",
      paramLabel = "TIME",
      defaultValue = "1s",
      converter = DurationOption.class,
      description = "How often pgqd and consumers of PgQ look. Default: 1s, as is theirs.")
  private Duration peerPeriod = Duration.ZERO;

  @Override
  Report measure(DataSource server) throws SQLException, InterruptedException {
    check();
    try (ScratchDatabase scratch = ScratchDatabase.withSchema(server)) {
      LatencySystem ours = new LatencyOfOurs(scratch, consumers, queues, active);
      if (peer == null) {
        return measure(List.of(ours));
      }
      try (ScratchDatabase theirs = ScratchDatabase.withPeer(server)) {
        return measure(
            List.of(ours, new LatencyOfPgq(theirs, consumers, queues, active, peerPeriod)));
      }
    }
  }

  private Report measure(List<LatencySystem> systems) throws SQLException, InterruptedException {
    try {
      return new LatencyBench(systems, consumers, time, this::say).measure(rates);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.CHECK_FAILED, "Cannot run pgqd, which --peer needs: " + e.getMessage(), e);
    }
  }

  private void check() {
    if (consumers < 1 || consumers > 1_000) {
      throw usage("--consumers must be from 1 to 1000.");
    }
    if (queues < 1 || queues > 10_000 || active < 1 || active > queues) {
      throw usage("--queues must be from 1 to 10000, and --active from 1 to that.");
    }
    if (active * consumers > 1_000) {
      throw usage("--active times --consumers must be at most 1000.");
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
