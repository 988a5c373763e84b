package io.pgq4j.consumers.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.ConsumerConfig;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.Watch;
import io.pgq4j.test.TestQueue;
import io.pgq4j.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The copies are right and nothing is done twice, whatever dies in between. */
@Timeout(120)
class CrashIT {
  private static final int WRITERS = 3;
  private static final int TRANSACTIONS = 150;
  private static final int ROUNDS = 12;

  private static final String KILL =
      "select pg_terminate_backend(pid) from pg_stat_activity"
          + " where datname = current_database() and pid <> pg_backend_pid() and ";

  @RegisterExtension static final TestQueue shop = TestQueue.create("shop");
  @RegisterExtension static final TestDatabase mirror = TestDatabase.create();
  @TempDir Path directory;

  private final Copies copies = new Copies(shop, mirror);

  @BeforeEach
  void createTables() throws SQLException {
    copies.onBoth(
        """
        drop table if exists job, place cascade;
        create table place (id integer primary key, name text unique);
        create table job (
          id integer primary key, place_id integer references place on delete cascade,
          n numeric not null)\
        """);
    shop.admin().watchTable(Watch.builder("place", "shop").build());
    shop.admin().watchTable(Watch.builder("job", "shop").build());
    copies.onMirror(
        """
        select pgq_ext.set_last_tick('mirror', 'shop', null);
        drop table if exists written;
        create table written (id integer);
        create or replace function note() returns trigger language plpgsql as
          'begin insert into written values (new.id); return null; end';
        create trigger note after insert or update on place for each row execute function note()\
        """);
  }

  private TableConsumer consumer() throws Exception {
    return copies.consumer(directory, "copy=public.place, public.job");
  }

  private ConsumerRunner runner() throws Exception {
    return ConsumerRunner.builder(shop.dataSource())
        .add(
            consumer(),
            ConsumerConfig.builder().backoff(Duration.ofMillis(10), Duration.ofMillis(50)).build())
        .build();
  }

  @Test
  void whatWasCommittedThereAndNotFinishedHereIsNotDoneAgain() throws Exception {
    shop.admin().register("shop", "mirror");
    shop.execute("insert into place values (1, 'one'), (2, 'two')");
    shop.ticker().tick();
    try (Connection there = mirror.connect();
        Connection here = shop.dataSource().getConnection();
        Statement lockThere = there.createStatement();
        Statement lockHere = here.createStatement();
        ConsumerRunner runner = runner()) {
      there.setAutoCommit(false);
      lockThere.execute("lock table place in share mode");
      runner.start();
      while (copies
          .inMirror("select 1 from pg_locks where not granted and relation = 'place'::regclass")
          .isEmpty()) {
        Thread.onSpinWait();
      }
      here.setAutoCommit(false);
      lockHere.execute("lock table pgq.position in share mode");
      there.commit();
      String waiting =
          "select pid from pg_stat_activity where datname = current_database()"
              + " and wait_event_type = 'Lock' and pid <> pg_backend_pid()";
      while (copies.inShop(waiting).isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(copies.inMirror("select id from written order by id")).containsExactly("1", "2");
      copies.inShop(waiting.replace("pid from", "pg_terminate_backend(pid) from"));
      here.rollback();
      shop.execute("insert into place values (3, 'three')");
      shop.ticker().tick();
      while (copies.inMirror("select 1 from place where id = 3").isEmpty()) {
        Thread.onSpinWait();
      }
    }
    assertThat(copies.inMirror("select id from written order by id"))
        .containsExactly("1", "2", "3");
  }

  @Test
  void afterRandomChangesByManyAndManyCrashesTheTablesAreTheSame() throws Exception {
    shop.execute("insert into place select i, 'p' || i from generate_series(0, 19) i");
    assertThat(consumer().bootstrap()).isEqualTo(20);
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    List<Future<Void>> writing = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      writing.add(writers.submit(new Writer(i)));
    }
    int killed = 0;
    int round = 0;
    try (ConsumerRunner runner = runner()) {
      runner.start();
      while (round++ < ROUNDS || writing.stream().anyMatch(writer -> !writer.isDone())) {
        shop.admin().tick("shop"); // with writers about, there is not always one to make
        if (round == ROUNDS / 2) {
          consumer().bootstrap();
        }
        if (round % 3 == 0) {
          killed += copies.inMirror(KILL + "backend_type = 'client backend'").size();
        } else if (round % 3 == 1) {
          copies.inShop(KILL + "query like '%pgq.finish%'");
        }
      }
    }
    for (Future<Void> writer : writing) {
      writer.get();
    }
    writers.shutdown();
    shop.drain(consumer()).assertAllDone();

    for (String table : List.of("place", "job")) {
      String rows = "select t::text from %s t order by id".formatted(table);
      assertThat(copies.inMirror(rows)).isEqualTo(copies.inShop(rows)).isNotEmpty();
    }
    assertThat(killed).isPositive();
  }

  /**
   * Changes rows at random, a few in each transaction; who meets a conflict or deadlock goes on.
   */
  private static final class Writer implements Callable<Void> {
    private final Random random;

    private Writer(int seed) {
      random = new Random(seed);
    }

    @Override
    public Void call() throws SQLException {
      try (Connection connection = shop.dataSource().getConnection();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        for (int i = 0; i < TRANSACTIONS; i++) {
          try {
            for (int n = random.nextInt(1, 5); n > 0; n--) {
              statement.execute(change());
            }
            if (random.nextInt(10) == 0) {
              connection.rollback();
            } else {
              connection.commit();
            }
          } catch (SQLException e) {
            connection.rollback();
          }
        }
      }
      return null;
    }

    private String change() {
      int place = random.nextInt(20);
      int job = random.nextInt(60);
      return switch (random.nextInt(9)) {
        case 0 -> "delete from job where id = " + job;
        case 1 -> "delete from place where id = " + place;
        case 2 ->
            "insert into place values (%d, 'p%d') on conflict do nothing".formatted(place, job);
        case 3 -> "update place set name = 'p%d' where id = %d".formatted(job, place);
        case 4 -> "update job set id = id + 60 where id = %d".formatted(job);
        case 5 ->
            "update place set name = id || '/' || name where id between %d and %d"
                .formatted(place, place + 3);
        case 6 -> random.nextInt(20) == 0 ? "truncate job" : "update job set n = n + 0.10";
        default ->
            "insert into job values (%d, %d, %d) on conflict (id) do update set n = job.n * 1.1"
                .formatted(job, place, job);
      };
    }
  }
}
