package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(180)
class ChildConsumerIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  @Test
  void aConsumerKilledInMidBatchGetsTheSameBatchAfterRestart() throws Exception {
    Fixture fixture = Fixture.create(database, "killed");
    fixture.publish("a", "b", "c");
    String first;
    try (ChildJvm child =
        ChildJvm.start(ChildConsumer.class, database.url(), List.of(), "killed", "hang")) {
      first = child.await("BATCH ");
    }
    fixture.publish("d");
    try (ChildJvm child =
        ChildJvm.start(ChildConsumer.class, database.url(), List.of(), "killed", "count")) {
      assertThat(child.await("BATCH ")).isEqualTo(first).endsWith(" 3 true");
      assertThat(child.await("BATCH ")).isNotEqualTo(first).endsWith(" 1 true");
    }
  }

  @Test
  void aBatchMuchLargerThanTheHeapPassesAndSoDoItsFailures() throws Exception {
    Fixture fixture = Fixture.create(database, "large");
    fixture.query(
        "select count(*) from pgq.insert_events('large', 't', array("
            + "select repeat(i::text, 20) from generate_series(1, 300000) i))");
    fixture.tick();
    try (ChildJvm child =
        ChildJvm.start(ChildConsumer.class, database.url(), List.of("-Xmx32m"), "large", "count")) {
      assertThat(child.await("BATCH ")).endsWith(" 300000 true");
      // The next batch shows that this one is finished.
      fixture.publish("x");
      assertThat(child.await("BATCH ")).endsWith(" 1 true");
    }
    assertThat(fixture.query("select count(*) from pgq.retry_queue")).containsExactly("100000");
  }
}
