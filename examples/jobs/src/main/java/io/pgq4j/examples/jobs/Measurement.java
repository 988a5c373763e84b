package io.pgq4j.examples.jobs;

import io.pgq4j.examples.Screen;
import io.pgq4j.examples.Stage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/*
 * For each number of pages: opens them, clicks, each click when the job before is done, and waits
 * until every page has seen the end of every job. Counts, from a session of its own that listens as
 * well, the notifications sent, the transactions of the database and its sessions.
 */
/** What clicks and open pages cost. */
final class Measurement {
  private static final int[] PAGES = {1, 10, 100, 1000};
  private static final int CLICKS = 100;
  private static final int WARM_UP = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final String USER = "clicker";

  private final Stage stage;
  private final JobSite site;
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI click;
  private final URI events;
  private final String origin;

  Measurement(Stage stage, JobSite site, int sitePort, int eventsPort) {
    this.stage = stage;
    this.site = site;
    origin = "http://127.0.0.1:" + sitePort;
    click = URI.create(origin + "/jobs?report=instant&user=" + USER);
    events = URI.create("ws://127.0.0.1:" + eventsPort + "/events");
  }

  private record Cost(long notifications, long transactions, long sessions) {}

  void run() throws Exception {
    Screen screen = stage.screen();
    try (Page warm = new Page()) {
      warm.opened.await();
      for (int i = 0; i < WARM_UP; i++) {
        clickOnce(warm);
      }
    }
    screen.say(CLICKS + " clicks, each after the job before is done. Per click:");
    screen.say("");
    screen.say(
        "   Pages   To a worker (p50, p99)   To the page (p50)   NOTIFY   Transactions   Sessions");
    for (int count : PAGES) {
      measure(count);
    }
  }

  private void measure(int count) throws Exception {
    List<Page> pages = new ArrayList<>();
    try (Connection connection = stage.dataSource().getConnection()) {
      for (int i = 0; i < count; i++) {
        pages.add(new Page());
      }
      for (Page page : pages) {
        await(page.opened);
      }
      listen(connection);
      Cost before = cost(connection);
      double[] shown = new double[CLICKS];
      long first = 0;
      for (int i = 0; i < CLICKS; i++) {
        long start = System.nanoTime();
        long id = clickOnce(pages.get(count - 1));
        shown[i] = (System.nanoTime() - start) / 1e6;
        first = i == 0 ? id : first;
        stage.stopped(PAUSE);
      }
      Cost after = cost(connection);
      print(count, waits(connection, first), shown, before, after);
    } finally {
      pages.forEach(Page::close);
    }
  }

  private void print(int count, double[] waits, double[] shown, Cost before, Cost after) {
    Arrays.sort(shown);
    stage
        .screen()
        .say(
            "%8d      %6.1f ms, %6.1f ms           %6.1f ms   %6.1f         %6.1f   %8d"
                .formatted(
                    count,
                    waits[0],
                    waits[1],
                    shown[CLICKS / 2],
                    (double) (after.notifications() - before.notifications()) / CLICKS,
                    (double) (after.transactions() - before.transactions()) / CLICKS,
                    after.sessions()));
  }

  /** Clicks, and waits until the page has seen that the job is done. */
  private long clickOnce(Page page) throws Exception {
    page.done = new CountDownLatch(1);
    HttpRequest request =
        HttpRequest.newBuilder(click).POST(HttpRequest.BodyPublishers.noBody()).build();
    long id = Long.parseLong(client.send(request, BodyHandlers.ofString()).body());
    await(page.done);
    return id;
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("a page has heard nothing for " + PATIENCE);
    }
  }

  private static void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("listen pgq_tick; listen pgq_ticker");
    }
  }

  private long heard;

  private Cost cost(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select xact_commit, (select count(*) from pg_stat_activity"
                    + " where backend_type = 'client backend')"
                    + " from pg_stat_database where datname = current_database()")) {
      row.next();
      heard += connection.unwrap(PGConnection.class).getNotifications().length;
      return new Cost(heard, row.getLong(1), row.getLong(2));
    }
  }

  private static double[] waits(Connection connection, long first) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select percentile_cont(0.5) within group (order by wait),"
                    + " percentile_cont(0.99) within group (order by wait)"
                    + " from (select extract(epoch from started_at - clicked_at) * 1000 as wait"
                    + " from jobs.job_queue where id >= "
                    + first
                    + ") j")) {
      row.next();
      return new double[] {row.getDouble(1), row.getDouble(2)};
    }
  }

  /** A page that is open, as far as the server can tell. */
  private final class Page implements WebSocket.Listener, AutoCloseable {
    final CountDownLatch opened = new CountDownLatch(1);
    volatile CountDownLatch done = new CountDownLatch(1);
    private final StringBuilder frame = new StringBuilder();
    private final WebSocket socket;

    Page() {
      socket =
          client.newWebSocketBuilder().header("Origin", origin).buildAsync(events, this).join();
      socket
          .sendText("{\"queue\":\"job_state\",\"token\":\"" + site.token(USER) + "\"}", true)
          .join();
    }

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      frame.append(data);
      if (last) {
        opened.countDown();
        if (frame.indexOf("\"state\":\"done\"") >= 0) {
          done.countDown();
        }
        frame.setLength(0);
      }
      webSocket.request(1);
      return null;
    }

    @Override
    public void close() {
      socket.abort();
    }
  }
}
