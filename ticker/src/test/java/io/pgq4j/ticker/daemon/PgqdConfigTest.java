package io.pgq4j.ticker.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.daemon.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PgqdConfigTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  @TempDir Path directory;

  @Test
  void everySettingOfPgqdHasACounterpart() throws Exception {
    assertThat(
            convert(
                "[pgqd]",
                "; a comment",
                "base_connstr = host=/var/run/postgresql port=5433 user='the user' sslmode=disable",
                "initial_database = postgres",
                "database_list = shop, crm",
                "logfile = /var/log/pgqd.log",
                "pidfile = /run/pgqd.pid",
                "check_period = 60",
                "maint_period = 120",
                "retry_period = 30",
                "ticker_period = 1",
                "syslog = 0"))
        .containsExactly(
            "# Converted from a configuration of pgqd.",
            "# host /var/run/postgresql: Java has no Unix-domain sockets; it is localhost here",
            "url=postgresql://localhost:5433/postgres?user=the%20user&sslmode=disable",
            "databases=shop,crm",
            "log-file=/var/log/pgqd.log",
            "pidfile=/run/pgqd.pid",
            "rescan-period=60s",
            "maintenance-period=120s",
            "# retry_period: not needed; ticks and retries come when they are due, without polling",
            "# ticker_period: not needed; ticks and retries come when they are due, without polling",
            "# syslog: log to stderr, which systemd passes on, or to log-file");
  }

  @Test
  void theDefaultsOfPgqdAreAllDatabasesOfTheServer() throws Exception {
    assertThat(convert("[pgqd]"))
        .containsExactly(
            "# Converted from a configuration of pgqd.",
            "url=postgresql:///template1",
            "databases=*");
  }

  @Test
  void theResultIsAConfigurationThatIsAccepted() throws Exception {
    Path config =
        Files.write(
            directory.resolve("ticker.properties"),
            convert("base_connstr = host=db password='a b'", "pidfile = /run/pgqd.pid"));

    ExitCode code =
        new Main(new PrintStream(out), new PrintStream(err), Map.of())
            .run(config.toString(), "--dump-config");

    assertThat(code).as(err.toString(UTF_8)).isEqualTo(ExitCode.OK);
    assertThat(out.toString(UTF_8))
        .contains("url=postgresql://db/template1?password=***\n", "pidfile=/run/pgqd.pid\n");
  }

  @Test
  void aFileThatIsNotThereIsAUsageError() {
    ExitCode code =
        PgqdConfig.convert(
            directory.resolve("nowhere.ini"), new PrintStream(out), new PrintStream(err));

    assertThat(code).isEqualTo(ExitCode.USAGE);
    assertThat(err.toString(UTF_8)).contains("cannot read").contains("nowhere.ini");
  }

  private List<String> convert(String... lines) throws Exception {
    Path file = Files.write(directory.resolve("pgqd.ini"), List.of(lines));
    ByteArrayOutputStream converted = new ByteArrayOutputStream();
    assertThat(PgqdConfig.convert(file, new PrintStream(converted), new PrintStream(err)))
        .isEqualTo(ExitCode.OK);
    return converted.toString(UTF_8).lines().toList();
  }
}
