package io.pgq4j.consumers.telegram;

import java.util.ArrayList;
import java.util.List;

/** Keeps what it is told, in words. */
final class RecordingChatStatus implements ChatStatus {
  final List<String> told = new ArrayList<>();
  private final ChatStatus memory = ChatStatus.inMemory();

  @Override
  public boolean reachable(long chatId) {
    return memory.reachable(chatId);
  }

  @Override
  public void unreachable(long chatId, String reason) {
    told.add(chatId + " unreachable: " + reason);
    memory.unreachable(chatId, reason);
  }

  @Override
  public void migrated(long from, long to) {
    told.add(from + " is now " + to);
  }
}
