package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * All that PgQ's schema has is in ours: functions with their types and result columns, columns of
 * tables and views, sequences, and who may do what. What is not is listed here, with the reason.
 */
class CatalogIT {

  @RegisterExtension static final RealPgq.Extension pgq = new RealPgq.Extension();

  private static final Path QUERY = Path.of("src/test/resources/io/pgq4j/sql/catalog.sql");

  private record Difference(String facts, String reason) {
    boolean covers(String fact) {
      return fact.matches(facts);
    }

    @Override
    public String toString() {
      return facts + ": " + reason;
    }
  }

  private static final List<Difference> NOT_OURS =
      List.of(
          new Difference(
              ".*\\b_grant_perms_from\\(.*",
              "internal; a partition of ours gets its grants from pgq.grant_perms"),
          new Difference("sequence subscription_sub_id_seq", "subscription is a view"),
          new Difference(
              "admin may (insert|update|delete|truncate) .*",
              "who changes rows by hand breaks rules; the functions keep them"),
          new Difference(
              "nobody may (call|select) .*", "what a queue holds is not for everyone to know"),
          new Difference(
              "writer may (call get_consumer_info\\(.*|select (consumer|subscription|tick))",
              "a producer may know nothing of consumers; PgQ tells everybody"));

  /** Of rights to objects that PgQ has too. */
  private static final List<Difference> ONLY_OURS =
      List.of(
          new Difference(
              "writer may usage event_1_id_seq", "COPY into an event table takes its ids itself"));

  @Test
  void allThatPgqHasIsThere() throws Exception {
    try (Differential differential = new Differential(pgq.server(), "catalog")) {
      differential.ask(new Differential.Call("", "select pgq.create_queue('q')", false));
      Set<String> theirs = new TreeSet<>();
      Set<String> ours = new TreeSet<>();
      ask(differential, theirs, ours);

      compare(minus(theirs, ours), NOT_OURS);
      Set<String> objects = theirs.stream().map(CatalogIT::object).collect(Collectors.toSet());
      Predicate<String> isRightToSuch =
          fact -> fact.contains(" may ") && objects.contains(object(fact));
      compare(
          minus(ours, theirs).stream().filter(isRightToSuch).collect(Collectors.toSet()),
          ONLY_OURS);
      System.out.printf("compared %d facts of the catalog with PgQ%n", theirs.size());
    }
  }

  private static void ask(Differential differential, Set<String> theirs, Set<String> ours)
      throws SQLException, IOException {
    String query = Files.readString(QUERY);
    Differential.Answers answers = differential.ask(new Differential.Call("", query, false));
    Stream.of(answers.theirs().split("; ")).forEach(theirs::add);
    Stream.of(answers.ours().split("; ")).forEach(ours::add);
    assertThat(theirs).hasSizeGreaterThan(300);
  }

  /** What a right is for: {@code queue} of {@code admin may select queue}. */
  private static String object(String fact) {
    return fact.replaceFirst("^function (.*?\\)) returns.*", "$1")
        .replaceFirst("^\\w+ may \\w+ ", "");
  }

  private static Set<String> minus(Set<String> some, Set<String> others) {
    Set<String> rest = new TreeSet<>(some);
    rest.removeAll(others);
    return rest;
  }

  /** Each fact is covered by a known difference, and each known difference by a fact. */
  private static void compare(Set<String> facts, List<Difference> known) {
    assertThat(facts)
        .as("differs from PgQ, and no reason is given")
        .filteredOn(fact -> known.stream().noneMatch(one -> one.covers(fact)))
        .isEmpty();
    assertThat(known)
        .as("does not differ from PgQ any more")
        .filteredOn(one -> facts.stream().noneMatch(one::covers))
        .isEmpty();
  }
}
