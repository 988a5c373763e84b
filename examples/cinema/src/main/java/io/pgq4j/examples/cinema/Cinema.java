package io.pgq4j.examples.cinema;

import io.pgq4j.Consumer;
import io.pgq4j.ConsumerConfig;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.QueueAdmin;
import io.pgq4j.Settings;
import io.pgq4j.Watch;
import io.pgq4j.consumers.refresh.RefreshProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;

/** The parts of the system: its tables, queues and consumers. */
final class Cinema {
  /** Changes of seats. */
  static final String CHANGES = "cinema";

  /** Views to refresh. */
  static final String VIEWS = "cinema_views";

  static final String COUNTER = "seat_counts";

  static final int SEATS_EACH = 200;

  private static final String COMMENT = "pgq4j example cinema";
  private static final String SEATS = "cinema.seat";
  private static final Duration PACE = Duration.ofMillis(250);
  private static final int VIEWS_AT_ONCE = 4;

  /**
   * {auditorium_id}: those whose seats have changed. What is committed while they are counted is in
   * a later batch, and so they are counted again.
   */
  static final String COUNT =
      """
      with counted as (
        update cinema.auditorium a
        set seats = c.seats, free = c.free, counted_at = statement_timestamp()
        from unnest({auditorium_id}::integer[]) k (id)
        join cinema.auditorium b on b.id = k.id
        cross join lateral (
          select
            count(*) as seats, count(*) filter (where s.free) as free,
            count(*) filter (where s.changed_at > b.counted_at) as changes,
            min(s.changed_at) filter (where s.changed_at > b.counted_at) as since
          from cinema.seat s
          where s.auditorium_id = k.id
        ) c
        where a.id = k.id
        returning a.id, c.changes, clock_timestamp() - c.since as waited
      )
      insert into cinema.seat_count (auditorium_id, changes, waited)
      select id, changes, waited from counted where waited is not null""";

  private Cinema() {}

  /**
   * Creates what is missing of the schema {@code cinema}, the queues and their consumers, all or
   * nothing. The schema {@code pgq} must be there.
   *
   * @param auditoriums how many, each with {@value #SEATS_EACH} seats, if there are none yet
   * @throws IllegalStateException if there is a schema {@code cinema} that is not of this example
   */
  static void install(DataSource dataSource, int auditoriums) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("set local client_min_messages = warning");
      statement.execute("select pg_advisory_xact_lock(hashtext('" + COMMENT + "'))");
      checkOwnSchema(statement);
      statement.execute(resource("schema.sql"));
      fill(statement, auditoriums);
      QueueAdmin admin = QueueAdmin.on(connection);
      admin.createQueue(CHANGES);
      admin.createQueue(VIEWS);
      for (Consumer consumer : new Consumer[] {seatCounts(), new ViewRequests()}) {
        admin.register(CHANGES, consumer.name());
      }
      admin.register(VIEWS, ViewRefresher.NAME);
      admin.watchTable(Watch.builder(SEATS, CHANGES).columns("auditorium_id", "number").build());
      connection.commit();
    }
  }

  /** Before the seats are watched, so that these are no changes. */
  private static void fill(Statement statement, int auditoriums) throws SQLException {
    statement.execute(
        """
        insert into cinema.auditorium (id, name, seats, free)
        select i, 'Auditorium ' || i, %1$d, %1$d from generate_series(1, %2$d) i
        where not exists (select from cinema.auditorium);
        insert into cinema.seat (auditorium_id, number)
        select a.id, n from cinema.auditorium a, generate_series(1, %1$d) n
        where not exists (select from cinema.seat);
        analyze cinema.auditorium, cinema.seat;
        refresh materialized view cinema.occupancy"""
            .formatted(SEATS_EACH, auditoriums));
  }

  private static void checkOwnSchema(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "select obj_description(oid, 'pg_namespace') from pg_namespace"
                + " where nspname = 'cinema'")) {
      if (row.next() && !COMMENT.equals(row.getString(1))) {
        throw new IllegalStateException(
            "This database has a schema cinema of somebody else, which stays as it is."
                + " Use another database.");
      }
    }
  }

  /** All consumers, in a runner that is to be started. */
  static ConsumerRunner runner(DataSource dataSource) {
    return ConsumerRunner.builder(dataSource)
        .add(seatCounts(), ConsumerConfig.builder().tables(SEATS).pace(PACE).build())
        .add(new ViewRequests(), ConsumerConfig.builder().tables(SEATS).pace(PACE).build())
        .add(new ViewRefresher(dataSource), ConsumerConfig.builder().byKey(VIEWS_AT_ONCE).build())
        .build();
  }

  /** The ready consumer {@code refresh}, as its configuration file would make it. */
  private static Consumer seatCounts() {
    RefreshProgram refresh = new RefreshProgram();
    Map<String, String> settings =
        Map.of("queue", CHANGES, "consumer", COUNTER, "sql", COUNT, "truncate-sql", "select 1");
    return refresh.create(Settings.load(refresh.settings(), settings, Map.of(), null));
  }

  private static String resource(String name) {
    try (InputStream stream = Objects.requireNonNull(Cinema.class.getResourceAsStream(name))) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
