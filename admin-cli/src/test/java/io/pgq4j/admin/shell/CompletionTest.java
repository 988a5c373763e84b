package io.pgq4j.admin.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgq4j.admin.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real shells are asked what they offer. */
class CompletionTest {
  /** Asks with the line in $1 and the script in $2; prints a word on each line. */
  private static final Map<Shell, String> ASK =
      Map.of(
          Shell.BASH,
          """
          source "$2"
          read -ra COMP_WORDS <<< "$1"
          [[ $1 == *' ' ]] && COMP_WORDS+=('')
          COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
          _pgq_admin
          printf '%s\\n' "${COMPREPLY[@]}"
          """,
          // _describe would show what it is given to whoever sits at the terminal.
          Shell.ZSH,
          """
          compdef() { :; }
          _files() { :; }
          _describe() { print -l -- ${${(P)2}%%:*} | grep "^${words[CURRENT]}"; }
          source "$2"
          words=("${(@s: :)1}")
          CURRENT=${#words}
          _pgq-admin
          """,
          Shell.FISH,
          """
          source $argv[2]
          complete -C $argv[1] | string replace -r '\\t.*' ''
          """);

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void commandsAreOffered(Shell shell) throws Exception {
    assertThat(offers(shell, "pgq-admin un")).contains("unregister", "unwatch-table");
    assertThat(offers(shell, "pgq-admin -v bench cap")).containsExactly("capture");
  }

  @ParameterizedTest
  @EnumSource
  void optionsAreOfferedOfTheCommandThatStandsThere(Shell shell) throws Exception {
    assertThat(offers(shell, "pgq-admin drop-queue jobs --")).contains("--force", "--output");
    assertThat(offers(shell, "pgq-admin status --")).contains("--url").doesNotContain("--force");
  }

  @ParameterizedTest
  @EnumSource
  void valuesAreOfferedAfterTheirOption(Shell shell) throws Exception {
    assertThat(offers(shell, "pgq-admin status jobs --output j")).containsExactly("json");
    assertThat(offers(shell, "pgq-admin -o t")).containsExactly("table");
  }

  private List<String> offers(Shell shell, String line) throws Exception {
    assumeTrue(
        Stream.of("/bin/", "/usr/bin/").anyMatch(bin -> Files.isExecutable(Path.of(bin + shell))),
        () -> "needs " + shell + ", which .ci/run installs");
    StringWriter script = new StringWriter();
    Main.run(Map.of(), new PrintWriter(script), new PrintWriter(script), "completion", "" + shell);
    Path file = Files.writeString(directory.resolve("script"), script.toString());
    String ask = ASK.get(shell);
    List<String> command =
        shell == Shell.FISH
            ? List.of("fish", "--no-config", "-c", ask, line, file.toString())
            : List.of(shell.toString(), "-c", ask, shell.toString(), line, file.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .filter(offer -> !offer.isEmpty())
        .collect(Collectors.toList());
  }
}
