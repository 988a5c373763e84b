package io.pgq4j.admin.bench;

import io.pgq4j.Batch;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.Event;
import io.pgq4j.ticker.Ticker;
import java.util.Objects;

/** pgq4j with the default settings, in this process. */
final class LatencyOfOurs extends LatencySystem {
  LatencyOfOurs(ScratchDatabase scratch, int consumers, int queues, int active) {
    super("pgq4j", scratch, consumers, queues, active);
  }

  @Override
  void work() {
    scratch.stopping(Ticker.create(scratch.dataSource())).start();
    ConsumerRunner.Builder runner = ConsumerRunner.builder(scratch.dataSource());
    for (String queue : active()) {
      for (int i = 0; i < consumers; i++) {
        runner.add(new Stamper(queue, i));
      }
    }
    scratch.stopping(runner.build()).start();
  }

  /** Writes down when each event arrives. */
  private final class Stamper extends io.pgq4j.Consumer {
    private final int number;

    Stamper(String queue, int number) {
      super(queue, consumer(number));
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
  }
}
