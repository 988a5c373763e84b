package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the SQL files that a reader relies on. */
class SqlStyleTest {

  private static final Pattern COMMENT_OR_STRING = Pattern.compile("(?m)--.*$|'(?:[^']++|'')*'");

  /** Header comment, name, parameters, attributes, body. */
  private static final Pattern FUNCTION =
      Pattern.compile(
          "((?-s:--.*\n)*)create or replace function (pgq\\w*\\.\\w+)\\(([^)]*)\\)(.*?)as (\\$\\w*\\$)(.*?)\\5",
          Pattern.DOTALL);

  private static final Pattern CREATED =
      Pattern.compile("create or replace (?:function|view) pgq\\w*\\.(\\w+)");
  private static final Pattern SHOUTED = Pattern.compile("\\b(?!TG_)[A-Z][A-Z_]+\\b");
  private static final Pattern DECLARATIONS =
      Pattern.compile("\\bdeclare\n(.*?)\\bbegin\\b", Pattern.DOTALL);

  /** Those for which pinning costs too much: docs/decisions/0012. */
  private static final Set<String> UNPINNED = Set.of("pgq.insert_event");

  static Stream<String> allFiles() {
    return Migrations.resources().stream().filter(name -> name.endsWith(".sql"));
  }

  static Stream<String> functionFiles() {
    return allFiles().filter(name -> name.startsWith("functions/"));
  }

  @ParameterizedTest
  @MethodSource("allFiles")
  void keywordsAreLowerCase(String file) {
    assertThat(matches(SHOUTED, code(file))).as(file).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("allFiles")
  void linesHaveAtMost120CharactersAndNoTabsOrBlanksAtTheEnd(String file) {
    assertThat(Migrations.read(file).lines())
        .as(file)
        .filteredOn(line -> line.length() > 120 || line.contains("\t") || line.endsWith(" "))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("functionFiles")
  void fileIsNamedAfterItsFamily(String file) {
    String family = file.replaceFirst(".*/", "").replace(".sql", "");
    assertThat(CREATED.matcher(code(file)).results().map(created -> created.group(1)))
        .as(file)
        .anyMatch(name -> name.startsWith(family));
  }

  @ParameterizedTest
  @MethodSource("functionFiles")
  void everyFunctionIsNamedInAHeader(String file) {
    String headers = String.join("", functions(file).map(f -> f.group(1)).toList());
    assertThat(functions(file).map(function -> "-- " + function.group(2) + "("))
        .as(file)
        .allMatch(headers::contains);
  }

  @ParameterizedTest
  @MethodSource("functionFiles")
  void headerTellsParametersResultAndTables(String file) {
    assertThat(functions(file).map(function -> function.group(1)).filter(h -> !h.isEmpty()))
        .as(file)
        .allSatisfy(
            header ->
                assertThat(header)
                    .contains("\n-- Parameters", "\n-- Returns:\n", "\n-- Tables:\n"));
  }

  @ParameterizedTest
  @MethodSource("functionFiles")
  void parametersBeginWithI(String file) {
    functions(file)
        .forEach(
            function ->
                assertThat(function.group(3).split(","))
                    .as("%s: parameters of %s", file, function.group(2))
                    .allMatch(one -> one.strip().matches("|(variadic )?i_.*|out .*")));
  }

  @ParameterizedTest
  @MethodSource("functionFiles")
  void variablesBeginWithV(String file) {
    assertThat(
            functions(file)
                .flatMap(
                    function -> matches(DECLARATIONS, withoutComments(function.group(6))).stream())
                .flatMap(String::lines)
                .filter(line -> line.matches("  \\w.*")))
        .as(file)
        .allMatch(line -> line.startsWith("  v_"));
  }

  @ParameterizedTest
  @MethodSource("functionFiles")
  void securityDefinerPinsTheSearchPath(String file) {
    assertThat(
            functions(file)
                .filter(function -> function.group(4).contains("security definer"))
                .filter(function -> !UNPINNED.contains(function.group(2))))
        .as(file)
        .allMatch(
            function -> function.group(4).contains("set search_path = pg_catalog, pg_temp\n"));
  }

  /**
   * What the caller's search_path could change: names without a schema, operators, types, and the
   * keywords that stand for an operator.
   */
  @ParameterizedTest
  @MethodSource("functionFiles")
  void bodyThatDoesNotPinTheSearchPathQualifiesEverything(String file) {
    functions(file)
        .filter(function -> function.group(4).contains("security definer"))
        .filter(function -> !function.group(4).contains("set search_path"))
        .map(function -> withoutComments(function.group(6)))
        .forEach(
            body -> {
              String code = body.replaceAll("operator\\(pg_catalog\\.\\S+?\\)|:=", "");
              assertThat(matches(Pattern.compile("(?<![.\\w])\\w+\\("), code)).isEmpty();
              assertThat(matches(Pattern.compile("(?:from|join|into|update) (?!pgq\\.|v_)"), code))
                  .isEmpty();
              assertThat(matches(Pattern.compile("[-+*/<>=~!@#%^&|`?]"), code)).isEmpty();
              assertThat(matches(Pattern.compile("::(?!pg_catalog\\.)"), code)).isEmpty();
              assertThat(
                      matches(
                          Pattern.compile("\\b(nullif|in|between|distinct|i?like|case)\\b"), code))
                  .isEmpty();
              assertThat(matches(Pattern.compile("(?m)^  v_\\w+ (?!bigint;).*"), code)).isEmpty();
            });
  }

  private static Stream<MatchResult> functions(String file) {
    return FUNCTION.matcher(Migrations.read(file)).results();
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).toList();
  }

  private static String code(String file) {
    return withoutComments(Migrations.read(file));
  }

  private static String withoutComments(String sql) {
    return COMMENT_OR_STRING.matcher(sql).replaceAll("");
  }
}
