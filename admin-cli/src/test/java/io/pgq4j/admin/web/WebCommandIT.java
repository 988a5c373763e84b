package io.pgq4j.admin.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.admin.Main;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.testing.TestDatabase;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebCommandIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  @Test
  void itServesUntilItIsToldToEnd() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            "web",
            "--listen",
            "0");
    builder.environment().put("PGQ_URL", database.url());
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      Http http = new Http(URI.create(out.readLine()).getPort());
      assertThat(http.get("/").text()).contains("<title>pgq4j</title>");
      assertThat(http.get("/api/session").json().get("writes").booleanValue()).isFalse();
      process.toHandle().destroy(); // the other one closes the stream, too
      assertThat(out.readLine()).isNull();
    } finally {
      process.destroyForcibly();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.0.0.0:0 | -     | PGQ_WEB_TOKEN to a secret",
        "0.0.0.0:0 | short | too short",
        "0         | short | too short",
        "here      | -     | neither PORT nor HOST:PORT",
      })
  void whatWouldBeUnsafeIsRefusedBeforeAnythingIsDone(String listen, String token, String why) {
    Map<String, String> environment = token.equals("-") ? Map.of() : Map.of("PGQ_WEB_TOKEN", token);
    StringWriter err = new StringWriter();
    int exitCode =
        Main.run(
            environment,
            new PrintWriter(new StringWriter()),
            new PrintWriter(err),
            "web",
            "--listen",
            listen);
    assertThat(exitCode).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString()).contains(why);
  }
}
