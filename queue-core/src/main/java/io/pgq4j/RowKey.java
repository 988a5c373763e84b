package io.pgq4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.pgq4j.internal.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which row a captured event is about. */
final class RowKey {
  private RowKey() {}

  /**
   * Table and values of the key columns; the table alone where not all of them are in the data, as
   * when they were left out or the data is not JSON: then all its events stay in order. Null where
   * no table or no key column is named, and for TRUNCATE.
   */
  static @Nullable String of(Event event) {
    String table = event.extra1();
    String columns = event.extra3();
    if (table == null || columns == null || event.data() == null) {
      return null;
    }
    List<String> names = List.of(columns.split(",", -1));
    try {
      Map<String, String> values = Json.readTexts(event.data(), names);
      return values.size() == names.size()
          ? table + ' ' + names.stream().map(values::get).toList()
          : table;
    } catch (JsonProcessingException e) {
      return table;
    }
  }
}
