package io.pgq4j;

import io.pgq4j.internal.Backoff;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an outage of something that all events need from bad events: it opens after so many
 * attempts in a row have failed. While it is open nothing is tried; after a pause one event is, and
 * its success closes it.
 *
 * <p>After a probe that failed another event is the next one: should the first be bad itself, it
 * does not keep the circuit open for good. Thread-safe.
 */
final class CircuitBreaker {
  private static final Logger log = LoggerFactory.getLogger(CircuitBreaker.class);

  private final String name;
  private final Circuit circuit;
  private final Backoff backoff;
  private final LongSupplier nanoTime;
  private int failures;
  private int pauses;
  private long opensAt;
  private boolean open;
  private boolean probing;

  CircuitBreaker(String name, Circuit circuit, LongSupplier nanoTime) {
    this.name = name;
    this.circuit = circuit;
    this.backoff = Backoff.between(circuit.minPause(), circuit.maxPause());
    this.nanoTime = nanoTime;
  }

  synchronized boolean isOpen() {
    return open;
  }

  /** How long until an event may be tried; zero: now. */
  synchronized Duration pause() {
    return open ? Duration.ofNanos(Math.max(0, opensAt - nanoTime.getAsLong())) : Duration.ZERO;
  }

  /** Whether another event may be tried, while so many are being tried. */
  synchronized boolean admits(int running) {
    if (!open) {
      return true;
    }
    if (running > 0 || probing || opensAt - nanoTime.getAsLong() > 0) {
      return false;
    }
    probing = true;
    return true;
  }

  synchronized void succeeded() {
    if (open) {
      log.info("{}: an event was done, the circuit is closed again", name);
    }
    failures = 0;
    pauses = 0;
    open = false;
    probing = false;
  }

  /** An attempt that tells nothing: the event itself was bad. */
  synchronized void undecided() {
    probing = false;
  }

  /**
   * An attempt that failed and may do better later.
   *
   * @return whether the attempt counts: not while the circuit is open
   */
  synchronized boolean failed() {
    if (open) {
      if (probing) {
        open();
      }
      return false;
    }
    failures++;
    if (circuit.failures() > 0 && failures >= circuit.failures()) {
      open();
    }
    return true;
  }

  private void open() {
    Duration pause = backoff.delay(pauses + 1);
    if (!open) {
      log.error("{}: {} events in a row failed, the circuit is open", name, failures);
    }
    log.warn("{}: the next event is tried after {}", name, pause);
    open = true;
    probing = false;
    pauses++;
    opensAt = nanoTime.getAsLong() + pause.toNanos();
  }
}
