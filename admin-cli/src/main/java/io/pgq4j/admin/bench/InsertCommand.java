package io.pgq4j.admin.bench;

import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "insert",
    description = {
      "Measures how many events can be inserted.",
      "Several clients call pgq.insert_event, or insert single rows into a watched table, each in a"
          + " transaction of its own; and one inserts many by one pgq.insert_events. In turn with"
          + " the same into a bare table, and with --peer pgq with the C extension PgQ, in scratch"
          + " databases on the same server. The medians of the rounds count, and the ratio to the"
          + " others is the result.",
      "JSON: {\"bench\": \"insert\", \"results\": [{\"contest\": …, \"contestant\": …,"
          + " \"per_second\": …, …}], \"environment\": {…}}"
    },
    footer = "  pgq-admin bench insert --peer pgq")
final class InsertCommand extends MeasuringCommand {
  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "4",
      description = "How many clients insert at once. Default: 4.")
  private int clients;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      defaultValue = "2s",
      converter = DurationOption.class,
      description = "How long each inserts in each round. Default: 2s.")
  private Duration time = Duration.ZERO;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Events of one pgq.insert_events. Default: 100000.")
  private int rows;

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Mixin
  private RoundsOptions turns;

  @Override
  Report measure(DataSource server) throws SQLException, InterruptedException {
    if (clients < 1 || clients > 100) {
      throw usage("--clients must be from 1 to 100.");
    }
    if (rows < 1 || rows > 10_000_000) {
      throw usage("--rows must be from 1 to 10000000.");
    }
    checkRounds(turns);
    return InsertBench.measure(
        server,
        turns.withPeer(),
        new InsertBench.Options(clients, time, rows, turns.rounds),
        this::say);
  }
}
