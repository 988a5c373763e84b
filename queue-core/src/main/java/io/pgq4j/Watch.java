package io.pgq4j;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which changes of a table become events of a queue, and how; see {@link Builder}.
 *
 * @param table its name, quoted as in SQL, with its schema unless that is on the search path
 * @param operations empty: the default
 * @param columns the only columns sent; empty: all
 * @param ignore columns left out of the data
 * @param mask columns whose values are replaced
 * @param key columns; empty: the primary key
 * @param where SQL condition on the row; null: all rows
 * @param level null: the default
 */
public record Watch(
    String table,
    String queue,
    Set<Operation> operations,
    List<String> columns,
    List<String> ignore,
    List<String> mask,
    OldRow oldRow,
    boolean skipUnchanged,
    List<String> key,
    @Nullable String where,
    @Nullable Level level,
    boolean always) {

  public Watch {
    if (table.isBlank()) {
      throw new IllegalArgumentException("table is empty");
    }
    Names.check("queue", queue);
    operations = Collections.unmodifiableSet(new LinkedHashSet<>(operations));
    columns = List.copyOf(columns);
    ignore = List.copyOf(ignore);
    mask = List.copyOf(mask);
    key = List.copyOf(key);
  }

  /** As {@code watch_table} takes them; what is not set is left out. */
  Map<String, Object> options() {
    Map<String, Object> options = new LinkedHashMap<>();
    if (!operations.isEmpty()) {
      options.put("operations", operations.stream().map(Watch::lowerCase).toList());
    }
    if (!columns.isEmpty()) {
      options.put("columns", columns);
    }
    if (!ignore.isEmpty()) {
      options.put("ignore", ignore);
    }
    if (!mask.isEmpty()) {
      options.put("mask", mask);
    }
    if (!key.isEmpty()) {
      options.put("key", key);
    }
    if (oldRow != OldRow.NONE) {
      options.put("old_row", oldRow == OldRow.CHANGED ? "changed" : true);
    }
    if (skipUnchanged) {
      options.put("skip_unchanged", true);
    }
    if (where != null) {
      options.put("where", where);
    }
    if (level != null) {
      options.put("level", lowerCase(level));
    }
    if (always) {
      options.put("always", true);
    }
    return options;
  }

  private static String lowerCase(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** What happens to rows. */
  public enum Operation {
    INSERT,
    UPDATE,
    DELETE,
    TRUNCATE
  }

  /** What an update's event has of the row before, in extra2. */
  public enum OldRow {
    /** Nothing: the default. */
    NONE,
    /** All of it that is sent. */
    WHOLE,
    /** The columns that changed, so that it tells which these are. */
    CHANGED
  }

  /** How the trigger is fired. */
  public enum Level {
    /** Once per statement: the fast way, and the default. */
    STATEMENT,
    /** Once per row: needed where logical replication applies the changes. */
    ROW
  }

  /** A builder for all changes of a table. */
  public static Builder builder(String table, String queue) {
    return new Builder(table, queue);
  }

  /** Builds a {@link Watch}. What is not set stays as the database's {@code watch_table} has it. */
  public static final class Builder {
    private final String table;
    private final String queue;
    private Set<Operation> operations = Set.of();
    private List<String> columns = List.of();
    private List<String> ignore = List.of();
    private List<String> mask = List.of();
    private OldRow oldRow = OldRow.NONE;
    private boolean skipUnchanged;
    private List<String> key = List.of();
    private @Nullable String where;
    private @Nullable Level level;
    private boolean always;

    private Builder(String table, String queue) {
      this.table = table;
      this.queue = queue;
    }

    /** Only these operations. */
    public Builder operations(Operation... only) {
      this.operations = new LinkedHashSet<>(List.of(only));
      return this;
    }

    /** Only these columns. */
    public Builder columns(String... only) {
      this.columns = List.of(only);
      return this;
    }

    /** Columns left out of the data; see {@link #skipUnchanged} for updates of nothing else. */
    public Builder ignore(String... columns) {
      this.ignore = List.of(columns);
      return this;
    }

    /** Columns that are there with another value, {@code ***}: for secrets. Null stays null. */
    public Builder mask(String... columns) {
      this.mask = List.of(columns);
      return this;
    }

    /** Whether an update's event has the old row too, in extra2. */
    public Builder oldRow(boolean with) {
      return oldRow(with ? OldRow.WHOLE : OldRow.NONE);
    }

    /** What an update's event has of the old row, in extra2. */
    public Builder oldRow(OldRow part) {
      this.oldRow = part;
      return this;
    }

    /** Whether an update that changed none of the columns sent makes no event. */
    public Builder skipUnchanged(boolean skips) {
      this.skipUnchanged = skips;
      return this;
    }

    /** The columns that identify a row, instead of the primary key. */
    public Builder key(String... columns) {
      this.key = List.of(columns);
      return this;
    }

    /**
     * Only rows that meet this SQL condition; one that comes to meet it is inserted, one that
     * ceases to is deleted. It is code: never take it from users.
     */
    public Builder where(String condition) {
      this.where = condition;
      return this;
    }

    /** How the trigger is fired. */
    public Builder level(Level fired) {
      this.level = fired;
      return this;
    }

    /** Whether the trigger fires on replicated changes too. */
    public Builder always(boolean fires) {
      this.always = fires;
      return this;
    }

    /**
     * The watch.
     *
     * @throws IllegalArgumentException if the table's or queue's name is empty
     */
    public Watch build() {
      return new Watch(
          table,
          queue,
          operations,
          columns,
          ignore,
          mask,
          oldRow,
          skipUnchanged,
          key,
          where,
          level,
          always);
    }
  }
}
