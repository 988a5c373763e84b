package io.pgq4j.admin.bench;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.JsonObject;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that measures, and reports what it measured and where. */
abstract class MeasuringCommand extends AdminCommand {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  /**
   * Measures.
   *
   * @param server where scratch databases are to be created
   */
  abstract Report measure(DataSource server) throws SQLException, InterruptedException;

  @Override
  protected final void run() {
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
    } catch (SQLException e) {
      throw translated(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.INTERNAL, "Interrupted.", e);
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
