package io.pgq4j.consumers.telegram;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.consumers.telegram.standin.BotApiStandIn;
import io.pgq4j.consumers.telegram.standin.Fault;
import io.pgq4j.consumers.telegram.standin.SentMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands over HTTP, against the stand-in of the Bot API. */
@Timeout(60)
class BotCommandsTest {
  private final BotApiStandIn telegram = BotApiStandIn.start();
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final Kept kept = new Kept();

  /** Subscriptions in memory: they outlive a bot, as a database would. */
  private static final class Kept implements Subscriptions {
    private final List<Long> chats = new ArrayList<>();
    private final List<Subscription> all = new ArrayList<>();
    private long update;
    private int failures;

    @Override
    public synchronized long lastUpdate() {
      return update;
    }

    @Override
    public synchronized List<Subscription> list(long chatId) {
      List<Subscription> found = new ArrayList<>();
      for (int i = 0; i < all.size(); i++) {
        if (chats.get(i) == chatId) {
          found.add(all.get(i));
        }
      }
      return found;
    }

    @Override
    public synchronized long add(long update, long chatId, String text) {
      if (failures-- > 0) {
        throw new IllegalStateException("the database is away");
      }
      this.update = update;
      chats.add(chatId);
      all.add(new Subscription(all.size() + 1, text, false));
      return all.size();
    }

    @Override
    public synchronized void setPaused(long update, long chatId, OptionalLong id, boolean paused) {
      this.update = update;
      for (int i = 0; i < all.size(); i++) {
        Subscription one = all.get(i);
        if (chats.get(i) == chatId && (id.isEmpty() || id.getAsLong() == one.id())) {
          all.set(i, new Subscription(one.id(), one.text(), paused));
        }
      }
    }

    @Override
    public synchronized void remove(long update, long chatId, long id) {
      this.update = update;
      int i = all.indexOf(list(chatId).stream().filter(one -> one.id() == id).findFirst().get());
      all.remove(i);
      chats.remove(i);
    }
  }

  @BeforeEach
  void listen() {
    telegram.onMessage(message -> answers.add(line(message)));
  }

  @AfterEach
  void stop() {
    telegram.close();
  }

  private static String line(SentMessage message) {
    return message.chatId() + ": " + message.text();
  }

  private BotCommands start() {
    TelegramConfig config = TelegramConfig.builder(telegram.token()).apiUrl(telegram.url()).build();
    BotCommands commands = new BotCommands(config, new SubscriptionCommands(kept));
    commands.start();
    return commands;
  }

  private String answer() throws InterruptedException {
    return String.valueOf(answers.poll(30, TimeUnit.SECONDS));
  }

  private String ask(long chatId, String text) throws InterruptedException {
    telegram.write(chatId, text);
    return answer();
  }

  @Test
  @SuppressWarnings("try")
  void chatsManageTheirOwnSubscriptions() throws Exception {
    try (BotCommands commands = start()) {
      assertThat(ask(5, "/start")).contains("/add php, wordpress");
      assertThat(ask(5, "/list"))
          .isEqualTo("5: You look for nothing yet. For example: /add php, wordpress");
      assertThat(ask(5, "/add php,  wordpress")).isEqualTo("5: Added: #1 php, wordpress");
      assertThat(ask(5, "/add PHP, wordpress"))
          .isEqualTo("5: You look for that already: #1 php, wordpress");
      assertThat(ask(6, "/add java")).isEqualTo("6: Added: #2 java");
      assertThat(ask(5, "/pause")).isEqualTo("5: #1 php, wordpress (paused)");
      assertThat(ask(5, "/resume #1")).isEqualTo("5: #1 php, wordpress");
      assertThat(ask(6, "/list")).isEqualTo("6: #2 java");
      assertThat(ask(5, "/remove 2")).startsWith("5: Which one?");
      assertThat(ask(5, "/remove 1")).isEqualTo("5: Removed: #1 php, wordpress");
      assertThat(ask(5, "/add")).contains("What do you look for?");
      assertThat(ask(5, "/add " + "x".repeat(201))).contains("too long");
    }
  }

  @Test
  @SuppressWarnings("try")
  void whatIsWrittenWhileNobodyPollsIsDoneLaterAndOnce() throws Exception {
    try (BotCommands commands = start()) {
      assertThat(ask(5, "/add php")).isEqualTo("5: Added: #1 php");
    }
    long first = kept.lastUpdate();
    telegram.write(5, "/add java");
    try (BotCommands commands = start()) {
      assertThat(answer()).isEqualTo("5: Added: #2 java");
      assertThat(ask(5, "/list")).isEqualTo("5: #1 php\n#2 java");
    }
    assertThat(kept.lastUpdate()).isEqualTo(first + 1);
  }

  @Test
  @SuppressWarnings("try")
  void commandThatFailsIsTriedAgainAndAnAnswerThatIsTooFastIsSentLater() throws Exception {
    kept.failures = 1;
    telegram.failNext(Fault.tooManyRequests(1));
    try (BotCommands commands = start()) {
      assertThat(ask(5, "/add php")).isEqualTo("5: Added: #1 php");
    }
  }
}
