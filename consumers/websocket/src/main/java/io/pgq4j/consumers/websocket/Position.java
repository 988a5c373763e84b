package io.pgq4j.consumers.websocket;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a reader is in a queue: it has seen all batches before a tick's, and of that batch the
 * events up to an id. Ids alone are in no order that would tell; batches are, and stay the same
 * over restarts.
 *
 * @param tick the tick at which the batch ends
 * @param event the id; {@link #ALL}: the whole batch
 */
record Position(long tick, long event) implements Comparable<Position> {
  static final long ALL = Long.MAX_VALUE;

  private static final Pattern FORM = Pattern.compile("(\\d{1,18})(?:-(\\d{1,18}))?");

  /** That of a reader who has seen the whole batch. */
  static Position atEndOf(long tick) {
    return new Position(tick, ALL);
  }

  /**
   * Reads what {@link #toString} has written.
   *
   * @throws IllegalArgumentException if it is something else
   */
  static Position parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no position");
    }
    String event = matcher.group(2);
    return new Position(
        Long.parseLong(matcher.group(1)), event == null ? ALL : Long.parseLong(event));
  }

  @Override
  public int compareTo(Position other) {
    int byTick = Long.compare(tick, other.tick);
    return byTick != 0 ? byTick : Long.compare(event, other.event);
  }

  boolean isBefore(Position other) {
    return compareTo(other) < 0;
  }

  @Override
  public String toString() {
    return event == ALL ? Long.toString(tick) : tick + "-" + event;
  }
}
