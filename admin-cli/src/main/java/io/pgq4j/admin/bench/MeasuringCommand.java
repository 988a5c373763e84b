package io.pgq4j.admin.bench;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that measures, and reports what it measured and where. */
abstract class MeasuringCommand extends AdminCommand {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with plots to this file, too.")
  private @Nullable Path html;

  /**
   * Measures.
   *
   * @param server where scratch databases are to be created
   */
  abstract Report measure(DataSource server) throws SQLException, InterruptedException;

  @Override
  protected final void run() {
    checkHtml();
    try {
      DataSource server = dataSource();
      Environment environment = Environment.of(server, commandLine());
      Report report = measure(server);
      JsonObject json =
          JsonObject.of("bench", spec.name())
              .with("results", report.json())
              .with("environment", environment.json().map());
      print(
          json,
          out -> {
            report.print(out);
            out.println();
            environment.print(out);
          });
      writeHtml(report, environment);
    } catch (SQLException e) {
      throw translated(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERNAL, "Interrupted.", e);
    }
  }

  /** Before the measuring, which may take minutes. */
  private void checkHtml() {
    if (html == null) {
      return;
    }
    Path directory = html.toAbsolutePath().getParent();
    if (directory == null || !Files.isWritable(directory) || Files.isDirectory(html)) {
      throw usage(
          "--html " + Printable.quoted(html.toString()) + ": there can be no file of that name.");
    }
  }

  private void writeHtml(Report report, Environment environment) {
    if (html == null) {
      return;
    }
    try {
      Files.writeString(
          html, HtmlReport.render(spec.name(), report.json(), environment.json().map()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void checkRounds(RoundsOptions turns) {
    if (turns.outOfRange()) {
      throw usage("--rounds must be from 1 to 1000.");
    }
  }

  private List<String> commandLine() {
    return Objects.requireNonNull(spec.root().commandLine().getParseResult()).originalArgs();
  }
}
