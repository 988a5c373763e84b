package io.pgq4j.consumers.telegram;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a bot do what people write to it, by long polling: no address of this program needs to be
 * known to Telegram. One program at a time may poll for a bot; Telegram tells the other so.
 *
 * <p>Telegram keeps what is written to the bot for a day, until it is confirmed, and it is
 * confirmed when it was dealt with. So nothing is lost while this is down; and nothing is done
 * twice if the {@link CommandHandler} remembers what it did. An answer may be lost when the process
 * dies before it is sent. What fails is tried again, five times with growing pauses; then the chat
 * is told, and the next command has its turn. Thread-safe.
 */
public final class BotCommands implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BotCommands.class);

  private static final Duration LONG_POLL = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int ATTEMPTS = 5;
  private static final String GIVEN_UP = "That did not work. Please try again later.";

  private final BotApi api;
  private final CommandHandler handler;
  private final Thread thread = new Thread(this::run, "pgq4j-telegram-commands");
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Polls nothing yet.
   *
   * @param config the bot's token, its {@code apiUrl} and {@code requestTimeout}; the rest is for a
   *     notifier
   */
  public BotCommands(TelegramConfig config, CommandHandler handler) {
    this.handler = handler;
    api = new BotApi(config, config.requestTimeout().plus(LONG_POLL));
  }

  /**
   * Starts to poll, and returns at once.
   *
   * @throws IllegalThreadStateException if it was started before
   */
  public void start() {
    thread.start();
  }

  /** Ends after the command in hand; its answer may be lost. */
  @Override
  public void close() {
    closed.countDown();
    api.close();
    try {
      TimeUnit.SECONDS.timedJoin(thread, 10);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
  }

  private void run() {
    try {
      for (int failures = 0; !pause(failures); ) {
        try {
          poll();
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception e) {
          failures++;
          if (closed.getCount() > 0) {
            log.warn("cannot take commands, trying again: {}", e.getMessage());
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Until it fails, or is closed. */
  private void poll() throws Exception {
    String botName = api.botName();
    long next = handler.lastUpdate() + 1;
    while (closed.getCount() > 0) {
      List<BotApi.Update> updates = api.updates(next, LONG_POLL);
      for (BotApi.Update update : updates) {
        Command command = Command.of(update.id(), update.chatId(), update.text(), botName);
        if (command != null) {
          answer(command);
        }
        next = update.id() + 1;
      }
    }
  }

  private void answer(Command command) throws InterruptedException {
    String answer = null;
    for (int failures = 0; answer == null && !pause(failures); failures++) {
      answer = failures == ATTEMPTS ? GIVEN_UP : tryToHandle(command);
    }
    if (answer == null) {
      // Closed: it comes again.
      throw new InterruptedException("closed before the command was done");
    }
    for (String part : TextSplitter.split(answer, TextSplitter.MESSAGE_LIMIT)) {
      send(command.chatId(), part);
    }
  }

  private @Nullable String tryToHandle(Command command) throws InterruptedException {
    try {
      return handler.handle(command);
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      log.warn("cannot do /{} of chat {}", command.name(), command.chatId(), e);
      return null;
    }
  }

  private void send(long chatId, String text) throws InterruptedException {
    Answer answer = result(chatId, text);
    if (answer.kind() == Answer.Kind.TOO_MANY && !pauseFor(answer.retryAfter())) {
      answer = result(chatId, text);
    }
    if (answer.kind() != Answer.Kind.DELIVERED) {
      log.info("no answer to chat {}: {}", chatId, answer.reason());
    }
  }

  private Answer result(long chatId, String text) throws InterruptedException {
    try {
      return api.send(chatId, text, true).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a sender's future never fails", e);
    }
  }

  /** A second after the first failure, then twice as long each time. Returns whether closed. */
  private boolean pause(int failures) throws InterruptedException {
    return pauseFor(
        failures == 0 ? Duration.ZERO : Duration.ofSeconds(1L << Math.min(failures - 1, 10)));
  }

  private boolean pauseFor(Duration time) throws InterruptedException {
    Duration pause = time.compareTo(LONGEST_PAUSE) < 0 ? time : LONGEST_PAUSE;
    return closed.await(pause.toMillis(), TimeUnit.MILLISECONDS);
  }
}
