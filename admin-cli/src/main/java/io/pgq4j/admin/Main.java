package io.pgq4j.admin;

import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.Failures;
import io.pgq4j.admin.internal.GlobalOptions;
import io.pgq4j.admin.internal.Terminal;
import io.pgq4j.admin.internal.UsageErrors;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The program pgq-admin. */
public final class Main {
  private static final int HELP_WIDTH = 80;

  private Main() {}

  public static void main(String[] args) {
    Logging.quieten();
    PrintWriter out = utf8(FileDescriptor.out);
    PrintWriter err = utf8(FileDescriptor.err);
    int exitCode =
        Locales.isDamaged(args, System.getProperty("sun.jnu.encoding"))
            ? refuseLocale(err)
            : commandLine(System.getenv(), Terminal.ofProcess(System.getenv()), args)
                .setOut(out)
                .setErr(err)
                .execute(args);
    if (out.checkError()) { // flushes
      err.println(
          "pgq-admin: Cannot write to stdout; free the disk or look at what reads the pipe.");
      exitCode = ExitCode.INTERNAL;
    }
    err.flush();
    System.exit(exitCode);
  }

  private static int refuseLocale(PrintWriter err) {
    err.println(
        "pgq-admin: The locale cannot hold the characters of an argument; set LC_ALL=C.UTF-8.");
    return ExitCode.USAGE;
  }

  /**
   * Runs one command in this JVM, without a terminal and an input.
   *
   * @param environment what PGQ_URL, PGHOST and the like are read from
   * @param out takes data
   * @param err takes words
   * @return the exit code, see docs/reference/pgq-admin.md
   */
  public static int run(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... args) {
    return commandLine(environment, Terminal.none(), args).setOut(out).setErr(err).execute(args);
  }

  /**
   * The program.
   *
   * @param args it need not know more commands than these call; none: it knows all
   */
  static CommandLine commandLine(
      Map<String, String> environment, Terminal terminal, String... args) {
    GlobalOptions options = new GlobalOptions(environment, terminal);
    CommandLine commandLine = new CommandLine(new PgqAdmin());
    PgqAdmin.commands(args).forEach(commandLine::addSubcommand);
    CommandSpec root = commandLine.getCommandSpec();
    root.addMixin(GlobalOptions.MIXIN, CommandSpec.forAnnotatedObject(options));
    withHelp(commandLine);
    root.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("Print the version of this program and leave.")
            .build());
    return commandLine
        .setExpandAtFiles(false) // an event's data may begin with an @
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(HELP_WIDTH)
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(new Failures(options));
  }

  private static void withHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help and leave.")
                .build())
        .usageMessage()
        .synopsisHeading("Usage: ")
        .descriptionHeading("%n")
        .parameterListHeading("%n")
        .optionListHeading("%nOptions:%n")
        .footerHeading("%nExample:%n")
        .sortOptions(false);
    command.getSubcommands().values().forEach(Main::withHelp);
  }

  /** Not the locale's encoding: what goes into a pipe should not depend on LANG. */
  private static PrintWriter utf8(FileDescriptor descriptor) {
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
  }
}
