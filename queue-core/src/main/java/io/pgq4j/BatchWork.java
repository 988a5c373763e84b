package io.pgq4j;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.BooleanSupplier;

/** Has a consumer's code process a batch, and finishes it. */
final class BatchWork {
  private final Consumer consumer;
  private final Processing processing;
  private final BooleanSupplier aborted;
  private final BooleanSupplier goOn;

  /**
   * @param aborted whether the batch is not to be finished
   * @param goOn whether the next one may be opened with its end
   */
  BatchWork(
      Consumer consumer, Processing processing, BooleanSupplier aborted, BooleanSupplier goOn) {
    this.consumer = consumer;
    this.processing = processing;
    this.aborted = aborted;
    this.goOn = goOn;
  }

  /**
   * Processes and finishes.
   *
   * @return false if another session finished the batch or took it over; nothing was recorded then
   * @throws BatchFailure if the batch has failed, by user code or by what it was to record
   * @throws SQLException if the session has failed
   */
  boolean run(QueueSession session, HeldEvents held, OpenBatch batch)
      throws SQLException, IOException, InterruptedException {
    try {
      return consumer instanceof TransactionalConsumer transactional
          ? processInTransaction(session, transactional, batch)
          : process(session, held, batch);
    } catch (SQLException e) {
      if (session.isBroken() || SqlStates.isConnection(e)) {
        throw e;
      }
      if (session.isOpen(batch.id())) {
        throw new BatchFailure(e);
      }
      return false;
    }
  }

  private boolean process(QueueSession session, HeldEvents held, OpenBatch batch)
      throws SQLException, IOException, InterruptedException {
    // Looked at while the batch is open: nobody who had the last one can hold more events by now.
    HeldKeys keys = processing.keepsKeys() ? held.look().keys() : new HeldKeys();
    runUserCode(batch, () -> processing.process(batch, keys));
    return session.finish(batch, goOn.getAsBoolean());
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
      if (!aborted.getAsBoolean()) {
        throw new BatchFailure(e);
      }
    }
    if (aborted.getAsBoolean()) {
      throw new InterruptedException("closed in mid-batch");
    }
  }
}
