package io.pgq4j.testing.history;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Something that an actor saw. Facts of one consumer are recorded in the order they happened. */
public sealed interface Fact {

  /**
   * A batch was read, and was still open afterwards.
   *
   * @param committed the transactions of the ledger that {@code to} sees and {@code from} does not
   * @param meaning the ids of the events that {@code to} sees and {@code from} does not, found by
   *     looking at all that are stored; null: nobody looked
   */
  record Read(
      String consumer,
      long batch,
      Tick from,
      Tick to,
      List<Delivered> events,
      List<Booked> committed,
      @Nullable List<Long> meaning)
      implements Fact {

    public Read {
      events = List.copyOf(events);
      committed = List.copyOf(committed);
    }

    List<Long> ids() {
      return events.stream().map(Delivered::id).toList();
    }

    /** The events that are for everyone. */
    List<Delivered> fresh() {
      return events.stream().filter(event -> !event.isRetried()).toList();
    }

    @Override
    public String toString() {
      return "%s's batch %s (%s, %s]".formatted(consumer, batch, from, to);
    }
  }

  /** A consumer finished a batch that it had read, and the engine accepted it, or not. */
  record Finished(String consumer, long batch, boolean accepted) implements Fact {}

  /**
   * The next batch in the chain of a consumer's finished batches; {@link PositionCheck} says so.
   */
  record Passed(Read batch) implements Fact {}

  /** A consumer starts here: it was registered or sought this tick. Open batches are dropped. */
  record Moved(String consumer, Tick to) implements Fact {}

  /** A consumer was registered by a transaction that also wrote events. */
  record Registered(String consumer, long transaction, Tick at) implements Fact {}

  /** A consumer that left will not be looked at any more. */
  record Left(String consumer) implements Fact {}

  /** A consumer is about to ask for a retry of these events. */
  record Retrying(String consumer, List<Long> events) implements Fact {}

  /** It has asked for it, and they are in the retry queue. */
  record Retried(String consumer, List<Long> events) implements Fact {}

  /** The ticks that are kept, by id. */
  record Ticks(List<Tick> ticks) implements Fact {}

  /**
   * An event table was emptied.
   *
   * @param transactions those whose events were in it
   * @param needed the snapshot of the last finished tick of each consumer
   */
  record Emptied(String table, Set<Long> transactions, Map<String, Snapshot> needed)
      implements Fact {}

  /** The same ticks in one batch and in several. */
  record Composed(Read whole, List<Read> parts) implements Fact {}

  /**
   * A transactional consumer opened a batch.
   *
   * @param done the tick up to which its work is done
   */
  record Worked(String consumer, long from, long done) implements Fact {}

  /** All is over, and this consumer read what there was. */
  record Drained(String consumer, Tick last) implements Fact {}

  /** All is over, and so many transactions are in the ledger; the sum of their ids. */
  record Total(long transactions, long ids) implements Fact {}

  /** An actor met with an error that it should not. */
  record Failed(String actor, String error) implements Fact {}
}
