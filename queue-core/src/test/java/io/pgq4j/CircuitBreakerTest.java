package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {
  private final AtomicLong now = new AtomicLong();
  private final CircuitBreaker breaker =
      new CircuitBreaker(
          "test", new Circuit(3, Duration.ofSeconds(1), Duration.ofSeconds(10)), now::get);

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private void open() {
    for (int i = 0; i < 3; i++) {
      assertThat(breaker.failed()).as("it counts").isTrue();
    }
  }

  @Test
  void opensAfterSoManyFailuresInARow() {
    breaker.failed();
    breaker.failed();
    breaker.succeeded();
    breaker.failed();
    breaker.failed();
    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.admits(100)).isTrue();
    breaker.failed();
    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.admits(0)).isFalse();
    assertThat(breaker.pause()).isBetween(Duration.ofMillis(900), Duration.ofMillis(1_100));
  }

  @Test
  void afterThePauseOneEventIsTriedAndItsSuccessCloses() {
    open();
    pass(Duration.ofMillis(1_100));
    assertThat(breaker.admits(1)).as("beside one that began before").isFalse();
    assertThat(breaker.admits(0)).isTrue();
    assertThat(breaker.admits(0)).as("beside the probe").isFalse();
    breaker.succeeded();
    assertThat(breaker.isOpen()).isFalse();
    assertThat(breaker.admits(5)).isTrue();
  }

  @Test
  void aProbeThatFailsDoesNotCountAndMakesThePauseLonger() {
    open();
    assertThat(breaker.failed()).as("one that began before it opened").isFalse();
    pass(Duration.ofMillis(1_100));
    assertThat(breaker.admits(0)).isTrue();
    assertThat(breaker.failed()).isFalse();
    assertThat(breaker.pause()).isBetween(Duration.ofMillis(1_800), Duration.ofMillis(2_200));
  }

  @Test
  void aProbeThatTellsNothingIsFollowedByAnother() {
    open();
    pass(Duration.ofMillis(1_100));
    assertThat(breaker.admits(0)).isTrue();
    breaker.undecided();
    assertThat(breaker.isOpen()).isTrue();
    assertThat(breaker.admits(0)).isTrue();
  }
}
