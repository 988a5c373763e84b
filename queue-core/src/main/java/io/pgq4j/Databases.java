package io.pgq4j;

import io.pgq4j.internal.DatabaseAddress;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Finds the database as the tools of PostgreSQL do: a URL, else the environment variable PGQ_URL,
 * else PGHOST, PGPORT, PGUSER, PGDATABASE, PGPASSWORD, PGSSLMODE and the like; a missing password
 * is looked for in ~/.pgpass. Those variables also fill in what a {@code postgresql://} URL leaves
 * out.
 *
 * <p>URLs: {@code jdbc:postgresql://host:port/database?option=value} with the driver's options, or
 * {@code postgresql://user:password@host:port/database?option=value} (also {@code postgres://},
 * several hosts, percent-encoding) with libpq's.
 */
public final class Databases {
  /** The key of the URL in a configuration. */
  public static final Setting<String> URL =
      url(
          "url",
          "where the queue is; without it PGHOST, PGPORT, PGDATABASE and so on, as psql has it");

  private Databases() {}

  /** A key for the URL of a database. */
  public static Setting<String> url(String name, String help) {
    return new Setting<>(
        name, "a URL, jdbc:postgresql: or postgresql://", Function.identity(), null, help);
  }

  /** {@link #dataSource(String)} as the environment says. */
  public static DataSource dataSource() {
    return dataSource(null);
  }

  /**
   * A DataSource, unpooled, that opens a connection per call. Connects to nothing yet.
   *
   * @param url null or empty: as the environment says
   * @throws IllegalArgumentException if the URL is malformed; the message contains no password
   */
  public static DataSource dataSource(@Nullable String url) {
    return dataSource(url, System.getenv());
  }

  /** {@link #dataSource(String)} with another environment. */
  public static DataSource dataSource(@Nullable String url, Map<String, String> environment) {
    return DatabaseAddress.parse(url, environment).dataSource();
  }

  /** As {@link #dataSource(String, Map)}, but another database of that server. */
  public static DataSource dataSource(
      @Nullable String url, Map<String, String> environment, String database) {
    return DatabaseAddress.parse(url, environment).withDatabase(database).dataSource();
  }

  /**
   * Which database {@link #dataSource(String)} would find, for messages: {@code
   * user@host:port/database}, without password and options.
   *
   * @throws IllegalArgumentException if the URL is malformed; the message contains no password
   */
  public static String describe(@Nullable String url) {
    return describe(url, System.getenv());
  }

  /** {@link #describe(String)} with another environment. */
  public static String describe(@Nullable String url, Map<String, String> environment) {
    return DatabaseAddress.parse(url, environment).describe();
  }

  /** As {@link #describe(String, Map)}, but another database of that server. */
  public static String describe(
      @Nullable String url, Map<String, String> environment, String database) {
    return DatabaseAddress.parse(url, environment).withDatabase(database).describe();
  }
}
