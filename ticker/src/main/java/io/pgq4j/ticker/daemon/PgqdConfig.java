package io.pgq4j.ticker.daemon;

import io.pgq4j.daemon.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The configuration of PgQ's ticker, pgqd, in the terms of ours. Its settings: {@code
 * base_connstr}, {@code initial_database}, {@code database_list}, {@code logfile}, {@code pidfile},
 * {@code check_period}, {@code maint_period}, {@code retry_period}, {@code ticker_period}, {@code
 * syslog}, {@code connection_lifetime}.
 */
final class PgqdConfig {
  private static final Pattern LINE = Pattern.compile("\\s*([\\w-]+)\\s*=\\s*(.*?)\\s*");

  /** Of a libpq connection string: name = value, the value in quotes where it has blanks. */
  private static final Pattern OPTION =
      Pattern.compile("(\\w+)\\s*=\\s*(?:'((?:[^'\\\\]|\\\\.)*)'|(\\S*))");

  private final Map<String, String> settings = new LinkedHashMap<>();
  private final List<String> lines = new ArrayList<>();

  private PgqdConfig() {}

  /** Prints the configuration for pgq-ticker. */
  static ExitCode convert(Path file, PrintStream out, PrintStream err) {
    PgqdConfig config = new PgqdConfig();
    try {
      config.read(Files.readAllLines(file));
    } catch (IOException e) {
      err.println("pgq-ticker: cannot read " + file + ": " + e.getMessage());
      return ExitCode.USAGE;
    }
    config.convert().forEach(out::println);
    return ExitCode.OK;
  }

  private void read(List<String> text) {
    for (String line : text) {
      Matcher matcher = LINE.matcher(line);
      if (!line.strip().matches("[#;].*") && matcher.matches()) {
        settings.put(matcher.group(1), matcher.group(2));
      }
    }
  }

  private List<String> convert() {
    lines.add("# Converted from a configuration of pgqd.");
    lines.add("url=" + url());
    lines.add("databases=" + settings.getOrDefault("database_list", "*").replaceAll("\\s+", ""));
    settings.forEach(this::convert);
    return lines;
  }

  private void convert(String name, String value) {
    switch (name) {
      case "base_connstr", "initial_database", "database_list" -> {}
      case "pidfile" -> lines.add("pidfile=" + value);
      case "logfile" -> lines.add("log-file=" + value);
      case "check_period" -> lines.add("rescan-period=" + value + "s");
      case "maint_period" -> lines.add("maintenance-period=" + value + "s");
      case "ticker_period", "retry_period" ->
          lines.add(
              "# "
                  + name
                  + ": not needed; ticks and retries come when they are due, without polling");
      case "connection_lifetime" ->
          lines.add(
              "# connection_lifetime: not needed; connections are checked while they are used");
      case "syslog", "syslog_ident" ->
          lines.add("# " + name + ": log to stderr, which systemd passes on, or to log-file");
      default -> lines.add("# " + name + ": no counterpart");
    }
  }

  private String url() {
    Map<String, String> options = new LinkedHashMap<>();
    Matcher option = OPTION.matcher(settings.getOrDefault("base_connstr", ""));
    while (option.find()) {
      String quoted = option.group(2);
      options.put(
          option.group(1), quoted == null ? option.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
    }
    String database = settings.getOrDefault("initial_database", "template1");
    StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
    String host = options.getOrDefault("host", "");
    if (host.startsWith("/")) {
      lines.add("# host " + host + ": Java has no Unix-domain sockets; it is localhost here");
      host = "localhost";
    }
    String port = options.containsKey("port") ? ":" + options.get("port") : "";
    options.keySet().removeAll(List.of("host", "port", "dbname"));
    options.forEach((name, value) -> query.add(name + "=" + encode(value)));
    return "postgresql://" + host + port + "/" + encode(database) + query;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
