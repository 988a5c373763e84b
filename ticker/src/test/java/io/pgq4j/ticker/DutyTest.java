package io.pgq4j.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DutyTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Semaphore rounds = new Semaphore(0);
  private final Semaphore lettingGo = new Semaphore(0);
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Status status =
      new Status(
          "a ticker",
          new TickerListener() {
            @Override
            public void failed(String duty) {
              told.add(duty + " failed");
            }

            @Override
            public void recovered(String duty) {
              told.add(duty + " recovered");
            }
          });
  private volatile Round round = () -> null;

  private interface Round {
    @Nullable Duration run() throws Exception;
  }

  private final Duty duty =
      new Duty("a ticker test", status) {
        @Override
        @Nullable Duration runOnce() throws Exception {
          rounds.release();
          return round.run();
        }

        @Override
        void letGo() {
          lettingGo.release();
        }

        @Override
        void abort() {}
      };

  @AfterEach
  void stop() {
    duty.stop();
  }

  @Test
  void stopWaitsForTheRoundInHand() throws InterruptedException {
    CountDownLatch finish = new CountDownLatch(1);
    round =
        () -> {
          finish.await();
          return null;
        };
    duty.start();
    rounds.acquire();

    duty.stop();
    assertThat(duty.awaitStopped(Duration.ofMillis(20))).isFalse();
    finish.countDown();

    assertThat(duty.awaitStopped(LONG)).isTrue();
    assertThat(lettingGo.tryAcquire()).isTrue();
  }

  @Test
  void stoppingTwiceIsStoppingOnce() throws InterruptedException {
    duty.start();
    duty.stop();
    duty.stop();

    assertThat(duty.awaitStopped(LONG)).isTrue();
    assertThat(duty.awaitStopped(LONG)).isTrue();
  }

  @Test
  void aDutyStoppedBeforeStartNeverRuns() throws InterruptedException {
    duty.stop();
    duty.start();

    assertThat(duty.awaitStopped(LONG)).isTrue();
    assertThat(rounds.availablePermits()).isZero();
  }

  @Test
  void startingTwiceIsStartingOnce() throws InterruptedException {
    duty.start();
    duty.start();
    rounds.acquire();

    duty.stop();

    assertThat(duty.awaitStopped(LONG)).isTrue();
    assertThat(rounds.availablePermits()).isZero();
  }

  @Test
  void itWaitsUntilWoken() throws InterruptedException {
    duty.start();
    rounds.acquire();

    duty.wakeWithin(Duration.ZERO);

    assertThat(rounds.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aWakeUpDuringARoundIsNotLost() throws InterruptedException {
    CountDownLatch woken = new CountDownLatch(1);
    round =
        () -> {
          woken.await();
          return null;
        };
    duty.start();
    rounds.acquire();
    duty.wakeWithin(Duration.ZERO);

    woken.countDown();

    assertThat(rounds.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aLaterWakeUpDoesNotPutOffAnEarlierOne() throws InterruptedException {
    duty.start();
    rounds.acquire();

    duty.wakeWithin(Duration.ofMillis(50));
    duty.wakeWithin(Duration.ofDays(1));

    assertThat(rounds.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void nothingThatARoundThrowsEndsTheDuty() throws InterruptedException {
    round =
        () -> {
          throw new StackOverflowError("planted");
        };
    duty.start();

    rounds.acquire(3);

    assertThat(status.state(Duration.ZERO).lastError()).isEqualTo("a ticker test: planted");
    assertThat(lettingGo.availablePermits()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void wakeUpsDoNotCutThePauseAfterAFailureShort() throws InterruptedException {
    round =
        () -> {
          throw new IllegalStateException("planted");
        };
    long began = System.nanoTime();
    duty.start();
    for (int i = 0; i < 4; i++) {
      duty.wakeWithin(Duration.ZERO);
      rounds.acquire();
    }

    // 100, 200 and 400 ms, each up to a fifth shorter.
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(560));
  }

  @Test
  void itTellsOfEachFailureAndWhenItWorksAgain() throws InterruptedException {
    round =
        () -> {
          throw new IllegalStateException("planted");
        };
    duty.start();
    lettingGo.acquire(2);
    rounds.drainPermits();

    round = () -> null;
    rounds.acquire();
    duty.stop();

    assertThat(duty.awaitStopped(LONG)).isTrue();
    assertThat(status.state(Duration.ZERO).lastError()).isNull();
    assertThat(told.get(0)).isEqualTo("test failed");
    assertThat(told.get(1)).isEqualTo("test failed");
    assertThat(told.get(told.size() - 1)).isEqualTo("test recovered");
    assertThat(told).filteredOn("test recovered"::equals).hasSize(1);
  }

  @Test
  void aRoundIsSilentUntilItEndsOrGivesASignOfLife() throws InterruptedException {
    Semaphore sign = new Semaphore(0);
    CountDownLatch given = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    round =
        () -> {
          sign.acquire();
          giveSign();
          given.countDown();
          finish.await();
          return null;
        };
    assertThat(duty.silence()).as("before the start").isZero();
    duty.start();
    rounds.acquire();
    Sql.await("silence", () -> duty.silence().toMillis() > 0);
    long before = System.nanoTime();

    sign.release();
    given.await();

    Duration silence = duty.silence();
    assertThat(silence).isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - before));
    finish.countDown();
    Sql.await("no round", () -> duty.silence().isZero());
  }

  private void giveSign() {
    duty.alive();
  }
}
