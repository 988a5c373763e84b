package io.pgq4j.testing.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A batch holds exactly what was committed between its ticks: no loss, no phantom, nothing twice.
 */
final class ContentCheck implements Check {

  @Override
  public void see(Fact fact, Verdict verdict) {
    if (!(fact instanceof Fact.Read read)) {
      return;
    }
    Map<String, List<Delivered>> got = new HashMap<>();
    for (Delivered event : read.fresh()) {
      if (event.statement() == Delivered.ROLLED_BACK) {
        verdict.broken("%s has an event that was rolled back: %s", read, event);
      } else {
        got.computeIfAbsent(event.name(), name -> new ArrayList<>()).add(event);
      }
    }
    for (Booked booked : read.committed()) {
      List<Delivered> events = Objects.requireNonNullElse(got.remove(booked.name()), List.of());
      if (events.size() != booked.events()) {
        verdict.broken(
            "%s has %s of the %s events of %s: %s",
            read, events.size(), booked.events(), booked, events);
      }
      for (Delivered event : events) {
        if (event.transaction() != booked.transaction()) {
          verdict.broken("%s: %s carries another transaction than %s", read, event, booked);
        }
      }
    }
    got.forEach(
        (name, events) ->
            verdict.broken("%s has events of no transaction between its ticks: %s", read, events));
  }
}
