package io.pgq4j;

import io.pgq4j.internal.Backoff;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;

/** Exponential backoff with jitter, and rules by class. */
record RetryPolicyImpl(RetryPolicyConfig config) implements RetryPolicy {

  @Override
  public FailureAction actionOn(Throwable failure) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable t = failure; t != null && seen.add(t); t = t.getCause()) {
      for (Class<?> type = t.getClass(); type != Object.class; type = type.getSuperclass()) {
        FailureAction action = config.actions().get(type);
        if (action != null) {
          return action;
        }
      }
    }
    return FailureAction.RETRY;
  }

  @Override
  public Optional<Duration> delayAfter(int attempts, Throwable failure) {
    if (attempts >= config.maxAttempts() || actionOn(failure) != FailureAction.RETRY) {
      return Optional.empty();
    }
    return Optional.of(
        new Backoff(config.delay(), config.maxDelay(), config.delayFactor(), config.jitter())
            .delay(attempts));
  }
}
