package io.pgq4j.testing.history;

import java.util.List;

/** A batch over several ticks holds what the batches between them hold. */
final class CompositionCheck implements Check {

  @Override
  public void see(Fact fact, Verdict verdict) {
    if (fact instanceof Fact.Composed composed) {
      List<Long> whole = composed.whole().ids();
      List<Long> sum =
          composed.parts().stream().flatMap(part -> part.ids().stream()).sorted().toList();
      if (!whole.equals(sum)) {
        verdict.broken("%s has %s, its parts have %s", composed.whole(), whole, sum);
      }
    }
  }
}
