package io.pgq4j;

import io.pgq4j.internal.Backoff;
import io.pgq4j.internal.Wakeups;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One consumer's thread: look, process, finish; wait when there is nothing; reconnect. */
final class ConsumerWorker implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(ConsumerWorker.class);

  private final DataSource dataSource;
  private final Consumer consumer;
  private final ConsumerConfig config;
  private final Backoff fallback;
  private final Backoff backoff;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Processing processing;
  private final BatchWork batchWork;
  private final @Nullable Member member;
  private final @Nullable Heartbeat heartbeat;
  private final @Nullable Seat seat;
  private final StateReport report;
  private final Counts counts = new Counts();
  private volatile Wakeups.@Nullable Subscription wakeups;
  private volatile boolean aborted;
  private volatile boolean paused;
  private volatile boolean draining;

  /** Of the worker's own thread. */
  private @Nullable QueueSession current;

  private volatile ConsumerHealth health;

  /** Failures since something last went well, and looks since there last was a batch. */
  private int failures;

  private int emptyLooks;
  private long lastOpened;
  private boolean registered;

  /**
   * @param seat at the reader that it shares with others; null: it reads by itself
   */
  ConsumerWorker(
      DataSource dataSource, Consumer consumer, ConsumerConfig config, @Nullable Seat seat) {
    this.seat = seat;
    this.dataSource = dataSource;
    this.consumer = consumer;
    this.config = config;
    this.fallback = Backoff.between(config.minFallback(), config.maxFallback());
    this.backoff = Backoff.between(config.minBackoff(), config.maxBackoff());
    this.registered = !config.register();
    this.processing = new Processing(consumer, config, new Asked(), counts);
    this.batchWork =
        new BatchWork(consumer, processing, () -> aborted, () -> !stopping() && !paused);
    Membership membership = config.membership();
    this.member = membership == null ? null : new Member(consumer, membership);
    this.heartbeat = member == null ? null : new Heartbeat(dataSource, name(), member.heartbeat());
    this.report =
        new StateReport(consumer.queue(), member == null ? consumer.name() : member.fullName());
    this.health =
        new ConsumerHealth(consumer.queue(), consumer.name(), ConsumerState.NEW, null, null, null);
  }

  ConsumerHealth health() {
    ConsumerHealth now = health;
    return now.state() == ConsumerState.WORKING && processing.isCircuitOpen()
        ? now.in(ConsumerState.CIRCUIT_OPEN)
        : now;
  }

  String name() {
    return consumer.queue() + "/" + consumer.name();
  }

  /** Has the worker leave after the batch in hand. */
  void stop() {
    stop.countDown();
    wake();
    processing.wake();
  }

  /** Has it take no batch after the one in hand, or go on. */
  void pause(boolean now) {
    paused = now;
    wake();
  }

  /** Has it leave when it has nothing to do. */
  void drain() {
    draining = true;
    leaveSeat();
    wake();
  }

  /** What the reader was told is told anew. */
  private void leaveSeat() {
    if (seat != null) {
      seat.leave();
    }
  }

  private void wake() {
    Wakeups.Subscription subscription = wakeups;
    if (subscription != null) {
      subscription.signal();
    }
  }

  ConsumerCounts counted() {
    return new ConsumerCounts(
        consumer.queue(),
        consumer.name(),
        counts.batches.sum(),
        counts.events.sum(),
        counts.failures.sum());
  }

  /** Has the worker leave without finishing the batch in hand; its thread is to be interrupted. */
  void abort() {
    aborted = true;
    stop();
  }

  /** For a worker that will never run. */
  void neverStarted() {
    set(ConsumerState.STOPPED, health.lastError());
  }

  private boolean stopping() {
    return stop.getCount() == 0;
  }

  private final class Asked implements Processing.Stop {
    @Override
    public boolean isAsked() {
      return stopping();
    }

    @Override
    public boolean await(Duration atMost) throws InterruptedException {
      return stop.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void circuitIsOpen() {
      if (current != null) {
        report.tell(current.connection(), ConsumerState.CIRCUIT_OPEN, null);
      }
    }
  }

  @Override
  public void run() {
    try (heartbeat;
        seat;
        processing;
        Wakeups.Subscription subscription =
            Wakeups.subscribe(
                dataSource, consumer.queue(), consumer.name(), config.pollInterval())) {
      wakeups = subscription;
      if (seat != null) {
        seat.sleepBy(subscription);
      }
      while (!stopping()) {
        connectAndServe(subscription);
      }
      set(ConsumerState.STOPPED, health.lastError());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      interrupted();
    } catch (RuntimeException | Error e) {
      log.error("queue {}, consumer {}: stopped for good", consumer.queue(), consumer.name(), e);
      set(ConsumerState.FAILED, Texts.describe(e));
    }
  }

  private void interrupted() {
    if (aborted) {
      set(ConsumerState.STOPPED, health.lastError());
    } else {
      log.error(
          "queue {}, consumer {}: interrupted, stopped for good",
          consumer.queue(),
          consumer.name());
      set(ConsumerState.FAILED, "the consumer's thread was interrupted");
    }
  }

  private void connectAndServe(Wakeups.Subscription subscription) throws InterruptedException {
    try (QueueSession session =
        QueueSession.open(dataSource, consumer, config.intake(), member, seat)) {
      current = session;
      register(session);
      report.tell(session.connection(), ConsumerState.WAITING, health.lastError());
      serve(session, subscription);
      if (!session.isBroken()) {
        report.tell(session.connection(), ConsumerState.STOPPED, null);
        if (member != null) {
          member.leave(session.connection());
        }
      }
    } catch (ConsumerStop e) {
      throw e;
    } catch (SQLException e) {
      if ("PQ002".equals(e.getSQLState())) {
        registered = !config.register();
      }
      QueueException known = QueueException.of(e, where());
      log.warn("queue {}, consumer {}: {}", consumer.queue(), consumer.name(), known.getMessage());
      pause(known);
    } catch (CancellationException e) {
      log.info("queue {}, consumer {}: {}", consumer.queue(), consumer.name(), e.getMessage());
    } catch (IOException | RuntimeException e) {
      log.error("queue {}, consumer {}: failed", consumer.queue(), consumer.name(), e);
      pause(e);
    }
  }

  private void register(QueueSession session) throws SQLException {
    if (registered) {
      return;
    }
    if (member == null ? session.register() : member.register(session.connection())) {
      log.info("queue {}, consumer {}: registered", consumer.queue(), consumer.name());
    }
    registered = true;
  }

  private void serve(QueueSession session, Wakeups.Subscription subscription)
      throws SQLException, IOException, InterruptedException {
    HeldEvents held = new HeldEvents(session, consumer);
    releaseHeld(held);
    try {
      while (!stopping() && !session.isBroken()) {
        if (paused) {
          report.tell(session.connection(), ConsumerState.PAUSED, null);
          awaitResumption(subscription);
        } else {
          report.tell(session.connection(), ConsumerState.WAITING, null);
          serve(session, held, subscription);
        }
      }
    } catch (ConsumerStop | Error e) {
      report.tell(session.connection(), ConsumerState.FAILED, Texts.describe(e));
      throw e;
    }
  }

  private void awaitResumption(Wakeups.Subscription subscription) throws InterruptedException {
    subscription.clear();
    leaveSeat();
    if (paused && !stopping()) {
      set(ConsumerState.PAUSED, health.lastError());
      subscription.await(config.maxFallback(), null);
    }
  }

  private Where where() {
    return new Where(consumer.queue(), consumer.name(), health.lastBatch());
  }

  private void releaseHeld(HeldEvents held) throws SQLException {
    long released = processing.keepsKeys() ? 0 : held.release();
    if (released > 0) {
      log.warn(
          "queue {}, consumer {}: {} events that were held in the order of their keys come back in"
              + " any order, for it does not run by key any more",
          consumer.queue(),
          consumer.name(),
          released);
    }
  }

  /** One look at the queue, and what follows from it. */
  private void serve(QueueSession session, HeldEvents held, Wakeups.Subscription subscription)
      throws SQLException, IOException, InterruptedException {
    subscription.clear();
    Duration heldDueIn = null;
    if (processing.keepsKeys()) {
      HeldEvents.Look look = held.look();
      if (look.isDue()) {
        // Then a batch: events that fail again and again must not hold up those of other keys.
        serveHeld(held);
        look = held.look();
      }
      heldDueIn = look.dueIn();
      if (look.keys().isFull()) {
        await(subscription, heldDueIn);
        return;
      }
    }
    if (stoppedAtPace()) {
      return;
    }
    Optional<QueueSession.Opened> opened = session.openBatch(config.bufferSize());
    if (opened.isEmpty()) {
      failures = 0;
      emptyLooks++;
      if (draining) {
        stop();
      }
      await(subscription, member == null ? heldDueIn : member.takeOverDueIn(session.connection()));
      return;
    }
    emptyLooks = 0;
    lastOpened = System.nanoTime();
    QueueSession.Opened found = opened.get();
    try (OpenBatch batch =
        new OpenBatch(consumer, found.info(), found.events(), processing.judge(), () -> aborted)) {
      if (found.events().size() > 0) {
        working(batch);
        counts.events.add(found.events().size());
        workAlive(session, held, batch);
      }
    }
  }

  /** Waits until it is time for the next batch. Returns whether the end came first. */
  private boolean stoppedAtPace() throws InterruptedException {
    Duration pace = config.intake().pace();
    if (pace == null || counts.batches.sum() == 0) {
      return false;
    }
    set(ConsumerState.WAITING, health.lastError());
    long rest = pace.toNanos() - (System.nanoTime() - lastOpened);
    return stop.await(rest, TimeUnit.NANOSECONDS);
  }

  /** With heartbeats, where others would take the batch over. */
  private void workAlive(QueueSession session, HeldEvents held, OpenBatch batch)
      throws SQLException, IOException, InterruptedException {
    if (heartbeat == null) {
      work(session, held, batch);
      return;
    }
    Future<?> beats = heartbeat.begin(batch.id());
    try {
      work(session, held, batch);
    } finally {
      heartbeat.end(beats);
    }
  }

  private void await(Wakeups.Subscription subscription, @Nullable Duration atMost)
      throws InterruptedException {
    if (!stopping()) {
      set(ConsumerState.WAITING, health.lastError());
      subscription.await(
          fallback.delay(emptyLooks), shortest(atMost, config.intake().longestWait()));
    }
  }

  private static @Nullable Duration shortest(@Nullable Duration one, @Nullable Duration other) {
    return one == null || (other != null && other.compareTo(one) < 0) ? other : one;
  }

  private void serveHeld(HeldEvents held) throws SQLException, IOException, InterruptedException {
    set(ConsumerState.WORKING, health.lastError());
    if (!processing.processHeld(held)) {
      log.warn(
          "queue {}, consumer {}: another session settled the held events; nothing was recorded",
          consumer.queue(),
          consumer.name());
    }
  }

  /** A failure of the batch is dealt with here, one of the session thrown. */
  private void work(QueueSession session, HeldEvents held, OpenBatch batch)
      throws SQLException, IOException, InterruptedException {
    try {
      boolean finished = batchWork.run(session, held, batch);
      failures = 0;
      if (finished) {
        finished();
      } else {
        takenOver(batch);
      }
    } catch (BatchFailure e) {
      batchFailed(session, batch, e.failure());
    }
  }

  private void takenOver(OpenBatch batch) {
    log.warn(
        "queue {}, consumer {}, batch {}: another session finished or took over this batch;"
            + " nothing of this one was recorded",
        batch.queue(),
        batch.consumer(),
        batch.id());
  }

  private void batchFailed(QueueSession session, OpenBatch batch, Exception e)
      throws InterruptedException {
    if (e instanceof CancellationException cancelled) {
      throw cancelled;
    }
    log.error(
        "queue {}, consumer {}, batch {}: failed and comes again",
        batch.queue(),
        batch.consumer(),
        batch.id(),
        e);
    report.tell(session.connection(), ConsumerState.BACKING_OFF, Texts.describe(e));
    pause(e);
  }

  private void pause(Exception e) throws InterruptedException {
    failures++;
    if (!stopping()) {
      set(ConsumerState.BACKING_OFF, Texts.describe(e));
      stop.await(backoff.delay(failures).toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void working(OpenBatch batch) {
    health = health.in(ConsumerState.WORKING).withBatch(batch.id());
  }

  private void finished() {
    counts.batches.increment();
    health = health.finished(Instant.now());
  }

  private void set(ConsumerState state, @Nullable String error) {
    health = health.in(state).withError(error);
  }
}
