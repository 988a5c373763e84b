package io.pgq4j.consumers.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pgq4j.Consumer;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.NewEvent;
import io.pgq4j.daemon.ListenAddress;
import io.pgq4j.test.TestQueue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.ScriptTimeoutException;
import org.openqa.selenium.chrome.ChromeDriver;

/** From events to a page in a browser. */
@Timeout(180)
class WebsocketIT {
  @RegisterExtension static final TestQueue jobs = TestQueue.create("jöbs");

  private static final EventTokens TOKENS = new EventTokens("a secret that is long enough for all");

  /** Notes what it is told, and calls whoever waits for a note. */
  private static final String PAGE =
      """
      <!doctype html>
      <meta charset="utf-8">
      <script type="module">
        import { follow } from "http://127.0.0.1:PORT/pgq-events.js";
        const waiting = [];
        window.notes = [];
        window.note = text => {
          notes.push(text);
          waiting.forEach(look => look());
        };
        window.until = (text, done) => {
          const look = () => notes.some(note => note.startsWith(text)) && done(notes.join("\\n"));
          waiting.push(look);
          look();
        };
        window.start = options => window.events = follow("ws://127.0.0.1:PORT/events", {
          queue: "jöbs",
          onEvent: event => note(`event ${event.data.n}`),
          onGap: () => note("gap"),
          onState: (state, reason) => note(`${state} ${reason ?? ""}`),
          ...options
        });
        note("loaded");
      </script>
      """;

  private static ChromeDriver browser;

  /** A server, and the consumer that fills it. */
  private record Relaying(EventServer server, ConsumerRunner runner) {}

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch blocked = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private HttpServer site;
  private EventServer.Builder config;
  private @Nullable Relaying relaying;
  private int port;

  @BeforeAll
  static void openBrowser() {
    browser = Browser.open();
  }

  @AfterAll
  static void closeBrowser() {
    if (browser != null) {
      browser.quit();
    }
  }

  @BeforeEach
  void startSite() throws IOException {
    site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    site.setExecutor(threads);
    site.createContext("/", exchange -> answer(exchange, PAGE.replace("PORT", port + "")));
    site.createContext("/block", this::block);
    site.start();
    config =
        EventServer.builder()
            .origins("http://localhost:" + site.getAddress().getPort())
            .anonymous();
    jobs.admin().register("jöbs", "browsers");
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().add("Content-Type", "text/html");
      byte[] bytes = text.getBytes(UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private void block(HttpExchange exchange) throws IOException {
    blocked.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    answer(exchange, "");
  }

  @AfterEach
  void stopAll() {
    browser.get("about:blank");
    stop();
    site.stop(0);
    threads.shutdownNow();
  }

  private ConsumerRunner start() {
    EventServer server = config.listen(new ListenAddress("127.0.0.1", port)).build();
    Consumer consumer = server.consumer("jöbs", "browsers");
    ConsumerRunner runner = ConsumerRunner.builder(jobs.dataSource()).add(consumer).build();
    server.start(jobs.dataSource());
    runner.start();
    port = server.port();
    relaying = new Relaying(server, runner);
    return runner;
  }

  private void stop() {
    if (relaying != null) {
      relaying.runner().close();
      relaying.server().close();
    }
  }

  private void open(String host) {
    browser.get("http://" + host + ":" + site.getAddress().getPort() + "/");
    until("loaded");
  }

  /** Waits for a note that begins like this; returns all there are. */
  private static List<String> until(String text) {
    try {
      Object notes =
          browser.executeAsyncScript("until(arguments[0], arguments[arguments.length - 1])", text);
      return String.valueOf(notes).lines().toList();
    } catch (ScriptTimeoutException e) {
      throw new AssertionError(
          "no \"" + text + "\" in " + browser.executeScript("return notes"), e);
    }
  }

  private static void run(String script, Object... arguments) {
    browser.executeScript(script, arguments);
  }

  private static NewEvent event(String type, int n, String more) {
    return NewEvent.of(type, "{\"n\": " + n + more + "}");
  }

  private void commit(NewEvent... events) throws Exception {
    jobs.insert(events);
    jobs.ticker().tick();
  }

  private void commit(int n) throws Exception {
    commit(event("t", n, ""));
  }

  @Test
  void aPageGetsTheEventsThatPassItsFilter() throws Exception {
    start();
    open("localhost");
    run("start({filter: {types: ['UPDATE', 'DELETE'], where: {owner: 'anna', state: [1, true]}}})");
    until("live");

    commit(
        event("INSERT", 1, ", \"owner\": \"anna\", \"state\": 1"),
        event("UPDATE", 2, ", \"owner\": \"bob\", \"state\": 1"),
        event("UPDATE", 3, ", \"owner\": \"anna\", \"state\": 2"),
        event("UPDATE", 4, ", \"owner\": \"anna\""),
        event("UPDATE", 5, ", \"owner\": \"anna\", \"state\": 1"),
        NewEvent.of("UPDATE", "no row"),
        event("DELETE", 6, ", \"owner\": \"anna\", \"state\": true"));

    assertThat(until("event 6")).containsExactly("loaded", "live ", "event 5", "event 6");
  }

  @Test
  void aPageGoesOnWhereItWasAfterARestart() throws Exception {
    start();
    open("localhost");
    run("start({})");
    until("live");
    commit(1);
    until("event 1");

    stop();
    until("waiting the server stops");
    commit(2);
    start();
    until("event 2");
    commit(3);

    assertThat(until("event 3"))
        .doesNotContain("gap")
        .filteredOn(note -> note.startsWith("event"))
        .containsExactly("event 1", "event 2", "event 3");
  }

  @Test
  void whatFellOutOfTheRingIsToldAsAGap() throws Exception {
    config.ring(2, 1 << 20);
    start();
    open("localhost");
    run("start({})");
    until("live");
    commit(1);
    until("event 1");
    run("events.close(); window.first = events; start({onEvent: e => note(`other ${e.data.n}`)})");
    for (int n = 2; n <= 4; n++) {
      commit(n);
      until("other " + n);
    }

    run("start({after: first.at})");

    assertThat(until("event 4"))
        .containsSubsequence("other 4", "gap", "event 3", "event 4")
        .doesNotContain("event 2");
  }

  @Test
  void aPageThatReadsTooSlowlyIsDroppedAndComesAgain() throws Exception {
    config.ring(10, 1 << 22);
    ConsumerRunner runner = start();
    open("localhost");
    run(
        """
        start({onEvent: event => {
          note(`event ${event.data.n}`);
          if (event.data.n === 1) {
            const request = new XMLHttpRequest(); // the page does nothing else until it is answered
            request.open("GET", "/block", false);
            request.send();
          }
        }})\
        """);
    until("live");
    commit(1);
    blocked.await();

    String filler = ", \"filler\": \"" + "x".repeat(500_000) + "\"";
    for (int n = 2; n <= 60; n++) {
      commit(event("t", n, filler));
    }
    assertThat(runner.drain(Duration.ofSeconds(60))).isTrue();
    release.countDown();

    assertThat(until("gap"))
        .containsSubsequence("waiting too slow: events came faster than they were read", "gap");
    assertThat(until("event 60")).doesNotContain("event 50");
  }

  @Test
  void aPageOfAnotherOriginIsRefused() {
    start();
    open("127.0.0.1");

    run("start({})");

    assertThat(until("waiting")).doesNotContain("live ");
  }

  @Test
  void aPageWithoutTheRightTokenGetsNothing() throws Exception {
    config = EventServer.builder().origins("*").secret("a secret that is long enough for all");
    start();
    open("localhost");
    String foreign =
        new EventTokens("another secret that is long enough").issue(Instant.MAX, Map.of());

    run("start({token: arguments[0]})", foreign);

    assertThat(until("closed"))
        .contains("closed the token is not signed with this server's secret")
        .doesNotContain("live ");
  }

  @Test
  void aTokenLimitsTheRowsAndTheTime() throws Exception {
    config = EventServer.builder().origins("*").secret("a secret that is long enough for all");
    start();
    open("localhost");
    Instant soon = Instant.now().plusSeconds(3);
    Instant late = soon.plusSeconds(600);

    run(
        "const tokens = [...arguments]; start({token: () => tokens.shift()})",
        TOKENS.issue(soon, Map.of("owner", Set.of("anna"))),
        TOKENS.issue(late, Map.of("owner", Set.of("anna"))));
    until("live");
    commit(event("t", 1, ", \"owner\": \"bob\""), event("t", 2, ", \"owner\": \"anna\""));
    until("event 2");
    until("waiting the token has expired");
    commit(event("t", 3, ", \"owner\": \"anna\""));

    assertThat(until("event 3")).doesNotContain("event 1", "gap");
  }

  @Test
  void aQueueThatIsNotThereIsToldForGood() {
    start();
    open("localhost");

    run("start({queue: 'other'})");

    assertThat(until("closed")).contains("closed there is no such queue here");
  }
}
