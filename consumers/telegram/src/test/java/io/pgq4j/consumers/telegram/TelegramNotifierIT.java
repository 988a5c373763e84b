package io.pgq4j.consumers.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.ConsumerConfig;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.Event;
import io.pgq4j.QueueAdmin;
import io.pgq4j.RetryPolicy;
import io.pgq4j.Watch;
import io.pgq4j.consumers.telegram.standin.BotApiStandIn;
import io.pgq4j.consumers.telegram.standin.Fault;
import io.pgq4j.consumers.telegram.standin.SentMessage;
import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From a row in a watched table to a message in a chat, with a real database. */
@Timeout(120)
class TelegramNotifierIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private static final String CONSUMER = "telegram";
  private static final Rate FAST = new Rate(1000, Duration.ofMillis(1));
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final BotApiStandIn telegram = BotApiStandIn.start();
  private final BlockingQueue<SentMessage> arrived = new LinkedBlockingQueue<>();
  private final QueueAdmin admin = QueueAdmin.of(database.dataSource());

  record Note(List<Long> chats, String text) {}

  private static List<Notification> route(Event event) {
    Note note = event.row(Note.class);
    return note.chats().stream().map(chat -> Notification.of(event, chat, note.text())).toList();
  }

  @BeforeEach
  void watchATable() throws SQLException {
    telegram.onMessage(arrived::add);
    execute("create table note (chats bigint[] not null, text text not null)");
    admin.createQueue("notes");
    admin.register("notes", CONSUMER);
    admin.watchTable(Watch.builder("note", "notes").build());
  }

  @AfterEach
  void dropIt() throws SQLException {
    telegram.close();
    execute("drop table note");
    admin.dropQueue("notes", true);
    execute("delete from pgq.dead_letter");
  }

  @Test
  void committedRowsArriveOnceAndRolledBackOnesNever() throws Exception {
    try (TelegramNotifier notifier = notifier();
        ConsumerRunner runner = start(notifier, RetryPolicy.ofDefaults())) {
      try (Connection connection = database.connect();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        statement.execute("insert into note values ('{5}', 'rolled back')");
        connection.rollback();
        statement.execute("insert into note values ('{5,6}', 'Grüße 😀'), ('{5}', 'two')");
        connection.commit();
      }
      admin.tick("notes");
      take(3);
      stop(runner);
    }
    assertThat(telegram.texts(5)).containsExactly("Grüße 😀", "two");
    assertThat(telegram.texts(6)).containsExactly("Grüße 😀");
    assertAllFinished();
  }

  @Test
  void noTransactionIsOpenWhileAMessageIsSent() throws Exception {
    List<String> states = new ArrayList<>();
    telegram.onMessage(message -> states.addAll(backendsInATransaction()));
    try (TelegramNotifier notifier = notifier();
        ConsumerRunner runner = start(notifier, RetryPolicy.ofDefaults())) {
      publish("{5}", "a");
      take(1);
      stop(runner);
    }
    assertThat(states).isEmpty();
  }

  @Test
  void failedChatIsTriedAgainFromTheRetryQueueAndTheOtherIsNotToldTwice() throws Exception {
    telegram.failNext(6, Fault.error(502, "Bad Gateway"));
    try (TelegramNotifier notifier = notifier()) {
      try (ConsumerRunner runner = start(notifier, RetryPolicy.ofDefaults())) {
        publish("{5,6}", "a");
        take(1);
        stop(runner);
      }
      assertThat(query("select ev_retry from pgq.retry_queue")).containsExactly("1");
      execute("update pgq.retry_queue set ev_retry_after = now() - interval '1 s'");
      execute("select pgq.maint_retry_events()");
      admin.tick("notes");
      try (ConsumerRunner runner = start(notifier, RetryPolicy.ofDefaults())) {
        take(1);
        stop(runner);
      }
    }
    assertThat(telegram.texts(5)).containsExactly("a");
    assertThat(telegram.texts(6)).containsExactly("a");
    assertAllFinished();
  }

  @Test
  void eventThatFailsForGoodEndsInTheDeadLettersWithoutTheToken() throws Exception {
    telegram.setFault(5, Fault.raw(500, "cannot POST /bot" + BotApiStandIn.TOKEN + "/x"));
    try (TelegramNotifier notifier = notifier();
        ConsumerRunner runner = start(notifier, RetryPolicy.none())) {
      publish("{5}", "a");
      publish("{6}", "b");
      take(1);
      stop(runner);
    }
    assertThat(query("select dl_reason from pgq.dead_letter"))
        .singleElement()
        .asString()
        .contains("500", "[token]")
        .doesNotContain(BotApiStandIn.TOKEN);
    assertAllFinished();
  }

  @Test
  void refusedBotLosesNothing() throws Exception {
    telegram.failNext(Fault.error(401, "Unauthorized"), Fault.error(401, "Unauthorized"));
    try (TelegramNotifier notifier = notifier();
        ConsumerRunner runner = start(notifier, RetryPolicy.none())) {
      publish("{5}", "a");
      take(1);
      stop(runner);
      assertThat(telegram.requests()).isEqualTo(3);
    }
    assertThat(query("select dl_reason from pgq.dead_letter")).isEmpty();
    assertAllFinished();
  }

  private TelegramNotifier notifier() {
    TelegramConfig config =
        TelegramConfig.builder(telegram.token())
            .apiUrl(telegram.url())
            .perChat(FAST)
            .perGroup(FAST)
            .overall(FAST)
            .build();
    return new TelegramNotifier(
        "notes", CONSUMER, MessageRouter.perEvent(TelegramNotifierIT::route), config);
  }

  private static ConsumerRunner start(TelegramNotifier notifier, RetryPolicy retries) {
    ConsumerConfig config =
        ConsumerConfig.builder()
            .retryPolicy(retries)
            .backoff(Duration.ofMillis(20), Duration.ofMillis(100))
            .build();
    ConsumerRunner runner =
        ConsumerRunner.builder(database.dataSource()).add(notifier, config).build();
    runner.start();
    return runner;
  }

  private static void stop(ConsumerRunner runner) throws InterruptedException {
    assertThat(runner.stop(PATIENCE)).as("stopped in time").isTrue();
  }

  private void publish(String chats, String text) throws SQLException {
    execute("insert into note values ('" + chats + "', '" + text + "')");
    admin.tick("notes");
  }

  private void take(int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      assertThat(arrived.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as("message %s of %s", i + 1, count)
          .isNotNull();
    }
  }

  private void assertAllFinished() {
    assertThat(admin.consumers("notes"))
        .singleElement()
        .satisfies(
            consumer -> {
              assertThat(consumer.currentBatch()).isNull();
              assertThat(consumer.lastTick())
                  .isEqualTo(admin.queue("notes").orElseThrow().lastTick());
            });
  }

  private static List<String> backendsInATransaction() {
    try {
      return query(
          """
          select state || ': ' || query from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()
            and backend_type = 'client backend' and xact_start is not null
          """);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static List<String> query(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (row.next()) {
        rows.add(row.getString(1));
      }
      return rows;
    }
  }
}
