package io.pgq4j;

import io.pgq4j.internal.Backoff;
import java.time.Duration;
import java.util.Optional;

/** Exponential backoff with jitter. */
record RetryPolicyImpl(RetryPolicyConfig config) implements RetryPolicy {

  @Override
  public Optional<Duration> delayAfter(int attempts, Throwable failure) {
    if (attempts >= config.maxAttempts()
        || config.giveUpOn().stream().anyMatch(type -> type.isInstance(failure))) {
      return Optional.empty();
    }
    return Optional.of(
        new Backoff(config.delay(), config.maxDelay(), config.delayFactor(), config.jitter())
            .delay(attempts));
  }
}
