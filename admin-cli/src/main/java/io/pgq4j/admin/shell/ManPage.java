package io.pgq4j.admin.shell;

import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The manual page of the program and all its commands, for man(1). */
final class ManPage {
  private static final String ENVIRONMENT =
      """
      .SH ENVIRONMENT
      .TP
      PGQ_URL
      The database, perhaps with a password.
      .TP
      PGHOST, PGPORT, PGUSER, PGDATABASE, PGPASSWORD
      As for psql, when there is neither \\-\\-url nor PGQ_URL.
      .SH FILES
      ~/.pgpass holds passwords, as for psql.
      """;

  private final StringBuilder page = new StringBuilder();

  private ManPage() {}

  static String of(CommandLine program) {
    ManPage man = new ManPage();
    CommandSpec spec = program.getCommandSpec();
    String about = spec.usageMessage().description()[0].replaceFirst("\\.$", "");
    man.line(".TH PGQ-ADMIN 1 \"\" pgq4j");
    man.line(".ad l\n.nh"); // ragged, and no word is cut: commands are to be copied
    man.line(".SH NAME");
    man.line(
        "pgq\\-admin \\- " + escape(Character.toLowerCase(about.charAt(0)) + about.substring(1)));
    man.line(".SH SYNOPSIS");
    man.line(escape(synopsis(program)));
    man.line(".SH COMMANDS");
    program.getSubcommands().values().forEach(man::command);
    man.line(".SH OPTIONS");
    spec.options().forEach(man::argument);
    man.line(".SH EXIT STATUS");
    spec.usageMessage().exitCodeList().forEach(man::item);
    return man.page + ENVIRONMENT;
  }

  private void command(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    line(".SS \"" + escape(synopsis(command)) + "\"");
    for (String paragraph : spec.usageMessage().description()) {
      line(".PP");
      line(escape(paragraph));
    }
    spec.positionalParameters().forEach(this::argument);
    spec.options().stream().filter(o -> !o.inherited() && !o.usageHelp()).forEach(this::argument);
    line(".PP");
    line("Example:");
    line(".PP");
    for (String example : spec.usageMessage().footer()) {
      line(".RS\n" + escape(example.strip()) + "\n.RE");
    }
    command.getSubcommands().values().forEach(this::command);
  }

  private void argument(ArgSpec argument) {
    String value = argument.arity().max() == 0 ? "" : argument.paramLabel();
    String name =
        argument instanceof OptionSpec option
            ? String.join(", ", option.names()) + (value.isEmpty() ? "" : " " + value)
            : value;
    item(name, String.join(" ", Arrays.asList(argument.description())));
  }

  private void item(String name, String text) {
    line(".TP");
    line(".B " + escape(name));
    line(escape(text));
  }

  private void line(String line) {
    page.append(line).append('\n');
  }

  private static String synopsis(CommandLine command) {
    return command.getHelp().synopsis(0).strip().replaceAll("\\s+", " ");
  }

  /** So that nothing in it is a request, and a dash is what one can copy. */
  private static String escape(String text) {
    String escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}
