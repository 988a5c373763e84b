package io.pgq4j.consumers.telegram;

import io.pgq4j.Batch;
import io.pgq4j.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A batch in memory that writes down what is done with its events. */
final class FakeBatch implements Batch {
  private final List<Event> events;
  final Map<Long, Duration> retried = new LinkedHashMap<>();
  final Map<Long, String> dead = new LinkedHashMap<>();
  final Map<Long, Throwable> failed = new LinkedHashMap<>();

  FakeBatch(Event... events) {
    this(Arrays.asList(events));
  }

  FakeBatch(List<Event> events) {
    this.events = new ArrayList<>(events);
  }

  /** An event whose data is its notification: {@code chat:text}, several separated by a bar. */
  static Event event(long id, String data) {
    Instant time = Instant.EPOCH.plusSeconds(id);
    return new Event(id, 1, time, 0, "INSERT", data, null, null, null, null);
  }

  /** Routes what {@link #event} describes. */
  static MessageRouter router() {
    return MessageRouter.perEvent(
        event -> {
          List<Notification> all = new ArrayList<>();
          for (String part : String.valueOf(event.data()).split("\\|", -1)) {
            int colon = part.indexOf(':');
            if (colon > 0) {
              long chatId = Long.parseLong(part.substring(0, colon));
              all.add(Notification.of(event, chatId, part.substring(colon + 1)));
            }
          }
          return all;
        });
  }

  boolean allDone() {
    return retried.isEmpty() && dead.isEmpty() && failed.isEmpty();
  }

  @Override
  public Iterator<Event> iterator() {
    return events.iterator();
  }

  @Override
  public void retry(Event event, Duration delay) {
    once(event);
    retried.put(event.id(), delay);
  }

  @Override
  public void dead(Event event, String reason) {
    once(event);
    dead.put(event.id(), reason);
  }

  @Override
  public void fail(Event event, Throwable failure) {
    once(event);
    failed.put(event.id(), failure);
  }

  private void once(Event event) {
    long id = event.id();
    if (retried.containsKey(id) || dead.containsKey(id) || failed.containsKey(id)) {
      throw new AssertionError("event " + id + " was settled twice");
    }
  }

  @Override
  public void skipRest() {
    throw new AssertionError("the notifier reads every event");
  }

  @Override
  public long id() {
    return 1;
  }

  @Override
  public String queue() {
    return "jobs";
  }

  @Override
  public String consumer() {
    return "telegram";
  }

  @Override
  public long previousTick() {
    return 1;
  }

  @Override
  public long tick() {
    return 2;
  }

  @Override
  public Instant previousTickTime() {
    return Instant.EPOCH;
  }

  @Override
  public Instant tickTime() {
    return Instant.EPOCH;
  }
}
