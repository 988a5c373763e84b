package io.pgq4j.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgq4j.testing.TestDatabase;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Does the tutorial, command by command, as it is printed. */
class TutorialIT {
  private static final Path PAGE = Path.of("..", "docs", "tutorial", "first-consumer.md");
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)(?:^<!-- ([a-z ]+) -->\\n)?^```(sh|java)\\n(.*?)^```$");

  /** As a server should be: doctor, at the end of the page, finds nothing. */
  @RegisterExtension
  static final TestDatabase database = TestDatabase.empty().onServerWith(Map.of("fsync", "on"));

  @TempDir Path directory;

  @BeforeEach
  void create() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/psql")), "needs psql, which .ci/run installs");
    // Not a superuser: the tutorial promises that none is needed.
    sql("create role shop login", "create database shop owner shop");
    Files.copy(Packages.tar(), directory.resolve(Packages.tar().getFileName()));
  }

  @AfterEach
  void drop() throws SQLException {
    sql("drop database if exists shop with (force)", "drop role if exists shop");
  }

  @Test
  void everyCommandDoesWhatThePageSays() throws Exception {
    String prologue = "set -e\n";
    try (Terminals terminals = new Terminals(directory, port())) {
      Matcher block = BLOCK.matcher(Files.readString(PAGE));
      while (block.find()) {
        String where = block.group(1) == null ? "" : block.group(1);
        String text = block.group(3);
        if (block.group(2).equals("java")) {
          Files.writeString(directory.resolve("Greeter.java"), text);
        } else if (where.equals("every terminal")) {
          prologue += text;
        } else if (where.startsWith("terminal ")) {
          terminals.start(where, prologue + text);
        } else {
          terminals.run(prologue + text);
        }
        awaitWhatItShows(terminals, text);
      }
    }
  }

  private static void awaitWhatItShows(Terminals terminals, String text) throws Exception {
    if (text.contains("status orders")) {
      assertThat(terminals.lastOutput()).containsPattern("greeter .* 1\\n");
    } else if (text.contains("Greeter greeter.properties")) {
      terminals.await("terminal consumer", "Thank you, Ann, for 12.50");
    } else if (text.contains("'Bob'")) {
      terminals.await("terminal consumer", "Thank you, Bob, for 3.20");
    }
  }

  private static String port() {
    return "" + URI.create(database.url().replaceFirst("^jdbc:", "")).getPort();
  }

  private static void sql(String... statements) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : List.of(statements)) {
        statement.execute(sql);
      }
    }
  }
}
