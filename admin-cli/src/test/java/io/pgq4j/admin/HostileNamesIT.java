package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileNamesIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  static Stream<String> goodNames() {
    return Stream.of(
        "x".repeat(63),
        "x".repeat(64),
        "x".repeat(200),
        "it's \"quoted\" \\ twice",
        "a;--",
        "$$a$$",
        "%s %d {0} ${x}",
        "'); drop table pgq.queue; --",
        "-n",
        "@file",
        "a b\u00A0c",
        "\uD83D\uDE00 仕事",
        "\u202Egnp.exe",
        "TWIN",
        "twin",
        "jobs/../x*?");
  }

  @ParameterizedTest
  @MethodSource("goodNames")
  void aStrangeNameIsTakenAsItIsEverywhere(String name) throws Exception {
    ok("create-queue", "--", name);
    ok("register", "--", name, name);
    ok("insert", "--", name, name, name);
    ok("tick", "--", name);
    JsonNode queues = ok("status", "-o", "json", "--", name).json().get("queues");
    assertThat(queues).hasSize(1);
    assertThat(queues.get(0).get("queue").textValue()).isEqualTo(name);
    assertThat(queues.get(0).get("consumers").get(0).get("consumer").textValue()).isEqualTo(name);
    assertThat(queues.get(0).get("consumers").get(0).get("pending_events").intValue()).isPositive();
    Run table = ok("status", "--", name);
    assertThat(table.out().lines()).hasSize(10);
    assertThat(table.out().chars()).noneMatch(c -> c == 0x202E || c == 0x1B);
    ok("unregister", "--yes", "--", name, name);
    ok("drop-queue", "--yes", "--", name);
    assertThat(Sql.query(database, "select count(*) from pgq.queue")).containsExactly("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "a\tb", "a\u001b[31mb", "a\u007fb", "a\u0085b", "\r"})
  void aNameThatCannotBeReadIsRefused(String name) throws SQLException {
    assertRefused("create-queue", name);
    assertRefused("register", "real", name);
    assertThat(Sql.query(database, "select count(*) from pgq.queue")).containsExactly("0");
    assertThat(Sql.query(database, "select count(*) from pgq.consumer where co_name = ''"))
        .containsExactly("0");
  }

  @Test
  void aNameThatIsTooLongIsRefused() throws SQLException {
    assertRefused("create-queue", "x".repeat(1001));
    assertThat(Sql.query(database, "select count(*) from pgq.queue")).containsExactly("0");
  }

  @ParameterizedTest
  @MethodSource("goodNames")
  void anUnknownStrangeNameIsNotFound(String name) {
    Run run = run("status", "--", name);
    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run.err()).startsWith("pgq-admin: There is no queue '").hasLineCount(1);
    assertThat(run.err().chars()).noneMatch(c -> c == 0x202E);
  }

  private void assertRefused(String... args) {
    if (args[0].equals("register")) {
      Run created = run("create-queue", args[1]);
      assertThat(created.exitCode()).isEqualTo(ExitCode.OK);
    }
    Run run = run(args);
    if (args[0].equals("register")) {
      assertThat(run("drop-queue", "--yes", args[1]).exitCode()).isEqualTo(ExitCode.OK);
    }
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).startsWith("pgq-admin: ").contains("name").hasLineCount(1);
    assertThat(run.err().strip().chars()).noneMatch(Character::isISOControl);
  }

  private static Run ok(String... args) {
    Run run = run(args);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    return run;
  }

  private static Run run(String... args) {
    return Run.with(Map.of("PGQ_URL", database.url()), args);
  }
}
