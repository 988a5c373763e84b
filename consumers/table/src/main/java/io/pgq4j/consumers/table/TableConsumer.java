package io.pgq4j.consumers.table;

import io.pgq4j.Batch;
import io.pgq4j.Databases;
import io.pgq4j.Event;
import io.pgq4j.RemoteBatchConsumer;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.daemon.SelfBootstrap;
import io.pgq4j.daemon.SelfCheck;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps copies of tables that are watched for its queue. The copies are always as the tables were
 * at a tick: a batch is one transaction. Nothing is passed over: what cannot be done stops the
 * consumer until it can.
 *
 * <p>Some thousand events are done together, of each row only the last change: first what is
 * inserted and updated, in the tables' order, then what is deleted, in the reverse order, so that
 * nothing refers to it. Where that breaks a constraint, they are done one by one in their own
 * order, which was possible at the source.
 */
final class TableConsumer extends RemoteBatchConsumer implements SelfCheck, SelfBootstrap {
  private static final Logger log = LoggerFactory.getLogger(TableConsumer.class);

  private static final Setting<String> TARGET_URL =
      Databases.url("target-url", "where the copies are; without it, in the same database");

  private static final Setting<List<TablePair>> COPY =
      new Setting<>(
          "copy",
          "tables separated by commas: shop.job, or shop.job to mirror.job where its copy has"
              + " another name",
          TablePair::parse,
          null,
          "the tables to copy; those that others refer to first");

  private static final Setting<UnknownColumns> UNKNOWN_COLUMNS =
      Setting.oneOf(
          "unknown-columns",
          UnknownColumns.class,
          UnknownColumns.FAIL,
          "what to do with columns that a copy lacks: stop, or leave them out");

  static final List<Setting<?>> SETTINGS =
      List.of(Settings.QUEUE, Settings.CONSUMER, TARGET_URL, COPY, UNKNOWN_COLUMNS);

  private static final int EVENTS_AT_ONCE = 5_000;
  private static final int CHARACTERS_AT_ONCE = 4 << 20;
  private static final String CONSTRAINT = "23";

  private enum UnknownColumns {
    FAIL,
    SKIP
  }

  private final DataSource source;
  private final DataSource target;
  private final List<TablePair> pairs;
  private final boolean skipsUnknown;

  /** By the names of those that they are copies of; null: to be read. */
  private @Nullable Map<String, TargetTable> tables;

  /**
   * A consumer with this configuration.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  TableConsumer(Settings settings) {
    this(
        settings,
        Databases.dataSource(
            settings.find(TARGET_URL).or(() -> settings.find(Databases.URL)).orElse(null)));
  }

  private TableConsumer(Settings settings, DataSource target) {
    super(settings, target);
    this.source = Databases.dataSource(settings.find(Databases.URL).orElse(null));
    this.target = target;
    this.pairs = settings.get(COPY);
    this.skipsUnknown = settings.get(UNKNOWN_COLUMNS) == UnknownColumns.SKIP;
    if (pairs.stream().map(TablePair::source).distinct().count() < pairs.size()) {
      throw new IllegalArgumentException("copy names a table twice");
    }
    if (settings.find(TARGET_URL).isEmpty()
        && pairs.stream().anyMatch(pair -> pair.source().equals(pair.target()))) {
      throw new IllegalArgumentException(
          "in the same database the copy of a table needs another name: shop.job to mirror.job");
    }
  }

  @Override
  protected void processBatch(Batch batch, Connection connection) throws SQLException {
    boolean done = false;
    try (Statement statement = connection.createStatement()) {
      Map<String, TargetTable> copies = tables(connection);
      statement.execute("set constraints all deferred");
      List<Event> events = new ArrayList<>();
      long characters = 0;
      for (Event event : batch) {
        if (copies.containsKey(String.valueOf(event.extra1()))) {
          events.add(event);
          characters += event.data() == null ? 0 : event.data().length();
        }
        if (events.size() == EVENTS_AT_ONCE || characters > CHARACTERS_AT_ONCE) {
          apply(events, copies, connection);
          events.clear();
          characters = 0;
        }
      }
      apply(events, copies, connection);
      done = true;
    } finally {
      if (!done) {
        tables = null; // they may have been altered, or will be
      }
    }
  }

  private static void apply(
      List<Event> events, Map<String, TargetTable> copies, Connection connection)
      throws SQLException {
    Savepoint before = connection.setSavepoint();
    try {
      together(events, copies, connection);
    } catch (SQLException e) {
      if (e.getSQLState() == null
          || !e.getSQLState().startsWith(CONSTRAINT)
          || events.size() == 1) {
        throw e;
      }
      connection.rollback(before);
      log.debug("{} events cannot be done together, now one by one", events.size(), e);
      for (Event event : events) {
        together(List.of(event), copies, connection);
      }
    }
    connection.releaseSavepoint(before);
  }

  private static void together(
      List<Event> events, Map<String, TargetTable> copies, Connection connection)
      throws SQLException {
    Map<String, Changes> changes = new LinkedHashMap<>();
    copies.forEach((name, table) -> changes.put(name, new Changes(table)));
    for (Event event : events) {
      Objects.requireNonNull(changes.get(String.valueOf(event.extra1()))).add(event);
    }
    List<Changes> reversed = new ArrayList<>(changes.values());
    Collections.reverse(reversed);
    for (Changes table : reversed) {
      table.clear(connection);
    }
    for (Changes table : changes.values()) {
      table.put(connection);
    }
    for (Changes table : reversed) {
      table.delete(connection);
    }
  }

  private Map<String, TargetTable> tables(Connection connection) throws SQLException {
    Map<String, TargetTable> known = tables;
    if (known == null) {
      known = new LinkedHashMap<>();
      try (Connection reading = source.getConnection()) {
        TableReader reader = new TableReader(queue(), reading, connection, skipsUnknown);
        for (TablePair pair : pairs) {
          known.put(pair.source(), reader.read(pair));
        }
      }
      tables = known;
    }
    return known;
  }

  /** Asks both databases whether the tables fit, and whether what is done can be noted. */
  @Override
  public void check() throws SQLException {
    try (Connection connection = target.getConnection();
        Statement statement = connection.createStatement()) {
      connection.setReadOnly(true);
      statement.execute("select pgq_ext.get_last_tick('', '')");
      tables(connection);
    }
  }

  /** Empties the copies and fills them anew, in one transaction. */
  @Override
  public long bootstrap() throws Exception {
    return bootstrap(
        source,
        pairs.stream().map(TablePair::source).toList(),
        new Loader() {
          @Override
          public void clear(Connection connection) throws SQLException {
            List<TargetTable> copies = new ArrayList<>(tables(connection).values());
            Collections.reverse(copies);
            for (TargetTable table : copies) {
              table.clear(connection);
            }
          }

          @Override
          public void load(List<Event> rows, Connection connection) throws SQLException {
            apply(rows, tables(connection), connection);
          }
        });
  }
}
