package io.pgq4j.consumers.table;

import io.pgq4j.Event;
import io.pgq4j.EventDataException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is to be done to a table after some events: of each row, the last change counts. */
final class Changes {
  private final TargetTable table;
  private boolean cleared;
  private final Map<List<Object>, Row> rows = new LinkedHashMap<>();

  /**
   * The last change of a row.
   *
   * @param columns null: it is gone
   */
  private record Row(String data, @Nullable Set<String> columns) {}

  Changes(TargetTable table) {
    this.table = table;
  }

  /**
   * Adds the next event.
   *
   * @throws EventDataException if it is no change of a row of this table
   */
  void add(Event event) {
    switch (String.valueOf(event.type())) {
      case "TRUNCATE" -> {
        cleared = true;
        rows.clear();
      }
      case "DELETE" -> put(event, event.json(), null);
      case "INSERT", "UPDATE", "SNAPSHOT" -> {
        Map<String, @Nullable Object> row = event.json();
        put(event, row, written(row.keySet()));
      }
      default ->
          throw new EventDataException(
              "event " + event.id() + " is no change of a row: its type is " + event.type());
    }
  }

  private void put(Event event, Map<String, @Nullable Object> row, @Nullable Set<String> columns) {
    List<Object> key = new ArrayList<>();
    for (String column : table.key()) {
      Object value = row.get(column);
      if (value == null) {
        throw new EventDataException("event " + event.id() + " has no key column " + column);
      }
      key.add(value);
    }
    rows.put(key, new Row(String.valueOf(event.data()), columns));
  }

  /** Those that the copy has too; others must be known as skipped. */
  private Set<String> written(Set<String> sent) {
    Set<String> unknown = new TreeSet<>(sent);
    unknown.removeAll(table.columns().keySet());
    Set<String> columns = new TreeSet<>(sent);
    columns.removeAll(unknown);
    unknown.removeAll(table.skipped());
    if (!unknown.isEmpty()) {
      throw new EventDataException(TableReader.unknown(table.pair(), unknown));
    }
    return columns;
  }

  /** First: all rows, if they were removed. */
  void clear(Connection connection) throws SQLException {
    if (cleared) {
      table.clear(connection);
    }
  }

  /** Then: the rows that are there in the end. */
  void put(Connection connection) throws SQLException {
    Map<Set<String>, List<String>> byColumns = new LinkedHashMap<>();
    for (Row row : rows.values()) {
      if (row.columns() != null) {
        byColumns.computeIfAbsent(row.columns(), columns -> new ArrayList<>()).add(row.data());
      }
    }
    for (Map.Entry<Set<String>, List<String>> part : byColumns.entrySet()) {
      table.put(part.getKey(), part.getValue(), connection);
    }
  }

  /** At last, when nothing refers to them any more: those that are not. */
  void delete(Connection connection) throws SQLException {
    List<String> gone = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    rows.values().forEach(row -> (row.columns() == null ? gone : kept).add(row.data()));
    if (!gone.isEmpty()) {
      table.delete(gone, kept, connection);
    }
  }
}
