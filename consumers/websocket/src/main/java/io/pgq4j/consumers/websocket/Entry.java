package io.pgq4j.consumers.websocket;

import io.pgq4j.Event;
import io.pgq4j.EventDataException;
import io.pgq4j.EventFields;
import io.pgq4j.EventJson;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An event in a {@link Ring}: what is sent of it, and what filters ask for. Thread-safe. */
final class Entry {
  /** What is kept of a character: in the row as text, as a map and in the JSON. */
  private static final int BYTES_PER_CHAR = 4;

  private static final int OVERHEAD = 400;

  private final Position position;
  private final Event event;
  private final String json;
  private final EventFields fields;

  Entry(long tick, String queue, Event event) {
    position = new Position(tick, event.id());
    this.event = event;
    json = EventJson.write(queue, event);
    fields = EventFields.of(event);
  }

  Position position() {
    return position;
  }

  String json() {
    return json;
  }

  /** About how much memory it takes, in bytes. */
  long weight() {
    return OVERHEAD + (long) BYTES_PER_CHAR * json.length();
  }

  /** Whether a reader with this filter gets it; an event without a column has no value of it. */
  synchronized boolean matches(Filter filter) {
    return isOneOf(filter.types(), event.type())
        && isOneOf(filter.tables(), event.extra1())
        && filter.where().entrySet().stream()
            .allMatch(column -> isOneOf(column.getValue(), value(column.getKey())));
  }

  private static boolean isOneOf(Set<String> values, @Nullable String value) {
    return values.isEmpty() || (value != null && values.contains(value));
  }

  private @Nullable String value(String column) {
    try {
      return fields.get(column);
    } catch (EventDataException e) {
      return null;
    }
  }
}
