package io.pgq4j.examples.mailer;

import io.pgq4j.ConsumerRunner;
import io.pgq4j.QueueAdmin;
import io.pgq4j.admin.status.StatusReport;
import io.pgq4j.examples.Example;
import io.pgq4j.examples.Screen;
import io.pgq4j.examples.Stage;
import io.pgq4j.sql.SchemaInstaller;
import io.pgq4j.ticker.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import picocli.CommandLine.Command;

/** Shows what the page example-mailer.md does step by step. */
@Command(
    name = "mailer",
    header = "A row inserted into a table without rows is sent as a mail",
    description =
        "Inserts rows into a table whose trigger makes events of them and keeps none; a consumer"
            + " sends a mail for each, to a mail server that delivers to the screen.")
public final class MailerExample extends Example {
  private static final String QUEUE = "mailer";
  private static final String INSERT =
      "insert into mailer.mailq values ('shop@example.org', ?, ?, 'We are glad that you are here.')";
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final long PATIENCE_SECONDS = 30;

  @Override
  protected void show(Stage stage) throws Exception {
    DataSource dataSource = stage.dataSource();
    Screen screen = stage.screen();
    Semaphore mails = new Semaphore(0);
    screen.title("Mailer on pgq4j: a row is inserted, a mail is sent");
    screen.fact("Database", stage.database().description());
    SchemaInstaller.of(dataSource).install();
    QueueAdmin admin = QueueAdmin.of(dataSource);
    admin.createQueue(QUEUE);
    admin.register(QUEUE, "smtp");
    screen.title("A table that has a trigger, and never a row");
    screen.say(createTable(dataSource));
    screen.title("Mails");
    try (Ticker ticker = Ticker.create(dataSource);
        Postbox postbox =
            Postbox.open(
                0,
                line -> {
                  screen.say("    to " + line);
                  mails.release();
                });
        ConsumerRunner runner =
            ConsumerRunner.builder(dataSource)
                .add(new Mailer(QUEUE, "smtp", postbox.port()))
                .build()) {
      ticker.start();
      runner.start();
      for (String name : List.of("Ann", "Bob", "Eve")) {
        screen.say("insert into mailer.mailq … Welcome, " + name);
        insert(dataSource, name);
        if (!mails.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS) || stage.over(PAUSE)) {
          return;
        }
      }
    }
    screen.say("select count(*) from mailer.mailq: " + count(dataSource));
    screen.title("pgq-admin status");
    StatusReport.of(admin, QUEUE).ifPresent(status -> status.print(screen.writer()));
  }

  private static String createTable(DataSource dataSource) throws SQLException, IOException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        InputStream schema =
            Objects.requireNonNull(MailerExample.class.getResourceAsStream("schema.sql"))) {
      String sql = new String(schema.readAllBytes(), StandardCharsets.UTF_8);
      statement.execute(sql);
      return sql.strip();
    }
  }

  private static void insert(DataSource dataSource, String name) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(INSERT)) {
      statement.setString(1, name.toLowerCase(Locale.ROOT) + "@example.org");
      statement.setString(2, "Welcome, " + name);
      statement.executeUpdate();
    }
  }

  private static long count(DataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from mailer.mailq")) {
      row.next();
      return row.getLong(1);
    }
  }
}
