package io.pgq4j.consumers.telegram;

import static io.pgq4j.consumers.telegram.FakeBatch.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgq4j.Event;
import io.pgq4j.consumers.telegram.standin.BotApiStandIn;
import io.pgq4j.consumers.telegram.standin.Fault;
import io.pgq4j.consumers.telegram.standin.SentMessage;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over HTTP, against the stand-in of the Bot API. */
@Timeout(60)
class TelegramNotifierTest {
  private static final Rate FAST = new Rate(1000, Duration.ofMillis(1));

  private final BotApiStandIn telegram = BotApiStandIn.start();
  private final RecordingChatStatus chats = new RecordingChatStatus();
  private TelegramNotifier notifier = notifier(config());

  @AfterEach
  void stop() {
    notifier.close();
    telegram.close();
  }

  private TelegramConfig.Builder config() {
    return TelegramConfig.builder(telegram.token())
        .apiUrl(telegram.url())
        .chatStatus(chats)
        .perChat(FAST)
        .perGroup(FAST)
        .overall(FAST)
        .requestTimeout(Duration.ofSeconds(20));
  }

  private TelegramNotifier notifier(TelegramConfig.Builder config) {
    return new TelegramNotifier("jobs", "telegram", FakeBatch.router(), config.build());
  }

  private void use(TelegramConfig.Builder config) {
    notifier.close();
    notifier = notifier(config);
  }

  private FakeBatch process(Event... events) throws Exception {
    FakeBatch batch = new FakeBatch(events);
    notifier.processBatch(batch);
    return batch;
  }

  @Test
  void eventsBecomePlainTextMessagesOfTheirChats() throws Exception {
    FakeBatch batch = process(event(1, "5:<b>Grüße</b> 😀|-100:x"), event(2, "nobody"));
    assertThat(telegram.texts(5)).containsExactly("<b>Grüße</b> 😀");
    assertThat(telegram.texts(-100)).containsExactly("x");
    assertThat(telegram.messages()).extracting(SentMessage::parseMode).containsOnlyNulls();
    assertThat(batch.allDone()).isTrue();
  }

  @Test
  void longTextArrivesInParts() throws Exception {
    String text = "x".repeat(4095) + "😀" + "y".repeat(4096);
    assertThat(process(event(1, "5:" + text)).allDone()).isTrue();
    assertThat(String.join("", telegram.texts(5))).isEqualTo(text);
    assertThat(telegram.texts(5)).hasSize(3);
  }

  @Test
  void loneSurrogateDoesNotStopAMessage() throws Exception {
    assertThat(process(event(1, "5:a\uD83Db")).allDone()).isTrue();
    assertThat(telegram.texts(5)).containsExactly("a?b");
  }

  @Test
  void chatThatBlockedTheBotIsMarkedAndTheOthersGoOn() throws Exception {
    telegram.setFault(5, Fault.blocked());
    FakeBatch batch = process(event(1, "5:a|6:b"), event(2, "5:c"));
    assertThat(batch.allDone()).isTrue();
    assertThat(telegram.texts(6)).containsExactly("b");
    assertThat(chats.told)
        .containsExactly(
            "5 unreachable: Telegram answered 403: Forbidden: bot was blocked by the user");
  }

  @Test
  void markedChatIsNotAskedAgain() throws Exception {
    telegram.setFault(5, Fault.chatNotFound());
    process(event(1, "5:a"));
    long before = telegram.requests();
    FakeBatch batch = process(event(2, "5:b"));
    assertThat(telegram.requests()).isEqualTo(before);
    assertThat(batch.allDone()).isTrue();
    assertThat(chats.told).singleElement().asString().contains("chat not found");
  }

  @Test
  void failingChatStatusDoesNotStopDeliveries() throws Exception {
    ChatStatus broken =
        new ChatStatus() {
          @Override
          public boolean reachable(long chatId) {
            throw new IllegalStateException("no database");
          }

          @Override
          public void unreachable(long chatId, String reason) {
            throw new IllegalStateException("no database");
          }

          @Override
          public void migrated(long from, long to) {
            throw new IllegalStateException("no database");
          }
        };
    use(config().chatStatus(broken));
    telegram.setFault(5, Fault.blocked());
    telegram.setFault(-7, Fault.migratedTo(-1007));
    assertThat(process(event(1, "5:a|-7:b|6:c")).allDone()).isTrue();
    assertThat(telegram.texts(-1007)).containsExactly("b");
    assertThat(telegram.texts(6)).containsExactly("c");
  }

  @Test
  void migratedGroupIsFollowedAndItsNewIdTold() throws Exception {
    telegram.setFault(-7, Fault.migratedTo(-1007));
    assertThat(process(event(1, "-7:a"), event(2, "-7:b")).allDone()).isTrue();
    assertThat(telegram.texts(-1007)).containsExactly("a", "b");
    assertThat(chats.told).containsExactly("-7 is now -1007");
    long before = telegram.requests();
    process(event(3, "-7:c"));
    assertThat(telegram.requests()).as("straight to the new chat").isEqualTo(before + 1);
    assertThat(telegram.texts(-1007)).containsExactly("a", "b", "c");
  }

  @Test
  void groupsThatMigrateInCirclesEndInTheDeadLetters() throws Exception {
    telegram.setFault(-7, Fault.migratedTo(-8));
    telegram.setFault(-8, Fault.migratedTo(-7));
    assertThat(process(event(1, "-7:a")).dead).containsOnlyKeys(1L);
  }

  @Test
  void textThatTelegramRefusesGoesToTheDeadLetters() throws Exception {
    telegram.failNext(5, Fault.error(400, "Bad Request: BUTTON_INVALID"));
    FakeBatch batch = process(event(1, "5:a"), event(2, "6:b"));
    assertThat(batch.dead)
        .containsEntry(1L, "Telegram answered 400: Bad Request: BUTTON_INVALID")
        .hasSize(1);
    assertThat(telegram.texts(6)).containsExactly("b");
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 408})
  void serverFaultIsLeftToTheRetryPolicy(int status) throws Exception {
    telegram.failNext(5, Fault.raw(status, "<html>Bad   Gateway</html>"));
    FakeBatch batch = process(event(1, "5:a"), event(2, "6:b"));
    assertThat(batch.failed).containsOnlyKeys(1L);
    assertThat(batch.failed.get(1L))
        .isInstanceOf(TelegramException.class)
        .hasMessageContaining(String.valueOf(status))
        .hasMessageContaining("<html>Bad Gateway</html>")
        .hasNoCause();
    assertThat(telegram.texts(6)).containsExactly("b");
  }

  @Test
  void repeatedEventGoesOnlyToWhomItHasNotReached() throws Exception {
    telegram.failNext(6, Fault.error(502, "Bad Gateway"));
    Event event = event(1, "5:a|6:b");
    assertThat(process(event, event(2, "5:c")).failed).containsOnlyKeys(1L);
    assertThat(process(event).allDone()).isTrue();
    assertThat(telegram.texts(5)).containsExactly("a", "c");
    assertThat(telegram.texts(6)).containsExactly("b");
  }

  @Test
  void repeatedBatchSendsNothingTwice() throws Exception {
    process(event(1, "5:a"), event(2, "6:b"));
    process(event(1, "5:a"), event(2, "6:b"), event(3, "5:c"));
    assertThat(telegram.texts(5)).containsExactly("a", "c");
    assertThat(telegram.texts(6)).containsExactly("b");
  }

  @Test
  void sameIdInAQueueThatWasCreatedAgainIsAnotherEvent() throws Exception {
    process(event(1, "5:a"));
    Event old = event(1, "5:b");
    process(
        new Event(1, 1, old.time().plusSeconds(60), 0, "INSERT", "5:b", null, null, null, null));
    assertThat(telegram.texts(5)).containsExactly("a", "b");
  }

  @Test
  void hangingServerIsATimeout() throws Exception {
    process(event(3, "7:so that the other message need not wait for classes to be read"));
    use(config().requestTimeout(Duration.ofSeconds(1)));
    telegram.failNext(5, Fault.hang());
    FakeBatch batch = process(event(1, "5:a"), event(2, "6:b"));
    assertThat(batch.failed.get(1L))
        .hasMessageContaining("no answer")
        .hasMessageContaining("1000 ms");
    assertThat(telegram.texts(6)).containsExactly("b");
  }

  @Test
  void redirectIsNotFollowedBecauseTheAddressHoldsTheToken() throws Exception {
    try (BotApiStandIn elsewhere = BotApiStandIn.start()) {
      URI there = elsewhere.url().resolve("/bot" + BotApiStandIn.TOKEN + "/sendMessage");
      telegram.failNext(5, Fault.redirect(there));
      FakeBatch batch = process(event(1, "5:a"));
      assertThat(batch.failed.get(1L)).hasMessageContaining("302");
      assertThat(elsewhere.requests()).isZero();
    }
  }

  @Test
  void brokenConnectionIsNotSentAgainBehindOurBack() throws Exception {
    process(event(1, "5:a"));
    telegram.failNext(5, Fault.disconnect());
    FakeBatch batch = process(event(2, "5:b"));
    assertThat(batch.failed).containsOnlyKeys(2L);
    assertThat(telegram.requests()).isEqualTo(2);
  }

  @Test
  void serverThatIsGoneIsLeftToTheRetryPolicy() throws Exception {
    telegram.close();
    FakeBatch batch = process(event(1, "5:a"));
    assertThat(batch.failed.get(1L)).hasMessageContaining("cannot talk to http://127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 404})
  void refusedBotRepeatsTheBatchAndGivesNothingUp(int status) {
    telegram.failNext(Fault.error(status, "Unauthorized"));
    FakeBatch batch = new FakeBatch(event(1, "5:a"), event(2, "5:b"));
    assertThatThrownBy(() -> notifier.processBatch(batch))
        .isInstanceOf(TelegramException.class)
        .hasMessageContaining("TELEGRAM_BOT_TOKEN");
    assertThat(batch.allDone()).isTrue();
  }

  @Test
  void botNameShowsAWrongTokenAndAnAbsentServer() throws Exception {
    assertThat(notifier.botName()).isEqualTo("stand_in_bot");
    use(TelegramConfig.builder(BotToken.of("2:some-other-secret")).apiUrl(telegram.url()));
    assertThatThrownBy(notifier::botName)
        .isInstanceOf(TelegramException.class)
        .hasMessageContaining("401")
        .hasMessageContaining("TELEGRAM_BOT_TOKEN");
    telegram.close();
    assertThatThrownBy(notifier::botName)
        .isInstanceOf(TelegramException.class)
        .hasMessageContaining("cannot talk to");
  }

  @Test
  void answerOfAShapeToComeIsStillADelivery() throws Exception {
    telegram.failNext(
        Fault.raw(200, "{\"ok\":true,\"result\":{\"message_id\":\"v2\",\"chat\":7}}"));
    assertThat(process(event(1, "5:a")).allDone()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>Log in to this network</html>", "{}", "[]", "\"ok\"", "null"})
  void successThatIsNotTheBotApisIsNone(String body) throws Exception {
    telegram.failNext(Fault.raw(200, body));
    assertThat(process(event(1, "5:a")).failed).containsOnlyKeys(1L);
  }

  @Test
  void retryAfterComesFromTheAnswer() throws Exception {
    use(config().longestPause(Duration.ofMillis(500)));
    telegram.failNext(5, Fault.tooManyRequests(33));
    FakeBatch batch = process(event(1, "5:a"));
    assertThat(batch.retried.get(1L)).isBetween(Duration.ofSeconds(32), Duration.ofSeconds(33));
  }

  @Test
  void markupThatTelegramCannotReadIsSentAsPlainText() throws Exception {
    use(config().parseMode(ParseMode.HTML));
    telegram.failNext(5, Fault.error(400, "Bad Request: can't parse entities: unclosed tag"));
    assertThat(process(event(1, "5:<b>a"), event(2, "6:<b>b</b>")).allDone()).isTrue();
    assertThat(telegram.messages())
        .extracting(SentMessage::chatId, SentMessage::text, SentMessage::parseMode)
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(5L, "<b>a", null),
            org.assertj.core.groups.Tuple.tuple(6L, "<b>b</b>", "HTML"));
  }

  @Test
  void ratesThatTheServerEnforcesAreNeverExceeded() throws Exception {
    Rate chat = new Rate(1, Duration.ofMillis(20));
    Rate group = new Rate(5, Duration.ofMillis(200));
    Rate all = new Rate(6, Duration.ofMillis(60));
    telegram.enforceRates(chat, group, all);
    use(
        config()
            .perChat(chat)
            .perGroup(group)
            .overall(all)
            .digestFrom(Integer.MAX_VALUE)
            .parallelRequests(8));
    List<Event> events = new ArrayList<>();
    for (int i = 1; i <= 40; i++) {
      events.add(event(i, (i % 4) + 1 + ":x|-9:y"));
    }
    FakeBatch batch = new FakeBatch(events);
    notifier.processBatch(batch);
    assertThat(batch.allDone()).isTrue();
    assertThat(telegram.messages()).hasSize(80);
    assertThat(telegram.requests()).as("no 429 was provoked").isEqualTo(80);
  }

  @Test
  void stopInterruptsTheWaitAndTheNotifierStaysUsable() throws Exception {
    use(config().perChat(new Rate(1, Duration.ofHours(1))).longestPause(Duration.ofHours(2)));
    CountDownLatch first = new CountDownLatch(1);
    telegram.onMessage(message -> first.countDown());
    FakeBatch batch = new FakeBatch(event(1, "5:a"), event(2, "5:b"));
    FutureTask<Void> run = run(batch, first);
    assertThatThrownBy(() -> run.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(process(event(3, "6:c")).allDone()).isTrue();
  }

  @Test
  void stopInterruptsARequestUnderWay() throws Exception {
    use(config().overall(new Rate(1, Duration.ofMillis(1))));
    telegram.failNext(5, Fault.hang());
    CountDownLatch asked = new CountDownLatch(1);
    telegram.onRequest(asked::countDown);
    FutureTask<Void> run = run(new FakeBatch(event(1, "5:a")), asked);
    assertThatThrownBy(() -> run.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(process(event(2, "5:b")).allDone()).as("the slot is free again").isTrue();
  }

  private FutureTask<Void> run(FakeBatch batch, CountDownLatch interruptAfter) throws Exception {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              notifier.processBatch(batch);
              return null;
            });
    Thread thread = new Thread(task, "consumer");
    thread.start();
    assertThat(interruptAfter.await(20, TimeUnit.SECONDS)).isTrue();
    thread.interrupt();
    return task;
  }
}
