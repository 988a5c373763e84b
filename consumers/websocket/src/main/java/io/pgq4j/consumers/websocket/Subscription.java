package io.pgq4j.consumers.websocket;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a reader asks for, in the first message that it sends.
 *
 * @param token empty: none
 * @param after what it has seen; null: it begins with what comes
 */
record Subscription(String queue, String token, @Nullable Position after, Filter filter) {
  private static final Set<String> MEMBERS =
      Set.of("queue", "token", "after", "types", "tables", "where");

  /**
   * Reads the message.
   *
   * @throws IllegalArgumentException with a sentence for who has sent it
   */
  static Subscription parse(String message) {
    ObjectNode object = Claims.object(message);
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      if (!MEMBERS.contains(names.next())) {
        throw new IllegalArgumentException("there are only the members " + MEMBERS);
      }
    }
    JsonNode after = object.path("after");
    return new Subscription(
        object.path("queue").asText(),
        object.path("token").asText(),
        after.isMissingNode() || after.isNull() ? null : Position.parse(after.asText()),
        new Filter(
            Claims.texts(object, "types"), Claims.texts(object, "tables"), Claims.where(object)));
  }
}
