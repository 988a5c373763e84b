package io.pgq4j.consumers.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.pgq4j.ConsumerConfig;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.ConsumerState;
import io.pgq4j.Settings;
import io.pgq4j.Watch;
import io.pgq4j.test.TestQueue;
import io.pgq4j.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From watched tables to copies in another database. */
@Timeout(60)
class TableConsumerIT {
  private static final String JOBS = "select j::text from job j order by id";

  @RegisterExtension static final TestQueue shop = TestQueue.create("shop");
  @RegisterExtension static final TestDatabase mirror = TestDatabase.create();
  @TempDir Path directory;

  private final Copies copies = new Copies(shop, mirror);

  @BeforeEach
  void createTables() throws SQLException {
    copies.onBoth(
        """
        drop table if exists job, place cascade;
        create table place (id bigint primary key, name text unique);
        create table job (
          id bigint primary key, title text, place_id bigint references place,
          twice bigint generated always as (id * 2) stored)\
        """);
    watch("place");
    watch("job");
    copies.onMirror("select pgq_ext.set_last_tick('mirror', 'shop', null)");
  }

  private static void watch(String table) {
    shop.admin().watchTable(Watch.builder(table, "shop").build());
  }

  private TableConsumer consumer() throws IOException {
    return copies.consumer(directory, "copy=public.place, public.job");
  }

  private void assertSame(String query) throws SQLException {
    assertThat(copies.inMirror(query)).isEqualTo(copies.inShop(query));
  }

  @Test
  void theLastStateOfEachRowIsInTheCopy() throws Exception {
    shop.execute(
        """
        insert into place values (1, 'Tallinn'), (2, 'Tartu');
        insert into job values (1, 'Baker', 1), (2, 'O''Neill", {', 1), (3, null, null);
        update job set title = 'Cook', place_id = 2 where id = 1;
        delete from job where id = 2;
        insert into job values (2, 'again', 2);
        delete from job where id = 3;
        update job set id = 9007199254740993 where id = 1;
        update place set id = 3 where id = 1\
        """);
    TableConsumer consumer = consumer();
    consumer.check();

    shop.drain(consumer).assertAllDone();

    assertSame(JOBS);
    assertSame("select p::text from place p order by id");
    assertThat(copies.inMirror(JOBS)).hasSize(2);
  }

  @Test
  void whatIsPossibleOnlyInItsOrderIsDoneInItsOrder() throws Exception {
    shop.execute("insert into place values (1, 'one'), (2, 'two')");
    shop.drain(consumer()).assertAllDone();
    shop.execute(
        """
        update place set name = 'other' where id = 1;
        update place set name = 'one' where id = 2;
        update place set name = 'two' where id = 1\
        """);

    shop.drain(consumer()).assertAllDone();

    assertThat(copies.inMirror("select name from place order by id")).containsExactly("two", "one");
  }

  @Test
  void rowsOfAnEmptiedTableAreGoneAndThoseAfterItStay() throws Exception {
    shop.execute("insert into place values (1, 'one'); insert into job values (1, 'a', 1)");
    shop.drain(consumer()).assertAllDone();
    shop.execute(
        """
        insert into place values (2, 'two');
        truncate place, job;
        insert into place values (3, 'three')\
        """);

    shop.drain(consumer()).assertAllDone();

    assertThat(copies.inMirror("select name from place")).containsExactly("three");
    assertThat(copies.inMirror(JOBS)).isEmpty();
  }

  @Test
  void valuesAreWhatTheColumnsOfTheCopyMakeOfThem() throws Exception {
    copies.onBoth(
        """
        drop table if exists "Odd, one";
        drop type if exists mood, pair;
        create type mood as enum ('glad', 'sad');
        create type pair as (a integer, b text);
        create table "Odd, one" (
          "the ""key"" one" integer generated always as identity, code varchar(5), n numeric, f float8,
          b bytea, ts timestamptz, d date, tags text[], grid integer[], m mood, p pair, r int4range,
          j json, jb jsonb, u uuid, primary key (code, "the ""key"" one"))\
        """);
    watch("\"Odd, one\"");
    shop.execute(
        """
        insert into "Odd, one" (code, n, f, b, ts, d, tags, grid, m, p, r, j, jb, u) values
          ('a', 'NaN', '-infinity', '\\x00ff', 'infinity', '0044-03-15 BC', '{x,null,"{"}',
           '{{1,2},{3,4}}', 'sad', '(1,"a,b")', '[1,5)', '{"b": 1,  "a": 2, "b": 3}',
           '{"x": 1e400}', '00000000-0000-0000-0000-000000000001'),
          ('b', 0.10, 1e-300, null, '2026-03-29 03:30+03', null, '{}', null, null, null, null,
           null, null, null);
        update "Odd, one" set n = 1.000 where code = 'b'\
        """);
    TableConsumer consumer = copies.consumer(directory, "copy=public.\"Odd, one\"");
    consumer.check();

    shop.drain(consumer).assertAllDone();

    assertSame("select o::text from \"Odd, one\" o order by code");
    assertThat(copies.inMirror("select code from \"Odd, one\"")).hasSize(2);
  }

  @Test
  void aCopyMayHaveAnotherNameMoreColumnsAndFewer() throws Exception {
    copies.onMirror(
        """
        drop schema if exists archive cascade;
        create schema archive;
        create table archive.place (id integer primary key, seen timestamptz default now())\
        """);
    TableConsumer consumer =
        copies.consumer(directory, "copy=public.place to archive.place", "unknown-columns=skip");
    shop.execute("insert into place values (1, 'one'); update place set name = 'two'");

    shop.drain(consumer).assertAllDone();

    assertThat(copies.inMirror("select id from archive.place where seen is not null"))
        .containsExactly("1");
  }

  @Test
  void theRowsThatAreThereComeFirstAndThenTheChanges() throws Exception {
    copies.onMirror("insert into place values (99, 'old')");
    shop.execute(
        """
        insert into place select i, 'place ' || i from generate_series(1, 12000) i;
        insert into job values (1, 'a', 12000)\
        """);

    assertThat(consumer().bootstrap()).isEqualTo(12_001);
    shop.execute("delete from place where id < 12000; update job set title = 'b'");
    shop.drain(consumer()).assertAllDone();

    assertSame(JOBS);
    assertThat(copies.inMirror("select name from place")).containsExactly("place 12000");
  }

  @Test
  void aConsumerThatWasMovedBackDoesNothingTwice() throws Exception {
    long before = shop.ticker().tick();
    shop.execute("insert into place values (1, 'one')");
    shop.drain(consumer()).assertAllDone();
    shop.execute("update place set name = 'two'");
    shop.drain(consumer()).assertAllDone();
    shop.admin().seek("shop", "mirror", before);

    try (ConsumerRunner runner = start(consumer())) {
      await(runner, "but the other database is at tick");
    }

    assertThat(copies.inMirror("select name from place")).containsExactly("two");
    assertThat(consumer().bootstrap()).isEqualTo(1);
    shop.drain(consumer()).assertAllDone();
  }

  @Test
  void itWaitsForAColumnThatCameLater() throws Exception {
    shop.execute("insert into place values (1, 'one')");
    shop.drain(consumer()).assertAllDone();
    shop.execute("alter table place add area numeric; insert into place values (2, 'two', 158.27)");
    shop.ticker().tick();
    try (ConsumerRunner runner = start(consumer())) {
      await(runner, "columns [area] of public.place are not in public.place");
    }
    assertThat(copies.inMirror("select name from place")).containsExactly("one");
    copies.onMirror("alter table place add area numeric");

    shop.drain(consumer()).assertAllDone();

    assertThat(copies.inMirror("select area from place where id = 2")).containsExactly("158.27");
  }

  private static ConsumerRunner start(TableConsumer consumer) {
    ConsumerRunner runner =
        ConsumerRunner.builder(shop.dataSource())
            .add(
                consumer,
                ConsumerConfig.builder()
                    .backoff(Duration.ofMillis(20), Duration.ofMillis(20))
                    .build())
            .build();
    runner.start();
    return runner;
  }

  private static void await(ConsumerRunner runner, String error) {
    while (runner.health().get(0).state() != ConsumerState.BACKING_OFF) {
      Thread.onSpinWait();
    }
    assertThat(runner.health().get(0).lastError()).contains(error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "drop table job | there is no table public.job to copy public.job to",
        "alter table job drop title | columns [title] of public.job are not in public.job",
        "alter table job drop constraint job_pkey | has no primary key or unique index",
        "alter table job drop constraint job_pkey; create unique index on job (id) where id > 0"
            + " | has no primary key or unique index",
      })
  void whatDoesNotFitIsToldBeforeTheFirstEvent(String sql, String message) throws Exception {
    copies.onMirror(sql);
    TableConsumer consumer = consumer();
    assertThatIllegalStateException().isThrownBy(consumer::check).withMessageContaining(message);
    shop.execute("insert into place values (1, 'one')");
    shop.ticker().tick();
    shop.admin().register("shop", "mirror");

    assertThatIllegalStateException().isThrownBy(consumer::bootstrap);

    assertThat(copies.inMirror("select name from place")).isEmpty();
  }

  @Test
  void tablesThatAreNotWatchedAreTold() throws Exception {
    copies.onBoth("drop table if exists keyless; create table keyless (id integer)");
    TableConsumer consumer = copies.consumer(directory, "copy=public.keyless");
    assertThatIllegalStateException()
        .isThrownBy(consumer::check)
        .withMessageContaining("no table public.keyless is watched for queue shop");
    watch("keyless");
    assertThatIllegalStateException()
        .isThrownBy(consumer::check)
        .withMessageContaining("rows of public.keyless have no key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "copy=",
        "copy=public.job,",
        "copy=a to b to c",
        "copy=public.job, public.job to job2",
      })
  void aWrongConfigurationIsRefused(String lines) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> copies.consumer(directory, lines.split("\\|")));
  }

  @Test
  void theSameTableInTheSameDatabaseIsRefused() {
    Map<String, String> flags =
        Map.of("queue", "shop", "consumer", "mirror", "copy", "public.place to p, public.job");
    Settings settings = Settings.load(TableConsumer.SETTINGS, flags, Map.of(), null);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TableConsumer(settings))
        .withMessageContaining("another name");
  }

  @Test
  void namesMayBeQuoted() {
    assertThat(TablePair.parse("a.b, \"x, to y\".c to d"))
        .isEqualTo(List.of(new TablePair("a.b", "a.b"), new TablePair("\"x, to y\".c", "d")));
  }
}
