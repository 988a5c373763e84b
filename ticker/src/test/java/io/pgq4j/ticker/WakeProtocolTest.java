package io.pgq4j.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.ticker.WakeProtocol.State;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WakeProtocolTest {
  private static final Look NOTHING = new Look(0, false, false, null, null);
  private static final Look TICKED = new Look(1, false, false, null, null);
  private static final Look DUE = new Look(0, true, false, null, null);
  private static final Look OPEN = new Look(0, false, true, null, null);

  private final WakeProtocol start = WakeProtocol.start(true);

  @Test
  void aLoneEventCostsOneTickAndOneLookAndLeavesTheFlagUp() {
    WakeProtocol woken = start.ticked(NOTHING).armed(NOTHING).woke(true);

    assertThat(woken.state()).isEqualTo(State.WAKE);
    assertThat(woken.wokenTick(1, false).state()).isEqualTo(State.ARM);
    assertThat(woken.wokenTick(1, false).armed(NOTHING).state()).isEqualTo(State.SLEEP);
  }

  @Test
  void aTickByTheClockLeavesTheFlagUpToo() {
    WakeProtocol asleep = start.ticked(NOTHING).armed(NOTHING);

    WakeProtocol due = asleep.woke(false).armed(DUE);

    assertThat(due.state()).isEqualTo(State.WAKE);
    assertThat(due.wokenTick(3, false).armed(NOTHING).state()).isEqualTo(State.SLEEP);
  }

  @Test
  void aBurstKeepsTheTickerAwakeAndTheProducersSilent() {
    WakeProtocol busy =
        start.ticked(NOTHING).armed(NOTHING).woke(true).wokenTick(1, false).armed(DUE);

    for (int i = 0; i < 100; i++) {
      assertThat(busy.state()).isEqualTo(State.TICK);
      busy = busy.ticked(TICKED);
      assertThat(busy.state()).isEqualTo(State.REST);
      busy = busy.rested();
    }
    assertThat(busy.ticked(NOTHING).state()).isEqualTo(State.ARM);
  }

  @Test
  void aShortTransactionIsAwaitedWithTheFlagDownALongOneWithTheFlagUp() {
    WakeProtocol following = start;
    int rests = 0;
    for (following = following.ticked(OPEN);
        following.state() == State.REST;
        following = following.rested().ticked(OPEN)) {
      rests++;
    }
    assertThat(rests).isEqualTo(4);
    assertThat(following.state()).isEqualTo(State.ARM);
    assertThat(following.armed(OPEN).state()).isEqualTo(State.DOZE);
  }

  @Test
  void anOpenTransactionIsLookedAtAfterATenthOfItsAgeAndAtLeastOnceASecond() {
    WakeProtocol following = start.ticked(NOTHING).armed(OPEN);
    double ageMillis = 0;
    for (int poll = 0; poll < 200; poll++) {
      double dozeMillis = following.doze().toNanos() / 1e6;
      if (ageMillis >= 10) {
        assertThat(dozeMillis).isLessThanOrEqualTo(Math.min(1000, ageMillis * 0.101));
        assertThat(dozeMillis).isGreaterThan(Math.min(900, ageMillis * 0.09));
      } else {
        assertThat(dozeMillis).isEqualTo(1);
      }
      ageMillis += dozeMillis;
      following = following.woke(false).armed(OPEN);
    }
    assertThat(following.doze()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void newProducersOfABusyMomentAreFollowedCloselyAgain() {
    WakeProtocol following = start.ticked(NOTHING).armed(OPEN);
    for (int poll = 0; poll < 90; poll++) {
      following = following.woke(false).armed(OPEN);
    }

    WakeProtocol afterNotification = following.woke(true).wokenTick(0, false).armed(OPEN);

    assertThat(afterNotification.doze()).isEqualTo(Duration.ofMillis(1));
  }

  @Test
  void aQueueThatIsDueButCannotBeTickedDoesNotSpin() {
    WakeProtocol stuck = start.ticked(DUE).rested().ticked(DUE);

    assertThat(stuck.state()).isEqualTo(State.ARM);
    Duration slept = Duration.ZERO;
    for (int tries = 0; tries < 100; tries++) {
      stuck = stuck.armed(DUE);
      assertThat(stuck.state()).isEqualTo(State.DOZE);
      slept = slept.plus(stuck.doze());
      stuck = stuck.woke(false);
      assertThat(stuck.state()).isEqualTo(State.WAKE);
      stuck = stuck.wokenTick(0, false);
    }
    assertThat(slept).isGreaterThan(Duration.ofSeconds(20));
    assertThat(stuck.wokenTick(1, false).armed(DUE).state()).isEqualTo(State.TICK);
  }

  @Test
  void consumersThatAreBehindAreAwaitedAtGrowingIntervalsWithTheFlagDown() {
    WakeProtocol held = start.ticked(NOTHING).armed(NOTHING).woke(true).wokenTick(0, true);

    for (int round = 0; round < 40; round++) {
      assertThat(held.state()).isEqualTo(State.REST);
      assertThat(held.rested().state()).isEqualTo(State.TICK);
      held = held.rested().busy(0);
    }
    assertThat(held.patience()).isGreaterThan(Duration.ofMillis(10));
    assertThat(held.rested().busy(1).patience()).isZero();
  }

  @Test
  void notificationsInVainAreNotHeardForASecond() {
    WakeProtocol idle = start.ticked(NOTHING).armed(NOTHING);
    int heard = 0;
    while (idle.state() == State.SLEEP) {
      idle = idle.woke(true).wokenTick(0, false).armed(NOTHING);
      heard++;
    }
    assertThat(heard).isEqualTo(WakeProtocol.MOST_IN_VAIN);

    assertThat(idle.state()).as("the flag goes down").isEqualTo(State.TICK);
    Duration unhearing = Duration.ZERO;
    WakeProtocol polling = idle.ticked(NOTHING);
    for (; polling.state() == State.REST; polling = polling.rested().ticked(NOTHING)) {
      assertThat(polling.patience()).isBetween(Duration.ofMillis(10), Duration.ofMillis(150));
      unhearing = unhearing.plus(polling.patience());
    }
    assertThat(unhearing).isBetween(Duration.ofMillis(800), Duration.ofMillis(1_500));
    assertThat(polling.state()).isEqualTo(State.ARM);
    WakeProtocol listening = polling.armed(NOTHING);
    assertThat(listening.state()).isEqualTo(State.SLEEP);
    assertThat(listening.woke(true).wokenTick(0, false).armed(OPEN).state())
        .as("one more in vain")
        .isEqualTo(State.TICK);
    assertThat(listening.woke(false).armed(NOTHING).woke(true).wokenTick(0, false).armed(NOTHING))
        .as("a quiet sleep makes it hear")
        .extracting(WakeProtocol::state)
        .isEqualTo(State.SLEEP);
    assertThat(idle.ticked(TICKED).rested().ticked(NOTHING).armed(NOTHING).state())
        .as("so does a tick")
        .isEqualTo(State.SLEEP);
  }

  @Test
  void withoutNotificationsAnIdleTickerPolls() {
    WakeProtocol idle = WakeProtocol.start(false).ticked(NOTHING).armed(NOTHING);

    for (int poll = 0; poll < 100; poll++) {
      assertThat(idle.state()).isEqualTo(State.DOZE);
      idle = idle.woke(false).armed(NOTHING);
    }
    assertThat(idle.doze()).isEqualTo(Duration.ofSeconds(1));
  }
}
