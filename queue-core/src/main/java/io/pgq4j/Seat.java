package io.pgq4j;

import io.pgq4j.SharedBatches.Answer;
import io.pgq4j.SharedBatches.Wish;
import io.pgq4j.internal.Wakeups;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Where a consumer and the {@link SharedReader} of its queue meet. The consumer's thread calls
 * {@link #next} and {@link #finish}.
 */
final class Seat implements AutoCloseable {
  private enum State {
    /** The consumer is at work, or goes alone. */
    AWAY,
    /** There is a wish. */
    WISHED,
    /** There was no tick; at the next one there is a wish. */
    WATCHED,
    /** There is an answer for the consumer to take. */
    SERVED
  }

  private final SharedReader reader;
  private final String consumer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition answered = lock.newCondition();
  private State state = State.AWAY;
  private Wish wish;
  private Answer answer = Answer.NOTHING;
  private Wakeups.@Nullable Subscription wakeups;
  private boolean waiting;
  private boolean finished;
  private boolean ticked;
  private boolean closed;

  Seat(SharedReader reader, String consumer) {
    this.reader = reader;
    this.consumer = consumer;
    wish = new Wish(0, consumer, null);
  }

  /** From now on the consumer sleeps by this subscription. */
  void sleepBy(Wakeups.Subscription subscription) {
    lock.lock();
    try {
      wakeups = subscription;
    } finally {
      lock.unlock();
    }
    subscription.relayTo(this::ticked);
  }

  /** The consumer's next batch; or nothing; or that it is to go alone. */
  Answer next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      boolean sure = wakeups != null && wakeups.isReliable();
      if (state == State.AWAY || (state == State.WATCHED && !sure)) {
        wishFor(null);
      }
      awaitAnswer();
      if (state == State.WATCHED) {
        return Answer.NOTHING;
      }
      state = State.AWAY;
      return answer;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Finishes a batch; {@link #next} has the one after it.
   *
   * @return false: nothing was done, it is to be finished alone
   */
  boolean finish(long batch) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      wishFor(batch);
      awaitAnswer();
      if (!finished) {
        state = State.AWAY;
      }
      return finished;
    } finally {
      lock.unlock();
    }
  }

  private void awaitAnswer() throws InterruptedException {
    waiting = true;
    try {
      while (state == State.WISHED) {
        answered.await();
      }
    } finally {
      waiting = false;
    }
  }

  private void wishFor(@Nullable Long finishedBatch) {
    finished = false;
    if (reader.isOpen()) {
      wishOnce(finishedBatch);
    } else {
      serve(Answer.ALONE);
    }
  }

  private void wishOnce(@Nullable Long finishedBatch) {
    state = State.WISHED;
    wish = new Wish(wish.number() + 1, consumer, finishedBatch);
    reader.wake();
  }

  private void serve(Answer given) {
    answer = given;
    state = State.SERVED;
  }

  /** The wish, for the reader; null: there is none. */
  @Nullable Wish wish() {
    lock.lock();
    try {
      ticked = false;
      return state == State.WISHED ? wish : null;
    } finally {
      lock.unlock();
    }
  }

  /** What the reader answers. */
  void answer(Wish given, Answer to) {
    lock.lock();
    try {
      if (state != State.WISHED || !given.equals(wish)) {
        return;
      }
      finished |= !to.equals(Answer.ALONE);
      BatchInfo batch = to.batch();
      if (batch != null && to.isWithoutEvents()) {
        wishOnce(batch.id());
      } else if (!to.equals(Answer.NOTHING)) {
        serve(to);
      } else if (ticked) {
        wishOnce(null);
      } else {
        state = State.WATCHED;
      }
      tell();
    } finally {
      lock.unlock();
    }
  }

  /** Has the consumer go alone. */
  void sendAway() {
    lock.lock();
    try {
      if (state == State.WISHED || state == State.WATCHED) {
        serve(Answer.ALONE);
        tell();
      }
    } finally {
      lock.unlock();
    }
  }

  private void tell() {
    if (state == State.WISHED) {
      return;
    }
    if (waiting) {
      answered.signal();
    } else if (state == State.SERVED && wakeups != null) {
      wakeups.signal();
    }
  }

  /** There was a tick. Returns whether the reader sees to it. */
  private boolean ticked() {
    lock.lock();
    try {
      ticked = true;
      if (state == State.WATCHED) {
        wishOnce(null);
      }
      return state == State.WISHED;
    } finally {
      lock.unlock();
    }
  }

  /** The consumer, unless it is waiting, wants no batch until it asks again. */
  void leave() {
    lock.lock();
    try {
      if (!waiting) {
        state = State.AWAY;
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isTaken() {
    lock.lock();
    try {
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      state = State.AWAY;
    } finally {
      lock.unlock();
    }
    reader.wake();
  }
}
