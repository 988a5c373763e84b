package io.pgq4j.consumers.websocket;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** JSON that comes from outside: objects with members that are known. */
final class Claims {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Claims() {}

  /**
   * Reads an object.
   *
   * @throws IllegalArgumentException if it is none
   */
  static ObjectNode object(String text) {
    try {
      if (MAPPER.readTree(text) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      // What it says of the text is no use to who has sent it.
    }
    throw new IllegalArgumentException("no JSON object");
  }

  static ObjectNode create() {
    return MAPPER.createObjectNode();
  }

  /** An array of texts; one that is missing is empty. */
  static Set<String> texts(JsonNode object, String name) {
    JsonNode node = object.path(name);
    if (node.isMissingNode()) {
      return Set.of();
    }
    if (!node.isArray()) {
      throw new IllegalArgumentException("\"" + name + "\" must be an array");
    }
    return values(node, name);
  }

  /** An object of values or arrays of values; one that is missing is empty. */
  static Map<String, Set<String>> where(JsonNode object) {
    JsonNode node = object.path("where");
    if (!node.isMissingNode() && !node.isObject()) {
      throw new IllegalArgumentException("\"where\" must be an object");
    }
    Map<String, Set<String>> where = new LinkedHashMap<>();
    node.properties().forEach(e -> where.put(e.getKey(), values(e.getValue(), e.getKey())));
    return where;
  }

  private static Set<String> values(JsonNode node, String name) {
    Set<String> values = new LinkedHashSet<>();
    for (JsonNode value : node.isArray() ? node : MAPPER.createArrayNode().add(node)) {
      if (!value.isValueNode() || value.isNull()) {
        throw new IllegalArgumentException(
            "\"" + name + "\" must hold texts, numbers, true or false");
      }
      values.add(value.asText());
    }
    return values;
  }
}
