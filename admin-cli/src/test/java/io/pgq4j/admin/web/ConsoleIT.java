package io.pgq4j.admin.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgq4j.daemon.ListenAddress;
import io.pgq4j.testing.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleIT {
  private static final String TOKEN = "a token that nobody knows";
  private static final String OURS = Guard.WRITE_HEADER + ": 1";

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private @Nullable Console console;

  @BeforeAll
  static void fill() throws SQLException {
    new Shop(database.dataSource()).fill();
  }

  @AfterEach
  void close() {
    if (console != null) {
      console.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "127.0.0.1", "[::1]", "console.example", "CONSOLE.example:80"})
  void itAnswersToAddressesAndToItsNames(String host) throws Exception {
    Http http = start(null, false);
    assertThat(http.get("/", "Host: " + host).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "", "a@b"})
  void aNameThatWasMadeToLeadHereIsRefused(String host) throws Exception {
    Http http = start(null, false);
    assertThat(http.get("/", "Host: " + host + " ").status()).isGreaterThanOrEqualTo(400);
    assertThat(http.get("/api/events?queue=jobs", "Host: " + host + " ").text())
        .doesNotContain("Tallinn");
  }

  @Test
  void everyAnswerTellsTheBrowserToTakeNothingElse() throws Exception {
    Http http = start(null, false);
    for (String path : new String[] {"/", "/app.js", "/nothing", "/api/session", "/api/events"}) {
      assertThat(http.get(path).text())
          .contains("default-src 'none'", "require-trusted-types-for 'script'")
          .contains("X-Content-Type-Options: nosniff", "Cross-Origin-Resource-Policy: same-origin");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Origin: http://evil.example",
        "Origin: null"
      })
  void anotherSiteMayNeitherAskNorWrite(String header) throws Exception {
    long before = deadLetters();
    Http http = start(null, true);
    assertThat(http.get("/api/events?queue=jobs", header).status()).isEqualTo(403);
    assertThat(http.post(requeue(), "", OURS, header).status()).isEqualTo(403);
    assertThat(deadLetters()).isEqualTo(before);
  }

  @Test
  void aFormOfAnotherSiteHasNotTheHeaderThatWritesNeed() throws Exception {
    long before = deadLetters();
    Http http = start(null, true);
    assertThat(http.post(requeue(), "").status()).isEqualTo(403);
    assertThat(http.get(requeue()).status()).isEqualTo(404);
    assertThat(deadLetters()).isEqualTo(before);
  }

  @Test
  void withoutAllowWritesNothingIsChanged() throws Exception {
    long before = deadLetters();
    Http http = start(null, false);
    Http.Answer answer = http.post(requeue(), "", OURS);
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.json().get("error").textValue()).contains("--allow-writes");
    assertThat(deadLetters()).isEqualTo(before);
  }

  @Test
  void oneDeadLetterIsSentBackOnceAndThenAll() throws Exception {
    Http http = start(null, true);
    String letter = http.get("/api/failures?queue=jobs").json().at("/dead/0/id").textValue();
    String origin = "Origin: http://localhost:" + http.port();
    String one = requeue() + "&event=" + letter;
    assertThat(http.post(one, "", OURS, origin).json().get("requeued").intValue()).isEqualTo(1);
    assertThat(http.post(one, "", OURS).json().get("requeued").intValue()).isZero();
    assertThat(deadLetters()).isEqualTo(2);
    assertThat(http.post(requeue(), "", OURS).json().get("requeued").intValue()).isEqualTo(2);
    JsonNode page = http.get("/api/failures?queue=jobs&consumer=mailer").json();
    assertThat(page.get("dead")).isEmpty();
    assertThat(page.get("waiting")).hasSize(3);
    assertThat(http.post(requeue().replace("mailer", "nobody"), "", OURS).status()).isEqualTo(404);
  }

  @Test
  void whereThereIsATokenItIsNeeded() throws Exception {
    Http http = start(TOKEN, true);
    assertThat(http.get("/").status()).isEqualTo(200);
    assertThat(http.get("/api/session").text()).contains("\"known\":false").doesNotContain("shop");
    for (String path : new String[] {"/api/live", "/api/events?queue=jobs", "/api/failures"}) {
      assertThat(http.get(path, "Accept: text/event-stream").status()).isEqualTo(401);
    }
    assertThat(http.post(requeue(), "", OURS).status()).isEqualTo(401);
    assertThat(http.post("/api/login", "another token of its own", OURS).status()).isEqualTo(401);
    assertThat(http.post("/api/login", TOKEN).status()).as("from a form elsewhere").isEqualTo(403);

    String answer = http.post("/api/login", TOKEN, OURS).text();
    assertThat(answer).contains("\"known\":true", "shop").containsPattern("Set-Cookie: .*HttpOnly");
    assertThat(answer).containsPattern("Set-Cookie: .*SameSite=Strict").doesNotContain(TOKEN);
    String cookie = "Cookie: " + answer.replaceAll("(?s).*Set-Cookie: ([^;]*);.*", "$1");
    assertThat(http.get("/api/events?queue=jobs", cookie).status()).isEqualTo(200);
    assertThat(http.get("/api/events?queue=jobs", cookie + "x").status()).isEqualTo(401);
    assertThat(http.get("/api/events?queue=jobs", "Authorization: Bearer " + TOKEN).status())
        .isEqualTo(200);
  }

  @Test
  void pagesOfEventsGoOnWhereTheLastOneEnded() throws Exception {
    Http http = start(null, false);
    JsonNode newest = http.get("/api/events?queue=jobs").json();
    assertThat(newest.at("/events/0/type").textValue()).isEqualTo("hostile");
    assertThat(newest.at("/events/0/data").textValue()).isEqualTo(Shop.HOSTILE);
    assertThat(newest.get("events")).hasSize(50);
    String next = "/api/events?queue=jobs&after=" + newest.get("next").textValue();
    JsonNode second = http.get(next).json();
    assertThat(second.at("/events/0/id").asLong()).isEqualTo(idOfLast(newest) - 1);
    JsonNode third =
        http.get("/api/events?queue=jobs&after=" + second.get("next").textValue()).json();
    assertThat(third.get("events")).hasSize(21);
    assertThat(third.get("next").isNull()).isTrue();
  }

  @Test
  void eventsAreFoundByIdTimeTickTypeAndText() throws Exception {
    Http http = start(null, false);
    assertThat(ids(http, "&from=id&at=100")).startsWith(100, 101).hasSize(22);
    assertThat(ids(http, "&type=UPDATE&from=id&at=100"))
        .containsExactly(102, 105, 108, 111, 114, 117, 120);
    assertThat(ids(http, "&text=%22id%22%20:%2077,")).containsExactly(77);
    assertThat(ids(http, "&from=time&at=0")).startsWith(1, 2).hasSize(50);
    assertThat(ids(http, "&from=time&at=99999999999999")).isEmpty();
    String tick = query("select min(tick_id)::text from pgq.tick where tick_event_seq >= 121");
    assertThat(ids(http, "&from=tick&at=" + tick)).startsWith(1, 2).hasSize(50);
    assertThat(ids(http, "&from=tick&at=1")).isEmpty();
  }

  @Test
  void whatCannotBeFoundOrReadIsSaid() throws Exception {
    Http http = start(null, false);
    assertThat(http.get("/api/events?queue=none").status()).isEqualTo(404);
    assertThat(http.get("/api/failures?queue=none").status()).isEqualTo(404);
    assertThat(http.get("/api/failures").json().get("error").textValue()).contains("queue");
    assertThat(http.get("/api/events?queue=jobs&from=id&at=1%20or%201=1").status()).isEqualTo(400);
    assertThat(http.get("/api/events?queue=jobs&from=nowhere").status()).isEqualTo(400);
    assertThat(http.get("/api/events?queue=jobs&after=5").status()).isEqualTo(400);
    assertThat(http.get("/api/nothing").status()).isEqualTo(404);
    assertThat(http.get("/../package-info.class").status()).isGreaterThanOrEqualTo(400);
  }

  @Test
  void onlyOpenPagesAskAndShareTheAnswers() throws Exception {
    Http http = start(null, false);
    assertThat(sessions()).isZero();
    try (BufferedReader first = watch(http);
        BufferedReader second = watch(http)) {
      String id = nextId(first);
      assertThat(nextId(second)).isEqualTo(id);
      assertThat(sessions()).isEqualTo(1);
      assertThat(nextId(first)).isGreaterThan(id);
    }
    while (sessions() > 0) {
      Thread.onSpinWait();
    }
    try (BufferedReader again = watch(http)) {
      assertThat(nextId(again)).as("begins with the past").isNotNull();
    }
  }

  @Test
  void aPortThatIsTakenIsSaid() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      assertThatThrownBy(() -> start(options(null, false, taken.getLocalPort())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("Cannot listen on 0.0.0.0:" + taken.getLocalPort());
    }
  }

  private Http start(@Nullable String token, boolean writes) {
    return start(options(token, writes, 0));
  }

  private static Console.Options options(@Nullable String token, boolean writes, int port) {
    return new Console.Options(
        new ListenAddress("0.0.0.0", port), Set.of("console.example"), token, writes, "shop");
  }

  private Http start(Console.Options options) {
    Console started = Console.start(options, database.dataSource());
    console = started;
    return new Http(URI.create(started.url()).getPort());
  }

  private static String requeue() {
    return "/api/requeue?queue=jobs&consumer=mailer";
  }

  private static long idOfLast(JsonNode page) {
    return page.get("events").get(page.get("events").size() - 1).get("id").asLong();
  }

  private static int[] ids(Http http, String parameters) throws IOException {
    JsonNode events = http.get("/api/events?queue=jobs" + parameters).json().get("events");
    return events.findValuesAsText("id").stream().mapToInt(Integer::parseInt).toArray();
  }

  private static BufferedReader watch(Http http) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + http.port() + "/api/live"))
            .header("Accept", "text/event-stream")
            .build();
    InputStream stream = CLIENT.send(request, BodyHandlers.ofInputStream()).body();
    return new BufferedReader(new InputStreamReader(stream, UTF_8));
  }

  /** Reads a sample; it must be one line of JSON. */
  private static String nextId(BufferedReader stream) throws IOException {
    String id = "";
    for (String line = stream.readLine(); line != null; line = stream.readLine()) {
      if (line.startsWith("id: ")) {
        id = line;
      } else if (line.startsWith("data: ")) {
        assertThat(new ObjectMapper().readTree(line.substring(6)).get("queues")).hasSize(4);
        return id;
      }
    }
    throw new AssertionError("the stream ended");
  }

  private static long deadLetters() throws SQLException {
    return Long.parseLong(query("select count(*)::text from pgq.dead_letter"));
  }

  private static long sessions() throws SQLException {
    return Long.parseLong(
        query(
            "select count(*)::text from pg_stat_activity where datname = current_database()"
                + " and application_name = 'pgq-admin web'"));
  }

  private static String query(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
