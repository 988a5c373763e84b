package io.pgq4j.examples.upstats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgq4j.QueueAdmin;
import io.pgq4j.consumers.telegram.BotCommands;
import io.pgq4j.consumers.telegram.TelegramConfig;
import io.pgq4j.consumers.telegram.standin.BotApiStandIn;
import io.pgq4j.consumers.telegram.standin.Fault;
import io.pgq4j.consumers.telegram.standin.SentMessage;
import io.pgq4j.testing.TestDatabase;
import io.pgq4j.ticker.Ticker;
import java.io.File;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From a committed ad to messages at the Bot API. */
@Timeout(60)
@SuppressWarnings("try") // UpStats runs, nobody asks it anything
class UpStatsIT {
  /** Matches a stream of its own. Batches are in order, so what it follows has been settled. */
  private static final String LAST_WORD = "sentinel";

  private static final long LAST_CHAT = 999;
  private static final int LAST_WORDS = 2;

  @RegisterExtension final TestDatabase database = TestDatabase.create();

  private final BotApiStandIn bot = BotApiStandIn.start();
  private final BlockingQueue<SentMessage> arrivals = new LinkedBlockingQueue<>();
  private DataSource dataSource;
  private Tables tables;
  private Ticker ticker;

  @BeforeEach
  void installUpStats() throws SQLException {
    bot.onMessage(arrivals::add);
    dataSource = database.dataSource();
    UpStats.install(dataSource);
    tables = new Tables(dataSource);
    tables.stream(LAST_CHAT, LAST_WORD);
    ticker = Ticker.create(dataSource);
    ticker.start();
  }

  @AfterEach
  void stopAll() {
    ticker.close();
    bot.close();
  }

  private Running start() {
    return new Running(dataSource, bot.url());
  }

  private SentMessage arrival() throws InterruptedException {
    SentMessage message = arrivals.poll(30, TimeUnit.SECONDS);
    assertThat(message).as("a message within 30 s").isNotNull();
    return message;
  }

  /**
   * Waits until all ads committed before have been dealt with. The first last word may be of their
   * batch, and overtake their messages; the second is of a later one.
   */
  private void awaitDone() throws SQLException, InterruptedException {
    for (int i = 1; i <= LAST_WORDS; i++) {
      tables.ads(LAST_WORD);
      while (arrival().chatId() != LAST_CHAT) {}
    }
  }

  @Test
  void committedAdReachesTheChatsItMatches() throws Exception {
    tables.stream(1, "java, spring");
    tables.stream(2, "rust");
    tables.stream(3, "java");
    try (Running running = start()) {
      long ad = tables.describedAd("Spring Boot engineer", "Java 21,\n\n PostgreSQL");
      awaitDone();

      assertThat(bot.texts(1))
          .containsExactly(
              """
              search: a new job

              Spring Boot engineer
              Java 21, PostgreSQL
              https://upstats.example/jobs/%d"""
                  .formatted(ad));
      assertThat(bot.texts(2)).isEmpty();
      assertThat(bot.texts(3)).hasSize(1);
    }
  }

  @Test
  void adsCommittedTogetherComeInOneMessagePerStream() throws Exception {
    tables.stream(1, "java");
    tables.stream(1, "rust");
    try (Running running = start()) {
      tables.ads("Java one", "Java two", "Rust", "Java three");
      awaitDone();

      assertThat(bot.texts(1)).hasSize(2);
      assertThat(bot.texts(1).get(0))
          .startsWith("search: 3 new jobs\n")
          .containsSubsequence("Java one", "Java two", "Java three")
          .doesNotContain("Rust");
    }
  }

  @Test
  void oneQueryMatchesABatchWithAllStreams() throws Exception {
    for (int chat = 1; chat <= 30; chat++) {
      tables.stream(chat, "java");
    }
    StatementCounter counter = new StatementCounter(dataSource, "upstats.job_ad ad\n cross join");
    dataSource = counter.dataSource();
    tables.ads("Java one", "Java two", "Java three");
    QueueAdmin.of(database.dataSource()).tick(UpStats.QUEUE);
    try (Running running = start()) {
      for (int chat = 1; chat <= 30; chat++) {
        arrival();
      }

      assertThat(counter.count()).isEqualTo(1);
    }
  }

  @Test
  void streamPausedMeanwhileGetsNothing() throws Exception {
    tables.stream(1, "java");
    try (Running running = start()) {
      tables.ads("Java before");
      awaitDone();
      tables.execute("update upstats.search_stream set paused = true where chat_id = 1");
      tables.ads("Java meanwhile");
      awaitDone();
      tables.execute("update upstats.search_stream set paused = false where chat_id = 1");
      tables.ads("Java after");
      awaitDone();
    }
    assertThat(bot.texts(1)).hasSize(2);
    assertThat(bot.texts(1).get(1)).contains("Java after");
  }

  @Test
  void restartRepeatsNothingAndLeavesNothingOut() throws Exception {
    tables.stream(1, "java");
    try (Running running = start()) {
      tables.ads("Java one");
      awaitDone();
    }
    tables.ads("Java two");
    try (Running running = start()) {
      awaitDone();
    }
    assertThat(bot.texts(1)).hasSize(2);
    assertThat(bot.texts(1).get(1)).contains("Java two").doesNotContain("Java one");
    assertThat(
            tables.text(
                "select last_job_ts = (select max(collected) from upstats.job_ad"
                    + " where title = 'Java two') from upstats.search_stream where chat_id = 1"))
        .isEqualTo("t");
  }

  @Test
  void batchOfAKilledProcessComesAgain() throws Exception {
    tables.stream(1, "java");
    tables.stream(2, "java");
    bot.setFault(2, Fault.hang());
    Process process = startProcess();
    try {
      tables.ads("Java");
      assertThat(arrival().chatId()).isEqualTo(1);
    } finally {
      process.destroyForcibly().waitFor();
    }
    bot.clearFault(2);
    try (Running running = start()) {
      awaitDone();
    }
    assertThat(bot.texts(2)).hasSize(1);
    // Sent, but not written down: nobody can know.
    assertThat(bot.texts(1)).hasSize(2);
    assertThat(bot.texts(1).get(0)).isEqualTo(bot.texts(1).get(1));
  }

  private Process startProcess() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
            "-cp",
            System.getProperty("java.class.path"),
            KillableMain.class.getName(),
            bot.url().toString());
    builder.environment().put("PGQ_URL", database.url());
    return builder.inheritIO().start();
  }

  @Test
  void adThatOneChatMissedIsNotSentAgainToTheOthersAfterARestart() throws Exception {
    tables.stream(1, "java");
    tables.stream(2, "java");
    bot.failNext(2, Fault.error(500, "Internal Server Error"));
    try (Running running = start()) {
      tables.ads("Java");
      awaitDone();
    }
    assertThat(bot.texts(2)).isEmpty();
    try (Running running = start()) {
      assertThat(arrival().chatId()).isEqualTo(2);
      awaitDone();
    }
    assertThat(bot.texts(1)).hasSize(1);
    assertThat(bot.texts(2)).hasSize(1);
  }

  @Test
  void streamsOfAChatThatBlockedTheBotArePausedWithTheReason() throws Exception {
    tables.stream(1, "java");
    tables.stream(1, "rust");
    tables.stream(2, "java");
    bot.setFault(1, Fault.blocked());
    try (Running running = start()) {
      tables.ads("Java");
      awaitDone();
      long requests = bot.requests();
      tables.ads("Rust");
      awaitDone();

      assertThat(bot.requests()).as("only last words are sent").isEqualTo(requests + LAST_WORDS);
    }
    assertThat(bot.texts(2)).hasSize(1);
    assertThat(
            tables.text(
                "select count(*) from upstats.search_stream where chat_id = 1 and paused"
                    + " and paused_reason like '%bot was blocked by the user%'"))
        .isEqualTo("2");
    assertThat(tables.text("select bool_or(paused) from upstats.search_stream where chat_id <> 1"))
        .isEqualTo("f");
  }

  @Test
  void streamsFollowTheirChatToItsNewId() throws Exception {
    tables.stream(-1, "java");
    bot.setFault(-1, Fault.migratedTo(-1001));
    try (Running running = start()) {
      tables.ads("Java");
      awaitDone();
    }
    assertThat(bot.texts(-1001)).hasSize(1);
    assertThat(tables.text("select count(*) from upstats.search_stream where chat_id = -1001"))
        .isEqualTo("1");
  }

  @Test
  void eventThatIsNoAdGoesToTheDeadLettersAndHoldsNothingUp() throws Exception {
    tables.stream(1, "java");
    try (Running running = start()) {
      tables.execute("select pgq.insert_event('new_jobs', 'INSERT', '{\"id\": \"abc\"}')");
      tables.ads("Java");
      awaitDone();
    }
    assertThat(bot.texts(1)).hasSize(1);
    assertThat(tables.text("select count(*) from pgq.dead_letter")).isEqualTo("1");
  }

  @Test
  void usersManageTheirStreamsByCommands() throws Exception {
    TelegramConfig config = TelegramConfig.builder(bot.token()).apiUrl(bot.url()).build();
    UpStats upStats = new UpStats(dataSource);
    try (upStats;
        BotCommands commands = upStats.commands(config);
        Running running = start()) {
      commands.start();
      assertThat(ask("/add the, and")).contains("Every text has these words");
      assertThat(ask("/add java, spring")).matches("Added: #[0-9]+ java, spring");
      tables.ads("Java", "Java and Spring");
      assertThat(arrival().text()).contains("a new job", "Java and Spring");
      assertThat(ask("/pause")).endsWith("java, spring (paused)");
      tables.ads("Java, Spring");
      awaitDone();
      String number = ask("/resume").replaceAll(" .*", "");
      assertThat(ask("/remove " + number)).startsWith("Removed: ");
      assertThat(ask("/list")).startsWith("You look for nothing yet");
    }
    assertThat(bot.texts(5)).filteredOn(text -> text.contains("a new job")).hasSize(1);
  }

  private String ask(String command) throws InterruptedException {
    bot.write(5, command);
    return arrival().text();
  }

  @Test
  void commandIsDoneOnceThoughItsUpdateComesAgain() throws Exception {
    StreamSubscriptions streams = new StreamSubscriptions(dataSource);

    long id = streams.add(7, 5, "java");

    assertThat(streams.add(7, 5, "java")).isEqualTo(id);
    assertThat(streams.list(5)).hasSize(1);
    assertThat(streams.lastUpdate()).isEqualTo(7);
    streams.remove(7, 5, id);
    assertThat(streams.list(5)).hasSize(1);
    streams.setPaused(8, 5, OptionalLong.of(id), true);
    assertThat(streams.list(5).get(0).paused()).isTrue();
  }

  @Test
  void adRemovedBeforeItsBatchIsNotSent() throws Exception {
    tables.stream(1, "java");
    tables.ads("Java one", "Java two");
    tables.execute("delete from upstats.job_ad where title = 'Java one'");
    try (Running running = start()) {
      awaitDone();
    }
    assertThat(bot.texts(1)).hasSize(1);
    assertThat(bot.texts(1).get(0)).contains("Java two").doesNotContain("Java one");
  }

  @Test
  void installingAgainChangesNothing() throws Exception {
    tables.stream(1, "java");
    tables.ads("Java before");

    UpStats.install(dataSource);

    try (Running running = start()) {
      tables.ads("Java after");
      awaitDone();
    }
    assertThat(String.join("\n", bot.texts(1)))
        .containsOnlyOnce("before")
        .containsOnlyOnce("after");
  }

  @Test
  void schemaOfSomebodyElseIsLeftAlone() throws Exception {
    tables.execute("comment on schema upstats is null");

    assertThatThrownBy(() -> UpStats.install(dataSource))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("schema upstats of somebody else");
  }

  @Test
  void textsAreShortenedOnCodePointsAndTakeOneLine() {
    JobAd ad = new JobAd(7, " Two\nlines ", "🎬".repeat(300), null, null, null);

    List<String> lines = StreamText.of(new StreamMatch(1, "s", 2, List.of(ad))).lines().toList();

    assertThat(lines).hasSize(5).contains("Two lines", "🎬".repeat(239) + "…");
  }
}
