package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.pgq4j.admin.internal.ExitCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class HelpTest {
  static Stream<CommandLine> commands() {
    List<CommandLine> found = new ArrayList<>();
    collect(Main.commandLine(Map.of(), Run.NO_TERMINAL), found);
    return found.stream();
  }

  private static void collect(CommandLine command, List<CommandLine> into) {
    into.add(command);
    command.getSubcommands().values().forEach(sub -> collect(sub, into));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theHelpFitsIntoEightyColumns(CommandLine command) {
    assertThat(command.getUsageMessage(Ansi.OFF).lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasAnExampleOnOneLineThatParses(CommandLine command) {
    String[] footer = command.getCommandSpec().usageMessage().footer();
    assertThat(footer).isNotEmpty();
    for (String line : footer) {
      assertThat(line).startsWith("  pgq-admin ").hasSizeLessThanOrEqualTo(79);
      String[] args = Shell.words(line.strip().substring("pgq-admin ".length()));
      assertThatCode(() -> Main.commandLine(Map.of(), Run.NO_TERMINAL).parseArgs(args))
          .doesNotThrowAnyException();
      if (command.getParent() != null) {
        assertThat(String.join(" ", args))
            .startsWith(ReferencePage.pathOf(command.getCommandSpec()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpIsDataAndGoesToStdout(CommandLine command) {
    List<String> path =
        Arrays.asList(command.getCommandSpec().qualifiedName().split(" "))
            .subList(1, depth(command));
    List<String> args = new ArrayList<>(path);
    args.add("--help");
    Run run = Run.with(Map.of(), args.toArray(String[]::new));
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).startsWith("Usage: " + command.getCommandSpec().qualifiedName());
    assertThat(run.err()).isEmpty();
  }

  private static int depth(CommandLine command) {
    return command.getCommandSpec().qualifiedName().split(" ").length;
  }

  @Test
  void withoutACommandTheHelpGoesToStderr() {
    Run run = Run.with(Map.of());
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("Usage: pgq-admin").contains("create-queue", "Exit codes:");
  }

  @Test
  void theVersionNeedsNoDatabase() {
    Run run = Run.with(Map.of(), "--version");
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out()).matches("pgq-admin \\d+\\.\\d+\\.\\d+.*\\R");
  }

  @Test
  void whoCallsACommandWaitsForThatOneOnly() {
    for (String name : Main.commandLine(Map.of(), Run.NO_TERMINAL).getSubcommands().keySet()) {
      assertThat(PgqAdmin.commands(name, "--help"))
          .hasSizeLessThanOrEqualTo(name.equals("man") || name.equals("completion") ? 99 : 1);
    }
    assertThat(PgqAdmin.commands("no-such-command")).isEqualTo(PgqAdmin.commands());
  }
}
