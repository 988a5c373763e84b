package io.pgq4j.testing.history;

import java.util.Arrays;
import java.util.List;

/**
 * A transaction that committed, as it booked itself in the ledger.
 *
 * @param statements how many events each of its statements wrote, in their order
 */
public record Booked(long transaction, String name, List<Integer> statements) {

  public Booked {
    statements = List.copyOf(statements);
  }

  /** From {@code 4711 name 1,0,3}. */
  static Booked parse(String text) {
    String[] parts = text.split(" ", -1);
    return new Booked(
        Long.parseLong(parts[0]),
        parts[1],
        Arrays.stream(parts[2].split(",")).map(Integer::valueOf).toList());
  }

  int events() {
    return statements.stream().mapToInt(Integer::intValue).sum();
  }
}
