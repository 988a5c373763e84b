package io.pgq4j.ticker;

import io.pgq4j.ticker.TickerState.Role;
import java.time.Duration;
import org.slf4j.Logger;

/**
 * What a ticker says of itself while all is well: its part when that is another one than it said
 * last, and once a minute what was done. For one thread.
 */
final class Reports {
  private static final Duration SUMMARY_PERIOD = Duration.ofMinutes(1);

  private final Logger log;
  private final String name;
  private final Status status;
  private Role said = Role.WAITING;
  private long summaryAt = System.nanoTime() + SUMMARY_PERIOD.toNanos();

  Reports(Logger log, String name, Status status) {
    this.log = log;
    this.name = name;
    this.status = status;
  }

  void part(Role part, String text) {
    if (said != part) {
      said = part;
      log.info("{}: {}", name, text);
    }
  }

  void summary() {
    long now = System.nanoTime();
    if (now - summaryAt < 0) {
      return;
    }
    summaryAt = now + SUMMARY_PERIOD.toNanos();
    String done = status.summary();
    if (done.isEmpty()) {
      log.debug("{}: nothing to do in the last minute", name);
    } else {
      log.info("{}: {}", name, done);
    }
  }
}
