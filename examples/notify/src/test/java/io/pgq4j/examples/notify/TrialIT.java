package io.pgq4j.examples.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import io.pgq4j.ticker.Ticker;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the page example-notify.md says of both channels. */
@Timeout(120)
class TrialIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  @Test
  void theQueueKeepsAllThatWasCommitted() throws Exception {
    Trial trial =
        new Trial(database.dataSource(), new PgQueue(database.dataSource(), "example_notify"));
    try (Ticker ticker = Ticker.create(database.dataSource())) {
      ticker.start();
      trial.run();
    }

    assertThat(Stream.of(Scene.values()))
        .allSatisfy(
            scene -> assertThat(trial.received(scene)).as(scene.name()).isEqualTo(scene.sent));
  }

  @Test
  void notifyLosesWhatThePageSaysItLoses() throws Exception {
    Trial trial =
        new Trial(database.dataSource(), new NotifyQueue(database.dataSource(), "example_notify"));

    trial.run();

    assertThat(trial.received(Scene.THERE)).isEqualTo(Scene.THERE.sent);
    assertThat(Stream.of(Scene.AWAY, Scene.LARGE, Scene.FAILED, Scene.ROLLED_BACK))
        .allSatisfy(scene -> assertThat(trial.received(scene)).as(scene.name()).isZero());
  }
}
