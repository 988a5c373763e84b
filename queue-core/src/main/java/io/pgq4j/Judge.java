package io.pgq4j;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what becomes of events that failed, and says so in the log. */
final class Judge {
  private static final Logger log = LoggerFactory.getLogger(Judge.class);

  private final Consumer consumer;
  private final @Nullable RetryPolicy retryPolicy;
  private final CircuitBreaker breaker;
  private final Counts counts;

  Judge(
      Consumer consumer, @Nullable RetryPolicy retryPolicy, CircuitBreaker breaker, Counts counts) {
    this.consumer = consumer;
    this.retryPolicy = retryPolicy;
    this.breaker = breaker;
    this.counts = counts;
  }

  /**
   * The verdict; empty: it counts as done.
   *
   * @param key null: nothing waits for the event
   * @throws ConsumerStop if the consumer is to stop
   */
  Optional<Verdict> judge(Event event, @Nullable String key, Throwable failure) {
    Optional<Verdict> verdict = decide(event, key, failure);
    counts.failures.increment();
    log.warn(
        "queue {}, consumer {}, event {}: attempt {} failed, {}: {}",
        consumer.queue(),
        consumer.name(),
        event.id(),
        event.retry() + 1,
        verdict.map(Judge::consequence).orElse("counts as done"),
        Texts.describe(failure));
    log.debug("event {}", event.id(), failure);
    return verdict;
  }

  private static String consequence(Verdict verdict) {
    return switch (verdict.kind()) {
      case RETRY -> "comes again after " + verdict.delay();
      case DEAD -> "goes to the dead letters";
      case FAILED -> "comes again or goes to the dead letters, as the queue is set";
      case HELD -> "comes again after " + verdict.delay() + ", and the attempt does not count";
    };
  }

  private Optional<Verdict> decide(Event event, @Nullable String key, Throwable failure) {
    if (failure instanceof RetryLaterException later) {
      breaker.undecided();
      return Optional.of(Verdict.held(event.id(), key, later.delay()));
    }
    RetryPolicy policy = retryPolicy;
    FailureAction action = action(policy, failure);
    if (action == FailureAction.RETRY) {
      if (!breaker.failed()) {
        return Optional.of(Verdict.held(event.id(), key, breaker.pause()));
      }
    } else {
      breaker.undecided();
    }
    return switch (action) {
      case STOP ->
          throw new ConsumerStop(
              "event " + event.id() + " failed, and the retry policy stops the consumer", failure);
      case SKIP -> Optional.empty();
      case DEAD -> Optional.of(Verdict.dead(event.id(), Texts.trace(failure)));
      case RETRY -> Optional.of(retry(policy, event, key, failure));
    };
  }

  private static FailureAction action(@Nullable RetryPolicy policy, Throwable failure) {
    if (failure instanceof EventDataException) {
      return FailureAction.DEAD;
    }
    return policy == null ? FailureAction.RETRY : policy.actionOn(failure);
  }

  private static Verdict retry(
      @Nullable RetryPolicy policy, Event event, @Nullable String key, Throwable failure) {
    if (policy == null) {
      return Verdict.failed(event.id(), key, Texts.trace(failure));
    }
    Optional<Duration> delay = policy.delayAfter(event.retry() + 1, failure);
    return delay
        .map(pause -> Verdict.retry(event.id(), key, pause))
        .orElseGet(() -> Verdict.dead(event.id(), Texts.trace(failure)));
  }
}
