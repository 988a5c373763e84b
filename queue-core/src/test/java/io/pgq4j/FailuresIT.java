package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the queue's settings do with events that failed, and what an admin does with dead ones. */
@Timeout(60)
class FailuresIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private Fixture fixture;
  private QueueAdmin admin;

  @BeforeEach
  void createQueue(TestInfo test) throws SQLException {
    fixture = Fixture.create(database, test.getTestMethod().orElseThrow().getName());
    admin = fixture.admin;
    fixture.execute("truncate pgq.retry_queue, pgq.dead_letter");
  }

  /** Has a consumer fail at each event of the next batch, and finish it. */
  private void failAll(int events) throws Exception {
    Collector collector =
        new Collector(
            fixture.queue,
            event -> {
              throw new IllegalStateException("no good: " + event.data());
            });
    try (ConsumerRunner runner =
        ConsumerRunner.builder(database.dataSource()).add(collector).build()) {
      runner.start();
      Fixture.take(collector.events, events);
      Fixture.stop(runner);
    }
  }

  @Test
  void withoutAPolicyTheSettingsOfTheQueueDecide() throws Exception {
    admin.configure(
        fixture.queue,
        Map.of("max_retries", "1", "retry_delay", "100 hours", "retry_delay_max", "1000 hours"));
    fixture.publish("a", "b");
    failAll(2);
    assertThat(fixture.retries()).containsExactly("2");
    assertThat(
            fixture.query(
                "select bool_and(ev_retry_after - now() between '89 hours' and '111 hours')"
                    + " from pgq.retry_queue"))
        .containsExactly("t");
    assertThat(admin.deadLetters(fixture.queue, Fixture.CONSUMER, 0, 10)).isEmpty();

    fixture.tickRetries();
    failAll(2);
    assertThat(fixture.retries()).containsExactly("0");
    assertThat(admin.deadLetters(fixture.queue, Fixture.CONSUMER, 0, 10))
        .allSatisfy(
            letter -> {
              assertThat(letter.attempts()).isEqualTo(2);
              assertThat(letter.firstFailure()).isBefore(letter.lastFailure());
              assertThat(letter.reason()).contains("no good: " + letter.data());
              assertThat(letter.type()).isEqualTo("t");
            })
        .extracting(DeadLetter::data)
        .containsExactly("a", "b");
    fixture.assertAllFinished();
  }

  @Test
  void deadLettersAreSentBackOneOrAllAndPurged() throws Exception {
    admin.configure(fixture.queue, Map.of("max_retries", "0"));
    long[] ids = fixture.insert("a", "b", "c");
    fixture.tick();
    failAll(3);

    assertThat(admin.deadLetters(fixture.queue, Fixture.CONSUMER, ids[0], 1))
        .extracting(DeadLetter::eventId)
        .containsExactly(ids[1]);
    assertThat(admin.requeueDeadLetter(fixture.queue, Fixture.CONSUMER, ids[1])).isTrue();
    assertThat(admin.requeueDeadLetter(fixture.queue, Fixture.CONSUMER, ids[1])).isFalse();
    assertThat(admin.purgeDeadLetters(fixture.queue, Fixture.CONSUMER, Duration.ofDays(1)))
        .isZero();
    assertThat(admin.requeueDeadLetters(fixture.queue, Fixture.CONSUMER)).isEqualTo(2);
    fixture.tickRetries();
    failAll(3);
    assertThat(admin.purgeDeadLetters(fixture.queue, Fixture.CONSUMER, Duration.ZERO)).isEqualTo(3);
    assertThat(admin.deadLetters(fixture.queue, Fixture.CONSUMER, 0, 10)).isEmpty();
    assertThatExceptionOfType(NoSuchConsumerException.class)
        .isThrownBy(() -> admin.requeueDeadLetters(fixture.queue, "nobody"));
  }

  @Test
  void moreDeadLettersThanOnePieceAreAllSentBack() throws Exception {
    fixture.publish(Fixture.numbers(0, 10_001));
    String batch =
        String.valueOf(
            fixture.query("select pgq.next_batch(?, ?)", fixture.queue, Fixture.CONSUMER).get(0));
    fixture.query(
        "select pgq.event_dead(%1$s, array_agg(ev_id), array_agg('r'::text))".formatted(batch)
            + " from pgq.get_batch_events(%s)".formatted(batch));

    assertThat(admin.requeueDeadLetters(fixture.queue, Fixture.CONSUMER)).isEqualTo(10_001);
    assertThat(fixture.retries()).containsExactly("10001");
  }

  @Test
  void ofTwoVerdictsFarApartTheLastOneCounts() throws Exception {
    int events = 50_001;
    fixture.publish(Fixture.numbers(0, events));
    Consumer undecided =
        new Consumer(fixture.queue, Fixture.CONSUMER) {
          @Override
          protected void processBatch(Batch batch) {
            Iterator<Event> all = batch.iterator();
            Event first = all.next();
            batch.retry(first, Duration.ofHours(1));
            all.forEachRemaining(event -> batch.retry(event, Duration.ofHours(1)));
            batch.dead(first, "after all");
          }
        };
    try (ConsumerRunner runner =
        ConsumerRunner.builder(database.dataSource()).add(undecided).build()) {
      runner.start();
      while (runner.health().get(0).lastFinished() == null) {
        Thread.onSpinWait();
      }
      Fixture.stop(runner);
    }

    assertThat(fixture.retries()).containsExactly(String.valueOf(events - 1));
    assertThat(admin.deadLetters(fixture.queue, Fixture.CONSUMER, 0, 10))
        .extracting(DeadLetter::data)
        .containsExactly("0");
  }

  @Test
  void adminOnAConnectionWorksInTheCallersTransaction() throws Exception {
    admin.configure(fixture.queue, Map.of("max_retries", "0"));
    fixture.publish("a");
    failAll(1);
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      assertThat(QueueAdmin.on(connection).requeueDeadLetters(fixture.queue, Fixture.CONSUMER))
          .isEqualTo(1);
      connection.rollback();
    }

    assertThat(admin.deadLetters(fixture.queue, Fixture.CONSUMER, 0, 10)).hasSize(1);
  }
}
