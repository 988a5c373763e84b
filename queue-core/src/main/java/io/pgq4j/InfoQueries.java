package io.pgq4j;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What {@code get_queue_info}, {@code get_consumer_info} and {@code get_consumer_states} tell, as
 * records, by queue and name.
 */
final class InfoQueries {
  private static final String QUEUES =
      """
      select queue_name, queue_ntables, queue_cur_table,
        extract(epoch from queue_rotation_period)::numeric, queue_switch_time,
        queue_external_ticker, queue_ticker_paused, queue_ticker_max_count,
        extract(epoch from queue_ticker_max_lag)::numeric,
        extract(epoch from queue_ticker_idle_period)::numeric,
        extract(epoch from ticker_lag)::numeric, ev_per_sec, ev_new, last_tick_id
      from pgq.get_queue_info(?)
      order by queue_name
      """;

  private static final String CONSUMERS =
      """
      select queue_name, consumer_name, extract(epoch from lag)::numeric,
        extract(epoch from last_seen)::numeric, last_tick, current_batch, next_tick, pending_events,
        paused_at, bootstrap_tick
      from pgq.get_consumer_info(?)
      left join pgq.get_paused_consumers() using (queue_name, consumer_name)
      order by queue_name, consumer_name
      """;

  private static final String RUNS =
      """
      select queue_name, consumer_name, host, process,
        extract(epoch from clock_timestamp() - started)::numeric, state,
        extract(epoch from clock_timestamp() - since)::numeric, error,
        extract(epoch from clock_timestamp() - error_time)::numeric, connected
      from pgq.get_consumer_states(?)
      order by queue_name, consumer_name
      """;

  private final Connection connection;

  InfoQueries(Connection connection) {
    this.connection = connection;
  }

  /** One queue, or all of them; null: all. */
  List<QueueInfo> queues(@Nullable String queue) throws SQLException {
    return fetch(QUEUES, queue, InfoQueries::queueInfo);
  }

  /** Those of a queue; null: of all. */
  List<ConsumerInfo> consumers(@Nullable String queue) throws SQLException {
    return fetch(CONSUMERS, queue, InfoQueries::consumerInfo);
  }

  /** Likewise. */
  List<ConsumerRun> runs(@Nullable String queue) throws SQLException {
    return fetch(RUNS, queue, InfoQueries::run);
  }

  private static QueueInfo queueInfo(ResultSet row) throws SQLException {
    return new QueueInfo(
        row.getString(1),
        row.getInt(2),
        row.getInt(3),
        duration(row, 4),
        Objects.requireNonNull(instantOrNull(row, 5)),
        row.getBoolean(6),
        row.getBoolean(7),
        row.getInt(8),
        duration(row, 9),
        duration(row, 10),
        durationOrNull(row, 11),
        row.getObject(12, Double.class),
        longOrNull(row, 13),
        longOrNull(row, 14));
  }

  private static ConsumerInfo consumerInfo(ResultSet row) throws SQLException {
    return new ConsumerInfo(
        row.getString(1),
        row.getString(2),
        durationOrNull(row, 3),
        durationOrNull(row, 4),
        longOrNull(row, 5),
        longOrNull(row, 6),
        longOrNull(row, 7),
        longOrNull(row, 8),
        instantOrNull(row, 9),
        longOrNull(row, 10));
  }

  private static ConsumerRun run(ResultSet row) throws SQLException {
    return new ConsumerRun(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getLong(4),
        duration(row, 5),
        row.getString(6),
        duration(row, 7),
        row.getString(8),
        durationOrNull(row, 9),
        row.getBoolean(10));
  }

  private static @Nullable Long longOrNull(ResultSet row, int column) throws SQLException {
    return row.getObject(column, Long.class);
  }

  private static @Nullable Instant instantOrNull(ResultSet row, int column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static Duration duration(ResultSet row, int column) throws SQLException {
    return Objects.requireNonNull(durationOrNull(row, column));
  }

  private static @Nullable Duration durationOrNull(ResultSet row, int column) throws SQLException {
    BigDecimal seconds = row.getBigDecimal(column);
    return seconds == null ? null : Duration.ofSeconds(0, seconds.movePointRight(9).longValue());
  }

  private interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> fetch(String sql, @Nullable String queue, Reader<T> reader)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, queue);
      List<T> rows = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows.add(reader.read(row));
        }
      }
      return rows;
    }
  }
}
