package io.pgq4j.admin.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * The schedule of one run, and what became of each of its events. Nobody computes anything while it
 * goes on: producers and consumers only write times down, each in places of its own.
 */
final class LatencyRun {
  private final Load load;
  private final long begin;
  private final long[] committed;
  private final long[][] arrived;
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch missing;
  private final LongAdder batches = new LongAdder();

  /**
   * What the producers are to do.
   *
   * @param rate events per second
   * @param warmup how many of the events do not count
   */
  record Load(int rate, int warmup, int events) {}

  /**
   * @param begin when the first event is due, by System.nanoTime
   */
  LatencyRun(Load load, int consumers, long begin) {
    this.load = load;
    this.begin = begin;
    committed = new long[load.events()];
    arrived = new long[consumers][load.events()];
    missing = new CountDownLatch(load.events() * consumers);
  }

  /** The next event to insert; {@link #events()} or more: there is none. */
  int take() {
    return next.getAndIncrement();
  }

  int events() {
    return load.events();
  }

  /** When an event is to be inserted. */
  long due(int event) {
    return begin + (long) (event * (1e9 / load.rate()));
  }

  void committed(int event, long time) {
    committed[event] = time;
  }

  void arrived(int consumer, int event, long time) {
    // A batch may come again; the first time counts.
    if (arrived[consumer][event] == 0) {
      arrived[consumer][event] = time;
      missing.countDown();
    }
  }

  void batch() {
    batches.increment();
  }

  CountDownLatch missing() {
    return missing;
  }

  long batches() {
    return batches.sum();
  }

  /**
   * From commit to consumer. An event may arrive before its producer has read that the commit is
   * done; that counts as 0.
   */
  Histogram fromCommit() {
    return histogram(event -> committed[event]);
  }

  /** From the time when the insert was to begin. */
  Histogram fromSchedule() {
    return histogram(this::due);
  }

  private interface Start {
    long of(int event);
  }

  private Histogram histogram(Start start) {
    Histogram histogram = Percentiles.histogram();
    for (long[] times : arrived) {
      IntStream.range(load.warmup(), load.events())
          .forEach(event -> histogram.recordValue(Math.max(0, times[event] - start.of(event))));
    }
    return histogram;
  }
}
