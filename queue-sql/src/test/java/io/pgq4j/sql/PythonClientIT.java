package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** A producer and a consumer in Python, written for PgQ, work on our schema as they are. */
class PythonClientIT {

  @RegisterExtension static final RealPgq.Extension pgq = new RealPgq.Extension();

  private static final Path SCRIPTS =
      Path.of("src/test/resources/io/pgq4j/sql/python").toAbsolutePath();
  private static final Path LIBRARY = Path.of("/usr/lib/python3/dist-packages/pgq/consumer.py");

  @TempDir private Path directory;

  @Test
  void producerAndConsumerForPgqWorkUnchanged() throws Exception {
    Assumptions.assumeTrue(
        Files.exists(LIBRARY), "needs Debian's python3-pgq, which .ci/run installs");
    PGSimpleDataSource database = pgq.server().createOurs("python");
    try (Connection listener = database.getConnection();
        Session session = new Session(database.getConnection(), listener)) {
      session.run("select pgq.create_queue('q')");
      session.run("create table got (ev_type text, ev_data text, ev_extra1 text)");
      // Says when the consumer has got something.
      session.run(
          """
          create function say() returns trigger language plpgsql as $$
          begin
            perform pg_notify('got', '');
            return null;
          end $$""");
      session.run("create trigger say after insert on got execute function say()");
      session.run("grant insert on got to reader");
      listen(listener);
      Path config = config(database);

      python("consumer.py", "-q", config.toString(), "--register");
      python("producer.py", connectString(database, "writer"));
      session.tick("q");
      Process consumer = start("consumer.py", "-q", config.toString());
      try {
        await(listener, session, "single,bulk");
        session.run("select pgq.maint_retry_events()");
        session.tick("q");
        await(listener, session, "single,bulk,again");
      } finally {
        consumer.destroy();
        consumer.waitFor();
      }

      assertThat(session.text("select ev_extra1 from got where ev_data = 'again'"))
          .isEqualTo("one");
    }
  }

  private static void listen(Connection listener) throws SQLException {
    try (Statement statement = listener.createStatement()) {
      statement.execute("listen got");
    }
  }

  private void await(Connection listener, Session session, String data) throws Exception {
    String got = "select string_agg(ev_data, ',') from got";
    while (!session.text(got).equals(data)) {
      assertThat(listener.unwrap(PGConnection.class).getNotifications(60_000))
          .as(this::log)
          .isNotEmpty();
    }
  }

  private Path config(PGSimpleDataSource database) throws IOException {
    return Files.writeString(
        directory.resolve("collector.ini"),
        """
        [collector]
        job_name = collector
        queue_name = q
        db = %s
        logfile = %s
        pidfile = %s
        use_skylog = 0
        loop_delay = 0.1
        """
            .formatted(
                connectString(database, "reader"),
                directory.resolve("log"),
                directory.resolve("pid")));
  }

  private static String connectString(PGSimpleDataSource database, String user) {
    return "host=127.0.0.1 port=%d dbname=%s user=%s"
        .formatted(database.getPortNumbers()[0], database.getDatabaseName(), user);
  }

  private void python(String script, String... arguments) throws Exception {
    assertThat(start(script, arguments).waitFor()).as(this::log).isZero();
  }

  private Process start(String script, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("/usr/bin/python3", SCRIPTS.resolve(script).toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("output").toFile())
        .start();
  }

  private String log() {
    try {
      return Files.readString(directory.resolve("output"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
