package io.pgq4j.testing.history;

import java.util.HashMap;
import java.util.Map;

/** The events of a batch come by id, and those of a transaction in statement order. */
final class OrderCheck implements Check {

  @Override
  public void see(Fact fact, Verdict verdict) {
    if (!(fact instanceof Fact.Read read)) {
      return;
    }
    long id = 0;
    for (Delivered event : read.events()) {
      if (event.id() < id) {
        verdict.broken("%s has event %s after %s", read, event.id(), id);
      }
      id = event.id();
    }

    Map<String, Delivered> last = new HashMap<>();
    for (Delivered event : read.fresh()) {
      Delivered before = last.put(event.name(), event);
      if (before != null && !mayFollow(before, event)) {
        verdict.broken("%s has %s after %s", read, event, before);
      }
    }
  }

  private static boolean mayFollow(Delivered before, Delivered event) {
    if (event.id() == before.id() || event.statement() == Delivered.ROLLED_BACK) {
      return true; // another check's finding
    }
    if (event.statement() != before.statement()) {
      return event.statement() > before.statement();
    }
    return event.place() == Delivered.ANY
        || before.place() == Delivered.ANY
        || event.place() == before.place() + 1;
  }
}
