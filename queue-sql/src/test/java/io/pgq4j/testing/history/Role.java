package io.pgq4j.testing.history;

import io.pgq4j.testing.history.Mischief.Kind;
import io.pgq4j.testing.history.PlainConsumer.Habit;
import java.util.Random;

/** Who may take part in a history. */
public enum Role {
  PRODUCER,
  LONG_PRODUCER,
  COMMITTER,
  PLAIN,
  LAGGING,
  /** Sessions of one consumer. */
  TWIN,
  /** Members of one cooperative consumer. */
  MEMBER,
  TRANSACTIONAL,
  PROBER,
  NEWCOMER,
  TICKER,
  MAINTAINER,
  OBSERVER,
  OLD_TICKER,
  HELD_SNAPSHOT,
  DUMP,
  TERMINATION;

  Actor make(World world, String name, Random random) {
    return switch (this) {
      case PRODUCER -> new Producer(world, name, random);
      case LONG_PRODUCER -> new LongProducer(world, name, random);
      case COMMITTER -> new Committer(world, name, random);
      case PLAIN -> new PlainConsumer(world, name, name, random, Habit.ALONE);
      case LAGGING -> new PlainConsumer(world, name, name, random, Habit.LAGGING);
      case TWIN -> new PlainConsumer(world, name, "twins", random, Habit.SHARED);
      case MEMBER -> new Member(world, name, random);
      case TRANSACTIONAL -> new TransactionalConsumer(world, name, random);
      case PROBER -> new Prober(world, name, random);
      case NEWCOMER -> new Newcomer(world, name, random);
      case TICKER -> new Ticker(world, name, random);
      case MAINTAINER -> new Maintainer(world, name, random);
      case OBSERVER -> new Observer(world, name, random);
      case OLD_TICKER -> new Mischief(world, name, random, Kind.OLD_TICKER);
      case HELD_SNAPSHOT -> new Mischief(world, name, random, Kind.HELD_SNAPSHOT);
      case DUMP -> new Mischief(world, name, random, Kind.DUMP);
      case TERMINATION -> new Mischief(world, name, random, Kind.TERMINATION);
    };
  }
}
