package io.pgq4j.sql;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** docs/reference/sql.md, made of the header comments of the SQL files. */
final class SqlReferencePage {
  private static final String INTRODUCTION =
      """
      # SQL functions

      Schemas `pgq`, `pgq_coop` and `pgq_ext`. Names, arguments and results are PgQ's where PgQ has the function. Errors carry the
      SQLSTATE that is given with them; `40001` means: repeat it in a new transaction.

      <!-- Made from the comments in queue-sql/src/main/resources/io/pgq4j/sql/functions by SqlReferencePageTest. -->
      """;

  /** A header: comment lines above what it describes, the first ones being calls. */
  private static final Pattern HEADER =
      Pattern.compile("(?m)^(-- pgq\\w*\\.\\w+\\(.*\n(?:--.*\n)+)create ");

  private SqlReferencePage() {}

  static String render() {
    return INTRODUCTION
        + Migrations.GROUPS.stream().map(SqlReferencePage::group).collect(Collectors.joining());
  }

  private static String group(String group) {
    String functions =
        Migrations.resources().stream()
            .filter(name -> name.startsWith("functions/" + group + "/"))
            .sorted()
            .flatMap(name -> HEADER.matcher(Migrations.read(name)).results())
            .map(header -> header.group(1))
            .filter(header -> !header.contains("--   Internal."))
            .map(SqlReferencePage::function)
            .collect(Collectors.joining());
    return "\n## " + group + "\n" + functions;
  }

  private static String function(String header) {
    List<String> lines =
        header.lines().map(line -> line.equals("--") ? "" : line.substring(3)).toList();
    List<String> calls = lines.stream().takeWhile(line -> line.startsWith("pgq")).toList();
    String name = calls.get(0).replaceFirst("\\(.*", "");
    String text =
        lines.stream()
            .skip(calls.size())
            .takeWhile(line -> !line.startsWith("Parameters"))
            .map(String::strip)
            .collect(Collectors.joining("\n"))
            .strip();
    String details =
        lines.stream()
            .dropWhile(line -> !line.startsWith("Parameters"))
            .collect(Collectors.joining("\n"))
            .strip();
    return "\n### "
        + name
        + "\n\n```sql\n"
        + String.join("\n", calls)
        + "\n```\n\n"
        + text
        + "\n\n```text\n"
        + details
        + "\n```\n";
  }
}
