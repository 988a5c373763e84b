package io.pgq4j.consumers.telegram;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

final class InMemoryChatStatus implements ChatStatus {
  private static final Logger log = LoggerFactory.getLogger(InMemoryChatStatus.class);

  private final long tryAgainAfter;
  private final LongSupplier nanoTime;
  private final RecentMap<Long, Long> markedAt = new RecentMap<>(10_000);

  InMemoryChatStatus(Duration tryAgainAfter, LongSupplier nanoTime) {
    this.tryAgainAfter = tryAgainAfter.toNanos();
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized boolean reachable(long chatId) {
    Long since = markedAt.get(chatId);
    if (since == null) {
      return true;
    }
    if (nanoTime.getAsLong() - since < tryAgainAfter) {
      return false;
    }
    markedAt.remove(chatId);
    return true;
  }

  @Override
  public synchronized void unreachable(long chatId, String reason) {
    markedAt.put(chatId, nanoTime.getAsLong());
    log.info("chat {} cannot be reached, its messages are dropped for now: {}", chatId, reason);
  }

  @Override
  public void migrated(long from, long to) {
    log.info("chat {} has become chat {}: put the new id where the old one is stored", from, to);
  }
}
