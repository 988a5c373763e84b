package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(120)
class BootstrapIT {
  private static final int ROWS = 300;

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private final QueueAdmin admin = QueueAdmin.of(database.dataSource());

  /** Creates a queue and a watched table with rows 0 to 299, each in version 1. */
  private Fixture watched(String name) throws SQLException {
    Fixture fixture = Fixture.create(database, name);
    fixture.execute("create table " + name + " (id int primary key, version int not null)");
    fixture.execute("insert into " + name + " select i, 1 from generate_series(0, 299) i");
    admin.watchTable(Watch.builder(name, name).build());
    return fixture;
  }

  /**
   * Writers update, delete and insert while the bootstrap is taken again and again. Each update
   * adds one to the version; so with the rows of a bootstrap and the events after it, every version
   * has to follow on the one before, and the last state has to be the table's.
   */
  @Test
  void rowsAndThenEventsAreTheTable() throws Exception {
    Fixture fixture = watched("busy");
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService writers = Executors.newFixedThreadPool(3);
    List<Future<?>> running =
        List.of(
            writers.submit(() -> write(stop, "read committed", 0)),
            writers.submit(() -> write(stop, "repeatable read", 100)),
            writers.submit(() -> write(stop, "serializable", 200)));
    Replica replica = new Replica();
    for (int round = 1; round <= 20; round++) {
      replica.state.clear();
      AtomicInteger batches = new AtomicInteger();
      long rows =
          Bootstrap.of(database.dataSource(), "busy", "replica")
              .run(
                  List.of("busy"),
                  batch -> {
                    batches.incrementAndGet();
                    batch.forEach(replica::snapshot);
                  });
      assertThat(rows).isEqualTo(replica.state.size()).isGreaterThan(ROWS / 2);
      assertThat(batches.get()).isGreaterThan(1);
      fixture.tick();
      replica.drain(database);
    }
    stop.set(true);
    for (Future<?> one : running) {
      one.get();
    }
    writers.shutdown();
    fixture.tick();
    replica.drain(database);

    Map<Integer, Integer> table = new HashMap<>();
    fixture
        .query("select id || ' ' || version from busy")
        .forEach(row -> Replica.put(table, String.valueOf(row)));
    assertThat(replica.state).isEqualTo(table);
    assertThat(replica.events).isGreaterThan(100);
  }

  /** Changes rows in a range of its own, several in a transaction. */
  private static Void write(AtomicBoolean stop, String isolation, int from) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (int i = 0; !stop.get(); i++) {
        int id = from + i * 7 % 100;
        statement.execute("begin isolation level " + isolation);
        statement.execute(
            "update busy set version = version + 1 where id between %d and %d"
                .formatted(id, Math.min(id + 3, from + 99)));
        if (i % 3 == 0) {
          statement.execute("delete from busy where id = " + (from + i % 10));
        } else {
          statement.execute(
              "insert into busy values (%d, 1) on conflict do nothing"
                  .formatted(from + (i - 1) % 10));
        }
        statement.execute(i % 5 == 0 ? "rollback" : "commit");
      }
    }
    return null;
  }

  /** A copy of the table, as a consumer would keep it. */
  private static final class Replica {
    record Row(int id, int version) {}

    final Map<Integer, Integer> state = new HashMap<>();
    int events;

    static void put(Map<Integer, Integer> table, String row) {
      int blank = row.indexOf(' ');
      table.put(
          Integer.valueOf(row.substring(0, blank)), Integer.valueOf(row.substring(blank + 1)));
    }

    void snapshot(Event event) {
      assertThat(event.type()).isEqualTo("SNAPSHOT");
      assertThat(event.extra1()).isEqualTo("public.busy");
      assertThat(event.extra3()).isEqualTo("id");
      Row row = event.row(Row.class);
      assertThat(state.put(row.id(), row.version())).as("row %s twice", row).isNull();
    }

    void change(String type, String data) {
      Row row =
          new Event(0, 0, java.time.Instant.EPOCH, 0, type, data, null, null, null, null)
              .row(Row.class);
      events++;
      Integer before = state.get(row.id());
      switch (type) {
        case "INSERT" -> assertThat(before).as("inserted %s", row).isNull();
        case "UPDATE" -> assertThat(before).as("updated %s", row).isEqualTo(row.version() - 1);
        default -> assertThat(before).as("deleted %s", row).isEqualTo(row.version());
      }
      if (type.equals("DELETE")) {
        state.remove(row.id());
      } else {
        state.put(row.id(), row.version());
      }
    }

    void drain(TestDatabase database) throws Exception {
      try (Connection connection = database.connect();
          Statement statement = connection.createStatement()) {
        while (true) {
          long batch;
          try (var row = statement.executeQuery("select pgq.next_batch('busy', 'replica')")) {
            row.next();
            batch = row.getLong(1);
            if (row.wasNull()) {
              return;
            }
          }
          try (var row =
              statement.executeQuery(
                  "select ev_type, ev_data from pgq.get_batch_events(" + batch + ")")) {
            while (row.next()) {
              change(row.getString(1), row.getString(2));
            }
          }
          statement.execute("select pgq.finish_batch(" + batch + ")");
        }
      }
    }
  }

  @Test
  void aFailureLeavesTheConsumerWaitingAndTheNextRunBeginsAnew() throws SQLException {
    Fixture fixture = watched("fails");
    Bootstrap bootstrap = Bootstrap.of(database.dataSource(), "fails", Fixture.CONSUMER);

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () ->
                bootstrap.run(
                    List.of("fails"),
                    rows -> {
                      throw new IllegalStateException("the handler failed");
                    }));
    assertThat(fixture.consumer().bootstrapTick()).isEqualTo(fixture.lastTick());
    assertThatExceptionOfType(BadArgumentException.class)
        .isThrownBy(() -> admin.resumeConsumer("fails", Fixture.CONSUMER));
    AtomicInteger rows = new AtomicInteger();
    assertThat(bootstrap.run(List.of("fails"), batch -> rows.addAndGet(batch.size())))
        .isEqualTo(ROWS)
        .isEqualTo(rows.get());
    assertThat(fixture.consumer().bootstrapTick()).isNull();
    assertThat(fixture.consumer().lastTick()).isEqualTo(fixture.lastTick());
  }

  @Test
  void whatIsNotThereIsSaid() throws SQLException {
    Fixture fixture = watched("refused");
    fixture.execute("create table not_watched (id int)");
    Bootstrap bootstrap = Bootstrap.of(database.dataSource(), "refused", Fixture.CONSUMER);

    assertThatExceptionOfType(BadArgumentException.class)
        .isThrownBy(() -> bootstrap.run(List.of("not_watched"), rows -> {}));
    assertThatExceptionOfType(NoSuchTableException.class)
        .isThrownBy(() -> bootstrap.run(List.of("nowhere"), rows -> {}));
    assertThatExceptionOfType(NoSuchQueueException.class)
        .isThrownBy(
            () -> Bootstrap.of(database.dataSource(), "none", "c").run(List.of(), rows -> {}));
    admin.pauseQueue("refused");
    assertThatExceptionOfType(TickerPausedException.class)
        .isThrownBy(() -> bootstrap.run(List.of("refused"), rows -> {}));
  }

  @Test
  void rowsThatAPolicyHidesAreAnError() throws SQLException {
    Fixture fixture = watched("hidden");
    fixture.execute("alter table hidden enable row level security");
    String user = database.createUser("in role pgq_reader");
    fixture.execute("grant select on hidden to " + user);

    assertThatExceptionOfType(QueueException.class)
        .isThrownBy(
            () ->
                Bootstrap.of(database.dataSourceOf(user), "hidden", Fixture.CONSUMER)
                    .run(List.of("hidden"), rows -> {}))
        .withMessageContaining("row-level security");
  }

  @Test
  void aReaderBootstraps() throws SQLException {
    Fixture fixture = watched("readable");
    String user = database.createUser("in role pgq_reader");
    fixture.execute("grant select on readable to " + user);
    fixture.execute(
        "alter role %s set default_transaction_isolation = 'serializable'".formatted(user));

    assertThat(
            Bootstrap.of(database.dataSourceOf(user), "readable", "new")
                .run(List.of("readable"), rows -> {}))
        .isEqualTo(ROWS);
  }
}
