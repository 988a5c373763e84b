package io.pgq4j;

import io.pgq4j.internal.Backoff;
import io.pgq4j.internal.Wakeups;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
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
    this.health =
        new ConsumerHealth(consumer.queue(), consumer.name(), ConsumerState.NEW, null, null, null);
  }

  ConsumerHealth health() {
    return health;
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

  @Override
  public void run() {
    try (Wakeups.Subscription subscription =
        Wakeups.subscribe(dataSource, consumer.queue(), consumer.name(), config.pollInterval())) {
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
      while (!stopping() && !session.isBroken()) {
        serve(session, subscription);
      }
    } catch (SQLException e) {
      QueueException known = QueueException.of(e, where());
      log.warn("queue {}, consumer {}: {}", consumer.queue(), consumer.name(), known.getMessage());
      pause(known);
    } catch (IOException | RuntimeException e) {
      log.error("queue {}, consumer {}: failed", consumer.queue(), consumer.name(), e);
      pause(e);
    }
  }

  private Where where() {
    return new Where(consumer.queue(), consumer.name(), health.lastBatch());
  }

  /** One look at the queue, and what follows from it. */
  private void serve(QueueSession session, Wakeups.Subscription subscription)
      throws SQLException, IOException, InterruptedException {
    subscription.clear();
    Optional<QueueSession.Opened> opened = session.openBatch(config.bufferSize());
    if (opened.isEmpty()) {
      failures = 0;
      emptyLooks++;
      if (!stopping()) {
        set(ConsumerState.WAITING, health.lastError());
        subscription.await(fallback.delay(emptyLooks), config.intake().longestWait());
      }
      return;
    }
    emptyLooks = 0;
    QueueSession.Opened found = opened.get();
    try (OpenBatch batch =
        new OpenBatch(
            consumer, found.info(), found.events(), config.retryPolicy(), () -> aborted)) {
      if (found.events().size() > 0) {
        working(batch);
        work(session, batch);
      }
    }
  }

  /**
   * Processes and finishes; a failure of the batch is dealt with here, one of the session thrown.
   */
  private void work(QueueSession session, OpenBatch batch)
      throws SQLException, IOException, InterruptedException {
    try {
      boolean finished =
          consumer instanceof TransactionalConsumer transactional
              ? processInTransaction(session, transactional, batch)
              : process(session, batch);
      failures = 0;
      if (finished) {
        finished(batch);
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

  private boolean process(QueueSession session, OpenBatch batch)
      throws SQLException, IOException, InterruptedException {
    runUserCode(batch, () -> consumer.processBatch(batch));
    return session.finish(batch);
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
    } catch (InterruptedException e) {
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
    health =
        new ConsumerHealth(
            consumer.queue(),
            consumer.name(),
            ConsumerState.WORKING,
            batch.id(),
            health.lastFinished(),
            health.lastError());
  }

  private void finished(OpenBatch batch) {
    health =
        new ConsumerHealth(
            consumer.queue(),
            consumer.name(),
            ConsumerState.WORKING,
            batch.id(),
            Instant.now(),
            null);
  }

  private void set(ConsumerState state, @Nullable String error) {
    ConsumerHealth last = health;
    health =
        new ConsumerHealth(
            last.queue(), last.consumer(), state, last.lastBatch(), last.lastFinished(), error);
  }
}
