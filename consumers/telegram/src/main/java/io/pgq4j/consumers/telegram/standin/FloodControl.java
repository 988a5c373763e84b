package io.pgq4j.consumers.telegram.standin;

import io.pgq4j.consumers.telegram.Rate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** The other side of the rates: refuses what comes too fast. Not thread-safe. */
final class FloodControl {
  private final Rate perChat;
  private final Rate perGroup;
  private final Rate overall;
  private final Deque<Long> all = new ArrayDeque<>();
  private final Map<Long, Deque<Long>> byChat = new HashMap<>();

  FloodControl(Rate perChat, Rate perGroup, Rate overall) {
    this.perChat = perChat;
    this.perGroup = perGroup;
    this.overall = overall;
  }

  /** 0 when the message may pass, and counts then; else for how many nanoseconds not. */
  long admit(long chatId, long now) {
    Deque<Long> chat = byChat.computeIfAbsent(chatId, id -> new ArrayDeque<>());
    long wait = Math.max(wait(all, overall, now), wait(chat, perChat, now));
    if (chatId < 0) {
      wait = Math.max(wait, wait(chat, perGroup, now));
    }
    if (wait == 0) {
      count(all, overall.count(), now);
      count(chat, Math.max(perChat.count(), perGroup.count()), now);
    }
    return wait;
  }

  private static void count(Deque<Long> times, int keep, long now) {
    times.addFirst(now);
    if (times.size() > keep) {
      times.removeLast();
    }
  }

  private static long wait(Deque<Long> latestFirst, Rate rate, long now) {
    if (latestFirst.size() < rate.count()) {
      return 0;
    }
    long oldest = latestFirst.stream().skip(rate.count() - 1L).findFirst().orElseThrow();
    return Math.max(0, oldest + rate.period().toNanos() - now);
  }
}
