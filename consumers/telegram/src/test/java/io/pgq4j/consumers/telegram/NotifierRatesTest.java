package io.pgq4j.consumers.telegram;

import static io.pgq4j.consumers.telegram.FakeBatch.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotifierRatesTest {
  private final ManualWaiter waiter = new ManualWaiter();
  private final FakeSender sender = new FakeSender(waiter);

  private FakeBatch run(TelegramConfig.Builder config, List<Event> events) throws Exception {
    FakeBatch batch = new FakeBatch(events);
    try (TelegramNotifier notifier = notifier(config)) {
      notifier.processBatch(batch);
    }
    return batch;
  }

  private TelegramNotifier notifier(TelegramConfig.Builder config) {
    return new TelegramNotifier(
        "jobs", "telegram", FakeBatch.router(), config.build(), sender, waiter);
  }

  private static TelegramConfig.Builder config() {
    return TelegramConfig.builder(BotToken.of("1:0123456789")).digestFrom(Integer.MAX_VALUE);
  }

  @Test
  void oneChatGetsOneMessageASecond() throws Exception {
    FakeBatch batch = run(config(), List.of(event(1, "5:a"), event(2, "5:b"), event(3, "5:c")));
    assertThat(sender.millis()).containsExactly(0L, 1000L, 2000L);
    assertThat(sender.texts(5)).containsExactly("a", "b", "c");
    assertThat(batch.allDone()).isTrue();
  }

  @Test
  void slowChatDoesNotHoldUpOthers() throws Exception {
    run(config(), List.of(event(1, "5:a"), event(2, "5:b"), event(3, "6:c")));
    assertThat(sender.sent)
        .extracting(FakeSender.Sent::text, FakeSender.Sent::atMillis)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a", 0L),
            org.assertj.core.groups.Tuple.tuple("c", 0L),
            org.assertj.core.groups.Tuple.tuple("b", 1000L));
  }

  @Test
  void allChatsTogetherGetThirtyMessagesInAnySecond() throws Exception {
    List<Event> events = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      events.add(event(i, i + ":x"));
    }
    run(config(), events);
    List<Long> times = sender.millis();
    assertThat(times).hasSize(100);
    for (int i = 30; i < times.size(); i++) {
      assertThat(times.get(i) - times.get(i - 30)).isGreaterThanOrEqualTo(1000);
    }
    assertThat(times.get(99)).isEqualTo(3000);
  }

  @Test
  void groupGetsTwentyMessagesInAnyMinute() throws Exception {
    List<Event> events = new ArrayList<>();
    for (int i = 1; i <= 25; i++) {
      events.add(event(i, "-7:x" + i));
    }
    run(config().longestPause(Duration.ofMinutes(2)), events);
    List<Long> times = sender.millis();
    assertThat(times).hasSize(25);
    assertThat(times.get(19)).isEqualTo(19_000);
    assertThat(times.get(20)).isEqualTo(60_000);
  }

  @Test
  void whatWouldWaitTooLongIsPutOffWithTheRestOfTheTime() throws Exception {
    List<Event> events = new ArrayList<>();
    for (int i = 1; i <= 25; i++) {
      events.add(event(i, "-7:x" + i));
    }
    FakeBatch batch = run(config(), events);
    assertThat(sender.sent).hasSize(20);
    assertThat(batch.retried).containsOnlyKeys(21L, 22L, 23L, 24L, 25L);
    assertThat(batch.retried.values()).containsOnly(Duration.ofSeconds(41));
    assertThat(batch.failed).isEmpty();
  }

  @Test
  void ratesHoldFromBatchToBatch() throws Exception {
    try (TelegramNotifier notifier = notifier(config())) {
      notifier.processBatch(new FakeBatch(event(1, "5:a")));
      waiter.advance(Duration.ofMillis(300).toNanos());
      notifier.processBatch(new FakeBatch(event(2, "5:b")));
    }
    assertThat(sender.millis()).containsExactly(0L, 1000L);
  }

  @Test
  void retryAfterIsObeyedAndTheMessageSentAgain() throws Exception {
    sender.answers =
        (chat, text) ->
            sender.sent.size() == 1
                ? Answer.tooMany(Duration.ofSeconds(7), "429")
                : Answer.DELIVERED;
    FakeBatch batch = run(config(), List.of(event(1, "5:a"), event(2, "6:b")));
    assertThat(sender.sent)
        .extracting(FakeSender.Sent::text, FakeSender.Sent::atMillis)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a", 0L),
            org.assertj.core.groups.Tuple.tuple("b", 0L),
            org.assertj.core.groups.Tuple.tuple("a", 7000L));
    assertThat(batch.allDone()).isTrue();
  }

  @Test
  void longRetryAfterIsSpentInTheRetryQueue() throws Exception {
    sender.answers =
        (chat, text) ->
            chat == 5 ? Answer.tooMany(Duration.ofSeconds(35), "429") : Answer.DELIVERED;
    FakeBatch batch = run(config(), List.of(event(1, "5:a"), event(2, "5:b"), event(3, "6:c")));
    assertThat(sender.sent).extracting(FakeSender.Sent::text).containsExactly("a", "c");
    assertThat(batch.retried)
        .containsExactly(
            Map.entry(1L, Duration.ofSeconds(35)), Map.entry(2L, Duration.ofSeconds(35)));
  }

  @Test
  void whenASecondChatHears429TheWholeBotPauses() throws Exception {
    Map<Long, Integer> tries = new HashMap<>();
    sender.answers =
        (chat, text) ->
            chat != 7 && tries.merge(chat, 1, Integer::sum) == 1
                ? Answer.tooMany(Duration.ofSeconds(5), "429")
                : Answer.DELIVERED;
    // One request at a time, so that the third chat comes after both answers.
    run(config().parallelRequests(1), List.of(event(1, "5:a"), event(2, "6:b"), event(3, "7:c")));
    assertThat(sender.sent.get(2).atMillis()).isEqualTo(5000);
  }

  @Test
  void endless429EndsInTheRetryQueue() throws Exception {
    sender.answers = (chat, text) -> Answer.tooMany(Duration.ofSeconds(1), "429");
    FakeBatch batch = run(config(), List.of(event(1, "5:a")));
    assertThat(sender.sent).hasSizeBetween(2, 10);
    assertThat(batch.retried).containsExactly(Map.entry(1L, Duration.ofSeconds(1)));
  }

  @Test
  void limitsOfQuietChatsAreForgotten() {
    RateLimits limits = new RateLimits(config().build());
    for (int i = 1; i <= 100_000; i++) {
      limits.sending(i, waiter.now());
      limits.answered(i, waiter.now());
      waiter.advance(Duration.ofMillis(40).toNanos());
    }
    assertThat(limits.chatsKnown()).isLessThan(2_000);
  }
}
