package io.pgq4j.consumers.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pgq4j.Consumer;
import io.pgq4j.ConsumerConfig;
import io.pgq4j.NewEvent;
import io.pgq4j.RetryPolicy;
import io.pgq4j.Settings;
import io.pgq4j.test.Outcome;
import io.pgq4j.test.TestQueue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From events to a web server. */
@Timeout(60)
class WebhookIT {
  @RegisterExtension static final TestQueue jobs = TestQueue.create("jöbs");

  private static final String SECRET = "whsec_c2VjcmV0";
  private static final Duration HOUR = Duration.ofHours(1);
  private static final ConsumerConfig ONE_ATTEMPT =
      ConsumerConfig.builder().retryPolicy(RetryPolicy.builder().maxAttempts(1).build()).build();

  private record Hit(Headers headers, String body) {}

  private interface Reply {
    void to(HttpExchange exchange, String body) throws IOException;
  }

  @TempDir Path directory;
  private final List<Hit> hits = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private Reply reply = (exchange, body) -> exchange.sendResponseHeaders(204, -1);

  @BeforeEach
  void startServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      synchronized (hits) {
        hits.add(new Hit(exchange.getRequestHeaders(), body));
      }
      reply.to(exchange, body);
    }
  }

  @AfterEach
  void stopServer() {
    server.stop(0);
    threads.shutdownNow();
  }

  private Consumer webhook(String... lines) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "queue=jöbs",
                "consumer=hook",
                "webhook-url=http://localhost:" + server.getAddress().getPort() + "/in?a=b",
                "allow-private-addresses=true",
                "secret=" + SECRET));
    all.addAll(List.of(lines));
    Path file = Files.write(directory.resolve("webhook.properties"), all);
    return new WebhookProgram()
        .create(Settings.load(WebhookProgram.SETTINGS, Map.of(), Map.of(), file));
  }

  private Outcome drain(String... lines) throws Exception {
    return drain(ConsumerConfig.ofDefaults(), lines);
  }

  private Outcome drain(ConsumerConfig config, String... lines) throws Exception {
    Consumer consumer = webhook(lines);
    try {
      return jobs.drain(consumer, config);
    } finally {
      ((AutoCloseable) consumer).close();
    }
  }

  private Hit hit(int index) {
    synchronized (hits) {
      return hits.get(index);
    }
  }

  private static void answer(HttpExchange exchange, int code, String... headers)
      throws IOException {
    for (int i = 0; i < headers.length; i += 2) {
      exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
    }
    byte[] text = "no, thanks".getBytes(UTF_8);
    exchange.sendResponseHeaders(code, text.length);
    exchange.getResponseBody().write(text);
  }

  @Test
  void anEventIsPostedSignedAndWithAllDigits() throws Exception {
    long[] ids =
        jobs.insert(
            new NewEvent(
                "UPDATE", "{\"id\":9007199254740993,\"t\":\"ü\"}", "public.job", "{}", "id", null),
            NewEvent.of("note", "no JSON"));

    drain("header.X-Team=blue").assertAllDone();

    Hit first = hit(0);
    assertThat(first.body())
        .startsWith("{\"id\":" + ids[0] + ",\"queue\":\"jöbs\",\"time\":\"")
        .endsWith(
            "\"type\":\"UPDATE\",\"data\":{\"id\":9007199254740993,\"t\":\"ü\"},"
                + "\"table\":\"public.job\",\"old\":{},\"key\":\"id\",\"headers\":null}");
    assertThat(hit(1).body()).contains("\"data\":\"no JSON\"");
    Headers headers = first.headers();
    String id = headers.getFirst("webhook-id");
    assertThat(headers.getFirst("Idempotency-Key")).isEqualTo(id).endsWith("-" + ids[0]);
    assertThat(headers.getFirst("X-Team")).isEqualTo("blue");
    assertThat(headers.getFirst("webhook-signature"))
        .isEqualTo(
            new Signer(SECRET)
                .sign(
                    id,
                    Long.parseLong(headers.getFirst("webhook-timestamp")),
                    first.body().getBytes(UTF_8)));
  }

  @Test
  void anEventThatIsRefusedComesAgainUnderTheSameKey() throws Exception {
    reply = (exchange, body) -> answer(exchange, body.contains("bad") ? 500 : 200);
    jobs.insert(NewEvent.of("t", "\"bad\""), NewEvent.of("t", "\"good\""));

    drain().assertRetries(1).assertDeadLetters(0);
    reply = (exchange, body) -> answer(exchange, 200);
    jobs.ticker().forward(HOUR);
    drain().assertAllDone();

    assertThat(hits).hasSize(3);
    assertThat(hit(2).headers().get("Idempotency-Key"))
        .isEqualTo(hit(0).headers().get("Idempotency-Key"));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 415, 422})
  void whatTheServerWillNeverTakeIsGivenUp(int code) throws Exception {
    reply = (exchange, body) -> answer(exchange, code);
    jobs.insert("t", "{}");

    Outcome outcome = drain().assertRetries(0).assertDeadLetters(1);

    assertThat(outcome.deadLetters().get(0).reason())
        .contains("localhost answered " + code + ": no, thanks");
  }

  @Test
  void retryAfterIsHonouredAndCountsAsNoAttempt() throws Exception {
    reply = (exchange, body) -> answer(exchange, 429, "Retry-After", "3600");
    jobs.insert("t", "{}");

    drain(ONE_ATTEMPT).assertRetries(1).assertDeadLetters(0);
    jobs.ticker().forward(Duration.ofMinutes(59));
    drain(ONE_ATTEMPT).assertRetries(1);
    assertThat(hits).as("not before its time").hasSize(1);
    reply = (exchange, body) -> answer(exchange, 200);
    jobs.ticker().forward(Duration.ofMinutes(2));
    drain(ONE_ATTEMPT).assertAllDone();

    assertThat(hits).hasSize(2);
  }

  @Test
  void redirectsAreNotFollowed() throws Exception {
    reply =
        (exchange, body) ->
            answer(exchange, 307, "Location", "http://localhost:1/elsewhere", "X", "y");
    jobs.insert("t", "{}");

    drain().assertRetries(1);

    assertThat(hits).hasSize(1);
  }

  @Test
  void aServerThatDoesNotAnswerIsAFailure() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    reply =
        (exchange, body) -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    jobs.insert("t", "{}");

    drain("timeout=100ms").assertRetries(1);

    over.countDown();
  }

  @Test
  void aPrivateAddressIsRefusedUnlessAllowed() throws Exception {
    jobs.insert("t", "{}");

    drain("allow-private-addresses=false").assertRetries(1);

    assertThat(hits).isEmpty();
  }

  @Test
  void severalEventsAreOneRequestAndABadOneIsFound() throws Exception {
    reply = (exchange, body) -> answer(exchange, body.contains("bad") ? 422 : 200);
    for (String text : List.of("a", "bad", "c", "d", "e")) {
      jobs.insert("t", "\"" + text + "\"");
    }

    drain("events-per-request=3").assertRetries(0).assertDeadLetters(1);

    assertThat(hits).hasSize(5);
    assertThat(hit(0).body()).startsWith("[{").contains("\\\"c\\\"").endsWith("}]");
    assertThat(hit(4).body()).contains("\\\"d\\\"", "\\\"e\\\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "webhook-url=ftp://example.org",
        "webhook-url=http://me:hush@example.org/",
        "webhook-url=http://169.254.169.254/latest|allow-private-addresses=false",
        "webhook-url=http://[::1]/|allow-private-addresses=false",
        "webhook-url=http://2130706433/|allow-private-addresses=false",
        "secret=whsec_hush!",
        "secret-file=/nowhere/hush",
        "header.X=hush\\u0001",
        "events-per-request=0",
        "timeout=0"
      })
  void aWrongConfigurationIsRefused(String lines) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> webhook(lines.split("\\|")))
        .withMessageNotContaining("me:hush")
        .withMessageNotContaining("whsec_hush");
  }
}
