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

  @Test
  void orderByKeySurvivesFailuresAndKills() throws Exception {
    Fixture fixture = Fixture.create(database, "letters");
    fixture.execute("create table done (n bigint generated always as identity, data text)");
    int events = 0;
    for (int kill = 0; kill < 3; kill++) {
      try (ChildJvm child =
          ChildJvm.start(ChildLetters.class, database.url(), List.of(), "letters")) {
        child.await("STARTED");
        for (int batch = 0; batch < 5; batch++) {
          String[] data = new String[40];
          for (int i = 0; i < data.length; i++) {
            data[i] = (char) ('a' + events % 6) + String.valueOf(events);
            events++;
          }
          fixture.publish(data);
        }
        while (kill == 2 ? done(fixture) < events : done(fixture) < events - 150) {
          Thread.onSpinWait();
        }
      }
    }
    assertThat(
            fixture.query(
                "select data from (select data, substr(data, 2)::int as i, max(substr(data, 2)::int)"
                    + " over (partition by left(data, 1) order by first) as latest"
                    + " from (select data, min(n) as first from done group by data) d) o"
                    + " where i < latest"))
        .as("events that were overtaken by a later one of their key")
        .isEmpty();
    assertThat(fixture.query("select count(*) from pgq.dead_letter")).containsExactly("0");
  }

  private static long done(Fixture fixture) throws Exception {
    return Long.parseLong(
        String.valueOf(fixture.query("select count(distinct data) from done").get(0)));
  }
}
