package io.pgq4j.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.ticker.WakeModel.Act;
import io.pgq4j.ticker.WakeModel.Mistake;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class WakeModelTest {
  private static final List<List<Act>> PRODUCERS =
      List.of(WakeModel.twoInserts(), WakeModel.oneInsert());

  @Test
  void noOrderOfStepsLosesAWakeUp() {
    WakeModel model = new WakeModel(Mistake.NONE, true);

    assertThat(model.findLostWakeUp(PRODUCERS)).isEmpty();
    assertThat(model.explored()).as("moments explored").isGreaterThan(10_000);
  }

  @Test
  void noOrderOfStepsLosesAWakeUpWhenTheTickerIsAboutNotToHear() {
    WakeModel model = new WakeModel(Mistake.NONE, true, WakeProtocol.MOST_IN_VAIN - 1);

    assertThat(model.findLostWakeUp(PRODUCERS)).isEmpty();
  }

  @Test
  void aTransactionThatRollsBackDoesNotHideAnother() {
    WakeModel model = new WakeModel(Mistake.NONE, true);

    assertThat(model.findLostWakeUp(List.of(WakeModel.rolledBack(), WakeModel.oneInsert())))
        .isEmpty();
  }

  @Test
  void noOrderOfStepsLosesEventsWhereProducersNeverNotify() {
    WakeModel model = new WakeModel(Mistake.NONE, false);

    assertThat(model.findLostWakeUp(PRODUCERS)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
  void everyMistakeInTheOrderIsFound(Mistake mistake) {
    WakeModel model = new WakeModel(mistake, true);

    assertThat(model.findLostWakeUp(PRODUCERS)).isPresent();
  }
}
