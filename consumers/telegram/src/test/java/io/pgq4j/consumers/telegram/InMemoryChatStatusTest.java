package io.pgq4j.consumers.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class InMemoryChatStatusTest {
  private final ManualWaiter clock = new ManualWaiter();
  private final ChatStatus chats = new InMemoryChatStatus(Duration.ofHours(1), clock::now);

  @Test
  void markedChatIsTriedAgainAfterAWhile() {
    chats.unreachable(5, "blocked");
    assertThat(chats.reachable(5)).isFalse();
    assertThat(chats.reachable(6)).isTrue();
    clock.advance(Duration.ofMinutes(59).toNanos());
    assertThat(chats.reachable(5)).isFalse();
    clock.advance(Duration.ofMinutes(1).toNanos());
    assertThat(chats.reachable(5)).isTrue();
  }

  @Test
  void numberOfMarkedChatsIsBounded() {
    for (long chat = 1; chat <= 20_000; chat++) {
      chats.unreachable(chat, "blocked");
    }
    assertThat(LongStream.rangeClosed(1, 20_000).filter(chat -> !chats.reachable(chat)))
        .hasSize(10_000);
  }
}
