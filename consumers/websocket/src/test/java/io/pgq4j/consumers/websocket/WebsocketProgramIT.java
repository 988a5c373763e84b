package io.pgq4j.consumers.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.daemon.ConsumerMain;
import io.pgq4j.test.TestQueue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The consumer as its user runs it. */
@Timeout(120)
class WebsocketProgramIT {
  @RegisterExtension static final TestQueue jobs = TestQueue.create("jobs");

  private static final Pattern LISTENING = Pattern.compile("listening at 127\\.0\\.0\\.1:(\\d+)");

  @TempDir Path directory;

  /** What a socket hears. */
  private static final class Heard implements WebSocket.Listener {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        messages.add(message.toString());
        message.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      messages.add(code + " " + reason);
      return null;
    }
  }

  private Process start() throws IOException {
    Path config =
        Files.write(
            directory.resolve("websocket.properties"),
            List.of(
                "url=" + jobs.url(),
                "queue=jobs",
                "consumer=browsers",
                "listen=0",
                "origins=*",
                "anonymous=true"));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            ConsumerMain.class.getName(),
            "websocket",
            config.toString())
        .redirectErrorStream(true)
        .start();
  }

  private static int port(Process program) throws IOException {
    BufferedReader words =
        new BufferedReader(new InputStreamReader(program.getInputStream(), UTF_8));
    StringBuilder all = new StringBuilder();
    for (String line = words.readLine(); line != null; line = words.readLine()) {
      all.append(line).append('\n');
      Matcher matcher = LISTENING.matcher(line);
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1));
      }
    }
    throw new AssertionError(all);
  }

  @Test
  void itServesFromItsStartToItsStopAndSaysHowFarAReaderIs() throws Exception {
    jobs.admin().register("jobs", "browsers");
    Process program = start();
    try {
      Heard heard = new Heard();
      HttpClient.newHttpClient()
          .newWebSocketBuilder()
          .buildAsync(URI.create("ws://127.0.0.1:" + port(program) + "/events"), heard)
          .join()
          .sendText("{\"queue\": \"jobs\"}", true)
          .join();
      assertThat(heard.messages.take()).matches("\\{\"at\":\"\\d+\"}");

      jobs.insert("t", "{\"n\": 1}");
      long tick = jobs.ticker().tick();

      assertThat(heard.messages.take()).contains("\"data\":{\"n\": 1}", "\"at\":\"" + tick);
      program.destroy();
      assertThat(heard.messages.take()).isEqualTo("{\"at\":\"" + tick + "\"}");
      assertThat(heard.messages.take()).isEqualTo("1001 the server stops");
      assertThat(program.waitFor()).isZero();
    } finally {
      program.destroyForcibly();
    }
  }
}
