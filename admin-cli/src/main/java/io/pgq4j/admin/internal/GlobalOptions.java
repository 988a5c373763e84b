package io.pgq4j.admin.internal;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command has, before or after its name. */
public final class GlobalOptions {
  /** The name under which the root command mixes these options in. */
  public static final String MIXIN = "global";

  private final Map<String, String> environment;
  private final Terminal terminal;

  @Option(
      names = "--url",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description =
          "The database: postgresql://[user@]host[:port]/database or jdbc:postgresql:…, without a"
              + " password. Default: PGQ_URL, else PGHOST, PGPORT, PGUSER, PGDATABASE as psql reads"
              + " them. Passwords: PGPASSWORD, ~/.pgpass, or inside PGQ_URL.")
  private @Nullable String url;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      scope = ScopeType.INHERIT,
      defaultValue = "table",
      description = "How results are printed: table, json or csv. Default: table.")
  private OutputFormat output = OutputFormat.TABLE;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  private boolean verbose;

  /**
   * The options as they are before a command line is read.
   *
   * @param environment what the variables of the connection are read from
   * @param terminal where the user sits, if one does
   */
  public GlobalOptions(Map<String, String> environment, Terminal terminal) {
    this.environment = Map.copyOf(environment);
    this.terminal = terminal;
  }

  Terminal terminal() {
    return terminal;
  }

  Map<String, String> environment() {
    return environment;
  }

  /** The URL of the command line. */
  @Nullable String url() {
    if (url != null) {
      UrlPassword.refuse(url);
    }
    return url;
  }

  OutputFormat output() {
    return output;
  }

  public boolean verbose() {
    return verbose;
  }
}
