package io.pgq4j.admin;

import io.pgq4j.admin.internal.DestructiveCommand;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Rows;
import io.pgq4j.sql.SchemaInstaller;
import java.sql.Connection;
import java.sql.SQLException;
import picocli.CommandLine.Command;

@Command(
    name = "uninstall",
    description = {
      "Drops the schemas pgq, pgq_coop and pgq_ext: all queues, events and consumers, and the"
          + " triggers of watched tables. The tables themselves stay.",
      "The roles pgq_reader, pgq_writer, pgq_admin and pgq_capture stay, since other databases of"
          + " the server may use them.",
      "JSON: {\"uninstalled\": true}"
    },
    footer = "  pgq-admin uninstall --dry-run")
final class UninstallCommand extends DestructiveCommand {
  private static final String COUNT =
      """
      select (select count(*) from pgq.queue) || ' queues, '
             || (select count(*) from pgq.registration) || ' consumers, '
             || (select count(*) from pgq.get_watches()) || ' watches of tables'
      """;

  @Override
  protected String plan(Connection connection) {
    return "Drop the schemas pgq, pgq_coop and pgq_ext with "
        + Rows.query(connection, "counts", COUNT).text()
        + ", and whatever depends on them.";
  }

  @Override
  protected void execute() {
    try {
      SchemaInstaller.of(dataSource()).uninstall();
    } catch (SQLException e) {
      throw translated(e);
    }
    say("Schemas pgq, pgq_coop and pgq_ext dropped. 'pgq-admin install' makes new ones.");
    print(JsonObject.of("uninstalled", true));
  }
}
