package io.pgq4j.ticker;

import io.pgq4j.ticker.TickerState.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the duties of one ticker did and are doing; thread-safe. */
final class Status {
  private record Part(Role role, Instant since) {}

  private final String name;
  private final TickerListener listener;
  private volatile Part part = new Part(Role.NEW, Instant.now());
  private final Map<String, String> errors = new TreeMap<>();
  private final LongAdder ticks = new LongAdder();
  private volatile @Nullable Instant lastTick;

  // Since the last summary.
  private final LongAdder ticksNow = new LongAdder();
  private final LongAdder roundsNow = new LongAdder();
  private final LongAdder wakeUpsNow = new LongAdder();
  private final LongAdder retriesNow = new LongAdder();
  private final LongAdder maintenanceNow = new LongAdder();
  private final LongAdder compactionsNow = new LongAdder();

  /**
   * Of a ticker that has done nothing yet.
   *
   * @param name the ticker's, with which the names of its duties begin
   */
  Status(String name, TickerListener listener) {
    this.name = name;
    this.listener = listener;
  }

  /** Whether the part is a new one; a stopped ticker stays stopped. */
  synchronized boolean become(Role role) {
    if (part.role() == role || part.role() == Role.STOPPED) {
      return false;
    }
    part = new Part(role, Instant.now());
    return true;
  }

  /** Whether this is the first start; of a stopped ticker there is none. */
  synchronized boolean start() {
    return part.role() == Role.NEW && become(Role.WAITING);
  }

  boolean leads() {
    return part.role() == Role.LEADER;
  }

  void round(long queuesTicked, Duration took) {
    listener.ticked(queuesTicked, took);
    roundsNow.increment();
    if (queuesTicked > 0) {
      ticks.add(queuesTicked);
      ticksNow.add(queuesTicked);
      lastTick = Instant.now();
    }
  }

  void wokenUp() {
    listener.wokenUp();
    wakeUpsNow.increment();
  }

  void retried(long events) {
    listener.retried(events);
    retriesNow.add(events);
  }

  void maintained() {
    listener.maintained();
    maintenanceNow.increment();
  }

  void compacted() {
    listener.compacted();
    compactionsNow.increment();
  }

  synchronized void failed(String duty, String why) {
    errors.put(duty, duty + ": " + why);
    listener.failed(job(duty));
  }

  synchronized void works(String duty) {
    if (errors.remove(duty) != null) {
      listener.recovered(job(duty));
    }
  }

  private String job(String duty) {
    return duty.startsWith(name + " ") ? duty.substring(name.length() + 1) : duty;
  }

  TickerState state(Duration silence) {
    Part now = part;
    return new TickerState(now.role(), now.since(), ticks.sum(), lastTick, lastError(), silence);
  }

  private synchronized @Nullable String lastError() {
    return errors.isEmpty() ? null : String.join("; ", errors.values());
  }

  /** What was done since the last summary; empty: nothing. */
  String summary() {
    StringJoiner done = new StringJoiner(", ");
    add(done, "ticks", ticksNow);
    long rounds = roundsNow.sumThenReset();
    if (done.length() > 0) {
      done.add("rounds: " + rounds);
    }
    add(done, "wake-ups", wakeUpsNow);
    add(done, "retried events", retriesNow);
    add(done, "maintenance operations", maintenanceNow);
    add(done, "compactions", compactionsNow);
    return done.toString();
  }

  private static void add(StringJoiner done, String what, LongAdder counter) {
    long count = counter.sumThenReset();
    if (count > 0) {
      done.add(what + ": " + count);
    }
  }
}
