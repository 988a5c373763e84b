package io.pgq4j.internal;

import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Wakes consumers when their queue was ticked: one per DataSource and JVM, with one connection. */
public final class Wakeups {
  /*
   * No lost wake-up. A consumer clears its signal, looks at its queue, and sleeps only while there is
   * no new signal. When the listening connection begins to listen, first or again, everyone is
   * signalled: so whatever was ticked before LISTEN is found by a look after it.
   *
   * Healthy. Consumers sleep without a time limit. One query per interval, on the listening
   * connection, asks which consumers have a tick before them, and those are signalled. It makes up for
   * lost notifications, and because it has a time limit it notices a connection that died silently.
   *
   * Not healthy. Without a connection, or when LISTEN is refused, each consumer looks by itself, at
   * growing intervals. So it is when the query finds ticks, over a second old, that a sleeping
   * consumer was not told of, twice in a row: then somebody, such as a transaction-pooling proxy,
   * swallows notifications. The first one heard makes it healthy again.
   */

  /** Held while the map or a hub's list of subscriptions changes. */
  private static final Object LOCK = new Object();

  private static final IdentityHashMap<DataSource, Wakeups> HUBS = new IdentityHashMap<>();

  private final DataSource dataSource;
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
  private volatile boolean healthy;
  private final CountDownLatch closed = new CountDownLatch(1);

  private Wakeups(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * Subscribes a consumer to the ticks of its queue; starts to listen if nobody did.
   *
   * @param checkInterval how often to look without a notification
   */
  public static Subscription subscribe(
      DataSource dataSource, String queue, String consumer, Duration checkInterval) {
    synchronized (LOCK) {
      Wakeups hub = HUBS.get(dataSource);
      boolean first = hub == null;
      if (hub == null) {
        hub = new Wakeups(dataSource);
        HUBS.put(dataSource, hub);
      }
      Subscription subscription = hub.new Subscription(queue, consumer, checkInterval);
      hub.subscriptions.add(subscription);
      if (first) {
        Thread thread = new Thread(new WakeupListener(hub), "pgq4j-wakeups");
        thread.setDaemon(true);
        thread.start();
      }
      return subscription;
    }
  }

  private void unsubscribe(Subscription subscription) {
    synchronized (LOCK) {
      subscriptions.remove(subscription);
      if (subscriptions.isEmpty()) {
        closed.countDown();
        HUBS.remove(dataSource, this);
      }
    }
  }

  DataSource dataSource() {
    return dataSource;
  }

  boolean isClosed() {
    return closed.getCount() == 0;
  }

  void awaitClosed(Duration atMost) throws InterruptedException {
    closed.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  boolean isHealthy() {
    return healthy;
  }

  /** Says whether consumers may rely on being woken, and has all of them look once more. */
  void setHealthy(boolean now) {
    healthy = now;
    signalAll();
  }

  void signalAll() {
    subscriptions.forEach(
        subscription -> {
          subscription.ticked();
          subscription.signal();
        });
  }

  /** Signals the consumers of a queue. */
  void ticked(String queue) {
    for (Subscription subscription : subscriptions) {
      if (subscription.queue.equals(queue)) {
        subscription.ticked();
      }
    }
  }

  /** Signals one consumer. Returns whether it was asleep, not knowing. */
  boolean pending(String queue, String consumer) {
    boolean wasAsleep = false;
    for (Subscription subscription : subscriptions) {
      if (subscription.queue.equals(queue) && subscription.consumer.equals(consumer)) {
        wasAsleep |= subscription.ticked();
      }
    }
    return wasAsleep;
  }

  String[] queues() {
    return subscriptions.stream().map(s -> s.queue).distinct().toArray(String[]::new);
  }

  Duration checkInterval() {
    return subscriptions.stream()
        .map(s -> s.checkInterval)
        .min(Duration::compareTo)
        .orElse(Duration.ofSeconds(30));
  }

  /** A consumer's wake-ups. Signals may come from any thread; one thread waits. */
  public final class Subscription implements AutoCloseable {
    private final String queue;
    private final String consumer;
    private final Duration checkInterval;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean signalled;
    private boolean asleep;

    /** Asked at each tick; true: it sees to it. */
    private volatile BooleanSupplier relay = () -> false;

    private Subscription(String queue, String consumer, Duration checkInterval) {
      this.queue = queue;
      this.consumer = consumer;
      this.checkInterval = checkInterval;
    }

    /**
     * Has ticks told to somebody else, who sees to them if he answers true; else they are
     * signalled.
     */
    public void relayTo(BooleanSupplier other) {
      relay = other;
    }

    /** Whether wake-ups are to be expected. */
    public boolean isReliable() {
      return healthy;
    }

    /** Returns whether the consumer was asleep, not knowing. */
    private boolean ticked() {
      return relay.getAsBoolean() ? isAsleep() : signal();
    }

    private boolean isAsleep() {
      lock.lock();
      try {
        return asleep && !signalled;
      } finally {
        lock.unlock();
      }
    }

    /** To be called before each look at the queue: what is signalled from now on ends the wait. */
    public void clear() {
      lock.lock();
      try {
        signalled = false;
      } finally {
        lock.unlock();
      }
    }

    /** Ends the wait, or the next one. Returns whether there was one. */
    public boolean signal() {
      lock.lock();
      try {
        boolean wasAsleep = asleep && !signalled;
        signalled = true;
        changed.signalAll();
        return wasAsleep;
      } finally {
        lock.unlock();
      }
    }

    /**
     * Waits for a signal since {@link #clear()}.
     *
     * @param fallback how long at most, while no wake-ups are to be expected
     * @param longest how long at most, for a consumer that leaves ticks for later, and so misses no
     *     wake-up when some are found, or that has something else to do then; null: it takes every
     *     tick
     */
    public void await(Duration fallback, @Nullable Duration longest) throws InterruptedException {
      long left = fallback.toNanos();
      long longestLeft = longest == null ? Long.MAX_VALUE : longest.toNanos();
      lock.lockInterruptibly();
      asleep = longest == null;
      try {
        while (!signalled && left > 0 && longestLeft > 0) {
          long begun = System.nanoTime();
          changed.awaitNanos(healthy ? longestLeft : Math.min(left, longestLeft));
          long waited = System.nanoTime() - begun;
          longestLeft -= waited;
          left -= healthy ? 0 : waited;
        }
      } finally {
        asleep = false;
        lock.unlock();
      }
    }

    /** Ends the subscription, and with the last one the listening connection. */
    @Override
    public void close() {
      unsubscribe(this);
    }
  }
}
