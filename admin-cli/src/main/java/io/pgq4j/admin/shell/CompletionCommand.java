package io.pgq4j.admin.shell;

import io.pgq4j.admin.internal.AdminCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = {
      "Prints a script by which a shell completes commands, options and their values.",
      "bash: source <(pgq-admin completion bash), in ~/.bashrc. zsh: the same with zsh, in ~/.zshrc, after"
          + " compinit. fish: pgq-admin completion fish > ~/.config/fish/completions/pgq-admin.fish"
    },
    footer = "  pgq-admin completion bash")
public final class CompletionCommand extends AdminCommand {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec command;

  @Parameters(index = "0", paramLabel = "SHELL", description = "bash, zsh or fish.")
  private Shell shell = Shell.BASH;

  @Override
  protected void run() {
    out().print(new Completion(Node.all(command.root().commandLine())).script(shell));
  }
}
