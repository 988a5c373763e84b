package io.pgq4j;

import io.pgq4j.internal.Json;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an event holds, by name and as text: a column of its row by the column's name, and {@code
 * event.id}, {@code event.type}, {@code event.time}, {@code event.retry}, {@code event.data} and
 * {@code event.extra1} to {@code event.extra4}. The row is read as JSON when the first column is
 * asked for. Not thread-safe.
 */
public final class EventFields {
  private static final Map<String, Function<Event, @Nullable Object>> OWN =
      Map.of(
          "event.id", Event::id,
          "event.type", Event::type,
          "event.time", Event::time,
          "event.retry", Event::retry,
          "event.data", Event::data,
          "event.extra1", Event::extra1,
          "event.extra2", Event::extra2,
          "event.extra3", Event::extra3,
          "event.extra4", Event::extra4);

  private final Event event;
  private @Nullable Map<String, @Nullable Object> row;

  private EventFields(Event event) {
    this.event = event;
  }

  /** Those of an event. */
  public static EventFields of(Event event) {
    return new EventFields(event);
  }

  /** Whether any event has a field of this name, if it begins with {@code event.}. */
  static boolean isKnown(String name) {
    return !name.startsWith("event.") || OWN.containsKey(name);
  }

  /**
   * A field as text: numbers with all their digits, {@code true} and {@code false}, arrays and
   * objects as JSON. Null if it is null.
   *
   * @throws EventDataException if the event's data is no row, or has no such column
   */
  public @Nullable String get(String name) {
    Function<Event, @Nullable Object> own = OWN.get(name);
    if (own != null) {
      Object value = own.apply(event);
      return value == null ? null : value.toString();
    }
    if (row == null) {
      row = event.json();
    }
    Object value = row.get(name);
    if (value == null && !row.containsKey(name)) {
      throw new EventDataException(
          "event " + event.id() + " has no column \"" + name + "\", only " + row.keySet());
    }
    return value == null || value instanceof String ? (String) value : Json.write(value);
  }
}
