package io.pgq4j;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.DSL.val;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What {@code get_queue_info} and {@code get_consumer_info} tell, as records. */
final class InfoQueries {
  static {
    // Programs that use this write data to stdout: jOOQ's greeting is not for there.
    System.setProperty("org.jooq.no-logo", "true");
    System.setProperty("org.jooq.no-tips", "true");
  }

  private static final Field<String> QUEUE = field(name("queue_name"), String.class);
  private static final Field<Integer> TABLES = field(name("queue_ntables"), Integer.class);
  private static final Field<Integer> CURRENT = field(name("queue_cur_table"), Integer.class);
  private static final Field<BigDecimal> ROTATION = seconds("queue_rotation_period");
  private static final Field<OffsetDateTime> SWITCHED =
      field(name("queue_switch_time"), OffsetDateTime.class);
  private static final Field<Boolean> EXTERNAL =
      field(name("queue_external_ticker"), Boolean.class);
  private static final Field<Boolean> PAUSED = field(name("queue_ticker_paused"), Boolean.class);
  private static final Field<Integer> MAX_COUNT =
      field(name("queue_ticker_max_count"), Integer.class);
  private static final Field<BigDecimal> MAX_LAG = seconds("queue_ticker_max_lag");
  private static final Field<BigDecimal> IDLE = seconds("queue_ticker_idle_period");
  private static final Field<BigDecimal> TICKER_LAG = seconds("ticker_lag");
  private static final Field<Double> PER_SECOND = field(name("ev_per_sec"), Double.class);
  private static final Field<Long> NEW = field(name("ev_new"), Long.class);
  private static final Field<Long> LAST_TICK_ID = field(name("last_tick_id"), Long.class);

  private static final Field<String> CONSUMER = field(name("consumer_name"), String.class);
  private static final Field<BigDecimal> LAG = seconds("lag");
  private static final Field<BigDecimal> LAST_SEEN = seconds("last_seen");
  private static final Field<Long> LAST_TICK = field(name("last_tick"), Long.class);
  private static final Field<Long> BATCH = field(name("current_batch"), Long.class);
  private static final Field<Long> NEXT_TICK = field(name("next_tick"), Long.class);
  private static final Field<Long> PENDING = field(name("pending_events"), Long.class);

  private static final Field<OffsetDateTime> PAUSED_AT =
      field(name("paused_at"), OffsetDateTime.class);
  private static final Field<Long> BOOTSTRAP = field(name("bootstrap_tick"), Long.class);

  private static final Field<String> HOST = field(name("host"), String.class);
  private static final Field<Long> PROCESS = field(name("process"), Long.class);
  private static final Field<BigDecimal> RUNNING = age("started");
  private static final Field<String> STATE = field(name("state"), String.class);
  private static final Field<BigDecimal> STATE_AGE = age("since");
  private static final Field<String> ERROR = field(name("error"), String.class);
  private static final Field<BigDecimal> ERROR_AGE = age("error_time");
  private static final Field<Boolean> CONNECTED = field(name("connected"), Boolean.class);

  private final DSLContext dsl;

  InfoQueries(Connection connection) {
    this.dsl = DSL.using(connection, SQLDialect.POSTGRES);
  }

  /** By name; null: all. */
  List<QueueInfo> queues(@Nullable String queue) throws SQLException {
    return fetch(
        () ->
            dsl.select(
                    QUEUE,
                    TABLES,
                    CURRENT,
                    ROTATION,
                    SWITCHED,
                    EXTERNAL,
                    PAUSED,
                    MAX_COUNT,
                    MAX_LAG,
                    IDLE,
                    TICKER_LAG,
                    PER_SECOND,
                    NEW,
                    LAST_TICK_ID)
                .from(table("pgq.get_queue_info({0})", val(queue, String.class)))
                .orderBy(QUEUE)
                .fetch(InfoQueries::queueInfo));
  }

  /** By queue and name; null: of all queues. */
  List<ConsumerInfo> consumers(@Nullable String queue) throws SQLException {
    return fetch(
        () ->
            dsl.select(
                    QUEUE, CONSUMER, LAG, LAST_SEEN, LAST_TICK, BATCH, NEXT_TICK, PENDING,
                    PAUSED_AT, BOOTSTRAP)
                .from(
                    table(
                        "pgq.get_consumer_info({0}) left join pgq.get_paused_consumers({0})"
                            + " using (queue_name, consumer_name)",
                        val(queue, String.class)))
                .orderBy(QUEUE, CONSUMER)
                .fetch(InfoQueries::consumerInfo));
  }

  /** Likewise. */
  List<ConsumerRun> runs(@Nullable String queue) throws SQLException {
    return fetch(
        () ->
            dsl.select(
                    QUEUE, CONSUMER, HOST, PROCESS, RUNNING, STATE, STATE_AGE, ERROR, ERROR_AGE,
                    CONNECTED)
                .from(table("pgq.get_consumer_states({0})", val(queue, String.class)))
                .orderBy(QUEUE, CONSUMER)
                .fetch(InfoQueries::run));
  }

  private static ConsumerRun run(Record row) {
    return new ConsumerRun(
        row.get(QUEUE),
        row.get(CONSUMER),
        row.get(HOST),
        row.get(PROCESS),
        duration(row.get(RUNNING)),
        row.get(STATE),
        duration(row.get(STATE_AGE)),
        row.get(ERROR),
        durationOrNull(row.get(ERROR_AGE)),
        row.get(CONNECTED));
  }

  private static QueueInfo queueInfo(Record row) {
    return new QueueInfo(
        row.get(QUEUE),
        row.get(TABLES),
        row.get(CURRENT),
        duration(row.get(ROTATION)),
        row.get(SWITCHED).toInstant(),
        row.get(EXTERNAL),
        row.get(PAUSED),
        row.get(MAX_COUNT),
        duration(row.get(MAX_LAG)),
        duration(row.get(IDLE)),
        durationOrNull(row.get(TICKER_LAG)),
        row.get(PER_SECOND),
        row.get(NEW),
        row.get(LAST_TICK_ID));
  }

  private static ConsumerInfo consumerInfo(Record row) {
    return new ConsumerInfo(
        row.get(QUEUE),
        row.get(CONSUMER),
        durationOrNull(row.get(LAG)),
        durationOrNull(row.get(LAST_SEEN)),
        row.get(LAST_TICK),
        row.get(BATCH),
        row.get(NEXT_TICK),
        row.get(PENDING),
        instantOrNull(row.get(PAUSED_AT)),
        row.get(BOOTSTRAP));
  }

  private static @Nullable Instant instantOrNull(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  private static Field<BigDecimal> seconds(String interval) {
    return field("extract(epoch from {0})::numeric", BigDecimal.class, name(interval)).as(interval);
  }

  private static Field<BigDecimal> age(String time) {
    return field(
            "extract(epoch from clock_timestamp() - {0})::numeric", BigDecimal.class, name(time))
        .as(time);
  }

  private static @Nullable Duration durationOrNull(@Nullable BigDecimal seconds) {
    return seconds == null ? null : duration(seconds);
  }

  private static Duration duration(BigDecimal seconds) {
    return Duration.ofSeconds(0, seconds.movePointRight(9).longValue());
  }

  private interface Query<T> {
    List<T> fetch();
  }

  private static <T> List<T> fetch(Query<T> query) throws SQLException {
    try {
      return query.fetch();
    } catch (DataAccessException e) {
      SQLException cause = e.getCause(SQLException.class);
      throw cause == null ? new SQLException(e) : cause;
    }
  }
}
