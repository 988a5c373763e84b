package io.pgq4j.admin.bench;

import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The measurement behind {@code bench latency}: each rate with each system in turn. */
final class LatencyBench {
  /** Before the first run, so that the lowest rate does not measure a cold JVM. */
  private static final LatencyRun.Load HEAT = new LatencyRun.Load(500, 0, 2_000);

  private static final Duration WARMUP = Duration.ofSeconds(2);
  private static final int WARMUP_EVENTS_PER_SESSION = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<LatencySystem> systems;
  private final int consumers;
  private final Duration time;
  private final Consumer<String> progress;

  LatencyBench(
      List<LatencySystem> systems, int consumers, Duration time, Consumer<String> progress) {
    this.systems = systems;
    this.consumers = consumers;
    this.time = time;
    this.progress = progress;
  }

  LatencyReport measure(List<Integer> rates)
      throws SQLException, IOException, InterruptedException {
    for (LatencySystem system : systems) {
      progress.accept("Starting and warming up " + system.name() + ".");
      system.start();
      run(system, HEAT);
    }
    List<LatencyReport.Row> rows = new ArrayList<>();
    for (int rate : rates) {
      for (LatencySystem system : systems) {
        progress.accept(rate + " events per second, " + system.name() + ".");
        rows.add(measure(system, rate));
      }
    }
    return new LatencyReport(consumers, rows);
  }

  private LatencyReport.Row measure(LatencySystem system, int rate)
      throws SQLException, InterruptedException {
    int warmup = WARMUP_EVENTS_PER_SESSION * Producers.sessions(rate);
    warmup = Math.max(warmup, (int) (rate * WARMUP.toSeconds()));
    int counted = Math.max(1, (int) (rate * time.toMillis() / 1_000));
    long ticksBefore = system.ticks();
    long began = System.nanoTime();
    LatencyRun run = run(system, new LatencyRun.Load(rate, warmup, warmup + counted));
    double seconds = (System.nanoTime() - began) / 1e9;
    return new LatencyReport.Row(
        system.name(),
        rate,
        counted,
        Percentiles.of(run.fromCommit()),
        Percentiles.of(run.fromSchedule()),
        (system.ticks() - ticksBefore) / seconds,
        run.batches() / seconds / consumers);
  }

  private LatencyRun run(LatencySystem system, LatencyRun.Load load)
      throws SQLException, InterruptedException {
    try (Producers producers =
        Producers.connect(system.dataSource(), system.active(), load.rate())) {
      LatencyRun run = new LatencyRun(load, consumers, System.nanoTime());
      system.measure(run);
      producers.run(run);
      if (!run.missing().await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new CommandFailure(
            ExitCode.CHECK_FAILED,
            run.missing().getCount()
                + " deliveries of "
                + system.name()
                + " were still missing "
                + PATIENCE.toSeconds()
                + " s after the last commit; look at the server's log.");
      }
      return run;
    }
  }
}
