package io.pgq4j.examples.upstats;

import io.pgq4j.ConsumerInfo;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.ConsumerState;
import io.pgq4j.QueueAdmin;
import io.pgq4j.admin.status.StatusReport;
import io.pgq4j.consumers.telegram.BotCommands;
import io.pgq4j.consumers.telegram.TelegramNotifier;
import io.pgq4j.examples.ExampleDatabase;
import io.pgq4j.examples.Screen;
import io.pgq4j.examples.Stage;
import io.pgq4j.sql.SchemaInstaller;
import io.pgq4j.ticker.Ticker;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/*
 * The course of the demo: everything starts and goes to sleep, the collector replays ads, one more ad
 * wakes all up after a silence, then, when the ticker has compacted after it, the database is watched
 * while nothing happens.
 *
 * The silence is longer than the second within which a busy session of PostgreSQL keeps what it has
 * done to itself, so that the statistics of a user's database are not too late for the watch.
 */
/** Runs the demo once. */
final class Show {
  private static final Duration SILENCE = Duration.ofMillis(1200);
  private static final Duration SETTLING = Duration.ofMillis(1500);
  private static final Duration LONGEST_WATCH = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final long TALKING_CHAT = 10099;
  private static final String COMMAND = "/add postgresql";

  private final DataSource dataSource;
  private final ExampleDatabase where;
  private final Stage stage;
  private final Messenger messenger;
  private final Screen screen;
  private final MessageTable table;
  private final CommitTimes commits = new CommitTimes();
  private final CountDownLatch answers = new CountDownLatch(1);

  /**
   * @param rate ads per second
   * @param time for everything; null: until all ads are through
   * @param chat gets all messages; null: each stream its own
   * @param polling whether the article's polling runs beside
   */
  record Plan(double rate, @Nullable Duration time, @Nullable Long chat, boolean polling) {
    /** How long idleness is watched. */
    Duration watch() {
      Duration quarter = time == null ? LONGEST_WATCH : time.dividedBy(4);
      return quarter.compareTo(LONGEST_WATCH) < 0 ? quarter : LONGEST_WATCH;
    }

    /** Until when ads are replayed, by {@link System#nanoTime()}. */
    long replayEnd(long now) {
      if (time == null) {
        return now + Duration.ofDays(10_000).toNanos();
      }
      return now + time.minus(watch()).minus(SILENCE).minus(SETTLING).toNanos();
    }
  }

  Show(Stage stage, Messenger messenger) {
    this.stage = stage;
    this.messenger = messenger;
    where = stage.database();
    dataSource = stage.dataSource();
    screen = stage.screen();
    table = new MessageTable(screen);
  }

  void run(Plan plan) throws SQLException, IOException, InterruptedException {
    SchemaInstaller.of(dataSource).install();
    UpStats.install(dataSource);
    SearchStreams.Count streams = SearchStreams.load(dataSource, plan.chat());
    DeliveryLog log = new DeliveryLog(commits, table);
    Rehearsal rehearsal = new Rehearsal(dataSource);
    try (UpStats upStats = new UpStats(dataSource);
        TelegramNotifier notifier = upStats.notifier(messenger.config(arrivals(log, rehearsal)));
        BotCommands commands = upStats.commands(messenger.config().build());
        Ticker ticker = Ticker.create(dataSource);
        ConsumerRunner runner = ConsumerRunner.builder(dataSource).add(notifier).build();
        Collector collector = Collector.open(dataSource, commits)) {
      introduce(plan, streams, collector);
      ticker.start();
      runner.start();
      commands.start();
      await(() -> runner.health().get(0).state() == ConsumerState.WAITING);
      if (messenger.isStandIn()) {
        rehearsal.run();
        await(this::drained);
      }
      if (messenger.isStandIn()) {
        talk();
      }
      Findings findings = play(plan, collector, log);
      screen.title("What happened");
      report(findings, collector, log);
      screen.title("pgq-admin status");
      StatusReport.of(QueueAdmin.of(dataSource), UpStats.QUEUE)
          .ifPresent(status -> status.print(screen.writer()));
    }
  }

  private Messenger.Arrivals arrivals(DeliveryLog log, Rehearsal rehearsal) {
    return (nanos, chatId, text) -> {
      if (chatId == Rehearsal.CHAT) {
        rehearsal.arrived();
      } else if (text.contains(StreamText.LINK)) {
        log.arrived(nanos, chatId, text);
      } else {
        answers.countDown();
        screen.say("          the bot to chat " + chatId + ": " + text);
      }
    };
  }

  private void introduce(Plan plan, SearchStreams.Count streams, Collector collector) {
    screen.fact("Database", where.description());
    screen.fact("Telegram", messenger.description());
    screen.fact(
        "Searches",
        streams.all()
            + " of users, "
            + streams.live()
            + " live; an ad must have all their keywords");
    screen.fact(
        "Ads",
        "%d of %d to come, %s a second, up to four in a transaction"
            .formatted(collector.left(), collector.feedSize(), number(plan.rate())));
    screen.say("");
    screen.say(
        "Each line is a message on its arrival. Delay: from the return of the ad's commit to the");
    screen.say(
        "collector until then. Ads that are committed together come in one message per search.");
    if (messenger.isStandIn()) {
      screen.say("A rehearsal comes first, unseen, to let Java warm up.");
    }
    screen.say("");
    table.header();
  }

  /** A user adds a stream by a command. */
  private void talk() throws InterruptedException {
    screen.say("          chat " + TALKING_CHAT + " to the bot: " + COMMAND);
    messenger.write(TALKING_CHAT, COMMAND);
    await(() -> answers.getCount() == 0);
  }

  /**
   * What was seen beside the messages.
   *
   * @param waking delay of a message after a silence; null if none was measured
   * @param idle what the database served while nothing happened; null if that was not watched
   * @param queries what polling asked, and what the rest; empty if nothing polled
   */
  private record Findings(@Nullable Duration waking, @Nullable String idle, List<String> queries) {}

  private Findings play(Plan plan, Collector collector, DeliveryLog log)
      throws SQLException, InterruptedException {
    log.start();
    List<String> queries = replay(plan, collector);
    await(this::drained);
    if (stage.stopped(SILENCE)) {
      return new Findings(null, null, queries);
    }
    Duration waking = wake(collector, log);
    if (stage.stopped(SETTLING)) {
      return new Findings(waking, null, queries);
    }
    try (IdleWatch watch = new IdleWatch(dataSource, where.countsQueries())) {
      boolean cutShort = stage.stopped(plan.watch());
      String idle = watch.result() + " in " + Screen.seconds(plan.watch());
      return new Findings(waking, cutShort ? null : idle, queries);
    }
  }

  private List<String> replay(Plan plan, Collector collector)
      throws SQLException, InterruptedException {
    long end = plan.replayEnd(System.nanoTime());
    boolean once = plan.time() == null;
    if (!plan.polling()) {
      replay(collector, plan.rate(), end, once);
      return List.of();
    }
    try (IdleWatch watch = new IdleWatch(dataSource, where.countsQueries());
        Polling polling = Polling.start(dataSource)) {
      replay(collector, plan.rate(), end, once);
      return polling.compared(watch.count());
    }
  }

  /** Commits ads at the rate until the time is over, or all have been committed once. */
  private void replay(Collector collector, double rate, long end, boolean once)
      throws SQLException, InterruptedException {
    long start = System.nanoTime();
    long all = once ? collector.left() : Long.MAX_VALUE;
    while (collector.ads() < all) {
      long due = start + (long) (collector.ads() / rate * 1e9);
      if (due > end) {
        stage.stopped(Duration.ofNanos(end - System.nanoTime()));
        return;
      }
      if (stage.stopped(Duration.ofNanos(due - System.nanoTime()))) {
        return;
      }
      collector.collect();
    }
  }

  private @Nullable Duration wake(Collector collector, DeliveryLog log)
      throws SQLException, InterruptedException {
    CountDownLatch next = log.next();
    collector.collectOneThatMatches();
    return DeliveryLog.came(next, Duration.ofSeconds(2)) ? log.latest() : null;
  }

  private boolean drained() {
    return QueueAdmin.of(dataSource).consumers(UpStats.QUEUE).stream()
        .filter(consumer -> consumer.name().equals(UpStats.CONSUMER))
        .allMatch(Show::drained);
  }

  private static boolean drained(ConsumerInfo consumer) {
    Long pending = consumer.pendingEvents();
    return consumer.currentBatch() == null && pending != null && pending == 0;
  }

  /** Waits until it is so, the user has seen enough, or patience is over. */
  private void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean() && System.nanoTime() < end && !stage.stopped(LOOK_AGAIN)) {}
  }

  private void report(Findings findings, Collector collector, DeliveryLog log) throws SQLException {
    screen.fact("Ads", collector.ads() + " in " + count(collector.transactions(), "transaction"));
    screen.fact(
        "Matches",
        log.matches() + " of an ad with a search, in " + count(log.messages(), "message"));
    DeliveryLog.Summary delays = log.delays();
    if (delays.count() > 0) {
      screen.fact(
          "Delay",
          String.format(
              "p50 %s   p99 %s   max %s",
              Screen.millis(delays.p50()),
              Screen.millis(delays.p99()),
              Screen.millis(delays.max())));
    }
    if (findings.waking() != null) {
      screen.fact(
          "Waking up",
          Screen.millis(findings.waking())
              + " for an ad after "
              + Screen.seconds(SILENCE)
              + " of silence");
    }
    if (!findings.queries().isEmpty()) {
      screen.fact("Queries", findings.queries());
    }
    if (findings.idle() != null) {
      screen.fact("Idle", findings.idle());
    }
    long blocked = SearchStreams.count(dataSource).blocked();
    if (blocked > 0) {
      screen.fact("Paused", blocked + " searches, for Telegram cannot reach their chats:");
      screen.fact("", "select name, chat_id, paused_reason from upstats.search_stream");
    }
  }

  private static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
