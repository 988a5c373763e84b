package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.sql.Differential.Answers;
import io.pgq4j.sql.Differential.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may call what is as with PgQ: each call is made by a user in each of its roles. */
class RightsDifferentialIT {

  @RegisterExtension static final RealPgq.Extension pgq = new RealPgq.Extension();

  private static final Path CALLS = Path.of("src/test/resources/io/pgq4j/sql/rights.sql");
  private static final Pattern DIFFERS = Pattern.compile("-- differs for ([\\w, ]+): .*");

  private Differential differential;

  @BeforeEach
  void queueWithABatch() throws SQLException, IOException {
    differential = new Differential(pgq.server(), "rights");
    for (String call :
        List.of(
            "select pgq.create_queue('q')",
            "select pgq.register_consumer('q', 'c')",
            "select pgq.insert_event('q', 'type', 'data')",
            "select pgq.force_tick('q')",
            "select pgq.ticker('q')",
            "select pgq.next_batch('q', 'c')")) {
      assertThat(ask("", call).ours()).as(call).doesNotContain("ERROR");
    }
  }

  @AfterEach
  void close() throws SQLException {
    differential.close();
  }

  @Test
  void eachRoleIsDeniedTheSameAsByPgq() throws Exception {
    List<String> expected = new ArrayList<>();
    List<String> actual = new ArrayList<>();
    Set<String> differs = Set.of();
    int calls = 0;
    for (String line : Files.readAllLines(CALLS)) {
      Matcher known = DIFFERS.matcher(line);
      if (known.matches()) {
        differs = Set.of(known.group(1).split(", "));
      } else if (!line.isBlank() && !line.startsWith("--")) {
        for (String user : new TreeSet<>(AnsweringDatabase.USERS)) {
          Answers answers = attempt(user, line);
          String ours = allowed(answers.ours());
          String theirs = allowed(answers.theirs());
          boolean isKnown = differs.contains(user) && !ours.equals(theirs);
          actual.add(user + ": " + line + ": " + (isKnown ? "differs" : ours));
          expected.add(user + ": " + line + ": " + (differs.contains(user) ? "differs" : theirs));
          calls++;
        }
        differs = Set.of();
      }
    }
    assertThat(String.join("\n", actual)).isEqualTo(String.join("\n", expected));
    System.out.printf("rights: compared %d calls with PgQ%n", calls);
  }

  @Test
  void noFunctionIsForgotten() throws Exception {
    String calls = Files.readString(CALLS);
    Answers names =
        ask(
            "",
            """
            select distinct proname from pg_proc
            where pronamespace = 'pgq'::regnamespace and prorettype <> 'trigger'::regtype
              and proname not like '\\_%'""");
    assertThat(names.theirs().split("; "))
        .hasSizeGreaterThan(30)
        .allSatisfy(name -> assertThat(calls).contains("pgq." + name + "("));
  }

  private Answers attempt(String user, String call) throws SQLException, IOException {
    ask(user, "begin");
    Answers answers = ask(user, call);
    ask(user, "rollback");
    return answers;
  }

  private Answers ask(String user, String call) throws SQLException, IOException {
    return differential.ask(new Call(user, call, false));
  }

  private static String allowed(String answer) {
    return answer.startsWith("ERROR: permission denied") ? "denied" : "allowed";
  }
}
