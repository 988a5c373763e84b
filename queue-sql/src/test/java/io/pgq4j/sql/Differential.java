package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Two new databases, one with PgQ and one with pgq4j, that are given the same calls. */
final class Differential implements AutoCloseable {

  private final RealPgq server;
  private final AnsweringDatabase theirs;
  private final AnsweringDatabase ours;
  private int compared;

  /** On a server that has PgQ; the name is part of the databases' names. */
  Differential(RealPgq server, String name) throws SQLException {
    this.server = server;
    theirs = new AnsweringDatabase(server.createTheirs(name));
    ours = new AnsweringDatabase(server.createOurs(name));
  }

  /** How many calls were given to both databases. */
  int compared() {
    return compared;
  }

  Answers ask(Call call) throws SQLException, IOException {
    compared++;
    return new Answers(
        theirs.answer(call.session(), call.sql()), ours.answer(call.session(), call.sql()));
  }

  /**
   * Runs a script to its end, then fails if a call was answered differently, or alike although the
   * script says that it differs.
   */
  void compare(List<String> script) throws SQLException, IOException {
    List<String> expected = new ArrayList<>();
    List<String> actual = new ArrayList<>();
    for (Call call : Call.parse(script)) {
      Answers answers = ask(call);
      expected.add(call + "\n  -> " + (call.differs() ? "differs from PgQ" : answers.theirs()));
      boolean differs = call.differs() && !answers.alike();
      actual.add(call + "\n  -> " + (differs ? "differs from PgQ" : answers.ours()));
    }
    assertThat(String.join("\n", actual)).isEqualTo(String.join("\n", expected));
  }

  @Override
  public void close() throws SQLException {
    for (AnsweringDatabase database : List.of(theirs, ours)) {
      database.close();
      server.drop(database.dataSource());
    }
  }

  /** What the two databases answered to a call. */
  record Answers(String theirs, String ours) {
    boolean alike() {
      return theirs.equals(ours);
    }
  }

  /** A statement, the session that runs it, and whether the answers are known to differ. */
  record Call(String session, String sql, boolean differs) {

    private static final Pattern LINE = Pattern.compile("(?:(\\w+): )?(.*)", Pattern.DOTALL);

    /**
     * Each line is a call; a line that begins with a space goes on with the one before. Lines that
     * begin with {@code --} are comments; {@code -- differs: reason} says that the next call is
     * answered otherwise than by PgQ, on purpose. {@code name: call} is made in a session of that
     * name; {@link AnsweringDatabase} says who that is.
     */
    static List<Call> parse(List<String> script) {
      List<Call> calls = new ArrayList<>();
      boolean differs = false;
      for (String line : script) {
        if (line.startsWith("--")) {
          differs = differs || line.startsWith("-- differs: ");
        } else if (line.startsWith(" ")) {
          Call begun = calls.remove(calls.size() - 1);
          calls.add(new Call(begun.session(), begun.sql() + "\n" + line, begun.differs()));
        } else if (!line.isBlank()) {
          Matcher parts = LINE.matcher(line);
          parts.matches();
          String session = parts.group(1) == null ? "" : parts.group(1);
          calls.add(new Call(session, parts.group(2), differs));
          differs = false;
        }
      }
      return calls;
    }

    @Override
    public String toString() {
      return session.isEmpty() ? sql : session + ": " + sql;
    }
  }
}
