package io.pgq4j.consumers.refresh;

import io.pgq4j.Change;
import io.pgq4j.Event;
import io.pgq4j.EventDataException;
import io.pgq4j.EventFields;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Distinct values of some fields of events, and the last event that has each. */
final class Keys {
  private final List<String> names;
  private final Map<List<@Nullable String>, Event> keys;

  private Keys(List<String> names, Map<List<@Nullable String>, Event> keys) {
    this.names = names;
    this.keys = keys;
  }

  /**
   * Without any yet.
   *
   * @param names of fields, as {@link EventFields} knows them
   */
  Keys(List<String> names) {
    this(names, new LinkedHashMap<>());
  }

  /**
   * Adds those of an event; of an update with its old row also what they were before.
   *
   * @throws EventDataException if the event has no such fields
   */
  void add(Event event) {
    List<@Nullable String> now = read(event);
    if (event.extra2() != null && Change.Kind.UPDATE.name().equals(event.type())) {
      keys.put(before(event, event.extra2(), now), event);
    }
    keys.put(now, event);
  }

  private List<@Nullable String> read(Event event) {
    EventFields fields = EventFields.of(event);
    List<@Nullable String> key = new ArrayList<>();
    names.forEach(name -> key.add(fields.get(name)));
    return key;
  }

  /** What the old row has no values for is as it is now. */
  private List<@Nullable String> before(Event event, String oldRow, List<@Nullable String> now) {
    Event old =
        new Event(
            event.id(),
            event.txid(),
            event.time(),
            event.retry(),
            event.type(),
            oldRow,
            event.extra1(),
            event.extra2(),
            event.extra3(),
            event.extra4());
    Map<String, @Nullable Object> changed = old.json();
    EventFields fields = EventFields.of(old);
    List<@Nullable String> key = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      key.add(changed.containsKey(names.get(i)) ? fields.get(names.get(i)) : now.get(i));
    }
    return key;
  }

  int size() {
    return keys.size();
  }

  void clear() {
    keys.clear();
  }

  /** Each alone. */
  List<Keys> parts() {
    return keys.entrySet().stream()
        .map(e -> new Keys(names, Map.of(e.getKey(), e.getValue())))
        .toList();
  }

  /** The event of which one key is. */
  Event event() {
    return keys.values().iterator().next();
  }

  /** The values of a field in all keys, as an array's literal. */
  String array(String name, Connection connection) throws SQLException {
    int place = names.indexOf(name);
    Object[] values = keys.keySet().stream().map(key -> key.get(place)).toArray();
    return connection.createArrayOf("text", values).toString();
  }
}
