package io.pgq4j;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Gives events to workers: those of one key one after the other, keys side by side. */
final class Lanes implements AutoCloseable {
  /*
   * The window. The consumer's thread reads events into a window that is bounded in number and in
   * bytes, and waits while it is full. So memory is bounded whatever the size of the batch, and there
   * is no map of all keys: only of those in the window, and of those that are held (HeldKeys).
   *
   * Keys. A free worker takes any event that is the first of its key in the window, so no lane is
   * idle while another has a queue. When one fails and comes again, the chain behind it is held back
   * as a whole, and so is each later event of the key. All of that happens under one lock: so the
   * ledger gets the events of a key in their order.
   *
   * Deadlines. The consumer's thread, which else only waits, looks after them. A handler that is late
   * is interrupted, its event has failed, and its place among the workers is free at once: that its
   * thread goes on, and what it answers, does not matter any more. Too many that do not come back
   * stop the consumer (OverdueTasks).
   *
   * Interrupts. A worker is interrupted only under the lock and while it is within its event; when it
   * comes out it takes the lock and clears the flag, so no interrupt reaches the next event.
   */

  private static final int WINDOW_PER_WORKER = 16;
  private static final int MIN_WINDOW = 1_000;
  private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(3);

  /** An event to be processed; or to be failed, when its key could not be told. */
  record Item(Event event, @Nullable String key, @Nullable Exception failure) {}

  /** Where the events come from. */
  interface Source {
    /** The next one; null: there are no more. */
    @Nullable Item next() throws IOException;
  }

  /** What a worker does with an event. */
  interface Handler {
    void handle(Event event) throws Exception;
  }

  private final Handler handler;
  private final Parallelism parallelism;
  private final CircuitBreaker breaker;
  private final Processing.Stop stop;
  private final Executor executor;
  private final @Nullable ExecutorService own;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private final LaneWindow window;

  /** Those that are with a worker and in time, by their start. */
  private final Set<LaneTask> running = new LinkedHashSet<>();

  private final OverdueTasks overdue;

  /** At so few tasks the consumer's thread, if it waits, is to go on. */
  private int wakeAt;

  private HeldKeys held = new HeldKeys();
  private @Nullable Ledger ledger;
  private @Nullable Throwable fatal;

  Lanes(
      String name,
      Handler handler,
      Parallelism parallelism,
      CircuitBreaker breaker,
      Processing.Stop stop,
      long maxWeight) {
    this.handler = handler;
    this.parallelism = parallelism;
    this.breaker = breaker;
    this.stop = stop;
    this.window =
        new LaneWindow(Math.max(MIN_WINDOW, WINDOW_PER_WORKER * parallelism.workers()), maxWeight);
    this.overdue = new OverdueTasks(name, parallelism.deadline(), parallelism.maxHanging());
    Executor given = parallelism.executor();
    ExecutorService threads = given == null ? threads(name) : null;
    this.own = threads;
    this.executor = given == null ? Objects.requireNonNull(threads) : given;
  }

  private static ExecutorService threads(String name) {
    AtomicInteger count = new AtomicInteger();
    return Executors.newCachedThreadPool(
        task -> {
          Thread thread = new Thread(task, "pgq4j-" + name + "-" + count.incrementAndGet());
          // Those that hang must not keep the JVM; the consumer's own thread does.
          thread.setDaemon(true);
          return thread;
        });
  }

  /**
   * Processes all events of the source, and returns when each has been noted in the ledger.
   *
   * @param held keys whose events are held back; those that fail are added
   * @throws InterruptedException if this thread, or a handler of itself, was interrupted
   * @throws ConsumerStop if the retry policy says so, or too many handlers hang
   * @throws CancellationException if the consumer is stopping while the circuit is open
   */
  void run(Source source, HeldKeys held, Ledger ledger) throws InterruptedException, IOException {
    begin(held, ledger);
    boolean ended = false;
    try {
      for (Item item = source.next(); item != null; item = source.next()) {
        offer(item);
      }
      awaitEnd();
      ended = true;
    } finally {
      if (!ended) {
        cancel();
      }
    }
  }

  private void begin(HeldKeys held, Ledger ledger) {
    lock.lock();
    try {
      this.held = held;
      this.ledger = ledger;
      this.fatal = null;
    } finally {
      lock.unlock();
    }
  }

  private void offer(Item item) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      LaneTask task = new LaneTask(item.event(), item.key());
      await(() -> window.hasRoomFor(task), window.size() / 2);
      if (item.failure() != null) {
        ledger().failed(item.event(), null, item.failure());
      } else {
        add(task);
      }
    } finally {
      lock.unlock();
    }
  }

  private void add(LaneTask task) {
    String key = task.key;
    // Those of the key that are in the window are before those that are held.
    if (key != null && held.contains(key) && !window.contains(key)) {
      ledger().heldBack(task.event, key);
    } else {
      window.add(task);
      startReady();
    }
  }

  private void startReady() {
    for (LaneTask task = takeReady(); task != null; task = takeReady()) {
      LaneTask first = task;
      try {
        executor.execute(() -> work(first));
      } catch (RejectedExecutionException e) {
        running.remove(first);
        failFatally(e);
        return;
      }
    }
  }

  /** The next event that a worker may process now, as one that is running; null: none. */
  private @Nullable LaneTask takeReady() {
    if (!window.hasReady()
        || fatal != null
        || running.size() >= parallelism.workers()
        || !breaker.admits(running.size())) {
      return null;
    }
    LaneTask task = window.takeReady();
    task.startedAt = System.nanoTime();
    running.add(task);
    return task;
  }

  /** A worker's life: its first event, and others as long as there are any. */
  private void work(LaneTask first) {
    LaneTask task = first;
    while (task != null) {
      Throwable failure = null;
      try {
        if (enterThread(task)) {
          handler.handle(task.event);
        }
      } catch (Throwable e) {
        failure = e;
      }
      task = settle(task, failure);
    }
  }

  /** Returns false if the event was given up before its thread came to it. */
  private boolean enterThread(LaneTask task) {
    lock.lock();
    try {
      task.thread = Thread.currentThread();
      return !task.expired;
    } finally {
      lock.unlock();
    }
  }

  /** Notes what became of an event, and takes the next one. */
  private @Nullable LaneTask settle(LaneTask task, @Nullable Throwable failure) {
    lock.lock();
    try {
      Thread.interrupted(); // it was meant for this event
      if (overdue.remove(task)) {
        changed.signalAll();
        return null; // its place was given away
      }
      running.remove(task);
      conclude(task, failure);
      LaneTask next = takeReady();
      if (window.size() <= wakeAt || fatal != null || next == null) {
        changed.signalAll();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void conclude(LaneTask task, @Nullable Throwable failure) {
    window.leave(task);
    if (fatal != null) {
      return;
    }
    try {
      if (failure == null) {
        breaker.succeeded();
        ledger().done(task.event);
        window.release(task);
      } else if (!isOfTheEvent(failure)) {
        failFatally(failure);
      } else if (ledger().failed(task.event, task.key, failure)) {
        holdBack(task);
      } else {
        window.release(task);
      }
    } catch (RuntimeException e) {
      failFatally(e);
    }
  }

  /** Whether it tells of the event, and not of the JVM or of the end of the consumer. */
  static boolean isOfTheEvent(Throwable failure) {
    return (failure instanceof Exception && !(failure instanceof InterruptedException))
        || failure instanceof StackOverflowError
        || failure instanceof AssertionError;
  }

  private void failFatally(Throwable failure) {
    if (fatal == null) {
      fatal = failure;
    }
    window.close();
  }

  private void holdBack(LaneTask failed) {
    String key = failed.key;
    if (key != null) {
      held.add(key);
      window.removeBehind(failed).forEach(task -> ledger().heldBack(task.event, key));
    }
  }

  private void awaitEnd() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      await(() -> window.size() == 0, 0);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for it, and meanwhile looks after deadlines and the circuit. */
  private void await(BooleanSupplier reached, int wakeAt) throws InterruptedException {
    this.wakeAt = wakeAt;
    check();
    while (!reached.getAsBoolean()) {
      if (breaker.isOpen()) {
        stop.circuitIsOpen();
      }
      if (breaker.isOpen() && stop.isAsked()) {
        throw new CancellationException(
            "stopped while the circuit was open; the events come again");
      }
      expire();
      startReady();
      check();
      if (!reached.getAsBoolean()) {
        changed.awaitNanos(untilSomethingIsDue());
        check();
      }
    }
  }

  private void check() throws InterruptedException {
    Throwable cause = fatal;
    if (cause instanceof InterruptedException) {
      throw new InterruptedException("a handler was interrupted");
    } else if (cause instanceof Error error) {
      throw error;
    } else if (cause instanceof RuntimeException exception) {
      throw exception;
    } else if (cause != null) {
      throw new IllegalStateException(cause);
    }
  }

  private long untilSomethingIsDue() {
    Iterator<LaneTask> oldest = running.iterator();
    long nanos =
        Math.min(
            TimeUnit.HOURS.toNanos(1),
            overdue.nanosUntilDue(oldest.hasNext() ? oldest.next() : null, System.nanoTime()));
    if (breaker.isOpen() && running.isEmpty()) {
      nanos = Math.min(nanos, breaker.pause().toNanos());
    }
    return Math.max(nanos, TimeUnit.MILLISECONDS.toNanos(1));
  }

  /** Gives up what is late. */
  private void expire() {
    long now = System.nanoTime();
    for (LaneTask task : List.copyOf(running)) {
      if (!overdue.isLate(task, now)) {
        break; // the others began later
      }
      giveUp(task);
      conclude(task, overdue.failure(task));
    }
    try {
      overdue.countHanging(now);
    } catch (ConsumerStop e) {
      failFatally(e);
    }
  }

  private void giveUp(LaneTask task) {
    running.remove(task);
    overdue.add(task);
  }

  /** Interrupts what runs, and waits a little for it; what it answers is ignored. */
  private void cancel() {
    lock.lock();
    try {
      window.clear();
      List.copyOf(running).forEach(this::giveUp);
      long left = CANCEL_PATIENCE.toNanos();
      boolean interrupted = false;
      while (overdue.isAnyExpected() && left > 0) {
        try {
          left = changed.awaitNanos(left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Has the consumer's thread look again whether it is to stop. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private Ledger ledger() {
    Ledger current = ledger;
    if (current == null) {
      throw new AssertionError("no batch is being processed");
    }
    return current;
  }

  @Override
  public void close() {
    if (own != null) {
      own.shutdown();
    }
  }
}
