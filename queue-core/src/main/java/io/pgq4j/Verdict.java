package io.pgq4j;

import io.pgq4j.internal.Spool;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of an event that is not done.
 *
 * @param delay of a retry and of a held event, else zero
 * @param reason null: a retry or a held event
 * @param key behind which later events wait; null: none do, or it is dead
 */
record Verdict(
    long eventId, Kind kind, Duration delay, @Nullable String reason, @Nullable String key) {

  enum Kind {
    /** Comes again after {@code delay}. */
    RETRY,
    /** Goes to the dead letters. */
    DEAD,
    /** The settings of its queue decide which. */
    FAILED,
    /** Comes again after {@code delay}, or behind those of its key, as if it was not tried. */
    HELD
  }

  /** Beyond what anybody waits for, and within what an interval can hold. */
  private static final Duration MAX_DELAY = Duration.ofDays(36_500);

  static Verdict retry(long eventId, @Nullable String key, Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("the delay must not be negative");
    }
    return new Verdict(eventId, Kind.RETRY, fitting(delay), null, key);
  }

  static Verdict dead(long eventId, String reason) {
    return new Verdict(eventId, Kind.DEAD, Duration.ZERO, Texts.storable(reason), null);
  }

  static Verdict failed(long eventId, @Nullable String key, String reason) {
    return new Verdict(eventId, Kind.FAILED, Duration.ZERO, Texts.storable(reason), key);
  }

  static Verdict held(long eventId, @Nullable String key, Duration delay) {
    return new Verdict(eventId, Kind.HELD, fitting(delay), null, key);
  }

  private static Duration fitting(Duration delay) {
    return delay.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : delay;
  }

  /** Whether it goes through {@code pgq.event_hold}. */
  boolean holds() {
    return kind == Kind.HELD || (key != null && kind != Kind.DEAD);
  }

  /** Verdicts in a spool file. */
  enum Codec implements Spool.Codec<Verdict> {
    INSTANCE;

    private static final long OVERHEAD = 100;

    @Override
    public long weight(Verdict verdict) {
      return OVERHEAD + length(verdict.reason()) + length(verdict.key());
    }

    private static long length(@Nullable String text) {
      return text == null ? 0 : text.length();
    }

    @Override
    public void write(Verdict verdict, DataOutput out) throws IOException {
      out.writeLong(verdict.eventId());
      out.writeUTF(verdict.kind().name());
      out.writeLong(verdict.delay().toMillis());
      Spool.writeText(verdict.reason(), out);
      Spool.writeText(verdict.key(), out);
    }

    @Override
    public Verdict read(DataInput in) throws IOException {
      return new Verdict(
          in.readLong(),
          Kind.valueOf(in.readUTF()),
          Duration.ofMillis(in.readLong()),
          Spool.readText(in),
          Spool.readText(in));
    }
  }
}
