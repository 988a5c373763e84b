package io.pgq4j.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one place where Jackson is set up. */
public final class Json {
  /** PostgreSQL's numeric: 131,072 digits before the point and 16,383 after it. */
  private static final int MAX_NUMBER = 131_072 + 16_383 + 16;

  private static final StreamReadConstraints CONSTRAINTS =
      StreamReadConstraints.builder()
          .maxNumberLength(MAX_NUMBER)
          .maxStringLength(Integer.MAX_VALUE)
          .maxNameLength(1 << 20)
          .maxNestingDepth(1000)
          .build();

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(JsonFactory.builder().streamReadConstraints(CONSTRAINTS).build())
          .addModule(new JavaTimeModule())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private static final ObjectReader MAP_READER =
      MAPPER.readerFor(new TypeReference<Map<String, Object>>() {});

  private Json() {}

  /** An object of the class; null for JSON's null. */
  public static <T> @Nullable T read(String text, Class<T> type) throws JsonProcessingException {
    return MAPPER.readerFor(type).readValue(text);
  }

  /** A map in the object's order; null for JSON's null. */
  public static @Nullable Map<String, @Nullable Object> readMap(String text)
      throws JsonProcessingException {
    return MAP_READER.readValue(text);
  }

  /**
   * Some members of an object as JSON, and no more than needed is looked at. Those that are missing
   * are missing; of a repeated one the first counts.
   */
  public static Map<String, String> readTexts(String text, Collection<String> names)
      throws JsonProcessingException {
    Map<String, String> values = new HashMap<>();
    try (JsonParser parser = MAPPER.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return values;
      }
      while (values.size() < names.size() && parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (names.contains(name)) {
          values.putIfAbsent(name, value(parser));
        } else {
          parser.skipChildren();
        }
      }
      return values;
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text is no file
    }
  }

  /** Numbers as they are written: 1.0 is not 1 in a key. */
  private static String value(JsonParser parser) throws IOException {
    if (parser.currentToken().isNumeric()) {
      return parser.getText();
    }
    StringWriter value = new StringWriter();
    try (JsonGenerator out = MAPPER.createGenerator(value)) {
      out.copyCurrentStructure(parser);
    }
    return value.toString();
  }

  /** Maps, lists, texts, numbers and booleans as JSON. */
  public static String write(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
