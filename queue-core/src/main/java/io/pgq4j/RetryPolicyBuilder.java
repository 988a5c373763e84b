package io.pgq4j;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a {@link RetryPolicy}.
 *
 * <p>Defaults:
 *
 * <ul>
 *   <li>{@link #maxAttempts}: 10 in all
 *   <li>{@link #backoff}: from 1 s to 1 h, factor 2
 *   <li>{@link #jitter}: 0.1
 *   <li>{@link #giveUpOn}: nothing
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
  private final List<Class<? extends Throwable>> giveUpOn = new ArrayList<>();

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

  /** An event that fails with one of these, or a subclass, is given up at once. */
  public RetryPolicyBuilder giveUpOn(Class<? extends Throwable> failure) {
    giveUpOn.add(failure);
    return this;
  }

  /**
   * The policy.
   *
   * @throws IllegalArgumentException if a setting is out of its range
   */
  public RetryPolicy build() {
    return new RetryPolicyImpl(
        new RetryPolicyConfig(maxAttempts, delay, maxDelay, delayFactor, jitter, giveUpOn));
  }
}
