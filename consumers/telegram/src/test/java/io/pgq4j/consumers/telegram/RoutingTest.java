package io.pgq4j.consumers.telegram;

import static io.pgq4j.consumers.telegram.FakeBatch.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgq4j.Event;
import io.pgq4j.EventDataException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RoutingTest {
  private final ManualWaiter waiter = new ManualWaiter();
  private final FakeSender sender = new FakeSender(waiter);
  private final List<List<Long>> routed = new ArrayList<>();

  private TelegramNotifier notifier(MessageRouter router) {
    TelegramConfig config =
        TelegramConfig.builder(BotToken.of("1:0123456789")).windowEvents(100).build();
    return new TelegramNotifier("jobs", "telegram", router, config, sender, waiter);
  }

  private MessageRouter recording(MessageRouter router) {
    return events -> {
      routed.add(events.stream().map(Event::id).toList());
      return router.route(events);
    };
  }

  /** One notification for chat 5 that lists the ids of all events. */
  private static final MessageRouter PACKING =
      events ->
          List.of(Notification.of(events, 5, events.stream().map(Event::id).toList().toString()));

  @Test
  void eventsAreRoutedTogetherInWindowsOfBoundedSize() throws Exception {
    List<Event> events = LongStream.rangeClosed(1, 250).mapToObj(i -> event(i, "")).toList();
    notifier(recording(MessageRouter.perEvent(event -> List.of())))
        .processBatch(new FakeBatch(events));
    assertThat(routed).extracting(List::size).containsExactly(100, 100, 50);
    assertThat(routed.stream().flatMap(List::stream)).hasSize(250).isSorted();
  }

  @Test
  void largeEventsMakeSmallerWindows() throws Exception {
    String large = "x".repeat(1_500_000);
    List<Event> events = LongStream.rangeClosed(1, 7).mapToObj(i -> event(i, large)).toList();
    notifier(recording(MessageRouter.perEvent(event -> List.of())))
        .processBatch(new FakeBatch(events));
    assertThat(routed).extracting(List::size).containsExactly(3, 3, 1);
  }

  @Test
  void oneNotificationMayTellOfManyEvents() throws Exception {
    FakeBatch batch = new FakeBatch(event(1, ""), event(2, ""));
    notifier(PACKING).processBatch(batch);
    assertThat(sender.texts(5)).containsExactly("[1, 2]");
    assertThat(batch.allDone()).isTrue();
  }

  @Test
  void failedNotificationSendsAllItsEventsToRetry() throws Exception {
    sender.answers = (chat, text) -> Answer.of(Answer.Kind.FAILED, "502");
    FakeBatch batch = new FakeBatch(event(1, ""), event(2, ""));
    notifier(PACKING).processBatch(batch);
    assertThat(batch.failed).containsOnlyKeys(1L, 2L);
  }

  @Test
  void repeatedEventIsRoutedAloneSoThatItCanBeLeftOut() throws Exception {
    TelegramNotifier notifier = notifier(recording(PACKING));
    notifier.processBatch(new FakeBatch(event(1, ""), event(2, "")));
    notifier.processBatch(new FakeBatch(event(2, ""), event(3, ""), event(4, "")));
    assertThat(sender.texts(5)).containsExactly("[1, 2]", "[3, 4]");
    assertThat(routed).containsExactly(List.of(1L, 2L), List.of(3L, 4L), List.of(2L));
  }

  @Test
  void topicsTellNotificationsOfOneEventToOneChatApart() throws Exception {
    sender.answers =
        (chat, text) ->
            text.equals("java") && sender.sent.size() < 2
                ? Answer.of(Answer.Kind.FAILED, "502")
                : Answer.DELIVERED;
    TelegramNotifier notifier =
        notifier(
            events ->
                List.of(
                    new Notification(events, 5, "java", "search 1"),
                    new Notification(events, 5, "sql", "search 2")));
    notifier.processBatch(new FakeBatch(event(1, "")));
    notifier.processBatch(new FakeBatch(event(1, "")));
    assertThat(sender.texts(5)).containsExactly("java", "sql", "java");
  }

  @Test
  void poisonousEventDoesNotHoldUpItsWindow() throws Exception {
    EventDataException bad = new EventDataException("no title");
    MessageRouter router =
        MessageRouter.perEvent(
            event -> {
              if (event.id() == 2) {
                throw bad;
              }
              return List.of(Notification.of(event, 5, "e" + event.id()));
            });
    FakeBatch batch = new FakeBatch(event(1, ""), event(2, ""), event(3, ""));
    notifier(router).processBatch(batch);
    assertThat(sender.texts(5)).containsExactly("e1", "e3");
    assertThat(batch.failed).containsOnlyKeys(2L).containsValue(bad);
  }

  @Test
  void poisonousEventOnItsOwnIsFailedToo() throws Exception {
    FakeBatch batch = new FakeBatch(event(1, ""));
    notifier(events -> List.of(Notification.of(events, 5, " "))).processBatch(batch);
    assertThat(batch.failed).containsOnlyKeys(1L);
  }

  @Test
  void notificationOfAForeignEventIsTheRoutersFault() throws Exception {
    FakeBatch batch = new FakeBatch(event(1, ""));
    notifier(events -> List.of(Notification.of(event(99, ""), 5, "x"))).processBatch(batch);
    assertThat(batch.failed.get(1L)).hasMessageContaining("event that it was not given");
    assertThat(sender.sent).isEmpty();
  }

  @Test
  void interruptionWhileRoutingLeavesTheBatchUnfinished() {
    FakeBatch batch = new FakeBatch(event(1, ""));
    assertThatThrownBy(
            () ->
                notifier(
                        events -> {
                          throw new InterruptedException();
                        })
                    .processBatch(batch))
        .isInstanceOf(InterruptedException.class);
    assertThat(batch.allDone()).isTrue();
  }

  @Test
  void routerIsToldWhatHasArrivedAndAgainWhenItFailedToWriteItDown() throws Exception {
    List<Long> told = new ArrayList<>();
    MessageRouter router =
        new MessageRouter() {
          @Override
          public List<Notification> route(List<Event> events) {
            return List.of(
                Notification.of(events.get(0), 5, "a"), Notification.of(events.get(0), 6, "b"));
          }

          @Override
          public void delivered(List<Notification> notifications) {
            notifications.forEach(notification -> told.add(notification.chatId()));
            if (told.size() == 1) {
              throw new IllegalStateException("no database");
            }
          }
        };
    sender.answers =
        (chat, text) ->
            chat == 6 ? Answer.of(Answer.Kind.UNREACHABLE, "blocked") : Answer.DELIVERED;
    TelegramNotifier notifier = notifier(router);
    assertThatThrownBy(() -> notifier.processBatch(new FakeBatch(event(1, ""))))
        .hasMessage("no database");
    notifier.processBatch(new FakeBatch(event(1, "")));
    assertThat(told).containsExactly(5L, 5L);
    assertThat(sender.texts(5)).containsExactly("a");
  }

  @Test
  void eventThatFailedSomewhereAndWasRefusedElsewhereIsTriedAgain() throws Exception {
    sender.answers =
        (chat, text) ->
            switch (chat.intValue()) {
              case 5 -> Answer.of(Answer.Kind.REFUSED, "400");
              case 6 -> Answer.of(Answer.Kind.FAILED, "502");
              default -> Answer.DELIVERED;
            };
    FakeBatch batch = new FakeBatch(event(1, "5:a|6:b|7:c"));
    notifier(FakeBatch.router()).processBatch(batch);
    assertThat(batch.failed).containsOnlyKeys(1L);
    assertThat(batch.dead).isEmpty();
  }

  @Test
  void memoryOfDeliveriesIsBounded() {
    DeliveredMemory memory = new DeliveredMemory(1_000);
    for (long i = 1; i <= 10_000; i++) {
      memory.add(Notification.of(event(i, ""), 5, "x"));
    }
    assertThat(LongStream.rangeClosed(1, 10_000).filter(i -> memory.knows(event(i, ""))))
        .hasSize(1_000)
        .contains(10_000L);
  }
}
