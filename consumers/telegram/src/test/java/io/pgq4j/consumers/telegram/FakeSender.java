package io.pgq4j.consumers.telegram;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/** Answers at once, and writes down what was sent when. */
final class FakeSender implements Sender {
  record Sent(long chatId, String text, long atMillis) {}

  final List<Sent> sent = new ArrayList<>();
  BiFunction<Long, String, Answer> answers = (chatId, text) -> Answer.DELIVERED;
  private final Waiter waiter;

  FakeSender(Waiter waiter) {
    this.waiter = waiter;
  }

  @Override
  public CompletableFuture<Answer> send(long chatId, String text, boolean plain) {
    sent.add(new Sent(chatId, text, waiter.now() / 1_000_000));
    return CompletableFuture.completedFuture(answers.apply(chatId, text));
  }

  @Override
  public void cancelAll() {}

  List<String> texts(long chatId) {
    return sent.stream().filter(s -> s.chatId() == chatId).map(Sent::text).toList();
  }

  List<Long> millis() {
    return sent.stream().map(Sent::atMillis).toList();
  }
}
