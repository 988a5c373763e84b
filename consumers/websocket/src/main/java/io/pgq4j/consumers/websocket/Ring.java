package io.pgq4j.consumers.websocket;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of a queue, in order, as many as fit. One consumer adds; any number of readers
 * ask for what follows their position, which they keep themselves, so that a reader costs nothing
 * here. Thread-safe.
 */
final class Ring {
  /** What a reader finds at its position. */
  enum Place {
    /** Nothing is known yet of where the consumer is. */
    UNKNOWN,
    /** What follows it is here. */
    HERE,
    /** Some of what follows it fell out. */
    BEHIND,
    /** There is no such position: the queue was set back, or restored. */
    AHEAD
  }

  /**
   * Some of the events after a position.
   *
   * @param end where to read on; if the place is not {@link Place#HERE}, where the ring begins
   * @param more whether there may be more
   */
  record Page(Place place, List<Entry> entries, @Nullable Position end, boolean more) {}

  private final @Nullable Entry[] slots;
  private final long maxBytes;
  private int first;
  private int size;
  private long bytes;

  /** All after it, and up to {@link #last}, is here. */
  private @Nullable Position floor;

  private @Nullable Position last;
  private long batchStart;

  Ring(int maxEvents, long maxBytes) {
    slots = new @Nullable Entry[maxEvents];
    this.maxBytes = maxBytes;
  }

  /** Whether it is known where the consumer is. */
  synchronized boolean isLocated() {
    return last != null;
  }

  /** The consumer has finished this tick: so all events until there have been added. */
  synchronized void advance(long tick) {
    Position position = Position.atEndOf(tick);
    if (last == null) {
      floor = position;
      batchStart = tick;
    }
    if (last == null || last.isBefore(position)) {
      last = position;
    }
  }

  /**
   * A batch begins. One that comes again adds what was not added; one from further back begins a
   * new ring.
   */
  synchronized void begin(long previousTick) {
    if (last != null && previousTick < batchStart) {
      while (size > 0) {
        removeFirst();
      }
      last = null;
    }
    advance(previousTick);
    batchStart = previousTick;
  }

  synchronized void add(Entry entry) {
    if (last == null || !last.isBefore(entry.position())) {
      return;
    }
    if (size == slots.length) {
      removeFirst();
    }
    slots[(first + size++) % slots.length] = entry;
    bytes += entry.weight();
    last = entry.position();
    while (bytes > maxBytes) {
      removeFirst();
    }
  }

  private void removeFirst() {
    Entry entry = entry(0);
    slots[first] = null;
    first = (first + 1) % slots.length;
    size--;
    bytes -= entry.weight();
    floor = entry.position();
  }

  private Entry entry(int index) {
    Entry entry = slots[(first + index) % slots.length];
    if (entry == null) {
      throw new IllegalStateException("no entry " + index + " of " + size);
    }
    return entry;
  }

  /**
   * What follows a position.
   *
   * @param position null: the newest
   * @param most how many events at most
   */
  synchronized Page after(@Nullable Position position, int most) {
    if (floor == null || last == null) {
      return new Page(Place.UNKNOWN, List.of(), null, false);
    }
    Position from = position == null ? last : position;
    if (from.isBefore(floor)) {
      return new Page(Place.BEHIND, List.of(), floor, true);
    }
    if (last.isBefore(from)) {
      return new Page(Place.AHEAD, List.of(), floor, true);
    }
    List<Entry> entries = new ArrayList<>();
    int index = firstAfter(from);
    while (index < size && entries.size() < most) {
      entries.add(entry(index++));
    }
    boolean more = index < size;
    return new Page(Place.HERE, entries, more ? entry(index - 1).position() : last, more);
  }

  private int firstAfter(Position position) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (position.isBefore(entry(middle).position())) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
