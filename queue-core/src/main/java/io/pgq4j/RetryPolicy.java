package io.pgq4j;

import java.time.Duration;
import java.util.Optional;

/**
 * Decides when an event that failed comes again, and when to give it up into the dead letters.
 * Immutable. The split into interface, builder, config and implementation follows Failsafe.
 */
public interface RetryPolicy {

  /**
   * Ten attempts in all, pauses from 1 s to 1 h that double each time, 10 % jitter; as a new
   * queue's settings say.
   */
  static RetryPolicy ofDefaults() {
    return builder().build();
  }

  /** No retry: the first failure sends the event to the dead letters. */
  static RetryPolicy none() {
    return builder().maxAttempts(1).build();
  }

  /** A builder with the defaults. */
  static RetryPolicyBuilder builder() {
    return new RetryPolicyBuilder();
  }

  /** The settings of this policy. */
  RetryPolicyConfig config();

  /** What to do after such a failure; see {@link RetryPolicyBuilder#on}. */
  FailureAction actionOn(Throwable failure);

  /**
   * The pause before the next attempt; empty when there is to be none.
   *
   * @param attempts how often the event was tried, at least 1
   * @param failure the last failure
   */
  Optional<Duration> delayAfter(int attempts, Throwable failure);
}
