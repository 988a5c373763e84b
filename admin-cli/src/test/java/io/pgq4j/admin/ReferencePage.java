package io.pgq4j.admin;

import io.pgq4j.admin.internal.GlobalOptions;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes docs/reference/pgq-admin.md from picocli's model of the commands. */
final class ReferencePage {
  private static final String JSON = "JSON: ";

  private static final String HEAD =
      """
      # pgq-admin

      <!-- Generated from the commands by ReferencePage of admin-cli; ReferencePageTest says how. -->

      %s

      ```
      %s
      ```

      Data goes to stdout, words go to stderr. With `-o json` each command prints one JSON object whose
      keys stay as they are here; later versions may add keys. Numbers are numbers, durations are numbers
      of seconds (their keys end in `_seconds`), times are ISO 8601 in UTC, and what is not known is
      `null`. With `-o csv` it prints the same as a line of names and a line for each row: lists of objects are rows,
      what is inside an object is named by its path. CSV is exact; in the other forms control and format characters
      are escaped. On a terminal the cells of wide tables are cut until they fit, and headers are bold unless
      `NO_COLOR` is set.

      What takes something away for good says so and asks; where there is no terminal it wants `--yes`, and is
      refused with exit code 2 without. `--dry-run` only says what would be done.

      Each command works in one transaction: it happens whole or not at all, also when ^C comes between (exit code 130).
      `tail` and `status --watch` go on until ^C and print a line of JSON each time; those of `bench` have a database of
      their own. Passwords are not accepted on the command line, where every user of the machine could read them.

      ## Options of every command

      They stand before or after the command's name. An argument that begins with a dash goes after `--`.

      %s
      ## Exit codes

      | code | sense |
      |---|---|
      %s
      """;

  private static final String STATUS =
      """

      For example:

      ```
      %s```

      and with `-o json`:

      ```json
      %s```
      """;

  private ReferencePage() {}

  static String render() {
    CommandLine root = Main.commandLine(Map.of(), Run.NO_TERMINAL);
    CommandSpec spec = root.getCommandSpec();
    StringBuilder page =
        new StringBuilder(
            HEAD.formatted(
                String.join("\n", spec.usageMessage().description()),
                synopsis(root),
                options(globalOptions(spec)),
                exitCodes(spec)));
    root.getSubcommands().values().forEach(command -> append(page, command));
    return page.toString();
  }

  private static void append(StringBuilder page, CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    page.append("\n## ").append(pathOf(spec)).append("\n\n");
    page.append("```\n").append(synopsis(command)).append("\n```\n");
    for (String paragraph : spec.usageMessage().description()) {
      page.append('\n')
          .append(
              paragraph.startsWith(JSON)
                  ? "With `-o json`: `" + paragraph.substring(JSON.length()) + "`"
                  : text(paragraph))
          .append('\n');
    }
    page.append(arguments(spec)).append("\nExample:\n\n```sh\n");
    for (String line : spec.usageMessage().footer()) {
      page.append(line.strip()).append('\n');
    }
    page.append("```\n");
    if (spec.name().equals("status")) {
      page.append(STATUS.formatted(statusTable(), statusJson()));
    }
    command.getSubcommands().values().forEach(sub -> append(page, sub));
  }

  /** The words that call a command, after the program's name. */
  static String pathOf(CommandSpec spec) {
    return spec.qualifiedName().replaceFirst("^\\S+ ?", "");
  }

  private static String synopsis(CommandLine command) {
    return command.getHelp().synopsis(0).strip().replaceAll("\\s*\\R\\s*", "\n    ");
  }

  private static String arguments(CommandSpec spec) {
    List<String> rows = new ArrayList<>();
    for (PositionalParamSpec argument : spec.positionalParameters()) {
      rows.add(row(argument.paramLabel(), argument.description()));
    }
    spec.options().stream()
        .filter(option -> !option.inherited() && !option.usageHelp())
        .forEach(option -> rows.add(row(names(option), option.description())));
    return rows.isEmpty() ? "" : "\n| argument | sense |\n|---|---|\n" + String.join("", rows);
  }

  private static List<OptionSpec> globalOptions(CommandSpec root) {
    List<OptionSpec> inherited =
        Objects.requireNonNull(root.mixins().get(GlobalOptions.MIXIN)).options();
    Stream<OptionSpec> own = root.options().stream().filter(option -> !inherited.contains(option));
    return Stream.concat(inherited.stream(), own).toList();
  }

  private static String options(List<OptionSpec> options) {
    return "| option | sense |\n|---|---|\n"
        + options.stream()
            .map(option -> row(names(option), option.description()))
            .collect(Collectors.joining());
  }

  private static String names(OptionSpec option) {
    String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
    String list = option.splitRegex().isEmpty() ? "" : "[," + option.paramLabel() + "…]";
    return String.join(", ", option.names()) + value + list;
  }

  private static String row(String name, String[] description) {
    return "| `" + name + "` | " + text(String.join(" ", description)) + " |\n";
  }

  private static String exitCodes(CommandSpec spec) {
    return spec.usageMessage().exitCodeList().entrySet().stream()
        .map(entry -> "| " + entry.getKey() + " | " + text(entry.getValue()) + " |")
        .collect(Collectors.joining("\n"));
  }

  private static String text(String text) {
    return text.replace("|", "\\|").replace("*", "\\*");
  }

  private static String statusTable() {
    StringWriter table = new StringWriter();
    Samples.status().print(new PrintWriter(table));
    return table.toString();
  }

  private static String statusJson() {
    StringWriter json = new StringWriter();
    Samples.status().printJson(new PrintWriter(json));
    return json.toString();
  }
}
