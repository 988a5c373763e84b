package io.pgq4j;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer takes in: which events, and in batches of what size at least. See {@link
 * ConsumerConfig.Builder}.
 *
 * @param types empty: all
 * @param tables empty: all
 * @param minCount null: any; so are the other three
 */
public record Intake(
    List<String> types,
    List<String> tables,
    @Nullable Integer minCount,
    @Nullable Duration minInterval,
    @Nullable Duration minLag,
    @Nullable Duration pace) {

  private static final Duration FOREVER = Duration.ofDays(36_500);

  /** Checks the ranges. */
  public Intake {
    types = List.copyOf(types);
    tables = List.copyOf(tables);
    if (minCount != null && minCount < 1) {
      throw new IllegalArgumentException("minCount must be positive");
    }
    checkPositive("minInterval", minInterval);
    checkPositive("minLag", minLag);
    checkPositive("pace", pace);
    if (pace != null && (minCount != null || minInterval != null || minLag != null)) {
      throw new IllegalArgumentException(
          "pace goes with none of minCount, minInterval and minLag: its batches have all there is");
    }
  }

  private static void checkPositive(String name, @Nullable Duration value) {
    if (value != null && (value.isNegative() || value.isZero())) {
      throw new IllegalArgumentException(name + " must be positive");
    }
  }

  /**
   * After what time to look again although no tick came, for a consumer that leaves ticks for
   * later; null: it takes every tick.
   */
  @Nullable Duration longestWait() {
    if (minLag != null) {
      return minLag;
    }
    return minCount == null && minInterval == null ? null : FOREVER;
  }

  /** Whether each tick is a batch. */
  boolean takesEveryTick() {
    return longestWait() == null && pace == null;
  }

  /** Whether it takes every tick, and all events. */
  boolean isEverything() {
    return takesEveryTick() && types.isEmpty() && tables.isEmpty();
  }

  static @Nullable Double seconds(@Nullable Duration time) {
    return time == null ? null : time.toMillis() / 1e3;
  }

  /** The condition for {@code get_batch_cursor}, its literals quoted by the server; null: none. */
  @Nullable String condition(Connection connection) throws SQLException {
    List<String> parts = new ArrayList<>();
    if (!types.isEmpty()) {
      parts.add("format('ev_type = any (%L::text[])', ?::text[])");
    }
    if (!tables.isEmpty()) {
      parts.add("format('ev_extra1 = any (%L::text[])', ?::text[])");
    }
    if (parts.isEmpty()) {
      return null;
    }
    try (PreparedStatement statement =
        connection.prepareStatement("select " + String.join(" || ' and ' || ", parts))) {
      int parameter = 1;
      for (List<String> allowed : List.of(types, tables)) {
        if (!allowed.isEmpty()) {
          statement.setArray(parameter++, connection.createArrayOf("text", allowed.toArray()));
        }
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }
}
