package io.pgq4j.admin.internal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Optional;

/** Lays a JSON text out over several lines; numbers and texts stay as they are. */
public final class PrettyJson {
  private PrettyJson() {}

  /** The text laid out; empty when it is no JSON. */
  public static Optional<String> of(String text) {
    StringWriter pretty = new StringWriter();
    try (JsonParser parser = Json.FACTORY.createParser(text);
        JsonGenerator generator = Json.generator(pretty)) {
      int values = 0;
      int depth = 0;
      while (parser.nextToken() != null) {
        generator.copyCurrentEventExact(parser);
        depth += parser.currentToken().isStructStart() ? 1 : 0;
        depth -= parser.currentToken().isStructEnd() ? 1 : 0;
        values += depth == 0 ? 1 : 0;
      }
      if (values != 1) {
        return Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.of(pretty.toString());
  }
}
