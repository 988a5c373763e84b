package io.pgq4j.admin.bench;

import io.pgq4j.Batch;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.Event;
import io.pgq4j.QueueAdmin;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.ticker.Ticker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** The measurement behind {@code bench latency}. */
final class LatencyBench {
  private static final String QUEUE = "bench";

  /** Before the first run, so that the lowest rate does not measure a cold JVM. */
  private static final LatencyRun.Shape HEAT = new LatencyRun.Shape(500, 0, 2_000);

  private static final Duration WARMUP = Duration.ofSeconds(2);
  private static final int WARMUP_EVENTS_PER_SESSION = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ScratchDatabase scratch;
  private final int consumers;
  private final Duration time;
  private final Consumer<String> progress;
  private final AtomicReference<LatencyRun> current = new AtomicReference<>();

  LatencyBench(
      ScratchDatabase scratch, int consumers, Duration time, Consumer<String> progress) {
    this.scratch = scratch;
    this.consumers = consumers;
    this.time = time;
    this.progress = progress;
  }

  LatencyReport measure(List<Integer> rates) throws SQLException, InterruptedException {
    QueueAdmin admin = QueueAdmin.of(scratch.dataSource());
    admin.createQueue(QUEUE);
    scratch.stopping(Ticker.create(scratch.dataSource())).start();
    ConsumerRunner.Builder runner = ConsumerRunner.builder(scratch.dataSource());
    for (int i = 0; i < consumers; i++) {
      admin.register(QUEUE, "consumer" + i);
      runner.add(new Stamper(i));
    }
    scratch.stopping(runner.build()).start();

    progress.accept("Warming up.");
    run(admin, HEAT);
    List<LatencyReport.Row> rows = new ArrayList<>();
    for (int rate : rates) {
      progress.accept(rate + " events per second.");
      rows.add(measure(admin, rate));
    }
    return new LatencyReport(consumers, rows);
  }
}
