package io.pgq4j.admin.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line: one sentence, and where to read on. */
public final class UsageErrors implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException error, String[] args) {
    CommandSpec command = error.getCommandLine().getCommandSpec();
    error
        .getCommandLine()
        .getErr()
        .println(
            "pgq-admin: "
                + Printable.sentence(sentence(error, command))
                + " See '"
                + command.qualifiedName()
                + " --help'.");
    return ExitCode.USAGE;
  }

  private static String sentence(ParameterException error, CommandSpec command) {
    if (error instanceof UnmatchedArgumentException unmatched) {
      String argument = unmatched.getUnmatched().get(0);
      return unmatched.isUnknownOption()
          ? unknownOption(argument, command)
          : excess(argument, command);
    }
    if (error instanceof MissingParameterException missing) {
      return missing(missing.getMissing(), command);
    }
    return error.getArgSpec() != null && error.getArgSpec().auxiliaryTypes()[0].isEnum()
        ? noSuchValue(error, error.getArgSpec())
        : Failures.message(error);
  }

  /** Names all arguments of the command: picocli stops at the first that is missing. */
  private static String missing(List<ArgSpec> missing, CommandSpec command) {
    List<? extends ArgSpec> needed =
        missing.stream().anyMatch(ArgSpec::isPositional) ? command.positionalParameters() : missing;
    return command.qualifiedName()
        + " needs "
        + needed.stream()
            .filter(ArgSpec::required)
            .map(UsageErrors::label)
            .collect(Collectors.joining(" and "))
        + ".";
  }

  private static String label(ArgSpec argument) {
    return argument.isOption() ? ((OptionSpec) argument).longestName() : argument.paramLabel();
  }

  private static String unknownOption(String argument, CommandSpec command) {
    String name = argument.contains("=") ? argument.substring(0, argument.indexOf('=')) : argument;
    List<String> known = new ArrayList<>();
    command.options().forEach(option -> known.addAll(List.of(option.names())));
    return "There is no option "
        + Printable.quoted(name)
        + suggestion(Nearest.to(name, known))
        + " An argument that begins with a dash goes after '--'.";
  }

  private static String excess(String argument, CommandSpec command) {
    boolean takesCommand = !command.subcommands().isEmpty();
    return takesCommand
        ? "There is no command "
            + Printable.quoted(argument)
            + suggestion(Nearest.to(argument, command.subcommands().keySet()))
        : command.qualifiedName()
            + " takes no further argument "
            + Printable.quoted(argument)
            + ".";
  }

  /** What is appended to a sentence about a name that does not exist. */
  static String suggestion(Optional<String> nearest) {
    return nearest.map(name -> "; did you mean " + Printable.quoted(name) + "?").orElse(".");
  }

  private static String noSuchValue(ParameterException error, ArgSpec option) {
    return "The option "
        + label(option)
        + " takes "
        + Arrays.stream(option.auxiliaryTypes()[0].getEnumConstants())
            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "))
        + " and not "
        + Printable.quoted(String.valueOf(error.getValue()))
        + ".";
  }

  /** Where a command line must not begin to run: a group that was given no command. */
  public static int missingCommand(CommandLine group) {
    group.usage(group.getErr());
    return ExitCode.USAGE;
  }
}
