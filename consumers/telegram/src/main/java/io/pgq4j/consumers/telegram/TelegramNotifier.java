package io.pgq4j.consumers.telegram;

import io.pgq4j.Batch;
import io.pgq4j.Consumer;
import io.pgq4j.Event;
import io.pgq4j.daemon.SelfCheck;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends the events of a queue as Telegram messages. A {@link MessageRouter} chooses the chats and
 * renders the texts; what is promised stands in the package's description.
 *
 * <p>One notifier serves one consumer. {@link #close()} it when the runner has stopped; its threads
 * are daemons, so nothing hangs when this is forgotten.
 */
public final class TelegramNotifier extends Consumer implements AutoCloseable, SelfCheck {
  private static final long WINDOW_CHARS = 4_000_000;

  private final MessageRouter router;
  private final TelegramConfig config;
  private final Courier courier;
  private final @Nullable BotApi api;

  /**
   * A notifier for one consumer.
   *
   * @param queue the queue's name
   * @param name the consumer's name
   */
  public TelegramNotifier(String queue, String name, MessageRouter router, TelegramConfig config) {
    this(queue, name, router, config, new BotApi(config));
  }

  private TelegramNotifier(
      String queue, String name, MessageRouter router, TelegramConfig config, BotApi api) {
    super(queue, name);
    this.router = router;
    this.config = config;
    this.api = api;
    courier = new Courier(config, api, Waiter.system());
  }

  /** For tests: another way out and another clock. */
  TelegramNotifier(
      String queue,
      String name,
      MessageRouter router,
      TelegramConfig config,
      Sender sender,
      Waiter waiter) {
    super(queue, name);
    this.router = router;
    this.config = config;
    api = null;
    courier = new Courier(config, sender, waiter);
  }

  /**
   * Asks Telegram for the bot's user name. Calling it at start shows a wrong token or address at
   * once, and opens the connection, so that the first message need not wait for that.
   *
   * @throws TelegramException if Telegram cannot be reached or refuses the bot
   */
  public String botName() throws InterruptedException {
    if (api == null) {
      throw new IllegalStateException("no Bot API");
    }
    return api.botName();
  }

  /** For {@code --check}: as {@link #botName}. */
  @Override
  public void check() throws InterruptedException {
    botName();
  }

  /**
   * Works a batch off: returns when each event's messages have arrived, or the event has been given
   * to the retry queue or the dead letters.
   *
   * @throws TelegramException if Telegram refuses the bot: the batch comes again
   */
  @Override
  protected void processBatch(Batch batch) throws Exception {
    List<Event> window = new ArrayList<>();
    long chars = 0;
    for (Event event : batch) {
      window.add(event);
      chars += chars(event);
      if (window.size() >= config.windowEvents() || chars >= WINDOW_CHARS) {
        new Window(batch, router, courier).process(window);
        window = new ArrayList<>();
        chars = 0;
      }
    }
    if (!window.isEmpty()) {
      new Window(batch, router, courier).process(window);
    }
  }

  private static long chars(Event event) {
    return length(event.data()) + length(event.extra2()) + length(event.extra4());
  }

  private static long length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }

  /** Gives up requests under way and their connections. */
  @Override
  public void close() {
    if (api != null) {
      api.close();
    }
  }
}
