package io.pgq4j;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change of a watched table's row; see {@link Event#change}.
 *
 * @param table schema and table, as in the event; null if it names none
 * @param before the row before: of a DELETE, and of an UPDATE if the table is watched with {@code
 *     old_row}; else null
 * @param after the row after: of an INSERT and an UPDATE, else null
 * @param columns the names of the columns that changed: of an UPDATE without its old row all that
 *     were sent, for they may have changed, and so of INSERT and DELETE; of a TRUNCATE none. A
 *     masked column is among them only if the table is watched with {@code old_row} "changed".
 * @param key the names of the key columns; empty if there are none
 */
public record Change<T>(
    Kind kind,
    @Nullable String table,
    @Nullable T before,
    @Nullable T after,
    Set<String> columns,
    List<String> key) {

  /** What was done to the row. */
  public enum Kind {
    /** It is new. */
    INSERT,
    /** It has other values. A changed key is a DELETE and an INSERT. */
    UPDATE,
    /** It is gone. */
    DELETE,
    /** All rows of the table are gone; there is no row in this change. */
    TRUNCATE;

    /** What the event's type says; empty if it is another type. */
    static Optional<Kind> of(Event event) {
      return Arrays.stream(values()).filter(kind -> kind.name().equals(event.type())).findFirst();
    }
  }

  public Change {
    columns = Set.copyOf(columns);
    key = List.copyOf(key);
  }

  /** Whether a column changed, or may have. */
  public boolean changed(String column) {
    return columns.contains(column);
  }
}
