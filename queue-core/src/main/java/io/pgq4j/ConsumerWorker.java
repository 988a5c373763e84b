package io.pgq4j;

import io.pgq4j.internal.Backoff;
import io.pgq4j.internal.Wakeups;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
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
  private volatile Wakeups.@Nullable Subscription wakeups;
  private volatile boolean aborted;
  private volatile ConsumerHealth health;

  /** Failures since something last went well, and looks since there last was a batch. */
  private int failures;

  private int emptyLooks;
  private boolean registered;

  ConsumerWorker(DataSource dataSource, Consumer consumer, ConsumerConfig config) {
    this.dataSource = dataSource;
    this.consumer = consumer;
    this.config = config;
    this.fallback = Backoff.between(config.minFallback(), config.maxFallback());
    this.backoff = Backoff.between(config.minBackoff(), config.maxBackoff());
    this.registered = !config.register();
    this.processing = new Processing(consumer, config, new Asked());
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
    Wakeups.Subscription subscription = wakeups;
    if (subscription != null) {
      subscription.signal();
    }
    processing.wake();
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
  }

  @Override
  public void run() {
    try (processing;
        Wakeups.Subscription subscription =
            Wakeups.subscribe(
                dataSource, consumer.queue(), consumer.name(), config.pollInterval())) {
      wakeups = subscription;
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
    try (QueueSession session = QueueSession.open(dataSource, consumer, config.intake())) {
      if (!registered) {
        if (session.register()) {
          log.info("queue {}, consumer {}: registered", consumer.queue(), consumer.name());
        }
        registered = true;
      }
      HeldEvents held = new HeldEvents(session, consumer);
      releaseHeld(held);
      while (!stopping() && !session.isBroken()) {
        serve(session, held, subscription);
      }
    } catch (ConsumerStop e) {
      throw e;
    } catch (SQLException e) {
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
        serveHeld(held);
        return;
      }
      heldDueIn = look.dueIn();
      if (look.keys().isFull()) {
        await(subscription, heldDueIn);
        return;
      }
    }
    Optional<QueueSession.Opened> opened = session.openBatch(config.bufferSize());
    if (opened.isEmpty()) {
      failures = 0;
      emptyLooks++;
      await(subscription, heldDueIn);
      return;
    }
    emptyLooks = 0;
    QueueSession.Opened found = opened.get();
    try (OpenBatch batch =
        new OpenBatch(consumer, found.info(), found.events(), processing.judge(), () -> aborted)) {
      if (found.events().size() > 0) {
        working(batch);
        work(session, held, batch);
      }
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

  /**
   * Processes and finishes; a failure of the batch is dealt with here, one of the session thrown.
   */
  private void work(QueueSession session, HeldEvents held, OpenBatch batch)
      throws SQLException, IOException, InterruptedException {
    try {
      boolean finished =
          consumer instanceof TransactionalConsumer transactional
              ? processInTransaction(session, transactional, batch)
              : process(session, held, batch);
      failures = 0;
      if (finished) {
        finished();
      } else {
        takenOver(batch);
      }
    } catch (BatchFailure e) {
      batchFailed(batch, e.failure());
    } catch (SQLException e) {
      if (session.isBroken() || SqlStates.isConnection(e)) {
        throw e;
      }
      refused(session, batch, e);
    }
  }

  private boolean process(QueueSession session, HeldEvents held, OpenBatch batch)
      throws SQLException, IOException, InterruptedException {
    // Looked at while the batch is open: nobody who had the last one can hold more events by now.
    HeldKeys keys = processing.keepsKeys() ? held.look().keys() : new HeldKeys();
    runUserCode(batch, () -> processing.process(batch, keys));
    return session.finish(batch, !stopping());
  }

  private boolean processInTransaction(
      QueueSession session, TransactionalConsumer transactional, OpenBatch batch)
      throws SQLException, IOException, InterruptedException {
    Connection guarded = GuardedConnection.of(session.connection());
    return session.inTransaction(
        () -> {
          runUserCode(batch, () -> transactional.processBatch(batch, guarded));
          boolean finished = session.finishWithin(batch);
          if (!finished) {
            session.connection().rollback();
          }
          return finished;
        });
  }

  private interface UserCode {
    void run() throws Exception;
  }

  /** Tells exceptions of user code from those of the session. */
  private void runUserCode(OpenBatch batch, UserCode code) throws InterruptedException {
    try {
      code.run();
      batch.checkComplete();
    } catch (InterruptedException | ConsumerStop e) {
      throw e;
    } catch (Exception e) {
      if (!aborted) {
        throw new BatchFailure(e);
      }
    }
    if (aborted) {
      throw new InterruptedException("closed in mid-batch");
    }
  }

  /** The end of the batch was refused: because it was taken over, or for what it contains. */
  private void refused(QueueSession session, OpenBatch batch, SQLException e)
      throws SQLException, InterruptedException {
    if (session.isOpen(batch.id())) {
      batchFailed(batch, e);
    } else {
      takenOver(batch);
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

  private void batchFailed(OpenBatch batch, Exception e) throws InterruptedException {
    if (e instanceof CancellationException cancelled) {
      throw cancelled;
    }
    log.error(
        "queue {}, consumer {}, batch {}: failed and comes again",
        batch.queue(),
        batch.consumer(),
        batch.id(),
        e);
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
    health = health.finished(Instant.now());
  }

  private void set(ConsumerState state, @Nullable String error) {
    health = health.in(state).withError(error);
  }
}
