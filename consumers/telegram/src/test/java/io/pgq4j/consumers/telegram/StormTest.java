package io.pgq4j.consumers.telegram;

import static io.pgq4j.consumers.telegram.FakeBatch.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StormTest {
  private final ManualWaiter waiter = new ManualWaiter();
  private final FakeSender sender = new FakeSender(waiter);

  private FakeBatch run(List<Event> events) throws Exception {
    TelegramConfig config = TelegramConfig.builder(BotToken.of("1:0123456789")).build();
    FakeBatch batch = new FakeBatch(events);
    new TelegramNotifier("jobs", "telegram", FakeBatch.router(), config, sender, waiter)
        .processBatch(batch);
    return batch;
  }

  @Test
  void fewTextsAreSentOneByOne() throws Exception {
    run(List.of(event(1, "5:a"), event(2, "5:b"), event(3, "5:c")));
    assertThat(sender.texts(5)).containsExactly("a", "b", "c");
  }

  @Test
  void stormIsJoined() throws Exception {
    run(List.of(event(1, "5:a"), event(2, "5:b"), event(3, "5:c"), event(4, "5:d")));
    assertThat(sender.texts(5)).containsExactly("a\n\nb\n\nc\n\nd");
  }

  @Test
  void stormOfThousandsLosesNothingAndFillsItsMessages() throws Exception {
    List<Event> events = new ArrayList<>();
    StringBuilder all = new StringBuilder();
    for (int i = 1; i <= 3000; i++) {
      String text = "job " + i + " " + "x".repeat(i % 97);
      events.add(event(i, "5:" + text));
      all.append(i == 1 ? "" : "\n\n").append(text);
    }
    FakeBatch batch = run(events);
    assertThat(String.join("\n\n", sender.texts(5))).isEqualTo(all.toString());
    assertThat(sender.texts(5)).allSatisfy(text -> assertThat(text.length()).isLessThan(4097));
    // Three windows leave at most one message each that is not full.
    assertThat(sender.texts(5)).hasSizeLessThan(all.length() / 4000 + 4);
    assertThat(batch.allDone()).isTrue();
  }

  @Test
  void joinedTextsFillTheLimitExactly() throws Exception {
    run(
        List.of(
            event(1, "5:" + "a".repeat(2047)),
            event(2, "5:" + "b".repeat(2047)),
            event(3, "5:" + "c".repeat(2047)),
            event(4, "5:" + "d".repeat(2048))));
    assertThat(sender.texts(5)).extracting(String::length).containsExactly(4096, 2047, 2048);
  }

  @Test
  void longTextInAStormKeepsItsPlace() throws Exception {
    run(
        List.of(
            event(1, "5:a"),
            event(2, "5:b"),
            event(3, "5:" + "x".repeat(5000)),
            event(4, "5:c"),
            event(5, "5:d")));
    assertThat(sender.texts(5))
        .containsExactly("a\n\nb", "x".repeat(4096), "x".repeat(904), "c\n\nd");
  }

  @Test
  void oneRefusedTextDoesNotTakeTheOthersWithIt() throws Exception {
    sender.answers =
        (chat, text) ->
            text.contains("bad")
                ? Answer.of(Answer.Kind.REFUSED, "Telegram answered 400: no")
                : Answer.DELIVERED;
    FakeBatch batch =
        run(List.of(event(1, "5:a"), event(2, "5:bad"), event(3, "5:c"), event(4, "5:d")));
    assertThat(sender.texts(5)).containsExactly("a\n\nbad\n\nc\n\nd", "a", "bad", "c", "d");
    assertThat(batch.dead).containsOnlyKeys(2L).containsValue("Telegram answered 400: no");
    assertThat(batch.failed).isEmpty();
  }

  @Test
  void failedDigestSendsAllItsEventsToRetry() throws Exception {
    sender.answers = (chat, text) -> Answer.of(Answer.Kind.FAILED, "502");
    FakeBatch batch =
        run(List.of(event(1, "5:a"), event(2, "5:b"), event(3, "5:c"), event(4, "5:d")));
    assertThat(sender.sent).hasSize(1);
    assertThat(batch.failed).containsOnlyKeys(1L, 2L, 3L, 4L);
  }

  @Test
  void outageIsNotAskedForEveryMessage() throws Exception {
    sender.answers = (chat, text) -> Answer.of(Answer.Kind.FAILED, "502");
    List<Event> events = new ArrayList<>();
    for (int i = 1; i <= 500; i++) {
      events.add(event(i, i + ":x"));
    }
    FakeBatch batch = run(events);
    assertThat(sender.sent).hasSizeLessThan(10);
    assertThat(batch.failed).hasSize(500);
  }
}
