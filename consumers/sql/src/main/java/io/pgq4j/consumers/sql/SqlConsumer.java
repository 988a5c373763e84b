package io.pgq4j.consumers.sql;

import io.pgq4j.Databases;
import io.pgq4j.Event;
import io.pgq4j.EventDataException;
import io.pgq4j.EventFields;
import io.pgq4j.RemoteTransactionalConsumer;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.SqlTemplate;
import io.pgq4j.daemon.SelfCheck;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs an SQL statement for each event, or one for many at once, in the queue's database or another
 * one, exactly once: see {@link RemoteTransactionalConsumer}.
 */
final class SqlConsumer extends RemoteTransactionalConsumer implements SelfCheck {
  private static final Setting<String> TARGET_URL =
      Databases.url("target-url", "where to run the statements; without it, where the queue is");

  private static final Setting<SqlTemplate> SQL =
      Setting.sql(
          "sql",
          "the statement for an event; {title} is column title of its row, {event.id} the event's"
              + " id, a brace is doubled");

  private static final Setting<SqlTemplate> SQL_OF_TYPE =
      Setting.sql("sql.*", "a statement for events of one type: sql.insert, sql.delete");

  private static final Setting<SqlTemplate> BATCH_SQL =
      Setting.sql(
          "batch-sql",
          "instead of both, a statement for up to 500 events at once; {rows} are their rows as a"
              + " JSON array, {types} and {ids} their types and ids as arrays");

  private static final Setting<UnknownTypes> UNKNOWN_TYPES =
      Setting.oneOf(
          "unknown-types",
          UnknownTypes.class,
          UnknownTypes.DEAD,
          "what to do with an event that no statement is for: give it up, or skip it");

  static final List<Setting<?>> SETTINGS =
      List.of(
          Settings.QUEUE,
          Settings.CONSUMER,
          TARGET_URL,
          SQL,
          SQL_OF_TYPE,
          BATCH_SQL,
          UNKNOWN_TYPES);

  private static final Set<String> BATCH_NAMES = Set.of("rows", "types", "ids");

  private enum UnknownTypes {
    DEAD,
    SKIP
  }

  private final DataSource target;
  private final @Nullable SqlTemplate plain;
  private final @Nullable SqlTemplate ofBatch;
  private final Map<String, SqlTemplate> ofType = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final UnknownTypes unknownTypes;

  /**
   * A consumer with this configuration.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  SqlConsumer(Settings settings) {
    this(
        settings,
        Databases.dataSource(
            settings.find(TARGET_URL).or(() -> settings.find(Databases.URL)).orElse(null)));
  }

  private SqlConsumer(Settings settings, DataSource target) {
    super(settings, target);
    this.target = target;
    plain = settings.find(SQL).orElse(null);
    ofBatch = settings.find(BATCH_SQL).orElse(null);
    ofType.putAll(settings.all(SQL_OF_TYPE));
    unknownTypes = settings.get(UNKNOWN_TYPES);
    boolean byEvent = plain != null || !ofType.isEmpty();
    if (byEvent == (ofBatch != null)) {
      throw new IllegalArgumentException("give either sql, or sql.TYPE, or both; or batch-sql");
    }
    if (ofBatch != null && !BATCH_NAMES.containsAll(ofBatch.names())) {
      throw new IllegalArgumentException("batch-sql has only {rows}, {types} and {ids}");
    }
  }

  @Override
  protected void process(Event event, Connection connection) throws SQLException {
    if (ofBatch != null) {
      run(ofBatch, List.of(event), connection);
      return;
    }
    SqlTemplate own = event.type() == null ? null : ofType.get(event.type());
    SqlTemplate statement = own == null ? plain : own;
    if (statement != null) {
      statement.run(connection, EventFields.of(event)::get);
    } else if (unknownTypes == UnknownTypes.DEAD) {
      throw new EventDataException("no statement is for events of type " + event.type());
    }
  }

  @Override
  protected boolean processAll(List<Event> events, Connection connection) throws SQLException {
    if (ofBatch == null) {
      return false;
    }
    run(ofBatch, events, connection);
    return true;
  }

  private static void run(SqlTemplate statement, List<Event> events, Connection connection)
      throws SQLException {
    List<String> rows = new ArrayList<>();
    List<@Nullable String> types = new ArrayList<>();
    List<Long> ids = new ArrayList<>();
    for (Event event : events) {
      event.json(); // or it is no row, and is told apart here
      rows.add(String.valueOf(event.data()));
      types.add(event.type());
      ids.add(event.id());
    }
    Map<String, String> values =
        Map.of(
            "rows", "[" + String.join(",", rows) + "]",
            "types", connection.createArrayOf("text", types.toArray()).toString(),
            "ids", connection.createArrayOf("int8", ids.toArray()).toString());
    statement.run(connection, values::get);
  }

  /** Asks the database whether the statements fit it, and whether what is done can be noted. */
  @Override
  public void check() throws SQLException {
    try (Connection connection = target.getConnection()) {
      connection.setReadOnly(true);
      try (var statement = connection.createStatement()) {
        statement.execute("select pgq_ext.is_event_done('', '', 0, 0)");
      }
      if (plain != null) {
        plain.check(connection);
      }
      if (ofBatch != null) {
        ofBatch.check(connection);
      }
      for (SqlTemplate statement : ofType.values()) {
        statement.check(connection);
      }
    }
  }
}
