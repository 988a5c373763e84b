package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A statement that a session works on beside the test. */
final class Running {

  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Future<String> future;
  private final Session session;

  Running(Future<String> future, Session session) {
    this.future = future;
    this.session = session;
  }

  /** Waits until the session waits for a lock of another one. */
  Running awaitBlocked() throws SQLException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!session.isBlocked()) {
      assertThat(future.isDone()).as("the statement ended instead of waiting").isFalse();
      assertThat(System.nanoTime()).as("waits for a lock").isLessThan(deadline);
      Thread.onSpinWait();
    }
    return this;
  }

  boolean isDone() {
    return future.isDone();
  }

  /** What the statement answered, as {@link Session#text} gives it. */
  String result() throws SQLException {
    try {
      return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SQLException sql) {
        throw sql;
      }
      throw new AssertionError(e);
    } catch (TimeoutException e) {
      throw new AssertionError("the statement still waits", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Expects that the statement fails with this SQLSTATE. */
  void fails(String state) {
    Session.failsWith(state, this::result);
  }
}
