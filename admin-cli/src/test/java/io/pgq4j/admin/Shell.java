package io.pgq4j.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits the examples of the help as a shell would; they use no quotes but single ones. */
final class Shell {
  private static final Pattern WORD = Pattern.compile("(?:[^\\s']|'[^']*')+");

  private Shell() {}

  static String[] words(String line) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(line);
    while (matcher.find()) {
      words.add(matcher.group().replace("'", ""));
    }
    return words.toArray(String[]::new);
  }
}
