package io.pgq4j.examples.upstats;

import io.pgq4j.consumers.telegram.BotToken;
import io.pgq4j.consumers.telegram.Rate;
import io.pgq4j.consumers.telegram.TelegramConfig;
import io.pgq4j.consumers.telegram.standin.BotApiStandIn;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the demo's messages go: Telegram, or a local stand-in of its Bot API. */
final class Messenger implements AutoCloseable {
  private static final Rate NO_LIMIT = Rate.perSecond(1_000_000);

  private final BotToken token;
  private final @Nullable BotApiStandIn standIn;

  private Messenger(BotToken token, @Nullable BotApiStandIn standIn) {
    this.token = token;
    this.standIn = standIn;
  }

  static Messenger open(Optional<BotToken> token) {
    if (token.isPresent()) {
      return new Messenger(token.get(), null);
    }
    BotApiStandIn standIn = BotApiStandIn.start();
    return new Messenger(standIn.token(), standIn);
  }

  /** Called by one thread at a time or by several. */
  @FunctionalInterface
  interface Arrivals {
    /**
     * A message has arrived.
     *
     * @param nanos when, by {@link System#nanoTime()}
     */
    void arrived(long nanos, long chatId, String text);
  }

  /**
   * How to send. An arrival is the stand-in's having read the request, or Telegram's having
   * answered it.
   */
  TelegramConfig.Builder config(Arrivals arrivals) {
    if (standIn == null) {
      return config()
          .onDelivered(sent -> arrivals.arrived(System.nanoTime(), sent.chatId(), sent.text()));
    }
    standIn.onMessage(
        message -> arrivals.arrived(System.nanoTime(), message.chatId(), message.text()));
    return config()
        .perChat(NO_LIMIT)
        .perGroup(NO_LIMIT)
        .overall(NO_LIMIT)
        .digestFrom(Integer.MAX_VALUE);
  }

  /** How to talk to the bot at all. */
  TelegramConfig.Builder config() {
    TelegramConfig.Builder config = TelegramConfig.builder(token);
    return standIn == null ? config : config.apiUrl(standIn.url());
  }

  /** Has a user of the stand-in write to the bot; with Telegram, users do. */
  void write(long chatId, String text) {
    if (standIn != null) {
      standIn.write(chatId, text);
    }
  }

  /** Whether messages end here instead of reaching people. */
  boolean isStandIn() {
    return standIn != null;
  }

  /** For the user, on one line or more. */
  List<String> description() {
    return standIn == null
        ? List.of("the real one, at its pace: a message a second for a chat")
        : List.of(
            "a stand-in of the Bot API at " + standIn.url() + ", without Telegram's rate limits",
            "(set TELEGRAM_BOT_TOKEN to send real messages)");
  }

  @Override
  public void close() {
    if (standIn != null) {
      standIn.close();
    }
  }
}
