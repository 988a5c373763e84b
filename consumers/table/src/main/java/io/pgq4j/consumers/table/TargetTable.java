package io.pgq4j.consumers.table;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table that is kept like another one, and the statements that change it. Rows are JSON objects;
 * what the columns of the table make of them counts.
 *
 * @param pair the tables' names
 * @param name its name in SQL
 * @param columns its columns that can be written, by name
 * @param key the names of those that identify a row
 * @param skipped columns of the other table that are left out
 */
record TargetTable(
    TablePair pair,
    String name,
    Map<String, Column> columns,
    List<String> key,
    Collection<String> skipped) {

  /**
   * A column.
   *
   * @param type as in SQL
   * @param fixed whether an update must not set it
   */
  record Column(String type, boolean fixed) {}

  /** Removes all rows. Not by TRUNCATE: others see the rows until those that come are there. */
  void clear(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("delete from " + name)) {
      statement.execute();
    }
  }

  /**
   * Removes the rows that have the keys of some, and not those of others. Two texts may be the same
   * key here: 1 and 1.0, or a and A.
   */
  void delete(List<String> gone, List<String> kept, Connection connection) throws SQLException {
    String sql =
        "delete from %s t using %s where %s and not exists (select from %s where %s)"
            .formatted(name, recordset("r", key), sameKey("r"), recordset("k", key), sameKey("k"));
    run(sql, List.of(gone, kept), connection);
  }

  private String sameKey(String other) {
    return key.stream()
        .map(TargetTable::quoted)
        .map(column -> "t." + column + " = " + other + "." + column)
        .collect(Collectors.joining(" and "));
  }

  /** Inserts the rows, or updates those that are there, in these columns. */
  void put(Collection<String> columnNames, List<String> rows, Connection connection)
      throws SQLException {
    List<String> written = columnNames.stream().filter(columns::containsKey).toList();
    String list = list(written.stream().map(TargetTable::quoted));
    String set =
        list(
            written.stream()
                .filter(column -> !column(column).fixed())
                .map(column -> quoted(column) + " = excluded." + quoted(column)));
    String sql =
        "insert into %s as t (%s) overriding system value select %s from %s on conflict (%s) do %s"
            .formatted(
                name,
                list,
                list,
                recordset("r", written),
                list(key.stream().map(TargetTable::quoted)),
                set.isEmpty() ? "nothing" : "update set " + set);
    run(sql, List.of(rows), connection);
  }

  private static void run(String sql, List<List<String>> recordsets, Connection connection)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < recordsets.size(); i++) {
        statement.setString(i + 1, "[" + String.join(",", recordsets.get(i)) + "]");
      }
      statement.execute();
    }
  }

  private String recordset(String alias, Collection<String> names) {
    return "json_to_recordset(?::json) "
        + alias
        + " ("
        + list(names.stream().map(column -> quoted(column) + " " + column(column).type()))
        + ")";
  }

  private Column column(String column) {
    return Objects.requireNonNull(columns.get(column));
  }

  private static String list(Stream<String> parts) {
    return parts.collect(Collectors.joining(", "));
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
