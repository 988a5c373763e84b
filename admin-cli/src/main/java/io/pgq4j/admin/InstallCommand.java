package io.pgq4j.admin;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.sql.Installation;
import io.pgq4j.sql.SchemaInstaller;
import io.pgq4j.sql.SchemaStatus.State;
import java.sql.SQLException;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "install",
    description = {
      "Installs the schema pgq, or brings an older one up to date; run again, it changes nothing.",
      "It needs no superuser, only the right to create a schema in the database.",
      "JSON: {\"before\": \"missing\"|\"older\"|\"current\", \"version\": number, \"applied\":"
          + " [script], \"warnings\": [text]}"
    },
    footer = "  pgq-admin install --url postgresql://postgres@localhost/mydb")
final class InstallCommand extends AdminCommand {
  private static final String NO_RIGHT = "42501";

  @Option(
      names = "--print",
      description = "Connect to nothing and print the installation as one script for psql.")
  private boolean print;

  @Option(
      names = "--print-ext",
      description = {
        "The same for schema pgq_ext alone, which a database without queues needs",
        "when a consumer does its work there exactly once."
      })
  private boolean printExt;

  @Override
  protected void run() {
    if (printExt) {
      out().print(SchemaInstaller.extScript());
      return;
    }
    if (print) {
      out().print(SchemaInstaller.script());
      return;
    }
    Installation done = install();
    done.warnings().forEach(warning -> say("Warning: " + warning));
    int version = done.before().available();
    say(sentence(done.before().state(), version));
    print(
        JsonObject.of("before", done.before().state().name().toLowerCase(Locale.ROOT))
            .with("version", version)
            .with("applied", done.applied())
            .with("warnings", done.warnings()));
  }

  private Installation install() {
    try {
      return SchemaInstaller.of(dataSource()).install();
    } catch (SQLException e) {
      throw NO_RIGHT.equals(e.getSQLState())
          ? new CommandFailure(
              ExitCode.CHECK_FAILED,
              e.getMessage()
                  + ". It needs the right to create a schema: 'grant create on database … to …' by the"
                  + " database's owner.",
              e)
          : translated(e);
    }
  }

  private static String sentence(State before, int version) {
    String schema = "Schema pgq, version " + version + ", ";
    return switch (before) {
      case MISSING -> schema + "installed. Next: 'pgq-admin create-queue NAME'.";
      case CURRENT -> schema + "is up to date.";
      default -> schema + "brought up to date.";
    };
  }
}
