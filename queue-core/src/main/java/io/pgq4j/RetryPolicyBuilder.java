package io.pgq4j;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Builds a {@link RetryPolicy}.
 *
 * <p>Defaults:
 *
 * <ul>
 *   <li>{@link #maxAttempts}: 10 in all
 *   <li>{@link #backoff}: from 1 s to 1 h, factor 2
 *   <li>{@link #jitter}: 0.1
 *   <li>{@link #on}: no rules, every failure is retried
 * </ul>
 *
 * <p>Not thread-safe; the policy it builds is independent of it.
 */
public final class RetryPolicyBuilder {
  private int maxAttempts = 10;
  private Duration delay = Duration.ofSeconds(1);
  private Duration maxDelay = Duration.ofHours(1);
  private double delayFactor = 2;
  private double jitter = 0.1;
  private final Map<Class<? extends Throwable>, FailureAction> actions = new HashMap<>();

  RetryPolicyBuilder() {}

  /** Attempts in all, the first one included; at least 1. */
  public RetryPolicyBuilder maxAttempts(int attempts) {
    this.maxAttempts = attempts;
    return this;
  }

  /** Pauses that double from {@code delay} up to {@code maxDelay}. */
  public RetryPolicyBuilder backoff(Duration delay, Duration maxDelay) {
    return backoff(delay, maxDelay, 2);
  }

  /** Pauses that grow by {@code factor}, at least 1, from {@code delay} up to {@code maxDelay}. */
  public RetryPolicyBuilder backoff(Duration delay, Duration maxDelay, double factor) {
    this.delay = delay;
    this.maxDelay = maxDelay;
    this.delayFactor = factor;
    return this;
  }

  /** By what part of itself, 0 to 1, each pause varies at random, up and down. */
  public RetryPolicyBuilder jitter(double part) {
    this.jitter = part;
    return this;
  }

  /**
   * What to do after a failure of this class or a subclass. The rule of the nearest class counts. A
   * failure that no rule names is judged by its cause, and so on; one whose causes no rule names
   * either is retried. {@link EventDataException} goes to the dead letters, whatever a rule says.
   */
  public RetryPolicyBuilder on(Class<? extends Throwable> failure, FailureAction action) {
    actions.put(failure, action);
    return this;
  }

  /** The same as {@link #on} with {@link FailureAction#DEAD}. */
  public RetryPolicyBuilder giveUpOn(Class<? extends Throwable> failure) {
    return on(failure, FailureAction.DEAD);
  }

  /**
   * The policy.
   *
   * @throws IllegalArgumentException if a setting is out of its range
   */
  public RetryPolicy build() {
    return new RetryPolicyImpl(
        new RetryPolicyConfig(maxAttempts, delay, maxDelay, delayFactor, jitter, actions));
  }
}
