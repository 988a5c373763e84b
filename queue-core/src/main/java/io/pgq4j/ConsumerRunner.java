package io.pgq4j;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Runs consumers: waits for batches, gives them out, finishes them, reconnects. Each consumer has a
 * thread and holds a connection of the DataSource; one more connection per DataSource and JVM
 * listens for wake-ups, and one more per queue reads for consumers that share it.
 *
 * <pre>{@code
 * try (ConsumerRunner runner = ConsumerRunner.builder(dataSource).add(new Mailer()).build()) {
 *   runner.start();
 *   ...
 * }
 * }</pre>
 *
 * <p>A consumer that is not registered is registered at its start, and gets what is committed from
 * then on ({@link ConsumerConfig.Builder#register}). What fails is logged by SLF4J, each event and
 * each connection; so have a logger on the class path.
 *
 * <p>The threads keep the JVM alive until the runner is stopped. A consumer name is for one running
 * consumer; a second runner under the same name does the same work again, though only one of them
 * finishes each batch. Thread-safe.
 *
 * <p>Where its connections have other defaults, the runner sets for the session, and sets back
 * before it returns a connection to its pool: transactions READ COMMITTED and read-write, and no
 * statement, transaction or idle timeouts.
 */
public final class ConsumerRunner implements AutoCloseable {
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(30);
  private static final Duration ABORT_PATIENCE = Duration.ofSeconds(5);

  private final List<SharedReader> readers;
  private final List<ConsumerWorker> workers;
  private final List<Thread> threads = new ArrayList<>();
  private boolean started;
  private boolean stopped;

  private ConsumerRunner(List<SharedReader> readers, List<ConsumerWorker> workers) {
    this.readers = List.copyOf(readers);
    this.workers = List.copyOf(workers);
  }

  /** A builder of a runner that takes its connections from the given source. */
  public static Builder builder(DataSource dataSource) {
    return new Builder(dataSource);
  }

  /**
   * Starts the consumers and returns at once; a database that cannot be reached is tried again, see
   * {@link #health()}. Does nothing after the first call.
   *
   * @throws IllegalStateException if the runner was stopped
   */
  public synchronized void start() {
    if (stopped) {
      throw new IllegalStateException("the runner was stopped: build a new one");
    }
    if (started) {
      return;
    }
    started = true;
    readers.forEach(SharedReader::start);
    for (ConsumerWorker worker : workers) {
      Thread thread = new Thread(worker, "pgq4j-" + worker.name());
      thread.setDaemon(false);
      threads.add(thread);
      thread.start();
    }
  }

  /**
   * Lets every consumer finish the batch in hand and leave, and waits for them. May be called
   * again, and before {@link #start()}.
   *
   * @return whether all have left in time; those that have not still leave after their batch
   * @throws InterruptedException if the waiting thread is interrupted; the consumers leave all the
   *     same
   */
  public boolean stop(Duration timeout) throws InterruptedException {
    return join(tellToStop(), timeout);
  }

  private synchronized List<Thread> tellToStop() {
    workers.forEach(started ? ConsumerWorker::stop : ConsumerWorker::neverStarted);
    stopped = true;
    return List.copyOf(threads);
  }

  private static boolean join(List<Thread> threads, Duration timeout) throws InterruptedException {
    long patience =
        timeout.compareTo(Duration.ofDays(365)) < 0 ? timeout.toNanos() : Long.MAX_VALUE / 2;
    long deadline = System.nanoTime() + patience;
    boolean all = true;
    for (Thread thread : threads) {
      TimeUnit.NANOSECONDS.timedJoin(thread, deadline - System.nanoTime());
      all &= !thread.isAlive();
    }
    return all;
  }

  /**
   * Lets every consumer finish the batch in hand, and take no other until {@link #resume}. They
   * keep their connections, and their places in the queues. Only for this process: {@code
   * pgq.pause_consumer} is for all.
   */
  public void pause() {
    workers.forEach(worker -> worker.pause(true));
  }

  /** Has consumers go on after {@link #pause}. */
  public void resume() {
    workers.forEach(worker -> worker.pause(false));
  }

  /**
   * Lets every consumer process what is there, and leave when there is no batch for it any more;
   * what waits for a retry stays. Otherwise as {@link #stop}.
   *
   * @return whether all have left in time; those that have not leave when they have caught up
   * @throws InterruptedException if the waiting thread is interrupted; the consumers go on
   */
  public boolean drain(Duration timeout) throws InterruptedException {
    List<Thread> running;
    synchronized (this) {
      workers.forEach(started ? ConsumerWorker::drain : ConsumerWorker::neverStarted);
      stopped = true;
      running = List.copyOf(threads);
    }
    return join(running, timeout);
  }

  /**
   * Stops: gives the consumers 30 s to finish the batch in hand, then interrupts them, so that the
   * batch is not finished and comes again. If the calling thread is interrupted, it interrupts them
   * at once, and the thread stays interrupted.
   */
  @Override
  public void close() {
    close(CLOSE_PATIENCE);
  }

  /** The same with another time than 30 s. */
  public void close(Duration patience) {
    List<Thread> running = tellToStop();
    boolean interrupted = false;
    boolean left = false;
    try {
      left = join(running, patience);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (!left) {
      workers.forEach(ConsumerWorker::abort);
      running.forEach(Thread::interrupt);
      try {
        join(running, ABORT_PATIENCE);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** How each consumer fares, in the order in which they were added. */
  public List<ConsumerHealth> health() {
    return workers.stream().map(ConsumerWorker::health).toList();
  }

  /** What each consumer has done, in the same order. */
  public List<ConsumerCounts> counts() {
    return workers.stream().map(ConsumerWorker::counted).toList();
  }

  /** Collects the consumers of a {@link ConsumerRunner}. Not thread-safe. */
  public static final class Builder {
    private final DataSource dataSource;
    private final Map<Consumer, ConsumerConfig> consumers = new LinkedHashMap<>();

    private Builder(DataSource dataSource) {
      this.dataSource = dataSource;
    }

    /** Adds a consumer with the default configuration. */
    public Builder add(Consumer consumer) {
      return add(consumer, ConsumerConfig.ofDefaults());
    }

    /**
     * Adds a consumer.
     *
     * @throws IllegalArgumentException if one of the same queue and name was added before; if
     *     events are to be processed side by side or until a deadline, and the consumer overrides
     *     {@link Consumer#processBatch} or is a {@link TransactionalConsumer}
     */
    public Builder add(Consumer consumer, ConsumerConfig config) {
      if (consumers.keySet().stream()
          .anyMatch(c -> c.queue().equals(consumer.queue()) && c.name().equals(consumer.name()))) {
        throw new IllegalArgumentException(
            "consumer " + consumer.name() + " of queue " + consumer.queue() + " is added twice");
      }
      if (!config.parallelism().isOwnThread() && Processing.hasOwnBatches(consumer)) {
        throw new IllegalArgumentException(
            consumer.getClass().getName()
                + " processes its batches itself, so it can have neither byKey, unordered nor a"
                + " deadline: override process(Event) instead, or leave these away");
      }
      if (config.membership() != null && consumer instanceof RemoteTransactionalConsumer) {
        throw new IllegalArgumentException(
            consumer.getClass().getName()
                + " cannot be a member: a batch that was taken over has a new id, and pgq_ext could"
                + " not tell that its work is done");
      }
      consumers.put(consumer, config);
      return this;
    }

    /**
     * The runner, not yet started.
     *
     * @throws IllegalArgumentException if there is no consumer
     */
    public ConsumerRunner build() {
      if (consumers.isEmpty()) {
        throw new IllegalArgumentException("there is no consumer to run");
      }
      Map<String, SharedReader> readers = readers();
      List<ConsumerWorker> workers = new ArrayList<>();
      consumers.forEach(
          (consumer, config) -> {
            SharedReader reader = shares(consumer, config) ? readers.get(consumer.queue()) : null;
            Seat seat = reader == null ? null : reader.seat(consumer.name());
            workers.add(new ConsumerWorker(dataSource, consumer, config, seat));
          });
      return new ConsumerRunner(List.copyOf(readers.values()), workers);
    }

    /** For queues with several consumers that share it. */
    private Map<String, SharedReader> readers() {
      Map<String, SharedReader> readers = new LinkedHashMap<>();
      consumers.entrySet().stream()
          .filter(entry -> shares(entry.getKey(), entry.getValue()))
          .collect(groupingBy(entry -> entry.getKey().queue(), counting()))
          .forEach(
              (queue, count) -> {
                if (count > 1) {
                  readers.put(queue, new SharedReader(dataSource, queue));
                }
              });
      return readers;
    }

    /** Whether a consumer takes every tick, and all of it, as others do. */
    private static boolean shares(Consumer consumer, ConsumerConfig config) {
      return config.membership() == null
          && config.intake().isEverything()
          && config.parallelism().order() != Order.BY_KEY
          && !(consumer instanceof TransactionalConsumer);
    }
  }
}
