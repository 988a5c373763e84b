package io.pgq4j.admin.bench;

import java.sql.SQLException;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "capture",
    description = {
      "Measures what it costs to capture the rows of an INSERT as events.",
      "One INSERT … SELECT of many rows, in turn into a bare table, into one that pgq.watch_table"
          + " watches, and with --peer pgq into one with jsontriga of the C extension PgQ, in a"
          + " scratch database of its own on the same server. The median round counts, and the"
          + " ratio to the others is the result.",
      "JSON: {\"bench\": \"capture\", \"results\": [{\"table\": …, \"median_seconds\": …, …}],"
          + " \"environment\": {…}}"
    },
    footer = "  pgq-admin bench capture --peer pgq")
final class CaptureCommand extends MeasuringCommand {
  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Rows of one INSERT. Default: 100000.")
  private int rows;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Mixin
  private RoundsOptions turns;

  @Override
  Report measure(DataSource server) throws SQLException {
    if (rows < 1 || rows > 10_000_000) {
      throw usage("--rows must be from 1 to 10000000.");
    }
    checkRounds(turns);
    return new CaptureBench(server, rows, turns.rounds, this::say).measure(turns.withPeer());
  }
}
