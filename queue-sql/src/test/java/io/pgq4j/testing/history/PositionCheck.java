package io.pgq4j.testing.history;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The finished batches of a consumer form a chain from where it started: no window is passed over,
 * none is finished twice, and a batch that is read again is the same. Several sessions may work for
 * a consumer, so the links may be reported in any order; nobody is further ahead than {@link
 * #AHEAD} of them.
 */
final class PositionCheck implements Check {

  private static final int AHEAD = 200;

  /** How many batches are remembered, for a second finish. */
  private static final int REMEMBERED = 1000;

  private final Map<String, State> consumers = new HashMap<>();

  private static final class State {
    Tick position;
    final Map<Long, Fact.Read> open = new HashMap<>();
    final TreeMap<Long, Fact.Read> ahead = new TreeMap<>();
    final Set<Long> ended = new Recent<>(REMEMBERED);

    State(Tick position) {
      this.position = position;
    }
  }

  @Override
  public void see(Fact fact, Verdict verdict) {
    if (fact instanceof Fact.Moved moved) {
      move(moved);
    } else if (fact instanceof Fact.Left left) {
      consumers.remove(left.consumer());
    } else if (fact instanceof Fact.Read read) {
      read(read, verdict);
    } else if (fact instanceof Fact.Finished finished) {
      finish(finished, verdict);
    } else if (fact instanceof Fact.Drained drained) {
      drain(drained, verdict);
    }
  }

  private void move(Fact.Moved moved) {
    State state = consumers.computeIfAbsent(moved.consumer(), name -> new State(moved.to()));
    state.position = moved.to();
    state.ended.addAll(state.open.keySet());
    state.open.clear();
    state.ahead.clear();
  }

  private void read(Fact.Read read, Verdict verdict) {
    State state = state(read.consumer(), verdict);
    if (state == null
        || state.ended.contains(read.batch())
        || read.from().id() < state.position.id()) {
      return; // another session of this consumer was faster to report, or took it over
    }
    Fact.Read before = state.open.put(read.batch(), read);
    if (before != null
        && !(before.from().equals(read.from())
            && before.to().equals(read.to())
            && before.ids().equals(read.ids()))) {
      verdict.broken("%s was read again and had changed: %s, then %s", read, before, read.ids());
    }
  }

  private void finish(Fact.Finished finished, Verdict verdict) {
    State state = state(finished.consumer(), verdict);
    if (state == null || !finished.accepted()) {
      return;
    }
    Fact.Read batch = state.open.remove(finished.batch());
    if (batch == null) {
      verdict.broken(
          "%s was at %s and finished batch %s, which was %s",
          finished.consumer(),
          state.position,
          finished.batch(),
          state.ended.contains(finished.batch()) ? "over" : "not to be finished");
      return;
    }
    state.ended.add(finished.batch());
    if (batch.from().id() < state.position.id() || state.ahead.containsKey(batch.from().id())) {
      verdict.broken("%s was finished, but its consumer was at %s", batch, state.position);
      return;
    }
    state.ahead.put(batch.from().id(), batch);
    for (Fact.Read next = state.ahead.remove(state.position.id());
        next != null;
        next = state.ahead.remove(state.position.id())) {
      if (!next.from().equals(state.position)) {
        verdict.broken("%s starts at another snapshot than %s ended", next, state.position);
      }
      state.position = next.to();
      verdict.follows(new Fact.Passed(next));
    }
    long passed = state.position.id();
    state.open.values().removeIf(other -> other.from().id() < passed); // taken over
    if (state.ahead.size() > AHEAD) {
      verdict.broken("%s: nobody finishes what comes after %s", batch, state.position);
    }
  }

  private void drain(Fact.Drained drained, Verdict verdict) {
    State state = state(drained.consumer(), verdict);
    if (state != null && !(state.position.equals(drained.last()) && state.ahead.isEmpty())) {
      verdict.broken(
          "%s is at %s and should be at %s; finished beyond: %s",
          drained.consumer(), state.position, drained.last(), state.ahead.values());
    }
  }

  private @Nullable State state(String consumer, Verdict verdict) {
    State state = consumers.get(consumer);
    if (state == null) {
      verdict.broken("%s was never registered", consumer);
    }
    return state;
  }
}
