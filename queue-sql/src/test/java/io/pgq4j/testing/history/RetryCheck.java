package io.pgq4j.testing.history;

import java.util.HashMap;
import java.util.Map;

/** What a consumer asked to have again comes again, to it, as often as it asked. */
final class RetryCheck implements Check {

  private record Key(String consumer, long event) {}

  /** May come: was asked for, even if the answer was lost. */
  private final Map<Key, Integer> allowed = new HashMap<>();

  /** Has to come; below zero: came before the answer was reported. */
  private final Map<Key, Integer> owed = new HashMap<>();

  @Override
  public void see(Fact fact, Verdict verdict) {
    if (fact instanceof Fact.Retrying retrying) {
      retrying.events().forEach(id -> add(allowed, new Key(retrying.consumer(), id), 1));
    } else if (fact instanceof Fact.Retried retried) {
      retried.events().forEach(id -> add(owed, new Key(retried.consumer(), id), 1));
    } else if (fact instanceof Fact.Passed passed) {
      for (Delivered event : passed.batch().events()) {
        if (event.isRetried()) {
          came(passed.batch(), event, verdict);
        }
      }
    } else if (fact instanceof Fact.Drained drained) {
      owed.forEach(
          (key, times) -> {
            if (key.consumer.equals(drained.consumer()) && times > 0) {
              verdict.broken("%s waits for event %s", key.consumer, key.event);
            }
          });
    }
  }

  private void came(Fact.Read batch, Delivered event, Verdict verdict) {
    Key key = new Key(batch.consumer(), event.id());
    if (!allowed.containsKey(key)) {
      verdict.broken("%s has an event again that nobody asked for: %s", batch, event);
      return;
    }
    add(allowed, key, -1);
    add(owed, key, -1);
  }

  private static void add(Map<Key, Integer> map, Key key, int number) {
    if (map.merge(key, number, Integer::sum) == 0) {
      map.remove(key);
    }
  }
}
