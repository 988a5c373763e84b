package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgq4j.sql.SchemaStatus.State;
import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

class SchemaInstallerIT {

  @RegisterExtension final TestDatabase database = TestDatabase.empty();

  private SchemaInstaller installer;

  @BeforeEach
  void createInstaller() {
    installer = SchemaInstaller.of(database.dataSource());
  }

  @Test
  void installsEverythingOnce() throws SQLException {
    assertThat(installer.check().state()).isEqualTo(State.MISSING);

    Installation first = installer.install();
    Installation second = installer.install();

    assertThat(first.before().state()).isEqualTo(State.MISSING);
    assertThat(first.applied()).startsWith("V1__tables.sql").endsWith("R__functions.sql");
    assertThat(second.before().state()).isEqualTo(State.CURRENT);
    assertThat(second.applied()).isEmpty();
    assertThat(installer.check().installed()).isEqualTo(Migrations.latest());
  }

  @Test
  void twentyAtOnceInstallItOnce() throws Exception {
    int callers = 20;
    CyclicBarrier together = new CyclicBarrier(callers);
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    try {
      List<Future<Installation>> running = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        running.add(
            threads.submit(
                () -> {
                  together.await();
                  return installer.install();
                }));
      }
      List<List<String>> applied = new ArrayList<>();
      for (Future<Installation> installation : running) {
        applied.add(installation.get().applied());
      }
      assertThat(Collections.frequency(applied, List.of())).isEqualTo(callers - 1);
    } finally {
      threads.shutdownNow();
    }
    assertThat(installer.check().state()).isEqualTo(State.CURRENT);
  }

  @Test
  void failedInstallationLeavesNothingBehind() throws SQLException {
    execute(
        """
        create function fail() returns event_trigger language plpgsql as
          $$ begin raise exception 'out of paper'; end $$;
        create event trigger fail on ddl_command_end when tag in ('CREATE FUNCTION')
          execute function fail()
        """);

    assertThatThrownBy(installer::install)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("R__functions.sql")
        .hasMessageContaining("out of paper");
    assertThat(installer.check().present()).isFalse();

    execute("drop event trigger fail");
    assertThat(installer.install().applied()).isNotEmpty();
  }

  @Test
  void usesAnEmptySchemaThatIsThere() throws SQLException {
    execute("create schema pgq");

    installer.install();

    assertThat(installer.check().state()).isEqualTo(State.CURRENT);
  }

  @Test
  void refusesAForeignSchema() throws SQLException {
    execute("create schema pgq; create table pgq.queue (queue_name text)");

    assertThatThrownBy(installer::install)
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("use another database, or remove it first");
    assertThat(installer.check().state()).isEqualTo(State.FOREIGN);
    assertThat(query("select count(*) from pg_tables where schemaname = 'pgq'")).isEqualTo("1");
  }

  @Test
  void appliesFunctionsAgainWhenTheyAreOfAnotherBuild() throws SQLException {
    installer.install();
    execute("update pgq.schema_history set checksum = 1 where script = 'R__functions.sql'");
    assertThat(installer.check().state()).isEqualTo(State.OLDER);

    assertThat(installer.install().applied()).containsExactly("R__functions.sql");

    assertThat(installer.check().state()).isEqualTo(State.CURRENT);
  }

  @Test
  void upgradesASchemaWithAFunctionThatReturnedSomethingElse() throws SQLException {
    installer.install();
    execute("delete from pgq.schema_history where version::integer >= 6");
    execute("update pgq.schema_history set checksum = 1 where script = 'R__functions.sql'");
    execute("drop function pgq.batch(bigint)");
    execute("create function pgq.batch(i_batch_id bigint) returns integer return 1");

    assertThat(installer.install().applied())
        .startsWith("V6__batch.sql")
        .endsWith("R__functions.sql");

    assertThat(installer.check().state()).isEqualTo(State.CURRENT);
  }

  @Test
  void refusesANewerSchema() throws SQLException {
    installer.install();
    execute(
        """
        insert into pgq.schema_history
        select installed_rank + 100, '999', 'future', type, 'V999__future.sql', 1, installed_by,
               installed_on, 0, true
          from pgq.schema_history where version = '1'
        """);

    assertThat(installer.check().state()).isEqualTo(State.NEWER);
    assertThatThrownBy(installer::install)
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("version 999")
        .hasMessageContaining("Upgrade pgq4j");
  }

  @Test
  void refusesAHistoryThatIsNotItsOwn() throws SQLException {
    installer.install();
    execute("update pgq.schema_history set checksum = 1 where version = '1'");

    assertThatThrownBy(installer::install)
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("history of schema pgq does not fit");
  }

  @Test
  void givesUpSoonRatherThanHoldProducersBehindALock() throws SQLException {
    installer.install();
    execute("update pgq.schema_history set checksum = 1 where script = 'R__functions.sql'");
    try (Connection other = database.connect()) {
      other.setAutoCommit(false);
      other.createStatement().execute("lock table pgq.schema_history in share mode");

      assertThatThrownBy(installer::install)
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("55P03"));
    }
    assertThat(installer.check().state()).isEqualTo(State.OLDER);
  }

  @Test
  void ownSchemasAreEnoughOfARight() throws SQLException {
    String user = database.createUser("");
    for (String schema : List.of("pgq", "pgq_coop", "pgq_ext")) {
      execute("create schema " + schema + " authorization " + user);
    }

    SchemaInstaller.of(database.dataSourceOf(user)).install();

    assertThat(installer.check().state()).isEqualTo(State.CURRENT);
  }

  @Test
  void saysWhichRightIsMissing() throws SQLException {
    String user = database.createUser("");

    assertThatThrownBy(() -> SchemaInstaller.of(database.dataSourceOf(user)).install())
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("grant create on database");
  }

  @Test
  void anyoneMayCheck() throws SQLException {
    installer.install();
    String user = database.createUser("");

    assertThat(SchemaInstaller.of(database.dataSourceOf(user)).check().state())
        .isEqualTo(State.CURRENT);
  }

  @Test
  void hostileSessionSettingsAreOverruledAndPutBack() throws SQLException {
    execute(
        """
        create schema evil;
        create function evil.now() returns timestamptz language plpgsql as
          $$ begin raise exception 'trapped'; end $$;
        """);
    String settings =
        """
        set search_path = evil, pg_catalog;
        set default_transaction_isolation = serializable;
        set default_transaction_read_only = on;
        set check_function_bodies = off;
        set client_min_messages = debug5;
        """;
    try (Connection connection = database.connect()) {
      connection.createStatement().execute(settings);
      List<String> before = allSettings(connection);

      SchemaInstaller.of(always(connection)).install();

      assertThat(allSettings(connection)).containsExactlyElementsOf(before);
      assertThat(connection.getAutoCommit()).isTrue();
    }
    assertThat(installer.check().state()).isEqualTo(State.CURRENT);
  }

  private static List<String> allSettings(Connection connection) throws SQLException {
    String sql =
        """
        select string_agg(name || '=' || setting, e'\\n')
          from pg_settings where name not like 'plpgsql.%' -- these come when it is first used
        """;
    return query(connection, sql).lines().toList();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String query(String sql) throws SQLException {
    try (Connection connection = database.connect()) {
      return query(connection, sql);
    }
  }

  private static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  /** As a pool of one connection would. */
  private static DataSource always(Connection connection) {
    return new PGSimpleDataSource() {
      private static final long serialVersionUID = 1;

      @Override
      public Connection getConnection() {
        return (Connection)
            java.lang.reflect.Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, arguments) ->
                    method.getName().equals("close") ? null : method.invoke(connection, arguments));
      }
    };
  }
}
