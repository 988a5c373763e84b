package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private final Exception failure = new IllegalStateException("no");

  @Test
  void defaultsAreTenAttemptsFromOneSecondToOneHour() {
    RetryPolicy policy = RetryPolicy.ofDefaults();

    assertThat(policy.delayAfter(1, failure).orElseThrow())
        .isBetween(Duration.ofMillis(900), Duration.ofMillis(1_100));
    assertThat(policy.delayAfter(9, failure).orElseThrow())
        .isBetween(Duration.ofMillis(230_400), Duration.ofMillis(281_600));
    assertThat(policy.delayAfter(10, failure)).isEmpty();
  }

  @Test
  void pausesGrowByTheFactorUpToTheLongest() {
    RetryPolicy policy =
        RetryPolicy.builder()
            .maxAttempts(100)
            .backoff(Duration.ofSeconds(2), Duration.ofSeconds(30), 3)
            .jitter(0)
            .build();

    assertThat(policy.delayAfter(1, failure)).contains(Duration.ofSeconds(2));
    assertThat(policy.delayAfter(2, failure)).contains(Duration.ofSeconds(6));
    assertThat(policy.delayAfter(3, failure)).contains(Duration.ofSeconds(18));
    assertThat(policy.delayAfter(4, failure)).contains(Duration.ofSeconds(30));
    assertThat(policy.delayAfter(99, failure)).contains(Duration.ofSeconds(30));
  }

  @Test
  void jitterSpreadsThePausesWithinItsPart() {
    RetryPolicy policy =
        RetryPolicy.builder()
            .backoff(Duration.ofSeconds(100), Duration.ofSeconds(100))
            .jitter(0.5)
            .build();
    long distinct = 0;
    Optional<Duration> last = Optional.empty();
    for (int i = 0; i < 100; i++) {
      Optional<Duration> delay = policy.delayAfter(1, failure);
      assertThat(delay.orElseThrow()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(150));
      distinct += delay.equals(last) ? 0 : 1;
      last = delay;
    }
    assertThat(distinct).isGreaterThan(50);
  }

  @Test
  void givesUpAtOnceOnTheNamedFailuresAndTheirSubclasses() {
    RetryPolicy policy = RetryPolicy.builder().giveUpOn(RuntimeException.class).build();

    assertThat(policy.delayAfter(1, new UncheckedIOException(new IOException()))).isEmpty();
    assertThat(policy.delayAfter(1, new IOException())).isPresent();
  }

  @Test
  void noneGivesUpAfterTheFirstAttempt() {
    assertThat(RetryPolicy.none().delayAfter(1, failure)).isEmpty();
  }

  @Test
  void aReusedBuilderDoesNotChangeALivingPolicy() {
    RetryPolicyBuilder builder = RetryPolicy.builder();
    RetryPolicy policy = builder.build();

    builder.maxAttempts(1).giveUpOn(Exception.class).build();

    assertThat(policy.delayAfter(1, failure)).isPresent();
  }

  @Test
  void settingsOutOfTheirRangeAreRefused() {
    Duration second = Duration.ofSeconds(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetryPolicy.builder().maxAttempts(0).build())
        .withMessageContaining("maxAttempts");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetryPolicy.builder().backoff(second, Duration.ZERO).build())
        .withMessageContaining("maxDelay");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetryPolicy.builder().backoff(second.negated(), second).build())
        .withMessageContaining("delay");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetryPolicy.builder().backoff(second, second, 0.9).build())
        .withMessageContaining("delayFactor");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RetryPolicy.builder().jitter(Double.NaN).build())
        .withMessageContaining("jitter");
  }

  @Test
  void theRuleOfTheNearestClassCounts() {
    RetryPolicy policy =
        RetryPolicy.builder()
            .on(Exception.class, FailureAction.DEAD)
            .on(IOException.class, FailureAction.RETRY)
            .on(FileNotFoundException.class, FailureAction.SKIP)
            .build();
    assertThat(policy.actionOn(new FileNotFoundException())).isEqualTo(FailureAction.SKIP);
    assertThat(policy.actionOn(new EOFException())).isEqualTo(FailureAction.RETRY);
    assertThat(policy.actionOn(new IllegalStateException())).isEqualTo(FailureAction.DEAD);
    assertThat(policy.actionOn(new AssertionError())).isEqualTo(FailureAction.RETRY);
    assertThat(policy.delayAfter(1, new FileNotFoundException())).isEmpty();
  }

  @Test
  void aFailureThatNoRuleNamesIsJudgedByItsCause() {
    RetryPolicy policy = RetryPolicy.builder().on(IOException.class, FailureAction.STOP).build();
    Exception endless = new IllegalStateException();
    endless.initCause(new IllegalArgumentException(endless));
    assertThat(policy.actionOn(new UncheckedIOException(new EOFException())))
        .isEqualTo(FailureAction.STOP);
    assertThat(policy.actionOn(endless)).isEqualTo(FailureAction.RETRY);
  }
}
