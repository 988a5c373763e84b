package io.pgq4j.consumers.table;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds out what the tables on both sides are like, and whether they fit each other. */
final class TableReader {
  /** The columns that a watch sends, and which place each has in the key. */
  private static final String SENT =
      """
      select a.attname, array_position(w.key, a.attname::text)
      from (
        select
          s.table_name, s.options,
          array(select jsonb_array_elements_text(s.options -> 'key')) as key,
          array(select jsonb_array_elements_text(s.options -> 'ignore')) as ignored,
          array(select jsonb_array_elements_text(nullif(s.options -> 'columns', 'null'))) as only
        from pgq.get_watches() s
        where s.queue_name = ? and s.table_name = ?
      ) w
      join pg_attribute a on a.attrelid = w.table_name::regclass
      where a.attnum > 0 and not a.attisdropped
        and a.attname::text <> all (w.ignored) and (a.attname::text = any (w.only) or w.only = '{}')
      order by a.attnum\
      """;

  private static final String COLUMNS =
      """
      select
        c.oid::regclass::text, a.attname, format_type(a.atttypid, a.atttypmod), a.attidentity = 'a',
        a.attgenerated <> ''
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid
      where c.oid = to_regclass(?) and c.relkind in ('r', 'p') and a.attnum > 0
        and not a.attisdropped
      order by a.attnum\
      """;

  private static final String RIGHTS =
      """
      select coalesce(string_agg(r, ', '), '')
      from unnest(array['select', 'insert', 'update', 'delete']) r
      where not has_table_privilege(to_regclass(?), r)\
      """;

  /** Whether ON CONFLICT can find a row by these columns. */
  private static final String UNIQUE =
      """
      select exists (
        select from pg_index i
        where i.indrelid = to_regclass(?) and i.indisunique and i.indimmediate and i.indisvalid
          and i.indpred is null
          and (
            select array_agg(a.attname::text order by a.attname::text)
            from unnest(i.indkey) with ordinality k (attnum, place)
            left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
            where k.place <= i.indnkeyatts
          ) = (select array_agg(k order by k) from unnest(?::text[]) k))\
      """;

  private final String queue;
  private final Connection source;
  private final Connection target;
  private final boolean skipsUnknown;

  /**
   * @param skipsUnknown whether columns that the other table lacks are left out, and no error
   */
  TableReader(String queue, Connection source, Connection target, boolean skipsUnknown) {
    this.queue = queue;
    this.source = source;
    this.target = target;
    this.skipsUnknown = skipsUnknown;
  }

  /**
   * Reads a table's copy.
   *
   * @throws IllegalStateException if the table cannot be copied there; the message tells what to do
   */
  TargetTable read(TablePair pair) throws SQLException {
    Map<String, Integer> sent = sent(pair);
    List<String> key =
        sent.entrySet().stream()
            .filter(column -> column.getValue() > 0)
            .sorted(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .toList();
    if (key.isEmpty()) {
      throw new IllegalStateException(
          "rows of " + pair.source() + " have no key: watch it with the option \"key\"");
    }
    String name = "";
    Map<String, TargetTable.Column> columns = new LinkedHashMap<>();
    Set<String> generated = new HashSet<>();
    try (PreparedStatement statement = target.prepareStatement(COLUMNS)) {
      statement.setString(1, pair.target());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          name = row.getString(1);
          if (row.getBoolean(5)) {
            generated.add(row.getString(2));
          } else {
            columns.put(
                row.getString(2), new TargetTable.Column(row.getString(3), row.getBoolean(4)));
          }
        }
      }
    }
    if (name.isEmpty()) {
      throw new IllegalStateException(
          "there is no table " + pair.target() + " to copy " + pair.source() + " to: create it");
    }
    Set<String> skipped = new TreeSet<>(sent.keySet());
    skipped.removeAll(columns.keySet());
    skipped.removeAll(generated);
    refuseUnknown(pair, skipped);
    checkRights(pair);
    checkKey(pair, key);
    skipped.addAll(generated);
    return new TargetTable(pair, name, columns, key, skipped);
  }

  private Map<String, Integer> sent(TablePair pair) throws SQLException {
    Map<String, Integer> sent = new LinkedHashMap<>();
    try (PreparedStatement statement = source.prepareStatement(SENT)) {
      statement.setString(1, queue);
      statement.setString(2, pair.source());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          sent.put(row.getString(1), row.getInt(2));
        }
      }
    }
    if (sent.isEmpty()) {
      throw new IllegalStateException(
          "no table "
              + pair.source()
              + " is watched for queue "
              + queue
              + ": write schema and table as pgq.get_watches() does, or watch it");
    }
    return sent;
  }

  /** Tells of columns that have no place in the copy. */
  private void refuseUnknown(TablePair pair, Set<String> unknown) {
    if (!skipsUnknown && !unknown.isEmpty()) {
      throw new IllegalStateException(unknown(pair, unknown));
    }
  }

  static String unknown(TablePair pair, Set<String> columns) {
    return "columns "
        + new ArrayList<>(columns)
        + " of "
        + pair.source()
        + " are not in "
        + pair.target()
        + ": add them there, or set unknown-columns=skip";
  }

  private void checkRights(TablePair pair) throws SQLException {
    try (PreparedStatement statement = target.prepareStatement(RIGHTS)) {
      statement.setString(1, pair.target());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (!row.getString(1).isEmpty()) {
          throw new IllegalStateException(
              "the user lacks rights on " + pair.target() + ": grant " + row.getString(1));
        }
      }
    }
  }

  private void checkKey(TablePair pair, List<String> key) throws SQLException {
    try (PreparedStatement statement = target.prepareStatement(UNIQUE)) {
      statement.setString(1, pair.target());
      statement.setArray(2, target.createArrayOf("text", key.toArray()));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (!row.getBoolean(1)) {
          throw new IllegalStateException(
              "table "
                  + pair.target()
                  + " has no primary key or unique index, not deferrable, on "
                  + key
                  + ": add one");
        }
      }
    }
  }
}
