package io.pgq4j.internal;

import io.pgq4j.internal.DatabaseAddress.HostPort;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

/** libpq's connection options, from its environment variables and then from a URL. */
final class LibpqOptions {
  private static final Map<String, String> VARIABLES =
      Map.ofEntries(
          Map.entry("PGHOST", "host"),
          Map.entry("PGPORT", "port"),
          Map.entry("PGDATABASE", "dbname"),
          Map.entry("PGUSER", "user"),
          Map.entry("PGPASSWORD", "password"),
          Map.entry("PGSSLMODE", "sslmode"),
          Map.entry("PGSSLROOTCERT", "sslrootcert"),
          Map.entry("PGSSLCERT", "sslcert"),
          Map.entry("PGSSLKEY", "sslkey"),
          Map.entry("PGAPPNAME", "application_name"),
          Map.entry("PGCONNECT_TIMEOUT", "connect_timeout"),
          Map.entry("PGOPTIONS", "options"),
          Map.entry("PGTARGETSESSIONATTRS", "target_session_attrs"));

  /** Where the driver has another name for the same thing. */
  private static final Map<String, String> DRIVER_NAMES =
      Map.of(
          "application_name", "ApplicationName",
          "connect_timeout", "connectTimeout",
          "target_session_attrs", "targetServerType",
          "gssencmode", "gssEncMode",
          "channel_binding", "channelBinding",
          "sslnegotiation", "sslNegotiation");

  private static final Map<String, String> SERVER_TYPES =
      Map.of(
          "any", "any",
          "read-write", "primary",
          "primary", "primary",
          "read-only", "secondary",
          "standby", "secondary",
          "prefer-standby", "preferSecondary");

  private final Map<String, String> values = new TreeMap<>();

  LibpqOptions(Map<String, String> environment) {
    VARIABLES.forEach(
        (variable, option) -> {
          String value = environment.get(variable);
          if (value != null && !value.isEmpty()) {
            values.put(option, value);
          }
        });
  }

  /**
   * Sets an option by libpq's or the driver's name.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  void set(String name, String value) {
    Set<String> known = new HashSet<>(VARIABLES.values());
    known.addAll(DRIVER_NAMES.keySet());
    for (PGProperty property : PGProperty.values()) {
      known.add(property.getName());
    }
    if (!known.contains(name)) {
      throw new IllegalArgumentException(
          "the database URL has an unknown option \""
              + name
              + "\""
              + Nearest.to(name, known).map(near -> ": did you mean \"" + near + "\"?").orElse(""));
    }
    values.put(name, value);
  }

  DatabaseAddress address() {
    Map<String, String> rest = new TreeMap<>(values);
    List<HostPort> hosts = hosts(rest.remove("host"), rest.remove("port"));
    String user = orElse(rest.remove("user"), System.getProperty("user.name"));
    String database = orElse(rest.remove("dbname"), user);
    String password = rest.remove("password");
    Map<String, String> options = new TreeMap<>();
    rest.forEach(
        (name, value) ->
            options.put(DRIVER_NAMES.getOrDefault(name, name), driverValue(name, value)));
    return new DatabaseAddress(hosts, database, user, password, options);
  }

  private static String driverValue(String name, String value) {
    if (!name.equals("target_session_attrs")) {
      return value;
    }
    String type = SERVER_TYPES.get(value.toLowerCase(Locale.ROOT));
    if (type == null) {
      throw new IllegalArgumentException(
          "target_session_attrs must be one of " + String.join(", ", SERVER_TYPES.keySet()));
    }
    return type;
  }

  /** As libpq: one port for all hosts, or one for each. */
  private static List<HostPort> hosts(@Nullable String host, @Nullable String port) {
    String[] names = orElse(host, "").split(",", -1);
    String[] ports = orElse(port, "").split(",", -1);
    if (ports.length != 1 && ports.length != names.length) {
      throw new IllegalArgumentException("there must be one port, or one for each host");
    }
    List<HostPort> hosts = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      hosts.add(HostPort.of(names[i], ports[ports.length == 1 ? 0 : i]));
    }
    return hosts;
  }

  private static String orElse(@Nullable String value, String other) {
    return value == null || value.isEmpty() ? other : value;
  }
}
