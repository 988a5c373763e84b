package io.pgq4j.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A tenth of a core; times in milliseconds. */
class RoundsTest {
  private static final Round NOTHING = new Round(0, Set.of(), false, 0);

  private final Rounds rounds = new Rounds(Duration.ofMillis(1), 0.1, 0);
  private long now;

  @Test
  void theFirstRoundComesAtOnceAndTheNextAfterNineTimesItsCost() {
    assertThat(rounds.rest(now)).isZero();

    over(2, ticked(1));

    assertThat(rounds.rest(now)).isEqualTo(Duration.ofMillis(18));
    now += millis(18);
    assertThat(rounds.rest(now)).isZero();
  }

  @Test
  void aLookIsPaidForToo() {
    over(1, ticked(1));
    over(1, ticked(1));
    rounds.looked(millis(1));
    over(1, ticked(1));

    assertThat(rounds.rest(now)).isEqualTo(Duration.ofMillis(19));
  }

  @Test
  void withFewQueuesEachRoundLooksAtAllOnceThatIsKnown() {
    over(1, ticked(1));
    over(1, ticked(1));
    for (int i = 0; i < 100; i++) {
      assertThat(rounds.queues(now)).isNull();
      over(1, ticked(1));
      now += rounds.rest(now).toNanos();
    }
    assertThat(rounds.linger()).isFalse();
  }

  @Test
  void ofManyQueuesMostRoundsLookAtTheBusyOnesAndBothKindsKeepTheirShare() {
    double spent = 0;
    int overAll = 0;
    for (int i = 0; i < 1_000; i++) {
      boolean all = rounds.queues(now) == null;
      overAll += all ? 1 : 0;
      spent += all ? 10 : 1;
      over(all ? 10 : 1, ticked(1, 2));
      now += rounds.rest(now).toNanos();
    }
    assertThat(overAll).isBetween(20, 100);
    assertThat(spent / (now / 1e6)).isLessThan(0.12);
  }

  @Test
  void aQueueIsBusyForAMinuteAfterItsLastEvents() {
    over(10, ticked(1));
    over(1, ticked(1));
    over(1, ticked(2));
    assertThat(rounds.queues(now)).containsExactly(1, 2);
    now += Duration.ofSeconds(59).toNanos();
    over(10, ticked(2));
    now += Duration.ofSeconds(1).toNanos() - millis(5);
    assertThat(rounds.queues(now)).isNull(); // for it is time to look at all
    over(10, NOTHING);
    assertThat(rounds.queues(now)).containsExactly(2);
  }

  @Test
  void whoeverKnowsOfAnotherQueueHasAllLookedAt() {
    over(10, ticked(1));
    over(1, ticked(1));
    assertThat(rounds.queues(now)).isNotNull();

    rounds.lookAtAll(now);

    assertThat(rounds.queues(now)).isNull();
  }

  @Test
  void itLingersUntilThatHasCostAsMuchAsASleep() {
    over(10, ticked(1));
    over(1, ticked(1));
    int lingered = 0;
    while (rounds.linger()) {
      over(1, NOTHING);
      lingered++;
    }
    assertThat(lingered).isBetween(10, 20);
  }

  private void over(long costMillis, Round round) {
    boolean all = rounds.queues(now) == null;
    now += millis(costMillis);
    rounds.done(round, all, millis(costMillis), now);
  }

  private static Round ticked(Integer... queues) {
    return new Round(queues.length, Set.of(queues), false, 0);
  }

  private static long millis(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }
}
