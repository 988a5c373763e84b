package io.pgq4j.consumers.telegram;

/** Where chats have moved to, as far as Telegram has told since the start. */
final class Migrations {
  // A group becomes a supergroup once; more hops than this are a server going round in circles.
  private static final int MAX_HOPS = 3;

  private final RecentMap<Long, Long> moved = new RecentMap<>(10_000);

  void put(long from, long to) {
    moved.put(from, to);
  }

  long current(long chatId) {
    long current = chatId;
    for (int hop = 0; hop < MAX_HOPS; hop++) {
      Long next = moved.get(current);
      if (next == null) {
        break;
      }
      current = next;
    }
    return current;
  }
}
