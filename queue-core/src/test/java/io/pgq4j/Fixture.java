package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A queue with one registered consumer, and what tests do to it. */
final class Fixture {
  static final String CONSUMER = "reader";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  final TestDatabase database;
  final QueueAdmin admin;
  final String queue;

  private Fixture(TestDatabase database, String queue) {
    this.database = database;
    this.admin = QueueAdmin.of(database.dataSource());
    this.queue = queue;
  }

  /** Creates the queue, with ticks only when {@link #tick()} is called, and registers. */
  static Fixture create(TestDatabase database, String queue) {
    Fixture fixture = new Fixture(database, queue);
    fixture.admin.createQueue(queue);
    fixture.admin.register(queue, CONSUMER);
    return fixture;
  }

  /** Commits an event for each text, and ticks. */
  void publish(String... data) throws SQLException {
    insert(data);
    tick();
  }

  long[] insert(String... data) throws SQLException {
    try (Connection connection = database.connect()) {
      return EventWriter.to(queue)
          .insertAll(connection, Arrays.stream(data).map(text -> NewEvent.of("t", text)).toList());
    }
  }

  long tick() {
    return admin.tick(queue).orElseThrow();
  }

  /** Moves all retries back that are due, and ticks. */
  void tickRetries() throws SQLException {
    execute("update pgq.retry_queue set ev_retry_after = now() - interval '1 second'");
    query("select pgq.maint_retry_events()");
    tick();
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of all rows. */
  List<@Nullable String> query(String sql, @Nullable Object... arguments) throws SQLException {
    try (Connection connection = database.connect();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      List<@Nullable String> rows = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          rows.add(row.getString(1));
        }
      }
      return rows;
    }
  }

  /** Nothing is left for the consumer: its position is the queue's last tick. */
  void assertAllFinished() {
    assertThat(consumer().currentBatch()).isNull();
    assertThat(consumer().lastTick()).isEqualTo(lastTick());
  }

  /** How many events of the queue wait for their retry, as the one row of a query. */
  List<@Nullable String> retries() throws SQLException {
    return query(
        "select count(*) from pgq.retry_queue r join pgq.queue q on queue_id = ev_queue"
            + " where queue_name = ?",
        queue);
  }

  static List<@Nullable String> data(List<Event> events) {
    List<@Nullable String> data = new ArrayList<>();
    events.forEach(event -> data.add(event.data()));
    return data;
  }

  /** The queue's last tick. */
  long lastTick() {
    return Objects.requireNonNull(admin.queue(queue).orElseThrow().lastTick());
  }

  /** The batch that the consumer has open. */
  long openBatch() {
    return Objects.requireNonNull(consumer().currentBatch());
  }

  ConsumerInfo consumer() {
    return admin.consumers(queue).stream()
        .filter(c -> c.name().equals(CONSUMER))
        .findFirst()
        .orElseThrow();
  }

  /** Takes so many values, waiting for each. */
  static <T> List<T> take(BlockingQueue<T> values, int count) throws InterruptedException {
    List<T> taken = new ArrayList<>();
    while (taken.size() < count) {
      T value = values.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(value).as("value %s of %s, after %s", taken.size() + 1, count, taken).isNotNull();
      taken.add(value);
    }
    return taken;
  }

  static String[] numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toArray(String[]::new);
  }

  static void stop(ConsumerRunner runner) throws InterruptedException {
    assertThat(runner.stop(PATIENCE)).as("stopped in time").isTrue();
  }
}
