package io.pgq4j.consumers.refresh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pgq4j.Databases;
import io.pgq4j.NewEvent;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.Watch;
import io.pgq4j.test.TestQueue;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From a watched table to what is derived from it. */
@Timeout(60)
class RefreshConsumerIT {
  private static final String COUNT =
      "sql=update hall h set taken = (select count(*) from seat s where s.hall = h.id and s.row ="
          + " h.row), refreshed = refreshed + 1"
          + " from unnest({hall}::int[], {row}::int[]) k (hall, row)"
          + " where h.id = k.hall and h.row = k.row";

  @RegisterExtension static final TestQueue seats = TestQueue.create("seats");
  @TempDir Path directory;

  @BeforeEach
  void createTables() throws SQLException {
    seats.execute(
        """
        drop materialized view if exists total;
        drop table if exists seat, hall;
        create table hall (
          id integer, row integer, taken integer not null default 0 check (taken < 5),
          refreshed integer not null default 0, primary key (id, row));
        create table seat (id integer primary key, hall integer, row integer);
        create materialized view total as select count(*) as n from seat;
        create unique index on total (n);
        insert into hall select h, r from generate_series(1, 3) h, generate_series(1, 2) r\
        """);
    seats.admin().watchTable(Watch.builder("seat", "seats").oldRow(Watch.OldRow.CHANGED).build());
  }

  private RefreshConsumer consumer(String... lines) throws IOException {
    List<String> all =
        new ArrayList<>(List.of("queue=seats", "consumer=refresh", "url=" + seats.url()));
    all.addAll(List.of(lines));
    Path file = Files.write(directory.resolve("refresh.properties"), all);
    List<Setting<?>> keys = new ArrayList<>(RefreshConsumer.SETTINGS);
    keys.add(Databases.URL);
    return new RefreshConsumer(Settings.load(keys, Map.of(), Map.of(), file));
  }

  private static List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = seats.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      while (row.next()) {
        rows.add(row.getString(1));
      }
    }
    return rows;
  }

  private static List<String> halls() throws SQLException {
    return query(
        "select concat_ws('|', id, row, taken, refreshed) from hall where refreshed > 0"
            + " order by id, row");
  }

  @Test
  void eachKeyOfABatchIsRefreshedOnce() throws Exception {
    RefreshConsumer consumer = consumer(COUNT);
    consumer.check();
    seats.execute("insert into seat select i, 1 + i % 2, 1 from generate_series(1, 6) i");
    seats.execute("delete from seat where id = 1");

    seats.drain(consumer).assertAllDone();

    assertThat(halls()).containsExactly("1|1|3|1", "2|1|2|1");
  }

  @Test
  void aRowThatMovesChangesBothKeys() throws Exception {
    seats.execute("insert into seat values (1, 1, 1)");
    seats.drain(consumer(COUNT)).assertAllDone();
    seats.execute("update seat set hall = 2");

    seats.drain(consumer(COUNT)).assertAllDone();

    assertThat(halls()).containsExactly("1|1|0|2", "2|1|1|1");
  }

  @Test
  void onlyWhatFailsComesAgain() throws Exception {
    seats.execute("insert into seat select i, 1, 1 from generate_series(1, 5) i");
    seats.execute("insert into seat values (6, 2, 2)");
    seats.insert(NewEvent.of("INSERT", "{\"hall\": \"x\", \"row\": 1}"));
    seats.insert(NewEvent.of("INSERT", "{\"hall\": 1}"));

    seats.drain(consumer(COUNT)).assertRetries(1).assertDeadLetters(2);

    assertThat(halls()).containsExactly("2|2|1|1");
  }

  @Test
  void anEmptiedTableRefreshesAll() throws Exception {
    seats.execute("insert into seat values (1, 1, 1)");
    seats.drain(consumer(COUNT)).assertAllDone();
    seats.execute("truncate seat");

    seats
        .drain(consumer(COUNT, "truncate-sql=update hall set taken = 0, refreshed = 9"))
        .assertAllDone();

    assertThat(halls()).hasSize(6).contains("1|1|0|9");
  }

  @Test
  void withoutAStatementForItAnEmptiedTableIsADeadLetter() throws Exception {
    seats.execute("truncate seat");

    seats.drain(consumer(COUNT)).assertDeadLetters(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void viewsAreRefreshedOnceForABatch(String concurrently) throws Exception {
    RefreshConsumer consumer = consumer("views=public.total", "concurrently=" + concurrently);
    consumer.check();
    seats.execute("insert into seat select i, 1, 1 from generate_series(1, 6) i");
    seats.execute("delete from seat where id = 1");

    seats.drain(consumer).assertAllDone();

    assertThat(query("select n from total")).containsExactly("5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sql=update hall set taken = 0",
        "sql=select '{hall}'",
        "views=total|truncate-sql=select {hall}::text",
      })
  void aWrongConfigurationIsRefused(String lines) {
    assertThatIllegalArgumentException().isThrownBy(() -> consumer(lines.split("\\|")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sql=update nowhere set n = 1 where id = any({id}::int[])",
        "views=nowhere",
        "views=total|truncate-sql=select nothing",
      })
  void checkAsksTheDatabase(String lines) throws IOException {
    RefreshConsumer consumer = consumer(lines.split("\\|"));
    assertThatExceptionOfType(SQLException.class).isThrownBy(consumer::check);
  }
}
