package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class EventWriterIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private Fixture fixture;
  private EventWriter writer;

  @BeforeEach
  void createQueue(TestInfo test) {
    fixture = Fixture.create(database, test.getTestMethod().orElseThrow().getName());
    writer = EventWriter.to(fixture.queue);
  }

  private long count() throws Exception {
    return Long.parseLong(
        String.valueOf(
            fixture
                .query(
                    "select count(*) from pgq.event join pgq.queue on queue_id = ev_queue"
                        + " where queue_name = ?",
                    fixture.queue)
                .get(0)));
  }

  @Test
  void worksInTheCallersTransactionAndNeverEndsIt() throws Exception {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      writer.insert(connection, "t", "a");
      writer.insertAll(connection, List.of(NewEvent.of("t", "b"), NewEvent.of("t", "c")));
      assertThat(connection.getAutoCommit()).isFalse();
      assertThat(count()).isZero();
      connection.rollback();
      assertThat(count()).isZero();

      writer.insert(connection, "t", "d");
      connection.commit();
      assertThat(count()).isEqualTo(1);
    }
  }

  @Test
  void givesIdsInTheOrderOfTheEventsAcrossChunks() throws Exception {
    List<NewEvent> events = new ArrayList<>();
    IntStream.range(0, 2_500)
        .forEach(
            i ->
                events.add(
                    new NewEvent(i % 2 == 0 ? null : "t" + i, "d" + i, "{,\"", null, "\\", "")));
    events.add(NewEvent.of(null, null));
    events.add(NewEvent.of("large", "x".repeat(3_000_000)));
    events.add(NewEvent.of("", ""));
    try (Connection connection = database.connect()) {
      long[] ids = writer.insertAll(connection, events);

      assertThat(ids).hasSize(events.size()).isSorted().doesNotHaveDuplicates();
      for (int i : new int[] {0, 1, 999, 1_000, 2_499, 2_500, 2_502}) {
        NewEvent event = events.get(i);
        assertThat(
                fixture.query(
                    "select row_to_json(e)::text from (select ev_type, ev_data, ev_extra1,"
                        + " ev_extra2, ev_extra3, ev_extra4 from pgq.event"
                        + " join pgq.queue on queue_id = ev_queue"
                        + " where queue_name = ? and ev_id = ? and ev_type is not distinct from ?"
                        + " and ev_data is not distinct from ?"
                        + " and ev_extra1 is not distinct from ?"
                        + " and ev_extra3 is not distinct from ?) e",
                    fixture.queue,
                    ids[i],
                    event.type(),
                    event.data(),
                    event.extra1(),
                    event.extra3()))
            .as("event %s", i)
            .hasSize(1);
      }
      assertThat(writer.insertAll(connection, List.of())).isEmpty();
    }
  }

  @Test
  void textThatCannotBeStoredIsRefusedAndTheTransactionGoesOn() throws Exception {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      for (String bad : List.of("a\u0000", "\ud83d", "\ude00\ud83d")) {
        assertThatExceptionOfType(BadArgumentException.class)
            .isThrownBy(() -> writer.insert(connection, "t", bad))
            .withMessageContaining("data");
        assertThatExceptionOfType(BadArgumentException.class)
            .isThrownBy(() -> writer.insertAll(connection, List.of(NewEvent.of(bad, "d"))))
            .withMessageContaining("type");
      }
      writer.insert(connection, "t", "\ud83d\ude00");
      connection.commit();
    }
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void refusalsAreTyped() throws Exception {
    try (Connection connection = database.connect()) {
      assertThatExceptionOfType(NoSuchQueueException.class)
          .isThrownBy(() -> EventWriter.to("no such").insert(connection, "t", "d"))
          .satisfies(e -> assertThat(e.queue()).contains("no such"));
      fixture.admin.configure(fixture.queue, Map.of("disable_insert", "true"));
      assertThatExceptionOfType(InsertDisabledException.class)
          .isThrownBy(() -> writer.insertAll(connection, List.of(NewEvent.of("t", "d"))));
    }
  }

  @Test
  void delayedEventWaitsForItsTime() throws Exception {
    try (Connection connection = database.connect()) {
      NewEvent event = new NewEvent("t", "later", "1", "2", "3", "4");
      long id = writer.insertAt(connection, event, Instant.now().plus(Duration.ofDays(1)));
      assertThat(writer.insertAt(connection, NewEvent.of("t", "now"), Instant.EPOCH))
          .isGreaterThan(id);
    }
    assertThat(count()).isEqualTo(1);
    assertThat(
            fixture.query(
                "select concat_ws('|', ev_data, ev_extra1, ev_extra4,"
                    + " ev_retry_after - ev_time between '23 hours' and '25 hours')"
                    + " from pgq.retry_queue join pgq.queue on queue_id = ev_queue"
                    + " where queue_name = ?",
                fixture.queue))
        .containsExactly("later|1|4|t");

    fixture.tickRetries();
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void callWithTheSameKeyAnswersTheFirstEvent() throws Exception {
    try (Connection connection = database.connect()) {
      Duration ttl = Duration.ofHours(1);
      long id = writer.insertOnce(connection, "order 7", NewEvent.of("t", "a"), ttl);
      assertThat(writer.insertOnce(connection, "order 7", NewEvent.of("t", "b"), ttl))
          .isEqualTo(id);
      assertThat(writer.insertOnce(connection, "order 8", NewEvent.of("t", "c"), ttl))
          .isGreaterThan(id);
      assertThatExceptionOfType(BadArgumentException.class)
          .isThrownBy(() -> writer.insertOnce(connection, "", NewEvent.of("t", "d"), ttl));
      assertThatExceptionOfType(BadArgumentException.class)
          .isThrownBy(
              () -> writer.insertOnce(connection, "k", NewEvent.of("t", "d"), Duration.ZERO));
    }
    assertThat(count()).isEqualTo(2);
  }
}
