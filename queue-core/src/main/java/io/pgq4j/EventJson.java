package io.pgq4j;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Events for readers outside the database, as JSON. */
public final class EventJson {
  private static final JsonFactory JSON = new JsonFactory();

  private EventJson() {}

  /**
   * An object with {@code id}, {@code queue}, {@code time}, {@code type}, {@code data}, {@code
   * table}, {@code old}, {@code key} and {@code headers}, in this order; what the event lacks is
   * null. Data and the old row are as they are, so that numbers keep all their digits, or strings
   * where they are no JSON object.
   */
  public static String write(String queue, Event event) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
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
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text is no file
    }
    return text.toString();
  }

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
