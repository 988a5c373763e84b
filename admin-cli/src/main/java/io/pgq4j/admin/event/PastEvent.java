package io.pgq4j.admin.event;

import io.pgq4j.admin.internal.JsonObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An event as tail and show print it. */
record PastEvent(
    long id,
    Instant time,
    long tick,
    long transaction,
    @Nullable String type,
    @Nullable String data,
    @Nullable String extra1,
    @Nullable String extra2,
    @Nullable String extra3,
    @Nullable String extra4) {

  /** The columns of {@code pgq.get_events} that {@link #read} reads, in its order. */
  static final String COLUMNS =
      "e.ev_id, e.ev_time, e.ev_txid, e.ev_type, e.ev_data,"
          + " e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4";

  static PastEvent read(ResultSet row, long tick) throws SQLException {
    return new PastEvent(
        row.getLong(1),
        Objects.requireNonNull(row.getObject(2, OffsetDateTime.class)).toInstant(),
        tick,
        row.getLong(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getString(9));
  }

  JsonObject json() {
    return JsonObject.of("event_id", id)
        .with("event_time", time)
        .with("tick_id", tick)
        .with("transaction", transaction)
        .with("type", type)
        .with("data", data)
        .with("extra1", extra1)
        .with("extra2", extra2)
        .with("extra3", extra3)
        .with("extra4", extra4);
  }
}
