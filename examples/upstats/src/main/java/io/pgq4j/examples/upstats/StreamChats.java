package io.pgq4j.examples.upstats;

import io.pgq4j.consumers.telegram.ChatStatus;
import java.sql.SQLException;

/** Writes what Telegram says about chats into their streams. */
final class StreamChats implements ChatStatus {
  private final StreamStore store;

  StreamChats(StreamStore store) {
    this.store = store;
  }

  /** Streams of other chats are paused and match nothing. */
  @Override
  public boolean reachable(long chatId) {
    return true;
  }

  @Override
  public void unreachable(long chatId, String reason) {
    try {
      store.pauseChat(chatId, reason);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot pause the streams of chat " + chatId, e);
    }
  }

  @Override
  public void migrated(long from, long to) {
    try {
      store.moveChat(from, to);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot move the streams of chat " + from + " to " + to, e);
    }
  }
}
