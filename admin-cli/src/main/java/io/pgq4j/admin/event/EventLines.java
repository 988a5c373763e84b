package io.pgq4j.admin.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.pgq4j.NewEvent;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads events from lines: the data of one in each, or a JSON object with its fields. */
final class EventLines {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final Set<String> FIELDS =
      Set.of("type", "data", "extra1", "extra2", "extra3", "extra4");

  /** What tail prints beside them; the new event has its own. */
  private static final Set<String> PASSED_OVER =
      Set.of("event_id", "event_time", "tick_id", "transaction");

  private final BufferedReader in;
  private final @Nullable String type;
  private long number;

  /**
   * @param type of all events, whose data are the lines; null: the lines are objects
   */
  EventLines(BufferedReader in, @Nullable String type) {
    this.in = in;
    this.type = type;
  }

  /** The number of the last line that was read. */
  long number() {
    return number;
  }

  /**
   * Reads so many events, fewer only at the end. Blank lines are passed over.
   *
   * @throws CommandFailure if a line is none
   */
  List<NewEvent> read(int most) {
    List<NewEvent> events = new ArrayList<>();
    try {
      String line = "";
      while (events.size() < most && line != null) {
        line = in.readLine();
        number++;
        if (line != null && !line.isBlank()) {
          events.add(type == null ? parse(line) : NewEvent.of(type, line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return events;
  }

  private NewEvent parse(String line) throws IOException {
    Map<String, @Nullable String> fields = new LinkedHashMap<>();
    try (JsonParser parser = FACTORY.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw wrong("it is no JSON object", null);
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (FIELDS.contains(name)) {
          fields.put(name, text(parser));
        } else if (PASSED_OVER.contains(name)) {
          parser.skipChildren();
        } else {
          throw wrong(
              "an event has no field '" + name + "', only type, data, extra1 … extra4", null);
        }
      }
      if (parser.nextToken() != null) {
        throw wrong("something follows the object", null);
      }
    } catch (JsonProcessingException e) {
      throw wrong("it is no JSON object: " + e.getOriginalMessage(), e);
    }
    return new NewEvent(
        fields.get("type"),
        fields.get("data"),
        fields.get("extra1"),
        fields.get("extra2"),
        fields.get("extra3"),
        fields.get("extra4"));
  }

  /** A text as it is, null as null, anything else as JSON. */
  private static @Nullable String text(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getText();
    }
    StringWriter json = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(json)) {
      generator.copyCurrentStructureExact(parser);
    }
    return json.toString();
  }

  private CommandFailure wrong(String why, @Nullable Throwable cause) {
    return new CommandFailure(
        ExitCode.USAGE, "Line " + number + " of stdin: " + why + ". Nothing was inserted.", cause);
  }
}
