package io.pgq4j.admin.bench;

import java.sql.SQLException;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "ticks",
    description = {
      "Measures a call of pgq.ticker() where there are many queues and few have new events; with"
          + " --peer pgq in turn with the C extension PgQ's.",
      "JSON: {\"bench\": \"ticks\", \"results\": [{\"contestant\": …, \"per_second\": …, …}],"
          + " \"environment\": {…}}"
    },
    footer = "  pgq-admin bench ticks --queues 1000 --active 10 --rounds 20")
final class TicksCommand extends MeasuringCommand {
  @Option(
      names = "--queues",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many queues. Default: 1000.")
  private int queues;

  @Option(
      names = "--active",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many of them have new events. Default: 10.")
  private int active;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Mixin
  private RoundsOptions turns;

  @Override
  Report measure(DataSource server) throws SQLException, InterruptedException {
    if (queues < 1 || queues > 10_000) {
      throw usage("--queues must be from 1 to 10000.");
    }
    if (active < 0 || active > queues) {
      throw usage("--active must be from 0 to the number of queues.");
    }
    checkRounds(turns);
    return new TicksBench(queues, active, this::say).measure(server, turns);
  }
}
