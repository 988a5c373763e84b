package io.pgq4j;

import io.pgq4j.internal.Json;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the events of {@code watch_table} as changes. */
final class ChangeReader {

  private ChangeReader() {}

  static <T> Change<T> read(Event event, Class<T> type) {
    Change.Kind kind = Change.Kind.of(event).orElseThrow(() -> ChangeReader.noChange(event));
    String key = event.extra3();
    List<String> keys = key == null ? List.of() : Arrays.asList(key.split(",", -1));
    return switch (kind) {
      case TRUNCATE -> new Change<>(kind, event.extra1(), null, null, Set.of(), keys);
      case INSERT ->
          new Change<>(kind, event.extra1(), null, event.row(type), event.json().keySet(), keys);
      case DELETE ->
          new Change<>(kind, event.extra1(), event.row(type), null, event.json().keySet(), keys);
      case UPDATE -> update(event, type, keys);
    };
  }

  static EventDataException noChange(Event event) {
    return new EventDataException(
        "event "
            + event.id()
            + " is no change of a row: its type is "
            + event.type()
            + ", and watch_table writes INSERT, UPDATE, DELETE or TRUNCATE");
  }

  private static <T> Change<T> update(Event event, Class<T> type, List<String> keys) {
    T after = event.row(type);
    Map<String, @Nullable Object> row = event.json();
    if (event.extra2() == null) {
      return new Change<>(Change.Kind.UPDATE, event.extra1(), null, after, row.keySet(), keys);
    }
    Event old = old(event, event.extra2());
    Map<String, @Nullable Object> oldRow = old.json();
    // With old_row "changed" it has the columns that changed; the others are as they were.
    Map<String, @Nullable Object> before = new LinkedHashMap<>(row);
    before.putAll(oldRow);
    T beforeRow = old(event, Json.write(before)).row(type);
    return new Change<>(
        Change.Kind.UPDATE, event.extra1(), beforeRow, after, changed(oldRow, row), keys);
  }

  private static Set<String> changed(
      Map<String, @Nullable Object> old, Map<String, @Nullable Object> row) {
    if (!old.keySet().containsAll(row.keySet())) {
      return old.keySet();
    }
    Set<String> changed = new TreeSet<>(row.keySet());
    changed.removeIf(column -> Objects.equals(old.get(column), row.get(column)));
    return changed;
  }

  /** The old row as an event of the same id, for its messages. */
  private static Event old(Event event, String row) {
    return new Event(
        event.id(),
        event.txid(),
        event.time(),
        event.retry(),
        event.type(),
        row,
        null,
        null,
        null,
        null);
  }
}
