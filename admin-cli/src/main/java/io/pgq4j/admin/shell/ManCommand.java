package io.pgq4j.admin.shell;

import io.pgq4j.admin.internal.AdminCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "man",
    description = "Prints the manual page, for man(1); packages bring it along.",
    footer = "  pgq-admin man")
public final class ManCommand extends AdminCommand {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec command;

  @Override
  protected void run() {
    out().print(ManPage.of(command.root().commandLine()));
  }
}
