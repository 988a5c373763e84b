package io.pgq4j.consumers.telegram.standin;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What people wrote to the bot, until it is confirmed. Thread-safe. */
final class Inbox {
  private static final int MOST_AT_ONCE = 100;

  private record Update(long id, long chatId, String text) {}

  private final Deque<Update> updates = new ArrayDeque<>();

  /** Higher than those of a stand-in that was before, for bots remember what they have seen. */
  private long lastId = Instant.now().getEpochSecond();

  synchronized void add(long chatId, String text) {
    updates.addLast(new Update(++lastId, chatId, text));
    notifyAll();
  }

  /**
   * As getUpdates: those from the offset on, and what was before it is forgotten.
   *
   * @param wait seconds to wait for one
   */
  synchronized List<Map<String, Object>> from(long offset, long wait) throws InterruptedException {
    updates.removeIf(update -> update.id() < offset);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(wait);
    for (long left = end - System.nanoTime();
        updates.isEmpty() && left > 0;
        left = end - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return updates.stream().limit(MOST_AT_ONCE).map(Inbox::json).toList();
  }

  private static Map<String, Object> json(Update update) {
    String type = update.chatId() < 0 ? "supergroup" : "private";
    Map<String, Object> message =
        Map.of(
            "message_id", update.id(),
            "date", Instant.now().getEpochSecond(),
            "chat", Map.of("id", update.chatId(), "type", type),
            "text", update.text());
    return Map.of("update_id", update.id(), "message", message);
  }
}
