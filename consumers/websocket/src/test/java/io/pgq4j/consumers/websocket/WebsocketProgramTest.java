package io.pgq4j.consumers.websocket;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pgq4j.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class WebsocketProgramTest {
  private static final String SECRET = "secret=hush hush hush hush hush hush hush";

  @TempDir Path directory;

  private RelayConsumer create(String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of("queue=jobs", "consumer=browsers"));
    all.addAll(List.of(lines));
    Path file = Files.write(directory.resolve("websocket.properties"), all);
    return (RelayConsumer)
        new WebsocketProgram()
            .create(Settings.load(WebsocketProgram.SETTINGS, Map.of(), Map.of(), file));
  }

  @Test
  void aConfigurationThatIsCompleteIsTaken() {
    assertThatCode(
            () -> {
              create("origins=https://a.example,https://b.example:8443", SECRET).close();
              create("origins=*", "anonymous=true").close();
            })
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SECRET,
        "origins=https://a.example",
        "origins=https://a.example/path|" + SECRET,
        "origins=a.example|" + SECRET,
        "origins=*|anonymous=true|" + SECRET,
        "origins=*|secret=hush",
        "origins=*|secret-file=/nowhere/hush",
        "origins=*|anonymous=true|listen=here",
        "origins=*|anonymous=true|ring-events=0"
      })
  void aWrongConfigurationIsRefused(String lines) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> create(lines.split("\\|")))
        .withMessageNotContaining("hush hush");
  }

  @Test
  void aPortThatIsTakenIsToldAtTheStart() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RelayConsumer consumer =
            create("origins=*", "anonymous=true", "listen=" + taken.getLocalPort())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> consumer.start(new PGSimpleDataSource()))
          .withMessageContaining("cannot listen at 127.0.0.1:" + taken.getLocalPort());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"queue\":\"q\",\"wher\":{}}",
        "{\"queue\":\"q\",\"after\":\"x\"}",
        "{\"queue\":\"q\",\"types\":\"INSERT\"}",
        "{\"queue\":\"q\",\"where\":[]}",
        "{\"queue\":\"q\",\"where\":{\"a\":[]}}",
        "{\"queue\":\"q\",\"where\":{\"a\":null}}",
        "{\"queue\":\"q\",\"where\":{\"a\":{}}}"
      })
  void aMessageThatCannotBeFollowedIsRefused(String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> Subscription.parse(message));
  }
}
