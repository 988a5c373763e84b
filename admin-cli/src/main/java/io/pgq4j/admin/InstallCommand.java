package io.pgq4j.admin;

import io.pgq4j.sql.SchemaInstaller;
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
final class InstallCommand extends InstallingCommand {
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
    install();
  }
}
