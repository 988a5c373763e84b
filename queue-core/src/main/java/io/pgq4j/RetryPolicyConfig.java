package io.pgq4j;

import java.time.Duration;
import java.util.Map;

/**
 * The settings of a {@link RetryPolicy}; see {@link RetryPolicyBuilder}.
 *
 * @param maxAttempts attempts in all, the first one included
 * @param delay pause after the first attempt
 * @param maxDelay longest pause
 * @param delayFactor by which the pause grows each time
 * @param jitter by what part of itself a pause varies at random, 0 to 1
 * @param actions what to do after failures of these classes
 */
public record RetryPolicyConfig(
    int maxAttempts,
    Duration delay,
    Duration maxDelay,
    double delayFactor,
    double jitter,
    Map<Class<? extends Throwable>, FailureAction> actions) {

  public RetryPolicyConfig {
    if (maxAttempts < 1) {
      throw new IllegalArgumentException("maxAttempts must be at least 1");
    }
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay must not be negative");
    }
    if (maxDelay.compareTo(delay) < 0) {
      throw new IllegalArgumentException("maxDelay must not be less than delay");
    }
    if (!(delayFactor >= 1) || Double.isInfinite(delayFactor)) {
      throw new IllegalArgumentException("delayFactor must be at least 1");
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter must be between 0 and 1");
    }
    actions = Map.copyOf(actions);
  }
}
