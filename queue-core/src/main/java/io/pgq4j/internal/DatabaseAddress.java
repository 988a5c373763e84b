package io.pgq4j.internal;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Where a database is and how to log in, in the driver's terms. No message of this class contains a
 * user's or password's text.
 *
 * @param options by the driver's names
 */
public record DatabaseAddress(
    List<HostPort> hosts,
    String database,
    String user,
    @Nullable String password,
    Map<String, String> options) {

  private static final int AFTER_CONNECT_SECONDS = 5;
  private static final Set<PGProperty> NO_OPTIONS =
      Set.of(
          PGProperty.USER,
          PGProperty.PASSWORD,
          PGProperty.PG_HOST,
          PGProperty.PG_PORT,
          PGProperty.PG_DBNAME);

  /** A host, an IPv6 address in brackets, and its port. */
  public record HostPort(String host, int port) {

    static HostPort of(String host, String port) {
      String name = host.isEmpty() ? "localhost" : host;
      if (name.startsWith("/") || name.startsWith("@")) {
        throw new IllegalArgumentException(
            "the JDBC driver has no Unix-domain sockets: give a host name such as localhost");
      }
      boolean bareIpv6 = name.indexOf(':') >= 0 && !name.startsWith("[");
      return new HostPort(bareIpv6 ? "[" + name + "]" : name, parsePort(port));
    }

    private static int parsePort(String text) {
      try {
        int port = text.isEmpty() ? 5432 : Integer.parseInt(text);
        if (port > 0 && port <= 65_535) {
          return port;
        }
      } catch (NumberFormatException e) {
        // Falls through to the message below, which does not repeat what was given.
      }
      throw new IllegalArgumentException("the port must be a number from 1 to 65535");
    }
  }

  /** Reads any of the URL forms; null or empty: the environment alone. */
  public static DatabaseAddress parse(@Nullable String url, Map<String, String> environment) {
    String given = url == null || url.isBlank() ? environment.get("PGQ_URL") : url;
    LibpqOptions options = new LibpqOptions(environment);
    if (given == null || given.isBlank()) {
      return options.address();
    }
    String trimmed = given.strip();
    if (trimmed.startsWith("jdbc:postgresql:")) {
      return parseJdbc(trimmed, options);
    }
    for (String scheme : List.of("postgresql://", "postgres://")) {
      if (trimmed.startsWith(scheme)) {
        LibpqUrl.parse(trimmed.substring(scheme.length()), options);
        return options.address();
      }
    }
    throw new IllegalArgumentException(
        "the database URL must begin with jdbc:postgresql:, postgresql:// or postgres://");
  }

  /** Another database of the same server. */
  public DatabaseAddress withDatabase(String other) {
    return new DatabaseAddress(hosts, other, user, password, options);
  }

  private static DatabaseAddress parseJdbc(String url, LibpqOptions environment) {
    int end = url.indexOf('?');
    if (url.substring(0, end < 0 ? url.length() : end).indexOf('@') >= 0) {
      throw new IllegalArgumentException(
          "a jdbc:postgresql: URL has user and password as options, ?user=…&password=…;"
              + " or use the form postgresql://user:password@host/database");
    }
    PGSimpleDataSource source = new PGSimpleDataSource();
    try {
      source.setUrl(url);
    } catch (IllegalArgumentException e) {
      // The driver's message repeats the URL, which may contain a password: it is dropped.
      throw new IllegalArgumentException(
          "the jdbc:postgresql: URL is malformed: write jdbc:postgresql://host:port/database");
    }
    DatabaseAddress defaults = environment.address();
    String user = source.getUser() == null ? defaults.user() : source.getUser();
    String password = source.getPassword() == null ? defaults.password() : source.getPassword();
    String database = source.getDatabaseName();
    List<HostPort> hosts = new ArrayList<>();
    for (int i = 0; i < source.getServerNames().length; i++) {
      hosts.add(
          HostPort.of(
              source.getServerNames()[i], String.valueOf(port(source.getPortNumbers(), i))));
    }
    Map<String, String> options = new TreeMap<>(defaults.options());
    for (PGProperty property : PGProperty.values()) {
      String value = optionValue(source, property);
      if (value != null) {
        options.put(property.getName(), value);
      }
    }
    return new DatabaseAddress(
        hosts, database == null || database.isEmpty() ? user : database, user, password, options);
  }

  private static int port(int[] ports, int i) {
    return i < ports.length && ports[i] != 0 ? ports[i] : 5432;
  }

  private static @Nullable String optionValue(PGSimpleDataSource source, PGProperty property) {
    if (NO_OPTIONS.contains(property)) {
      return null;
    }
    String value = source.getProperty(property);
    return value == null || value.equals(property.getDefaultValue()) ? null : value;
  }

  /** A DataSource that connects there. */
  public PGSimpleDataSource dataSource() {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(hosts.stream().map(HostPort::host).toArray(String[]::new));
    source.setPortNumbers(hosts.stream().mapToInt(HostPort::port).toArray());
    source.setDatabaseName(database);
    source.setUser(user);
    if (password != null) {
      source.setPassword(password);
    }
    source.setTcpKeepAlive(true);
    source.setApplicationName("pgq4j");
    source.setSocketFactory(PromptSocketFactory.class.getName());
    try {
      for (Map.Entry<String, String> option : options.entrySet()) {
        source.setProperty(option.getKey(), option.getValue());
      }
      if (!options.containsKey(PGProperty.LOGIN_TIMEOUT.getName())) {
        source.setLoginTimeout(loginSeconds(source.getConnectTimeout()));
      }
    } catch (SQLException | NumberFormatException e) {
      throw new IllegalArgumentException("an option of the database URL has no acceptable value");
    }
    return source;
  }

  /**
   * How long logging in may take, all hosts together. The driver's own limit is for the TCP
   * connection; without this one, a server that falls silent right after it is waited for until TCP
   * gives up, a quarter of an hour later.
   */
  private int loginSeconds(int connectSeconds) {
    return connectSeconds == 0 ? 0 : hosts.size() * (connectSeconds + AFTER_CONNECT_SECONDS);
  }

  /** {@code user@host:port/database}. */
  public String describe() {
    StringBuilder text = new StringBuilder(user).append('@');
    for (HostPort host : hosts) {
      text.append(host.host()).append(':').append(host.port()).append(',');
    }
    text.setLength(text.length() - 1);
    return text.append('/').append(database).toString();
  }

  /** As {@link #describe()}: a record's own form would show the password. */
  @Override
  public String toString() {
    return describe();
  }
}
