package io.pgq4j.consumers.refresh;

import io.pgq4j.Batch;
import io.pgq4j.Change;
import io.pgq4j.Databases;
import io.pgq4j.Event;
import io.pgq4j.EventDataException;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.SqlTemplate;
import io.pgq4j.TransactionalConsumer;
import io.pgq4j.daemon.SelfCheck;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Refreshes what is derived from tables: by a statement for the distinct keys of a batch, or whole
 * materialised views, in the transaction that finishes the batch. How often at most, the key {@code
 * pace} of every consumer says.
 */
final class RefreshConsumer extends TransactionalConsumer implements SelfCheck {
  private static final Setting<SqlTemplate> SQL =
      Setting.sql(
          "sql",
          "the statement for changed rows; {film_id} is an array of the distinct values of column"
              + " film_id, as text: where id = any({film_id}::bigint[])");

  private static final Setting<SqlTemplate> TRUNCATE_SQL =
      Setting.sql(
          "truncate-sql",
          "the statement for a TRUNCATE, which tells no values; without it such an event is given"
              + " up, or with views alone counts as a change");

  private static final Setting<List<String>> VIEWS =
      Setting.list("views", null, "materialised views to refresh, each as schema.view");

  private static final Setting<Boolean> CONCURRENTLY =
      Setting.bool(
          "concurrently",
          false,
          "whether views can be read meanwhile; each needs a unique index for that");

  static final List<Setting<?>> SETTINGS =
      List.of(Settings.QUEUE, Settings.CONSUMER, SQL, TRUNCATE_SQL, VIEWS, CONCURRENTLY);

  private static final int KEYS_AT_ONCE = 5_000;

  private final DataSource database;
  private final @Nullable SqlTemplate sql;
  private final @Nullable SqlTemplate truncateSql;
  private final List<String> views;
  private final boolean concurrently;

  /**
   * A consumer with this configuration.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  RefreshConsumer(Settings settings) {
    super(settings);
    database = Databases.dataSource(settings.find(Databases.URL).orElse(null));
    sql = settings.find(SQL).orElse(null);
    truncateSql = settings.find(TRUNCATE_SQL).orElse(null);
    views = settings.find(VIEWS).orElse(List.of());
    concurrently = settings.get(CONCURRENTLY);
    if (sql == null && views.isEmpty()) {
      throw new IllegalArgumentException("give sql, or views, or both");
    }
    if (sql != null && sql.names().isEmpty()) {
      throw new IllegalArgumentException(
          "sql names no column, such as {film_id}: whose values are to be refreshed?");
    }
    if (truncateSql != null && !truncateSql.names().isEmpty()) {
      throw new IllegalArgumentException("a TRUNCATE has no columns, but truncate-sql names some");
    }
  }

  @Override
  protected void processBatch(Batch batch, Connection connection) throws SQLException {
    if (sql == null) {
      batch.skipRest();
    } else {
      refreshKeys(sql, batch, connection);
    }
    try (Statement statement = connection.createStatement()) {
      for (String view : views) {
        statement.execute(
            "refresh materialized view " + (concurrently ? "concurrently " : "") + view);
      }
    }
  }

  private void refreshKeys(SqlTemplate statement, Batch batch, Connection connection)
      throws SQLException {
    Keys keys = new Keys(List.copyOf(statement.names()));
    for (Event event : batch) {
      try {
        if (Change.Kind.TRUNCATE.name().equals(event.type())) {
          refreshAll(event, connection);
        } else {
          keys.add(event);
        }
      } catch (EventDataException e) {
        batch.fail(event, e);
      }
      if (keys.size() >= KEYS_AT_ONCE) {
        refresh(statement, keys, batch, connection);
        keys.clear();
      }
    }
    if (keys.size() > 0) {
      refresh(statement, keys, batch, connection);
    }
  }

  private void refreshAll(Event event, Connection connection) throws SQLException {
    if (truncateSql == null) {
      throw new EventDataException(
          "table " + event.extra1() + " was emptied, and there is no truncate-sql for that");
    }
    truncateSql.run(connection, name -> null);
  }

  /** All at once; where that fails, one by one, so that only the bad ones do. */
  private static void refresh(SqlTemplate statement, Keys keys, Batch batch, Connection connection)
      throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      run(statement, keys, connection);
    } catch (SQLException | EventDataException e) {
      connection.rollback(before);
      if (keys.size() == 1) {
        batch.fail(keys.event(), e);
      } else {
        for (Keys one : keys.parts()) {
          refresh(statement, one, batch, connection);
        }
      }
    }
    connection.releaseSavepoint(before);
  }

  private static void run(SqlTemplate statement, Keys keys, Connection connection)
      throws SQLException {
    Map<String, String> arrays = new HashMap<>();
    for (String name : statement.names()) {
      arrays.put(name, keys.array(name, connection));
    }
    statement.run(connection, arrays::get);
  }

  /** Asks the database whether the statements fit it, and whether there are the views. */
  @Override
  public void check() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setReadOnly(true);
      if (sql != null) {
        sql.check(connection);
      }
      if (truncateSql != null) {
        truncateSql.check(connection);
      }
      for (String view : views) {
        statement.execute("select from " + view + " limit 0");
      }
    }
  }
}
