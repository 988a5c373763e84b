package io.pgq4j.consumers.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pgq4j.Databases;
import io.pgq4j.NewEvent;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.Watch;
import io.pgq4j.test.TestQueue;
import io.pgq4j.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a watched table to statements in another database. */
@Timeout(60)
class SqlConsumerIT {
  @RegisterExtension static final TestQueue jobs = TestQueue.create("jobs");
  @RegisterExtension static final TestDatabase target = TestDatabase.create();
  @TempDir Path directory;

  @BeforeEach
  void createTables() throws SQLException {
    jobs.execute(
        """
        drop table if exists job;
        create table job (
          id bigint primary key, title text, pay numeric, since timestamptz, tags text[])""");
    jobs.admin().watchTable(Watch.builder("job", "jobs").build());
    query(
        target.dataSource(),
        """
        drop table if exists ad;
        create table ad (
          id bigint primary key, title text, pay numeric, since timestamptz, tags jsonb)""");
  }

  private static List<String> query(DataSource database, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      if (statement.execute(sql)) {
        try (ResultSet row = statement.getResultSet()) {
          while (row.next()) {
            rows.add(row.getString(1));
          }
        }
      }
    }
    return rows;
  }

  private SqlConsumer consumer(String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of("queue=jobs", "consumer=copy"));
    all.addAll(List.of(lines));
    Path file = Files.write(directory.resolve("sql.properties"), all);
    List<Setting<?>> keys = new ArrayList<>(SqlConsumer.SETTINGS);
    keys.add(Databases.URL);
    return new SqlConsumer(Settings.load(keys, Map.of(), Map.of(), file));
  }

  private SqlConsumer remote(String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of("target-url=" + target.url()));
    all.addAll(List.of(lines));
    return consumer(all.toArray(String[]::new));
  }

  @Test
  void eachTypeOfEventHasItsStatementAndValuesStayWhatTheyAre() throws Exception {
    SqlConsumer consumer =
        remote(
            "sql.insert=insert into ad values ({id}, {title}, {pay}, {since}, {tags})",
            "sql.update=update ad set title = {title}, pay = {pay} where id = {id}",
            "sql.delete=delete from ad where id = {id}");
    consumer.check();
    jobs.execute(
        """
        insert into job values
          (9007199254740993, 'O''Neill ''); drop table ad; --', 0.10, '2026-11-20 10:00+00',
            '{a,b}'),
          (2, null, 1e30, null, null), (3, 'gone', null, null, null);
        update job set title = 'two' where id = 2;
        delete from job where id = 3""");

    jobs.drain(consumer).assertAllDone();

    assertThat(
            query(
                target.dataSource(),
                "select concat_ws('|', id, title, pay, since at time zone 'UTC', tags)"
                    + " from ad order by id"))
        .containsExactly(
            "2|two|1000000000000000000000000000000",
            "9007199254740993|O'Neill '); drop table ad; --|0.10|2026-11-20 10:00:00|[\"a\","
                + " \"b\"]");
  }

  @Test
  void whatTheDatabaseCannotTakeIsGivenUpAndTheRestIsDone() throws Exception {
    SqlConsumer consumer = remote("sql=insert into ad (id, title) values ({id}, {title})");
    jobs.insert(
        NewEvent.of("INSERT", "{\"id\": 1, \"title\": \"one\"}"),
        NewEvent.of("INSERT", "{\"id\": \"x\", \"title\": \"no number\"}"),
        NewEvent.of("INSERT", "{\"id\": 1, \"title\": \"twice\"}"),
        NewEvent.of("INSERT", "{\"id\": 4}"),
        NewEvent.of("INSERT", "{\"id\": 5, \"title\": \"five\"}"));

    jobs.drain(consumer).assertDeadLetters(2).assertRetries(1);

    assertThat(query(target.dataSource(), "select title from ad order by id"))
        .containsExactly("one", "five");
  }

  @Test
  void typesWithoutAStatementAreGivenUp() throws Exception {
    jobs.insert("welcome", "{}");

    jobs.drain(remote("sql.insert=select 1")).assertRetries(0).assertDeadLetters(1);
  }

  @Test
  void typesWithoutAStatementAreSkippedWhenTold() throws Exception {
    jobs.insert("welcome", "{}");

    jobs.drain(remote("sql.insert=select 1", "unknown-types=skip")).assertAllDone();
  }

  @Test
  void oneStatementTakesManyEventsAndFindsTheBadOnes() throws Exception {
    SqlConsumer consumer =
        remote(
            "batch-sql=insert into ad (id, title) select id, title"
                + " from jsonb_populate_recordset(null::ad, {rows}::jsonb)");
    consumer.check();
    jobs.execute("insert into job (id, title) select i, 't' || i from generate_series(1, 600) i");
    jobs.insert("INSERT", "no JSON");
    jobs.insert("INSERT", "{\"id\": 7}");

    jobs.drain(consumer).assertDeadLetters(1).assertRetries(1);

    assertThat(query(target.dataSource(), "select count(*) || ' ' || max(title) from ad"))
        .containsExactly("600 t99");
  }

  @Test
  void withoutATargetTheWorkIsWhereTheQueueIs() throws Exception {
    SqlConsumer consumer =
        consumer(
            "url=" + jobs.url(),
            "sql=update job set title = upper(title) where id = {id} and title <> upper(title)");
    jobs.execute("insert into job (id, title) values (1, 'baker')");

    jobs.drain(consumer).assertAllDone();

    assertThat(query(jobs.dataSource(), "select title from job")).containsExactly("BAKER");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sql=select 1|batch-sql=select 1",
        "sql=select '{title}'",
        "sql=select {",
        "batch-sql=select {title}",
        "sqls=select 1"
      })
  void aWrongConfigurationIsRefused(String lines) {
    assertThatIllegalArgumentException().isThrownBy(() -> remote(lines.split("\\|")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sql=insert into nowhere values ({id})",
        "sql=select * from ad where tags ? {id}",
        "sql=insert"
      })
  void checkAsksTheDatabase(String line) throws IOException {
    SqlConsumer consumer = remote(line);
    assertThatExceptionOfType(SQLException.class).isThrownBy(consumer::check);
  }
}
