package io.pgq4j.admin.internal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a result in their order; unlike {@code Map.of}, it takes nulls. */
public final class JsonObject {
  private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

  private JsonObject() {}

  public static JsonObject of(String key, @Nullable Object value) {
    return new JsonObject().with(key, value);
  }

  /**
   * Adds a field.
   *
   * @param value a String, Integer, Long, Double, BigDecimal, Boolean, Duration, Instant, a map or
   *     a list of such, or null
   */
  public JsonObject with(String key, @Nullable Object value) {
    fields.put(key, value);
    return this;
  }

  public Map<String, @Nullable Object> map() {
    return Collections.unmodifiableMap(fields);
  }
}
