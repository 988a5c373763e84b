package io.pgq4j.ticker.daemon;

import io.pgq4j.ticker.daemon.DaemonConfig.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which databases to tick now. */
final class DatabaseFinder {
  private static final String DATABASES =
      "select datname from pg_catalog.pg_database"
          + " where datallowconn and not datistemplate and has_database_privilege(oid, 'connect')";
  private static final String HAS_SCHEMA =
      "select to_regprocedure('pgq.ticker_state(boolean)') is not null";

  private DatabaseFinder() {}

  /**
   * The databases by the names of their tickers: those that are named, and those that match a
   * pattern and have the schema.
   *
   * @param known found before: such a one stays although it cannot be asked now
   */
  static Map<String, Database> find(DaemonConfig config, Set<String> known) throws SQLException {
    Map<String, Database> found = new LinkedHashMap<>(config.named());
    List<Pattern> patterns = new ArrayList<>();
    for (String name : config.patterns()) {
      if (name.indexOf('*') < 0) {
        found.put(name, config.on(name));
      } else {
        patterns.add(Pattern.compile("\\Q" + name.replace("*", "\\E.*\\Q") + "\\E"));
      }
    }
    if (!patterns.isEmpty()) {
      for (String name : names(config.home())) {
        boolean matches = patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
        if (matches && !found.containsKey(name)) {
          Database database = config.on(name);
          if (hasSchema(database, known.contains(name))) {
            found.put(name, database);
          }
        }
      }
    }
    return found;
  }

  private static List<String> names(Database home) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Connection connection = home.source().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(DATABASES)) {
      while (row.next()) {
        names.add(row.getString(1));
      }
    }
    return names;
  }

  private static boolean hasSchema(Database database, boolean unlessKnown) {
    try (Connection connection = database.source().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(HAS_SCHEMA)) {
      row.next();
      return row.getBoolean(1);
    } catch (SQLException e) {
      return unlessKnown;
    }
  }
}
