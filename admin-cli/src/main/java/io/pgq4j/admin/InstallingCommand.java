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

/** Brings the schema to the version of this program. */
abstract class InstallingCommand extends AdminCommand {
  private static final String NO_RIGHT = "42501";

  /** Does it, and tells what was done. */
  final void install() {
    Installation done = applied();
    done.warnings().forEach(warning -> say("Warning: " + warning));
    int version = done.before().available();
    say(sentence(done.before().state(), version));
    print(
        JsonObject.of("before", done.before().state().name().toLowerCase(Locale.ROOT))
            .with("version", version)
            .with("applied", done.applied())
            .with("warnings", done.warnings()));
  }

  private Installation applied() {
    try {
      return SchemaInstaller.of(dataSource()).install();
    } catch (SQLException e) {
      throw NO_RIGHT.equals(e.getSQLState())
          ? new CommandFailure(
              ExitCode.CHECK_FAILED,
              e.getMessage()
                  + ". It needs the right to create a schema: 'grant create on database … to …' by"
                  + " the database's owner.",
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
