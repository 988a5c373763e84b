package io.pgq4j;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives events to workers: those of one key one after the other, keys side by side. */
final class Lanes implements AutoCloseable {
  /*
   * The window. The consumer's thread reads events into a window that is bounded in number and in
   * bytes, and waits while it is full. So memory is bounded whatever the size of the batch, and there
   * is no map of all keys: only of those in the window, and of those that are held (HeldKeys).
   *
   * Keys. The events of a key in the window are a chain, of which only the first is given out; the
   * map has the last one of each chain, where the next is appended. A free worker takes any first
   * event that is ready, so no lane is idle while another has a queue. When one fails and comes
   * again, its chain is held back as a whole, and so is each later event of the key. All of that
   * happens under one lock: so the ledger gets the events of a key in their order.
   *
   * Deadlines. The consumer's thread, which else only waits, looks after them. A handler that is late
   * is interrupted, its event has failed, and its place among the workers is free at once: that its
   * thread goes on, and what it answers, does not matter any more. Threads that do not come back
   * within the grace hang, and are counted, over all batches: too many stop the consumer.
   *
   * Interrupts. A worker is interrupted only under the lock and while it is within its event; when it
   * comes out it takes the lock and clears the flag, so no interrupt reaches the next event.
   */

  private static final Logger log = LoggerFactory.getLogger(Lanes.class);

  private static final int WINDOW_PER_WORKER = 16;
  private static final int MIN_WINDOW = 1_000;
  private static final Duration MAX_GRACE = Duration.ofSeconds(5);
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

  /** An event in the window. */
  private static final class Task {
    final Event event;
    final @Nullable String key;
    final long weight;
    @Nullable Task behind;
    @Nullable Thread thread;
    long startedAt;
    boolean expired;
    boolean hangs;

    Task(Event event, @Nullable String key) {
      this.event = event;
      this.key = key;
      this.weight = EventCodec.INSTANCE.weight(event);
    }
  }

  private final String name;
  private final Handler handler;
  private final Parallelism parallelism;
  private final CircuitBreaker breaker;
  private final Processing.Stop stop;
  private final long maxWeight;
  private final int maxTasks;
  private final Executor executor;
  private final @Nullable ExecutorService own;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Tasks with a thread: those in time by their start, those that were given up. */
  private final Set<Task> running = new LinkedHashSet<>();

  private final Set<Task> overdue = new LinkedHashSet<>();
  private int hanging;

  private final Map<String, Task> ends = new HashMap<>();
  private final Deque<Task> ready = new ArrayDeque<>();
  private int tasks;
  private long weight;

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
    this.name = name;
    this.handler = handler;
    this.parallelism = parallelism;
    this.breaker = breaker;
    this.stop = stop;
    this.maxWeight = maxWeight;
    this.maxTasks = Math.max(MIN_WINDOW, WINDOW_PER_WORKER * parallelism.workers());
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
      Task task = new Task(item.event(), item.key());
      await(() -> hasRoomFor(task), tasks / 2);
      if (item.failure() != null) {
        ledger().failed(item.event(), null, item.failure());
      } else {
        add(task);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean hasRoomFor(Task task) {
    return tasks == 0 || (tasks < maxTasks && weight + task.weight <= maxWeight);
  }

  private void add(Task task) {
    if (task.key != null) {
      if (held.contains(task.key) && !ends.containsKey(task.key)) {
        ledger().heldBack(task.event, task.key);
        return;
      }
      Task end = ends.put(task.key, task);
      enter(task);
      if (end != null) {
        end.behind = task;
        return;
      }
    } else {
      enter(task);
    }
    ready.add(task);
    startReady();
  }

  private void enter(Task task) {
    tasks++;
    weight += task.weight;
  }

  private void leave(Task task) {
    tasks--;
    weight -= task.weight;
  }

  private void startReady() {
    for (Task task = takeReady(); task != null; task = takeReady()) {
      Task first = task;
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
  private @Nullable Task takeReady() {
    if (ready.isEmpty()
        || fatal != null
        || running.size() >= parallelism.workers()
        || !breaker.admits(running.size())) {
      return null;
    }
    Task task = ready.remove();
    task.startedAt = System.nanoTime();
    running.add(task);
    return task;
  }

  /** A worker's life: its first event, and others as long as there are any. */
  private void work(Task first) {
    Task task = first;
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
  private boolean enterThread(Task task) {
    lock.lock();
    try {
      task.thread = Thread.currentThread();
      return !task.expired;
    } finally {
      lock.unlock();
    }
  }

  /** Notes what became of an event, and takes the next one. */
  private @Nullable Task settle(Task task, @Nullable Throwable failure) {
    lock.lock();
    try {
      Thread.interrupted(); // it was meant for this event
      if (overdue.remove(task)) {
        cameBack(task);
        return null; // its place was given away
      }
      running.remove(task);
      conclude(task, failure);
      Task next = takeReady();
      if (tasks <= wakeAt || fatal != null || next == null) {
        changed.signalAll();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void cameBack(Task task) {
    changed.signalAll();
    if (task.hangs) {
      hanging--;
      log.info("{}, event {}: its thread is back, what it did is ignored", name, task.event.id());
    }
  }

  private void conclude(Task task, @Nullable Throwable failure) {
    leave(task);
    if (fatal != null) {
      return;
    }
    try {
      if (failure == null) {
        breaker.succeeded();
        ledger().done(task.event);
        release(task);
      } else if (!isOfTheEvent(failure)) {
        failFatally(failure);
      } else if (ledger().failed(task.event, task.key, failure)) {
        holdBack(task);
      } else {
        release(task);
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
    ready.clear();
  }

  private void release(Task task) {
    if (task.key == null) {
      return;
    }
    Task next = task.behind;
    if (next == null) {
      ends.remove(task.key);
    } else {
      ready.add(next);
    }
  }

  private void holdBack(Task failed) {
    String key = failed.key;
    if (key == null) {
      return;
    }
    held.add(key);
    ends.remove(key);
    for (Task task = failed.behind; task != null; task = task.behind) {
      leave(task);
      ledger().heldBack(task.event, key);
    }
  }

  private void awaitEnd() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      await(() -> tasks == 0, 0);
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
    long nanos = TimeUnit.HOURS.toNanos(1);
    long now = System.nanoTime();
    Duration deadline = parallelism.deadline();
    if (deadline != null) {
      Iterator<Task> oldest = running.iterator();
      if (oldest.hasNext()) {
        nanos = deadline.toNanos() - (now - oldest.next().startedAt);
      }
      for (Task task : overdue) {
        if (!task.hangs) {
          nanos = Math.min(nanos, deadline.plus(grace()).toNanos() - (now - task.startedAt));
        }
      }
    }
    if (breaker.isOpen() && running.isEmpty()) {
      nanos = Math.min(nanos, breaker.pause().toNanos());
    }
    return Math.max(nanos, TimeUnit.MILLISECONDS.toNanos(1));
  }

  private Duration grace() {
    Duration deadline = parallelism.deadline();
    return deadline != null && deadline.compareTo(MAX_GRACE) < 0 ? deadline : MAX_GRACE;
  }

  /** Gives up what is late, and counts what does not come back. */
  private void expire() {
    Duration deadline = parallelism.deadline();
    if (deadline == null) {
      return;
    }
    long now = System.nanoTime();
    for (Task task : List.copyOf(running)) {
      if (now - task.startedAt < deadline.toNanos()) {
        break; // the others began later
      }
      giveUp(task);
      StackTraceElement[] where =
          task.thread == null ? new StackTraceElement[0] : task.thread.getStackTrace();
      conclude(task, new DeadlineExceededException(deadline, where));
    }
    for (Task task : overdue) {
      if (!task.hangs && now - task.startedAt >= deadline.plus(grace()).toNanos()) {
        hangs(task);
      }
    }
  }

  private void giveUp(Task task) {
    running.remove(task);
    overdue.add(task);
    task.expired = true;
    if (task.thread != null) {
      task.thread.interrupt();
    }
  }

  private void hangs(Task task) {
    task.hangs = true;
    hanging++;
    String thread = task.thread == null ? "(none free)" : task.thread.getName();
    log.error(
        "{}, event {}: its thread {} did not react to an interrupt and is left behind; {} hang",
        name,
        task.event.id(),
        thread,
        hanging);
    if (hanging > parallelism.maxHanging()) {
      failFatally(
          new ConsumerStop(
              hanging
                  + " handlers hang and do not react to interrupts, at most "
                  + parallelism.maxHanging()
                  + " may",
              new DeadlineExceededException(
                  deadlineOrZero(),
                  task.thread == null ? new StackTraceElement[0] : task.thread.getStackTrace())));
    }
  }

  private Duration deadlineOrZero() {
    return parallelism.deadline() == null ? Duration.ZERO : parallelism.deadline();
  }

  /** Interrupts what runs, and waits a little for it; what it answers is ignored. */
  private void cancel() {
    lock.lock();
    try {
      ready.clear();
      ends.clear();
      tasks = 0;
      weight = 0;
      List.copyOf(running).forEach(this::giveUp);
      long left = CANCEL_PATIENCE.toNanos();
      boolean interrupted = false;
      while (overdue.stream().anyMatch(task -> !task.hangs) && left > 0) {
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
