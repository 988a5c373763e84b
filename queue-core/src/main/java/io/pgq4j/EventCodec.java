package io.pgq4j;

import io.pgq4j.internal.Spool;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Events in a spool file. */
enum EventCodec implements Spool.Codec<Event> {
  INSTANCE;

  /** The objects around the texts. */
  private static final long OVERHEAD = 200;

  @Override
  public long weight(Event event) {
    return OVERHEAD
        + length(event.type())
        + length(event.data())
        + length(event.extra1())
        + length(event.extra2())
        + length(event.extra3())
        + length(event.extra4());
  }

  private static long length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  @Override
  public void write(Event event, DataOutput out) throws IOException {
    out.writeLong(event.id());
    out.writeLong(event.txid());
    Instant time = event.time();
    out.writeLong(time.getEpochSecond());
    out.writeInt(time.getNano());
    out.writeInt(event.retry());
    Spool.writeText(event.type(), out);
    Spool.writeText(event.data(), out);
    Spool.writeText(event.extra1(), out);
    Spool.writeText(event.extra2(), out);
    Spool.writeText(event.extra3(), out);
    Spool.writeText(event.extra4(), out);
  }

  @Override
  public Event read(DataInput in) throws IOException {
    return new Event(
        in.readLong(),
        in.readLong(),
        Instant.ofEpochSecond(in.readLong(), in.readInt()),
        in.readInt(),
        Spool.readText(in),
        Spool.readText(in),
        Spool.readText(in),
        Spool.readText(in),
        Spool.readText(in),
        Spool.readText(in));
  }
}
