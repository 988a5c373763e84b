package io.pgq4j.testing.history;

import java.util.List;

/** Each tick sees all that the one before it sees. */
final class TickCheck implements Check {

  @Override
  public void see(Fact fact, Verdict verdict) {
    if (fact instanceof Fact.Ticks ticks) {
      chain(ticks.ticks(), verdict);
    } else if (fact instanceof Fact.Read read) {
      chain(List.of(read.from(), read.to()), verdict);
    }
  }

  private static void chain(List<Tick> ticks, Verdict verdict) {
    for (int i = 1; i < ticks.size(); i++) {
      Tick before = ticks.get(i - 1);
      Tick tick = ticks.get(i);
      if (tick.id() <= before.id() || !tick.snapshot().follows(before.snapshot())) {
        verdict.broken(
            "%s does not follow %s: %s after %s", tick, before, tick.snapshot(), before.snapshot());
      }
    }
  }
}
