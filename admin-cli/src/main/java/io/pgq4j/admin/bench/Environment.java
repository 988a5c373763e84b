package io.pgq4j.admin.bench;

import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Where something was measured: numbers mean nothing without it.
 *
 * @param server version of PostgreSQL
 * @param settings of the server, those that change the numbers
 * @param java version and flags of this JVM
 * @param cores of the machine that this JVM runs on
 * @param loadAverage of that machine in the minute before; negative: not known
 */
record Environment(
    String command,
    String server,
    Map<String, String> settings,
    String java,
    int cores,
    double loadAverage) {
  private static final String SETTINGS =
      "select name, current_setting(name) from pg_settings where name in ('fsync',"
          + " 'synchronous_commit', 'full_page_writes', 'shared_buffers',"
          + " 'max_prepared_transactions', 'server_version') order by name";

  static Environment of(DataSource server, List<String> arguments) throws SQLException {
    Map<String, String> settings = new LinkedHashMap<>();
    try (Connection connection = server.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SETTINGS)) {
      while (row.next()) {
        settings.put(row.getString(1), row.getString(2));
      }
    }
    String version = settings.remove("server_version");
    return new Environment(
        "pgq-admin " + String.join(" ", arguments),
        "PostgreSQL " + version,
        settings,
        javaAndFlags(),
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static String javaAndFlags() {
    String flags =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("-X"))
            .collect(Collectors.joining(" "));
    return (Runtime.version() + " " + flags).strip();
  }

  void print(PrintWriter out) {
    out.println("Command   " + Printable.name(command));
    out.println("Server    " + Printable.sentence(server));
    out.println(
        "Settings  "
            + settings.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining(" ")));
    out.println("Java      " + java);
    out.printf(Locale.ROOT, "Machine   %d cores, load average %.2f before%n", cores, loadAverage);
  }

  JsonObject json() {
    Map<String, @Nullable Object> server = new LinkedHashMap<>(settings);
    return JsonObject.of("command", command)
        .with("server", this.server)
        .with("settings", server)
        .with("java", java)
        .with("cores", cores)
        .with("load_average", loadAverage < 0 ? null : loadAverage);
  }
}
