package io.pgq4j;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * On which threads a consumer processes events; see {@link ConsumerConfig.Builder}.
 *
 * @param executor null: threads of the runner
 * @param deadline null: none
 */
public record Parallelism(
    Order order,
    int workers,
    @Nullable Executor executor,
    @Nullable Duration deadline,
    int maxHanging) {

  public Parallelism {
    if (workers < 1) {
      throw new IllegalArgumentException("workers must be at least 1");
    }
    if (deadline != null && (deadline.isNegative() || deadline.isZero())) {
      throw new IllegalArgumentException("deadline must be positive");
    }
    if (maxHanging < 0) {
      throw new IllegalArgumentException("maxHanging must not be negative");
    }
    if (executor != null && order == Order.SEQUENTIAL && deadline == null) {
      throw new IllegalArgumentException(
          "a sequential consumer without a deadline uses no executor: choose byKey or unordered");
    }
  }

  /** Whether events are processed on the consumer's own thread. */
  boolean isOwnThread() {
    return order == Order.SEQUENTIAL && deadline == null;
  }
}
