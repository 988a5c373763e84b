package io.pgq4j.ticker.daemon;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgq4j.daemon.ListenAddress;
import io.pgq4j.ticker.daemon.HttpEndpoint.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class HttpEndpointTest {
  private static final ListenAddress ANY_PORT = ListenAddress.parse("0");

  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpEndpoint endpoint =
      HttpEndpoint.open(
          ANY_PORT,
          Map.of(
              "/page",
              () -> new Answer(200, "text/plain", out -> out.write("hello".getBytes(UTF_8))),
              "/broken",
              () -> {
                throw new IllegalStateException("planted");
              }));

  /** Read by the JDK when the first server is made. */
  @BeforeAll
  static void shortenPatience() {
    System.setProperty("sun.net.httpserver.maxReqTime", "1");
  }

  @AfterEach
  void close() {
    endpoint.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /page, 200",
    "HEAD, /page, 200",
    "GET, /page?query, 200",
    "GET, /page/below, 404",
    "GET, /, 404",
    "HEAD, /, 404",
    "POST, /page, 405",
    "DELETE, /, 405",
    "GET, /broken, 500",
  })
  void onlyPagesAreServedAndOnlyToReaders(String method, String path, int status) throws Exception {
    HttpResponse<String> answer = request(method, path);

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body().isEmpty()).isEqualTo(method.equals("HEAD"));
    assertThat(answer.body().equals("hello")).isEqualTo(status == 200 && method.equals("GET"));
    assertThat(answer.body()).doesNotContain("planted");
  }

  @Test
  void whoIsSlowToAskLosesTheConnectionAndDelaysOthersOnlyUntilThen() throws Exception {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 10; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.address().getPort());
        socket.getOutputStream().write("GET /page HTTP/1.1\r\nHost: ".getBytes(US_ASCII));
        slow.add(socket);
      }

      assertThat(request("GET", "/page").statusCode()).isEqualTo(200);

      for (Socket socket : slow) {
        assertThat(endOfStream(socket)).isTrue();
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void anAddressThatIsTakenIsAnErrorThatNamesIt() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ListenAddress address = ListenAddress.parse(Integer.toString(taken.getLocalPort()));

      assertThatThrownBy(() -> HttpEndpoint.open(address, Map.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("cannot listen on " + address);
    }
  }

  @Test
  void aHostThatIsNoneIsAnErrorThatNamesIt() {
    assertThatThrownBy(() -> HttpEndpoint.open(ListenAddress.parse("no.host.invalid:0"), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot listen on no.host.invalid:0");
  }

  private HttpResponse<String> request(String method, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + endpoint.address().getPort() + path);
    return client.send(
        HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }

  /** Whatever it is told before. */
  private static boolean endOfStream(Socket socket) {
    try {
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      // reset: an end as well
    }
    return true;
  }
}
