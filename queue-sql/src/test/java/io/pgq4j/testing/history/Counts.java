package io.pgq4j.testing.history;

import java.util.Map;
import java.util.TreeMap;

/** How many facts of each kind there were, and how many events and transactions in them. */
final class Counts {

  private final Map<String, Long> counts = new TreeMap<>();

  void see(Fact fact) {
    add(fact.getClass().getSimpleName(), 1);
    if (fact instanceof Fact.Read read) {
      add("events read", read.events().size());
      add("retried events read", read.events().stream().filter(Delivered::isRetried).count());
      add("transactions read", read.committed().size());
      add("batches compared with their meaning", read.meaning() == null ? 0 : 1);
    }
  }

  private void add(String what, long number) {
    counts.merge(what, number, Long::sum);
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
