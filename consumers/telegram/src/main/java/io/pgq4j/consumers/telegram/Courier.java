package io.pgq4j.consumers.telegram;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What deliveries share: what is known about Telegram's rates, about chats and about what has
 * arrived. Confined to the consumer's thread. A failing listener of the application is logged and
 * does not stop the deliveries.
 */
final class Courier {
  private static final Logger log = LoggerFactory.getLogger(Courier.class);

  private final TelegramConfig config;
  private final Sender sender;
  private final Waiter waiter;
  private final RateLimits limits;
  private final Migrations migrations = new Migrations();
  private final DeliveredMemory memory;

  Courier(TelegramConfig config, Sender sender, Waiter waiter) {
    this.config = config;
    this.sender = sender;
    this.waiter = waiter;
    limits = new RateLimits(config);
    memory = new DeliveredMemory(config.rememberedDeliveries());
  }

  /** Delivers them as far as possible; afterwards each has an outcome. */
  void deliver(List<Parcel> parcels) throws InterruptedException {
    for (Parcel parcel : parcels) {
      if (memory.contains(parcel.notification)) {
        parcel.settle(Parcel.Outcome.DELIVERED, "before");
      } else if (!reachable(migrations.current(parcel.notification.chatId()))) {
        parcel.settle(Parcel.Outcome.UNREACHABLE, "known to be unreachable");
      }
    }
    new DeliveryRun(this).deliver(parcels.stream().filter(parcel -> !parcel.settled()).toList());
  }

  DeliveredMemory memory() {
    return memory;
  }

  Sender sender() {
    return sender;
  }

  Waiter waiter() {
    return waiter;
  }

  RateLimits limits() {
    return limits;
  }

  Migrations migrations() {
    return migrations;
  }

  int parallel() {
    return config.parallelRequests();
  }

  int digestFrom() {
    return config.digestFrom();
  }

  Duration longestPause() {
    return config.longestPause();
  }

  void arrived(Notification notification) {
    memory.add(notification);
    guarded(() -> config.onDelivered().accept(notification));
  }

  void unreachable(long chatId, String reason) {
    guarded(() -> config.chatStatus().unreachable(chatId, reason));
  }

  void migrated(long from, long to) {
    migrations.put(from, to);
    guarded(() -> config.chatStatus().migrated(from, to));
  }

  private boolean reachable(long chatId) {
    try {
      return config.chatStatus().reachable(chatId);
    } catch (RuntimeException e) {
      log.warn("chat status failed, chat {} counts as reachable", chatId, e);
      return true;
    }
  }

  private static void guarded(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException e) {
      log.warn("a listener of the deliveries failed, going on", e);
    }
  }
}
