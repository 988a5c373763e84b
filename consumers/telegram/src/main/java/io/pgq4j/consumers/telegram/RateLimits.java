package io.pgq4j.consumers.telegram;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Telegram's limits per chat, per group and for the whole bot. Confined to one thread. */
final class RateLimits {
  /*
   * When the next message may go out.
   *
   * What counts. A request counts from before it is sent until its period has passed after its
   * answer. Telegram sees it somewhere in between, so whatever the network's jitter, two requests
   * never reach Telegram closer together than the rate says.
   *
   * Pauses. A 429 does not say whether it is meant for the chat or for the bot. It pauses the
   * chat; when a second chat hears it while the first is still paused, it was the bot, and
   * everything pauses.
   *
   * Memory. A chat is forgotten when nothing holds it back any more.
   */

  private static final int TIDY_AT = 1_000;

  private final Rate perChat;
  private final Rate perGroup;
  private final Window overall;
  private final Map<Long, Chat> chats = new HashMap<>();
  private long overallPausedUntil;
  private int tidyAt = TIDY_AT;

  RateLimits(TelegramConfig config) {
    perChat = config.perChat();
    perGroup = config.perGroup();
    overall = new Window(config.overall());
  }

  /** Now or earlier: send. {@link Waiter#FOREVER}: not before some answer has come. */
  long readyAt(long chatId, long now) {
    long ready = Math.max(overallPausedUntil, overall.readyAt(now));
    Chat chat = chats.get(chatId);
    return chat == null ? ready : Math.max(ready, chat.readyAt(now));
  }

  void sending(long chatId, long now) {
    if (chats.size() >= tidyAt) {
      chats.values().removeIf(chat -> chat.idle(now));
      tidyAt = Math.max(TIDY_AT, 2 * chats.size());
    }
    overall.begin();
    chat(chatId).begin();
  }

  void answered(long chatId, long now) {
    overall.end(now);
    chat(chatId).end(now);
  }

  /** Telegram asked for silence. */
  void pause(long chatId, Duration time, long now) {
    long until = now + time.toNanos();
    boolean anotherIsPaused =
        chats.entrySet().stream()
            .anyMatch(other -> other.getKey() != chatId && other.getValue().pausedUntil > now);
    if (anotherIsPaused) {
      overallPausedUntil = Math.max(overallPausedUntil, until);
    }
    chat(chatId).pausedUntil = until;
  }

  int chatsKnown() {
    return chats.size();
  }

  private Chat chat(long chatId) {
    // Groups and channels have negative ids.
    return chats.computeIfAbsent(
        chatId,
        id -> new Chat(new Window(perChat), id < 0 ? new Window(perGroup) : new Window(perChat)));
  }

  private static final class Chat {
    private final Window first;
    private final Window second;
    private long pausedUntil;

    Chat(Window first, Window second) {
      this.first = first;
      this.second = second;
    }

    void begin() {
      first.begin();
      second.begin();
    }

    void end(long now) {
      first.end(now);
      second.end(now);
    }

    long readyAt(long now) {
      return Math.max(pausedUntil, Math.max(first.readyAt(now), second.readyAt(now)));
    }

    boolean idle(long now) {
      return pausedUntil <= now && first.idle(now) && second.idle(now);
    }
  }

  private static final class Window {
    private final int count;
    private final long period;
    private final Deque<Long> ended = new ArrayDeque<>();
    private int underWay;

    Window(Rate rate) {
      count = rate.count();
      period = rate.period().toNanos();
    }

    void begin() {
      underWay++;
    }

    void end(long now) {
      underWay--;
      ended.addLast(now);
    }

    long readyAt(long now) {
      forget(now);
      if (underWay + ended.size() < count) {
        return 0;
      }
      // Never more than count are let through, so one expiry makes room, if one is left to expire.
      Long oldest = ended.peekFirst();
      return oldest == null ? Waiter.FOREVER : oldest + period;
    }

    boolean idle(long now) {
      forget(now);
      return underWay == 0 && ended.isEmpty();
    }

    private void forget(long now) {
      while (!ended.isEmpty() && ended.getFirst() + period <= now) {
        ended.removeFirst();
      }
    }
  }
}
