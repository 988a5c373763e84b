package io.pgq4j;

import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * Runs consumers: waits for batches, gives them out, finishes them, reconnects. Each consumer has a
 * thread and holds a connection of the DataSource; one more connection per DataSource and JVM
 * listens for wake-ups.
 *
 * <pre>{@code
 * try (ConsumerRunner runner = ConsumerRunner.builder(dataSource).add(new Mailer()).build()) {
 *   runner.start();
 *   ...
 * }
 * }</pre>
 *
 * <p>A consumer name is for one running consumer; a second runner under the same name does the same
 * work again, though only one of them finishes each batch. Thread-safe.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class ConsumerRunner implements AutoCloseable {

  private ConsumerRunner() {}

  /** A builder of a runner that takes its connections from the given source. */
  public static Builder builder(DataSource dataSource) {
    return new Builder();
  }

  /**
   * Starts the consumers and returns at once; a database that cannot be reached is tried again, see
   * {@link #health()}. Does nothing after the first call.
   *
   * @throws IllegalStateException if the runner was stopped
   */
  public void start() {
    throw new UnsupportedOperationException();
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
    throw new UnsupportedOperationException();
  }

  /**
   * Stops: gives the consumers 30 s to finish the batch in hand, then interrupts them, so that the
   * batch is not finished and comes again.
   */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  /** How each consumer fares, in the order in which they were added. */
  public List<ConsumerHealth> health() {
    throw new UnsupportedOperationException();
  }

  /** Collects the consumers of a {@link ConsumerRunner}. */
  @SuppressWarnings("DoNotCallSuggester")
  public static final class Builder {

    private Builder() {}

    /** Adds a consumer with the default configuration. */
    public Builder add(Consumer consumer) {
      return add(consumer, ConsumerConfig.ofDefaults());
    }

    /**
     * Adds a consumer.
     *
     * @throws IllegalArgumentException if one of the same queue and name was added before
     */
    public Builder add(Consumer consumer, ConsumerConfig config) {
      throw new UnsupportedOperationException();
    }

    /**
     * The runner, not yet started.
     *
     * @throws IllegalArgumentException if there is no consumer
     */
    public ConsumerRunner build() {
      throw new UnsupportedOperationException();
    }
  }
}
