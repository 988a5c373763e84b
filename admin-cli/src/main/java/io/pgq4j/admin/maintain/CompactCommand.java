package io.pgq4j.admin.maintain;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Rows;
import picocli.CommandLine.Command;

@Command(
    name = "compact",
    description = {
      "Gives the space of old positions and ticks back, as the ticker does again and again; prints"
          + " how many tables were compacted, 0 to 2.",
      "A table that is small, mostly needed, or not free at once is passed over.",
      "JSON: {\"tables_compacted\": number}"
    },
    footer = "  pgq-admin compact")
public final class CompactCommand extends AdminCommand {
  @Override
  protected void run() {
    long tables =
        onConnection(
            connection -> Rows.query(connection, "tables", "select pgq.maint_compact()").number());
    print(JsonObject.of("tables_compacted", tables), out -> out.println(tables));
  }
}
