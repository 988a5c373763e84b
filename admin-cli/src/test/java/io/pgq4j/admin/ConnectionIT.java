package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConnectionIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  @Test
  void noServerIsNamedWithItsAddress() throws IOException {
    assertCannotConnect(
        Map.of("PGQ_URL", "postgresql://ann:s3cret@127.0.0.1:" + closedPort() + "/db"),
        "ann@127.0.0.1:");
  }

  @Test
  void anUnknownHostIsNamed() {
    assertCannotConnect(Map.of("PGHOST", "no-such-host.invalid"), "no-such-host.invalid");
  }

  @Test
  void anUnknownDatabaseIsNamed() {
    String url = database.url().replaceFirst("(//[^/]*/)[^?]*", "$1no_such_database");
    assertCannotConnect(Map.of("PGQ_URL", url), "no_such_database");
  }

  @Test
  void aWrongPasswordIsNotShown() throws SQLException {
    String user = database.createUser("");
    String url = database.url().replaceAll("([?&])(user|password)=[^&]*&?", "$1");
    String sign = url.contains("?") ? "&" : "?";
    Run run =
        Run.with(
            Map.of("PGQ_URL", url + sign + "user=" + user + "&password=s3cret"), "status", "-v");
    assertThat(run.err()).doesNotContain("s3cret");
  }

  @Test
  void whatIsNoPostgresIsCannotConnectToo() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread mute =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 2; i++) {
                    server.accept().close();
                  }
                } catch (IOException closed) {
                  // the test is over
                }
              });
      mute.start();
      assertCannotConnect(
          Map.of("PGQ_URL", "postgresql://127.0.0.1:" + server.getLocalPort() + "/db"),
          "127.0.0.1");
    }
  }

  @Test
  void theFlagGoesBeforeTheEnvironment() throws Exception {
    URI uri = URI.create(database.url().substring("jdbc:".length()));
    Map<String, String> environment =
        Map.of("PGQ_URL", "postgresql://127.0.0.1:" + closedPort() + "/db");
    assertThat(Run.with(environment, "status").exitCode()).isEqualTo(ExitCode.CANNOT_CONNECT);
    assertThat(
            Run.with(
                    Map.of("PGQ_URL", environment.get("PGQ_URL"), "PGPASSWORD", password(uri)),
                    "status",
                    "--url",
                    "postgresql://"
                        + user(uri)
                        + "@"
                        + uri.getHost()
                        + ":"
                        + uri.getPort()
                        + uri.getPath())
                .exitCode())
        .isEqualTo(ExitCode.OK);
  }

  @Test
  void theVariablesOfLibpqAreEnough() {
    URI uri = URI.create(database.url().substring("jdbc:".length()));
    Run run =
        Run.with(
            Map.of(
                "PGHOST", uri.getHost(),
                "PGPORT", String.valueOf(uri.getPort()),
                "PGUSER", user(uri),
                "PGPASSWORD", password(uri),
                "PGDATABASE", uri.getPath().substring(1)),
            "status");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
  }

  private static String user(URI uri) {
    return parameter(uri, "user", "postgres");
  }

  private static String password(URI uri) {
    return parameter(uri, "password", "");
  }

  private static String parameter(URI uri, String name, String otherwise) {
    for (String parameter : String.valueOf(uri.getQuery()).split("&", -1)) {
      if (parameter.startsWith(name + "=")) {
        return parameter.substring(name.length() + 1);
      }
    }
    return otherwise;
  }

  private static int closedPort() throws IOException {
    try (ServerSocket server = new ServerSocket(0)) {
      return server.getLocalPort();
    }
  }

  private static void assertCannotConnect(Map<String, String> environment, String named) {
    Run run = Run.with(environment, "status");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.CANNOT_CONNECT);
    assertThat(run.err())
        .startsWith("pgq-admin: Cannot connect to ")
        .contains(named)
        .hasLineCount(1)
        .doesNotContain("s3cret");
    assertThat(run.out()).isEmpty();
  }
}
