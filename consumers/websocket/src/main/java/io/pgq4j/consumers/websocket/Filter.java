package io.pgq4j.consumers.websocket;

import java.util.Map;
import java.util.Set;

/**
 * Which events a reader gets: those that satisfy all of it. Without types, tables or columns, all
 * are allowed.
 *
 * @param types the event's type is one of these
 * @param tables its table, as {@code schema.table}, is one of these
 * @param where each of these columns of its row is, as text, one of these values
 */
record Filter(Set<String> types, Set<String> tables, Map<String, Set<String>> where) {
  Filter {
    types = Set.copyOf(types);
    tables = Set.copyOf(tables);
    where = Map.copyOf(where);
    if (where.containsValue(Set.<String>of())) {
      throw new IllegalArgumentException("a column in \"where\" has no values");
    }
  }
}
