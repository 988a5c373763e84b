package io.pgq4j.admin.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A command, and what may follow it.
 *
 * @param path the words that call it after the program's name, each after a slash; empty: the
 *     program itself
 * @param commands names of its subcommands, with descriptions
 * @param options the options it takes, those of every command too
 */
record Node(String path, Map<String, String> commands, List<Option> options) {

  /**
   * An option.
   *
   * @param names all its names, short ones first
   * @param everywhere whether every command has it
   * @param takesValue whether a value has to follow
   * @param values the values there are; empty: any
   */
  record Option(
      List<String> names,
      String description,
      boolean everywhere,
      boolean takesValue,
      List<String> values) {}

  /** The program and all its commands. */
  static List<Node> all(CommandLine program) {
    List<Node> nodes = new ArrayList<>();
    collect("", program, nodes);
    return nodes;
  }

  private static void collect(String path, CommandLine command, List<Node> into) {
    Map<String, String> commands = new LinkedHashMap<>();
    command
        .getSubcommands()
        .forEach((name, sub) -> commands.put(name, sentence(description(sub.getCommandSpec()))));
    List<Option> options =
        command.getCommandSpec().options().stream()
            .filter(option -> !option.hidden())
            .map(Node::option)
            .toList();
    into.add(new Node(path, commands, options));
    command.getSubcommands().forEach((name, sub) -> collect(path + "/" + name, sub, into));
  }

  private static String[] description(CommandSpec spec) {
    return spec.usageMessage().description();
  }

  private static Option option(OptionSpec option) {
    List<String> values = new ArrayList<>();
    if (option.completionCandidates() != null) {
      option.completionCandidates().forEach(values::add);
    } else if (option.type().isEnum()) {
      for (Object constant : option.type().getEnumConstants()) {
        values.add(constant.toString());
      }
    }
    return new Option(
        List.of(option.names()),
        sentence(option.description()),
        option.inherited() || option.usageHelp(),
        option.arity().min() > 0,
        values);
  }

  /** The first sentence, without its full stop. */
  private static String sentence(String[] text) {
    return text.length == 0 ? "" : text[0].split("(?<=\\w)[.:](?: |$)", 2)[0];
  }
}
