package io.pgq4j.admin.queue;

import io.pgq4j.QueueException;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.Printable;
import io.pgq4j.admin.internal.Rows;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The settings of a queue as texts, as {@code pgq.set_queue_config} takes them. */
final class QueueSettings {
  /** The settings there are, and what a new queue has. */
  static final Map<String, String> DEFAULTS = defaults();

  private QueueSettings() {}

  private static Map<String, String> defaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    defaults.put("ticker_max_count", "500");
    defaults.put("ticker_max_lag", "00:00:00");
    defaults.put("ticker_idle_period", "00:01:00");
    defaults.put("ticker_paused", "false");
    defaults.put("external_ticker", "false");
    defaults.put("rotation_period", "02:00:00");
    defaults.put("ntables", "3");
    defaults.put("disable_insert", "false");
    defaults.put("per_tx_limit", "");
    defaults.put("max_retries", "9");
    defaults.put("retry_delay", "00:00:01");
    defaults.put("retry_delay_max", "01:00:00");
    return defaults;
  }

  /** Those of a queue that exists. */
  static Map<String, String> of(Connection connection, String queue) {
    String columns =
        String.join(
            ", ", DEFAULTS.keySet().stream().map(name -> "queue_" + name + "::text").toList());
    try (PreparedStatement statement =
        connection.prepareStatement("select " + columns + " from pgq.queue where queue_name = ?")) {
      statement.setString(1, queue);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        Map<String, String> settings = new LinkedHashMap<>();
        int column = 0;
        for (String name : DEFAULTS.keySet()) {
          settings.put(name, orEmpty(row.getString(++column)));
        }
        return settings;
      }
    } catch (SQLException e) {
      throw QueueException.of(e);
    }
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }

  /** Changes settings of a queue; an empty limit is none. */
  static void apply(Connection connection, String queue, Map<String, String> settings) {
    settings.forEach(
        (name, value) ->
            Rows.query(
                connection,
                "settings",
                "select pgq.set_queue_config(?, ?, ?)",
                queue,
                name,
                name.equals("per_tx_limit") && value.isEmpty() ? null : value));
  }

  /** From arguments of the form key=value. */
  static Map<String, String> parse(List<String> arguments) {
    Map<String, String> result = new LinkedHashMap<>();
    for (String setting : arguments) {
      int equals = setting.indexOf('=');
      if (equals < 1) {
        throw usage("A setting is written key=value, not " + Printable.quoted(setting) + ".");
      }
      String key = setting.substring(0, equals);
      if (result.put(key, setting.substring(equals + 1)) != null) {
        throw usage("The setting " + Printable.quoted(key) + " is given twice.");
      }
    }
    return result;
  }

  private static CommandFailure usage(String sentence) {
    return new CommandFailure(ExitCode.USAGE, sentence);
  }
}
