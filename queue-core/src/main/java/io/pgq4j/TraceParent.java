package io.pgq4j;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** W3C trace context, version 00 and those that look like it. */
final class TraceParent {
  private static final String VALUE = "(?!ff)[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}";
  private static final Pattern ALONE = Pattern.compile("\\s*(" + VALUE + ")\\s*");

  /** In JSON, in HTTP's form and in that of logfmt. */
  private static final Pattern HEADER =
      Pattern.compile("(?i:\\btraceparent\\b)[\"']?\\s*[:=]\\s*[\"']?(" + VALUE + ")\\b");

  private TraceParent() {}

  static Optional<String> find(String headers) {
    Matcher alone = ALONE.matcher(headers);
    if (alone.matches()) {
      return Optional.of(alone.group(1));
    }
    Matcher header = HEADER.matcher(headers);
    return header.find() ? Optional.of(header.group(1)) : Optional.empty();
  }
}
