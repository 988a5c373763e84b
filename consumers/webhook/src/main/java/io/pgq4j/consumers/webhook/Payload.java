package io.pgq4j.consumers.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.pgq4j.Event;
import io.pgq4j.EventDataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events as the body of a request. */
final class Payload {
  private static final JsonFactory JSON = new JsonFactory();

  private final String queue;

  Payload(String queue) {
    this.queue = queue;
  }

  /** An object. */
  byte[] of(Event event) {
    return write(json -> write(event, json));
  }

  /** An array of objects. */
  byte[] of(List<Event> events) {
    return write(
        json -> {
          json.writeStartArray();
          for (Event event : events) {
            write(event, json);
          }
          json.writeEndArray();
        });
  }

  /**
   * What tells the server that it has these events already: made of them alone, and of characters
   * that a header may have.
   */
  String key(Event first, Event last) {
    String name = URLEncoder.encode(queue, UTF_8) + "-" + first.id();
    return first.id() == last.id() ? name : name + "-" + last.id();
  }

  private interface Part {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] write(Part part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      part.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private void write(Event event, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", event.id());
    json.writeStringField("queue", queue);
    json.writeStringField("time", event.time().toString());
    json.writeStringField("type", event.type());
    json.writeFieldName("data");
    writeRow(event, event.data(), json);
    json.writeStringField("table", event.extra1());
    json.writeFieldName("old");
    writeRow(event, event.extra2(), json);
    json.writeStringField("key", event.extra3());
    json.writeStringField("headers", event.extra4());
    json.writeEndObject();
  }

  /** A row as it is, so that its numbers keep their digits; anything else as a string. */
  private static void writeRow(Event event, @Nullable String text, JsonGenerator json)
      throws IOException {
    if (text == null || !isRow(event, text)) {
      json.writeString(text);
    } else {
      json.writeRawValue(text);
    }
  }

  private static boolean isRow(Event event, String text) {
    try {
      new Event(event.id(), event.txid(), event.time(), 0, null, text, null, null, null, null)
          .json();
      return true;
    } catch (EventDataException e) {
      return false;
    }
  }
}
