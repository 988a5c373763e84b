package io.pgq4j.consumers.telegram;

import io.pgq4j.consumers.telegram.ChatQueue.Message;
import io.pgq4j.consumers.telegram.Parcel.Outcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers some notifications: afterwards each of them has an outcome. Used once. */
final class DeliveryRun {
  /*
   * Sending. The consumer's thread owns all state. It sends to the chat that may be sent to
   * soonest, at most parallelRequests at a time and one per chat, and waits on one queue, for an
   * answer or for the moment when a rate lets the next message out, whichever is first.
   *
   * Waiting. What would have to wait longer than longestPause goes to the retry queue with that
   * delay, so that one slow chat does not hold up the batches of all others.
   *
   * Answers. Each answer settles the notifications of its message or puts them back at the head of
   * their chat: after a short pause, after a move of the chat, without markup, or one by one when
   * Telegram refused them joined. Each way back can be taken only a few times, so every run ends.
   *
   * An outage. When several requests in a row fail, the rest of the run is not tried but fails
   * too: a request into the void takes the whole request timeout.
   */

  private static final Logger log = LoggerFactory.getLogger(DeliveryRun.class);

  private static final int OUTAGE_AFTER = 5;
  private static final int MAX_PAUSES = 5;
  private static final int MAX_MOVES = 3;

  private record Arrival(ChatQueue chat, Message message, Answer answer) {}

  private final Courier courier;
  private final Map<Long, ChatQueue> chats = new LinkedHashMap<>();
  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
  private int underWay;
  private int failuresInRow;
  private @Nullable TelegramException abort;

  DeliveryRun(Courier courier) {
    this.courier = courier;
  }

  /**
   * @throws TelegramException if Telegram refuses the bot; what was under way is settled, the rest
   *     not
   * @throws InterruptedException if interrupted while waiting; what was under way is given up
   */
  void deliver(List<Parcel> parcels) throws InterruptedException {
    for (Parcel parcel : parcels) {
      chat(courier.migrations().current(parcel.notification.chatId())).add(parcel);
    }
    try {
      while (sendOrWait()) {}
    } finally {
      if (underWay > 0) {
        giveUp();
      }
    }
    if (abort != null) {
      throw abort;
    }
  }

  /** One step: sends a message or waits for something to happen. False when all is done. */
  private boolean sendOrWait() throws InterruptedException {
    long now = courier.waiter().now();
    long wait = Waiter.FOREVER;
    ChatQueue next = abort == null && underWay < courier.parallel() ? soonest(now) : null;
    if (next != null) {
      long readyAt = courier.limits().readyAt(next.chatId, now);
      if (readyAt <= now) {
        send(next, now);
        return true;
      }
      wait = readyAt == Waiter.FOREVER ? readyAt : readyAt - now;
      if (readyAt != Waiter.FOREVER && wait > courier.longestPause().toNanos()) {
        putOff(next, Duration.ofNanos(wait), "Telegram's rates");
        return true;
      }
    } else if (underWay == 0) {
      return false;
    }
    Arrival arrival = courier.waiter().await(arrivals, wait);
    if (arrival != null) {
      arrived(arrival);
    }
    return true;
  }

  private @Nullable ChatQueue soonest(long now) {
    ChatQueue soonest = null;
    long soonestAt = Waiter.FOREVER;
    for (ChatQueue chat : chats.values()) {
      if (!chat.busy && !chat.isEmpty()) {
        long readyAt = courier.limits().readyAt(chat.chatId, now);
        if (soonest == null || readyAt < soonestAt) {
          soonest = chat;
          soonestAt = readyAt;
        }
        if (readyAt <= now) {
          break;
        }
      }
    }
    return soonest;
  }

  private void send(ChatQueue chat, long now) {
    // To the end of the line, so that chats take turns.
    chats.remove(chat.chatId);
    chats.put(chat.chatId, chat);
    Message message = chat.next();
    chat.busy = true;
    underWay++;
    courier.limits().sending(chat.chatId, now);
    var unused =
        courier
            .sender()
            .send(chat.chatId, message.text(), message.plain())
            .thenAccept(answer -> arrivals.add(new Arrival(chat, message, answer)));
  }

  private void arrived(Arrival arrival) {
    ChatQueue chat = arrival.chat();
    Message message = arrival.message();
    Answer answer = arrival.answer();
    chat.busy = false;
    underWay--;
    courier.limits().answered(chat.chatId, courier.waiter().now());
    failuresInRow = answer.kind() == Answer.Kind.FAILED ? failuresInRow + 1 : 0;
    switch (answer.kind()) {
      case DELIVERED -> delivered(chat, message);
      case TOO_MANY -> pause(chat, message, answer);
      case UNREACHABLE -> unreachable(chat, message, answer.reason());
      case MIGRATED -> move(chat, message, answer);
      case BAD_MARKUP -> withoutMarkup(chat, message, answer.reason());
      case REFUSED -> refused(chat, message, answer.reason());
      case FAILED -> failed(message, answer.reason());
      case BAD_TOKEN -> abort = BotApi.badToken(answer.reason());
    }
  }

  private void delivered(ChatQueue chat, Message message) {
    for (Parcel parcel : message.parcels()) {
      parcel.sentParts++;
      if (parcel.sentParts < parcel.parts.size()) {
        chat.putBack(List.of(parcel));
      } else {
        parcel.settle(Outcome.DELIVERED, "");
        courier.arrived(parcel.notification);
      }
    }
  }

  private void pause(ChatQueue chat, Message message, Answer answer) {
    Duration time = answer.retryAfter();
    courier.limits().pause(chat.chatId, time, courier.waiter().now());
    chat.putBack(message.parcels());
    message.parcels().forEach(parcel -> parcel.pauses++);
    if (message.parcels().stream().anyMatch(parcel -> parcel.pauses > MAX_PAUSES)) {
      putOff(chat, time, answer.reason());
    }
  }

  private static void putOff(ChatQueue chat, Duration time, String reason) {
    log.info("chat {} waits {} in the retry queue: {}", chat.chatId, time, reason);
    chat.drain().forEach(parcel -> parcel.settle(Outcome.PUT_OFF, reason, time));
  }

  private void unreachable(ChatQueue chat, Message message, String reason) {
    chat.putBack(message.parcels());
    chat.drain().forEach(parcel -> parcel.settle(Outcome.UNREACHABLE, reason));
    courier.unreachable(chat.chatId, reason);
  }

  private void move(ChatQueue chat, Message message, Answer answer) {
    long to = answer.migratedTo();
    message.parcels().forEach(parcel -> parcel.moves++);
    boolean inCircles = message.parcels().stream().anyMatch(parcel -> parcel.moves > MAX_MOVES);
    if (to == chat.chatId || inCircles) {
      refused(chat, message, answer.reason());
      return;
    }
    courier.migrated(chat.chatId, to);
    chat.putBack(message.parcels());
    ChatQueue target = chat(to);
    chat.drain().forEach(target::add);
  }

  private void withoutMarkup(ChatQueue chat, Message message, String reason) {
    if (message.plain() || message.parcels().size() > 1) {
      refused(chat, message, reason);
      return;
    }
    log.warn("a text for chat {} is sent without its markup: {}", chat.chatId, reason);
    Parcel parcel = message.parcels().get(0);
    parcel.plain = true;
    parcel.alone = true;
    chat.putBack(message.parcels());
  }

  private static void refused(ChatQueue chat, Message message, String reason) {
    if (message.parcels().size() == 1) {
      message.parcels().get(0).settle(Outcome.REFUSED, reason);
      return;
    }
    message.parcels().forEach(parcel -> parcel.alone = true);
    chat.putBack(message.parcels());
  }

  private void failed(Message message, String reason) {
    message.parcels().forEach(parcel -> parcel.settle(Outcome.FAILED, reason));
    if (failuresInRow >= OUTAGE_AFTER) {
      chats.values().stream()
          .flatMap(chat -> chat.drain().stream())
          .forEach(parcel -> parcel.settle(Outcome.FAILED, reason));
    }
  }

  /** Leaves in the middle: nobody will read the answers to come. */
  private void giveUp() {
    courier.sender().cancelAll();
    long now = courier.waiter().now();
    chats.values().stream()
        .filter(chat -> chat.busy)
        .forEach(chat -> courier.limits().answered(chat.chatId, now));
  }

  private ChatQueue chat(long chatId) {
    return chats.computeIfAbsent(chatId, id -> new ChatQueue(id, courier.digestFrom()));
  }
}
