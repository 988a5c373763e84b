package io.pgq4j.admin.shell;

import io.pgq4j.admin.shell.Node.Option;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Scripts that complete commands, options and their values. Each goes through the words before the
 * cursor to the command they call, and offers what may follow that; nothing of it starts a JVM.
 */
final class Completion {
  private static final String BASH =
      """
      # Completion of pgq-admin for bash: source <(pgq-admin completion bash)
      _pgq_admin() {
        local at='' words='' i
        for ((i = 1; i < COMP_CWORD; i++)); do
          case "$at/${COMP_WORDS[i]}" in
            %s) at="$at/${COMP_WORDS[i]}" ;;
          esac
        done
        case "$at" in
      %s
        esac
        case "$at ${COMP_WORDS[COMP_CWORD - 1]}" in
      %s
        esac
        COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
      }
      complete -o default -F _pgq_admin pgq-admin
      """;

  private static final String ZSH =
      """
      #compdef pgq-admin
      # Completion of pgq-admin for zsh: source <(pgq-admin completion zsh), or put it as _pgq-admin where $fpath looks.
      _pgq-admin() {
        local at='' i
        local -a found
        for ((i = 2; i < CURRENT; i++)); do
          case "$at/${words[i]}" in
            %s) at="$at/${words[i]}" ;;
          esac
        done
        case "$at ${words[CURRENT - 1]}" in
      %s
        esac
        case "$at" in
      %s
        esac
        _describe pgq-admin found || _files
      }
      if [ "${funcstack[1]}" = _pgq-admin ]; then _pgq-admin "$@"; else compdef _pgq-admin pgq-admin; fi
      """;

  private static final String FISH =
      """
      # Completion of pgq-admin for fish: pgq-admin completion fish | source
      function __pgq_admin_at
        set -l at ''
        for word in (commandline -opc)[2..]
          switch "$at/$word"
            case %s
              set at "$at/$word"
          end
        end
        test "$at" = "$argv[1]"
      end
      %s
      """;

  private final List<Node> nodes;

  Completion(List<Node> nodes) {
    this.nodes = nodes;
  }

  String script(Shell shell) {
    return switch (shell) {
      case BASH -> BASH.formatted(paths("|"), lines(this::bashWords), lines(this::bashValues));
      case ZSH -> ZSH.formatted(paths("|"), lines(this::zshValues), lines(this::zshWords));
      case FISH -> FISH.formatted(paths(" "), lines(Completion::fish));
    };
  }

  private String paths(String separator) {
    return nodes.stream()
        .map(Node::path)
        .filter(path -> !path.isEmpty())
        .collect(Collectors.joining(separator));
  }

  private interface Part {
    Stream<String> of(Node node);
  }

  /** What every command has is there once. */
  private String lines(Part part) {
    Set<String> lines =
        nodes.stream().flatMap(part::of).collect(Collectors.toCollection(LinkedHashSet::new));
    return String.join("\n", lines);
  }

  private Stream<String> bashWords(Node node) {
    List<String> words = new ArrayList<>(node.commands().keySet());
    node.options().forEach(option -> words.addAll(option.names()));
    return Stream.of("    '%s') words='%s' ;;".formatted(node.path(), String.join(" ", words)));
  }

  private Stream<String> bashValues(Node node) {
    return values(node, "words='%s'");
  }

  private Stream<String> zshValues(Node node) {
    return values(node, "found=(%s); _describe value found || _files; return");
  }

  private static Stream<String> values(Node node, String offer) {
    return node.options().stream()
        .filter(Option::takesValue)
        .map(
            option ->
                "    %s) %s ;;"
                    .formatted(
                        option.names().stream()
                            .map(
                                n ->
                                    (option.everywhere() ? "*' " : "'" + node.path() + " ")
                                        + n
                                        + "'")
                            .collect(Collectors.joining("|")),
                        offer.formatted(String.join(" ", option.values()))));
  }

  private Stream<String> zshWords(Node node) {
    List<String> words = new ArrayList<>();
    node.commands().forEach((name, what) -> words.add(zshWord(name, what)));
    node.options()
        .forEach(o -> o.names().forEach(name -> words.add(zshWord(name, o.description()))));
    return Stream.of("    '%s') found=(%s) ;;".formatted(node.path(), String.join(" ", words)));
  }

  private static String zshWord(String name, String description) {
    return "'" + name + ":" + description.replace("'", "'\\''") + "'";
  }

  private static Stream<String> fish(Node node) {
    String start = "complete -c pgq-admin -n \"__pgq_admin_at '" + node.path() + "'\"";
    Stream<String> commands =
        node.commands().entrySet().stream()
            .map(sub -> start + " -f -a " + sub.getKey() + " -d " + fishWord(sub.getValue()));
    return Stream.concat(commands, node.options().stream().map(option -> start + fish(option)));
  }

  private static String fish(Option option) {
    StringBuilder line = new StringBuilder();
    for (String name : option.names()) {
      line.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^--?", ""));
    }
    if (option.takesValue()) {
      line.append(
          option.values().isEmpty() ? " -r" : " -x -a '" + String.join(" ", option.values()) + "'");
    }
    return line + " -d " + fishWord(option.description());
  }

  private static String fishWord(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
