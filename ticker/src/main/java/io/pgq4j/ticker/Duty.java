package io.pgq4j.ticker;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One job of the ticker on a thread of its own: a loop that only waits and calls {@link #runOnce}.
 *
 * <p>The contract of all duties:
 *
 * <ul>
 *   <li>{@link #start} returns at once; a second start does nothing.
 *   <li>{@link #stop} returns at once and lets the round in hand finish; {@link #awaitStopped}
 *       waits for that. Both may be called any number of times, also before start; a duty stopped
 *       before start never runs.
 *   <li>{@link #wakeWithin} makes the next round come sooner, never later.
 *   <li>A round that fails is followed by {@link #letGo} and a pause that grows from a tenth of a
 *       second to five seconds; its cause is logged at most once a minute. Nothing but stop ends
 *       the loop.
 * </ul>
 *
 * <p>Threads: all methods of the contract may be called by any thread; {@code runOnce} and {@code
 * letGo} are called by the duty's thread alone.
 */
abstract class Duty {
  private static final Logger LOG = LoggerFactory.getLogger(Duty.class);

  private final String name;
  private final Status status;
  private final Backoff backoff = new Backoff();
  private final Complaints complaints = new Complaints(LOG);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable Thread thread;
  private long nextRound;
  private boolean roundWanted;
  private long notBefore = System.nanoTime();
  private volatile boolean stopping;
  private volatile long signOfLife;
  private volatile boolean inRound;

  Duty(String name, Status status) {
    this.name = name;
    this.status = status;
  }

  /**
   * One round.
   *
   * @return how long to wait for the next, at most; null: until woken
   */
  abstract @Nullable Duration runOnce() throws Exception;

  /** Gives up connections, after a failed round and at the end. Must not throw. */
  abstract void letGo();

  /** Cuts the connection in use, so that a round that hangs ends. Called by any thread. */
  abstract void abort();

  final String name() {
    return name;
  }

  final boolean isStopping() {
    return stopping;
  }

  /** To be called now and then by a round that waits on purpose. */
  final void alive() {
    signOfLife = System.nanoTime();
  }

  /**
   * How long a round has been at work without a sign of life, or how long ago the thread died of
   * something that even the loop cannot survive; zero: neither.
   */
  final Duration silence() {
    long last = signOfLife;
    boolean died = ended.getCount() == 0 && !stopping;
    return inRound || died ? Duration.ofNanos(System.nanoTime() - last) : Duration.ZERO;
  }

  final void start() {
    lock.lock();
    try {
      if (thread == null && !stopping) {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
      }
    } finally {
      lock.unlock();
    }
  }

  final void stop() {
    lock.lock();
    try {
      stopping = true;
      changed.signalAll();
      if (thread == null) {
        ended.countDown();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the duty had ended, or never began, before the time was over. */
  final boolean awaitStopped(Duration atMost) throws InterruptedException {
    return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  final void wakeWithin(Duration time) {
    lock.lock();
    try {
      if (wantRound(time)) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (!stopping) {
        @Nullable Duration pause = round();
        await(pause);
      }
    } catch (InterruptedException e) {
      // Nobody of the house interrupts; whoever did wants this thread to end.
      Thread.currentThread().interrupt();
    } finally {
      letGo();
      ended.countDown();
    }
  }

  /** One round, whatever it throws: a duty that died would be an outage that nobody sees. */
  @SuppressWarnings("CatchingUnchecked")
  private @Nullable Duration round() throws InterruptedException {
    alive();
    inRound = true;
    try {
      @Nullable Duration pause = runOnce();
      backoff.reset();
      complaints.settled(name);
      status.works(name);
      return pause;
    } catch (InterruptedException e) {
      throw e;
    } catch (Throwable e) {
      letGo();
      Duration pause = backoff.next();
      notBefore = System.nanoTime() + pause.toNanos();
      if (!stopping) {
        complaints.failed(name, e);
        status.failed(name, Complaints.describe(e));
      }
      return pause;
    } finally {
      inRound = false;
    }
  }

  private void await(@Nullable Duration pause) throws InterruptedException {
    lock.lock();
    try {
      if (pause != null) {
        wantRound(pause);
      }
      while (!stopping) {
        long now = System.nanoTime();
        // A wake-up does not cut the pause after a failure short.
        long remaining = Math.max(nextRound - now, notBefore - now);
        if (roundWanted && remaining <= 0) {
          break;
        }
        if (roundWanted) {
          changed.awaitNanos(remaining);
        } else {
          changed.await();
        }
      }
      roundWanted = false;
    } finally {
      lock.unlock();
    }
  }

  private boolean wantRound(Duration time) {
    long at = System.nanoTime() + Math.max(0, time.toNanos());
    if (roundWanted && nextRound - at <= 0) {
      return false;
    }
    nextRound = at;
    roundWanted = true;
    return true;
  }
}
