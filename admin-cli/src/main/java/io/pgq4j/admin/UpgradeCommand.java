package io.pgq4j.admin;

import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.sql.SchemaStatus;
import io.pgq4j.sql.SchemaStatus.State;
import picocli.CommandLine.Command;

@Command(
    name = "upgrade",
    description = {
      "Brings the schema pgq up to date; other than install, it makes none where there is none.",
      "Stop nothing: consumers and tickers that run go on.",
      "JSON: as install"
    },
    footer = "  pgq-admin upgrade")
final class UpgradeCommand extends InstallingCommand {
  @Override
  protected void run() {
    SchemaStatus status = schemaStatus();
    if (status.state() == State.MISSING) {
      throw new CommandFailure(ExitCode.SCHEMA, status.explanation());
    }
    install();
  }
}
