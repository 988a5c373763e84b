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
import org.jspecify.annotations.Nullable;

/** The measurement behind {@code bench latency}. */
final class LatencyBench {
  private static final String QUEUE = "bench";

  /** Before the first run, so that the lowest rate does not measure a cold JVM. */
  private static final LatencyRun.Load HEAT = new LatencyRun.Load(500, 0, 2_000);

  private static final Duration WARMUP = Duration.ofSeconds(2);
  private static final int WARMUP_EVENTS_PER_SESSION = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ScratchDatabase scratch;
  private final int consumers;
  private final Duration time;
  private final Consumer<String> progress;
  private final AtomicReference<@Nullable LatencyRun> current = new AtomicReference<>();

  LatencyBench(ScratchDatabase scratch, int consumers, Duration time, Consumer<String> progress) {
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
    run(HEAT);
    List<LatencyReport.Row> rows = new ArrayList<>();
    for (int rate : rates) {
      progress.accept(rate + " events per second.");
      rows.add(measure(admin, rate));
    }
    return new LatencyReport(consumers, rows);
  }

  private LatencyReport.Row measure(QueueAdmin admin, int rate)
      throws SQLException, InterruptedException {
    int warmup = WARMUP_EVENTS_PER_SESSION * Producers.sessions(rate);
    warmup = Math.max(warmup, (int) (rate * WARMUP.toSeconds()));
    int counted = Math.max(1, (int) (rate * time.toMillis() / 1_000));
    long ticksBefore = ticks(admin);
    long began = System.nanoTime();
    LatencyRun run = run(new LatencyRun.Load(rate, warmup, warmup + counted));
    double seconds = (System.nanoTime() - began) / 1e9;
    return new LatencyReport.Row(
        rate,
        counted,
        Percentiles.of(run.fromCommit()),
        Percentiles.of(run.fromSchedule()),
        (ticks(admin) - ticksBefore) / seconds,
        run.batches() / seconds / consumers);
  }

  private LatencyRun run(LatencyRun.Load load) throws SQLException, InterruptedException {
    try (Producers producers = Producers.connect(scratch.dataSource(), QUEUE, load.rate())) {
      LatencyRun run = new LatencyRun(load, consumers, System.nanoTime());
      current.set(run);
      producers.run(run);
      if (!run.missing().await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new CommandFailure(
            ExitCode.CHECK_FAILED,
            run.missing().getCount()
                + " deliveries were still missing "
                + PATIENCE.toSeconds()
                + " s after the last commit; look at the server's log.");
      }
      return run;
    }
  }

  private static long ticks(QueueAdmin admin) {
    Long last = admin.queue(QUEUE).orElseThrow().lastTick();
    return last == null ? 0 : last;
  }

  /** Writes down when each event arrives. */
  private final class Stamper extends io.pgq4j.Consumer {
    private final int number;

    Stamper(int number) {
      super(QUEUE, "consumer" + number);
      this.number = number;
    }

    @Override
    protected void process(Event event) {
      long now = System.nanoTime();
      run().arrived(number, Integer.parseInt(Objects.requireNonNull(event.data())), now);
    }

    @Override
    protected void processBatch(Batch batch) throws Exception {
      run().batch();
      super.processBatch(batch);
    }

    private LatencyRun run() {
      return Objects.requireNonNull(current.get());
    }
  }
}
