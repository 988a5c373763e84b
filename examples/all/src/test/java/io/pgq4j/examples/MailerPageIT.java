package io.pgq4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgq4j.testing.TestDatabase;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The page example-mailer.md is executed, command by command, in one shell. */
@Timeout(600) // the first commands build
class MailerPageIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.empty();

  private static final Path ROOT = Path.of("..", "..");
  private static final Path PAGE = ROOT.resolve("docs/explanation/example-mailer.md");
  private static final Path SOURCE =
      ROOT.resolve("examples/mailer/src/main/java/io/pgq4j/examples/mailer/Mailer.java");

  /** Commands, and what they print where the page shows it. */
  private static final Pattern BLOCK =
      Pattern.compile("```sh\n(.*?)```\n(?:\n```text\n(.*?)```\n)?", Pattern.DOTALL);

  private static final String DONE = "-- done";

  @TempDir private Path directory;

  @Test
  void eachCommandOfThePageDoesWhatThePageSays() throws Exception {
    assumeTrue(isThere("psql") && isThere("mktemp"), "no psql or no shell for this system");
    String page = Files.readString(PAGE).replace("2525", Integer.toString(freePort()));
    Process shell = shell();
    try (PrintStream commands = new PrintStream(shell.getOutputStream(), true, "UTF-8");
        BufferedReader output =
            new BufferedReader(
                new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8))) {
      for (MatchResult block : BLOCK.matcher(page).results().toList()) {
        String shown = block.group(2);
        String printed = run(block.group(1), commands, output);
        // What happens in the background has its time.
        while (shown != null && !plain(printed).contains(plain(shown))) {
          assertThat(block.group(1)).as("%s printed%n%s", shown, printed).startsWith("cat ");
          printed = run(block.group(1), commands, output);
        }
      }
    } finally {
      shell.descendants().forEach(ProcessHandle::destroy);
      shell.destroy();
      endDaemons();
    }
  }

  /** Those that the page did not come to stop. */
  private void endDaemons() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> pidfiles = files.filter(file -> file.toString().endsWith(".pid")).toList();
      for (Path pidfile : pidfiles) {
        long pid = Long.parseLong(Files.readString(pidfile).strip());
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
      }
    }
  }

  @Test
  void pageShowsTheConsumerThatIsRun() throws IOException {
    assertThat(ReadmeIT.region(PAGE, "<!-- mailer -->\n```java\n", "```"))
        .isEqualTo(ReadmeIT.region(SOURCE, "// page\n", " *// end"));
  }

  private Process shell() throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-e").directory(ROOT.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("PG"));
    URI address = URI.create(database.url().substring("jdbc:".length()));
    environment.put("PGHOST", address.getHost());
    environment.put("PGPORT", Integer.toString(address.getPort()));
    environment.put("PGDATABASE", address.getPath().substring(1));
    Matcher login = Pattern.compile("(user|password)=([^&]*)").matcher(address.getQuery());
    while (login.find()) {
      environment.put("PG" + login.group(1).toUpperCase(Locale.ROOT), login.group(2));
    }
    environment.put("TMPDIR", directory.toString());
    String java = System.getProperty("java.home");
    environment.put("JAVA_HOME", java);
    environment.merge("PATH", java + "/bin" + File.pathSeparator, (path, bin) -> bin + path);
    return builder.redirectErrorStream(true).start();
  }

  /** Returns what the commands print; they must succeed. */
  private static String run(String commands, PrintStream shell, BufferedReader output)
      throws IOException {
    shell.print(commands + "echo '" + DONE + "'\n");
    StringBuilder printed = new StringBuilder();
    for (String line = output.readLine(); !DONE.equals(line); line = output.readLine()) {
      assertThat(line).as("the shell ended at%n%s%s", commands, printed).isNotNull();
      printed.append(line).append('\n');
    }
    return printed.toString();
  }

  /** Without what is another time by time. */
  private static String plain(String text) {
    return text.replaceAll("-{2,}", "-")
        .replaceAll("[0-9.]+(ms|[smhd])?", "N")
        .replaceAll(" +", " ");
  }

  private static boolean isThere(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
