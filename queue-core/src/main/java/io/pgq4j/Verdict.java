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
 * @param delay of a retry, else zero
 * @param reason null: a retry
 */
record Verdict(long eventId, Kind kind, Duration delay, @Nullable String reason) {

  enum Kind {
    /** Comes again after {@code delay}. */
    RETRY,
    /** Goes to the dead letters. */
    DEAD,
    /** The settings of its queue decide which. */
    FAILED
  }

  /** Beyond what anybody waits for, and within what an interval can hold. */
  private static final Duration MAX_DELAY = Duration.ofDays(36_500);

  static Verdict retry(long eventId, Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("the delay must not be negative");
    }
    return new Verdict(
        eventId, Kind.RETRY, delay.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : delay, null);
  }

  static Verdict dead(long eventId, String reason) {
    return new Verdict(eventId, Kind.DEAD, Duration.ZERO, Texts.storable(reason));
  }

  static Verdict failed(long eventId, String reason) {
    return new Verdict(eventId, Kind.FAILED, Duration.ZERO, Texts.storable(reason));
  }

  /** Verdicts in a spool file. */
  enum Codec implements Spool.Codec<Verdict> {
    INSTANCE;

    private static final long OVERHEAD = 100;

    @Override
    public long weight(Verdict verdict) {
      return OVERHEAD + (verdict.reason() == null ? 0 : verdict.reason().length());
    }

    @Override
    public void write(Verdict verdict, DataOutput out) throws IOException {
      out.writeLong(verdict.eventId());
      out.writeUTF(verdict.kind().name());
      out.writeLong(verdict.delay().toMillis());
      Spool.writeText(verdict.reason(), out);
    }

    @Override
    public Verdict read(DataInput in) throws IOException {
      return new Verdict(
          in.readLong(),
          Kind.valueOf(in.readUTF()),
          Duration.ofMillis(in.readLong()),
          Spool.readText(in));
    }
  }
}
