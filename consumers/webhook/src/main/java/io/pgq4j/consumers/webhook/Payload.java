package io.pgq4j.consumers.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgq4j.Event;
import io.pgq4j.EventJson;
import java.net.URLEncoder;
import java.util.List;
import java.util.stream.Collectors;

/** Events as the body of a request. */
final class Payload {
  private final String queue;

  Payload(String queue) {
    this.queue = queue;
  }

  /** An object. */
  byte[] of(Event event) {
    return EventJson.write(queue, event).getBytes(UTF_8);
  }

  /** An array of objects. */
  byte[] of(List<Event> events) {
    return events.stream()
        .map(event -> EventJson.write(queue, event))
        .collect(Collectors.joining(",", "[", "]"))
        .getBytes(UTF_8);
  }

  /**
   * What tells the server that it has these events already: made of them alone, and of characters
   * that a header may have.
   */
  String key(Event first, Event last) {
    String name = URLEncoder.encode(queue, UTF_8) + "-" + first.id();
    return first.id() == last.id() ? name : name + "-" + last.id();
  }
}
