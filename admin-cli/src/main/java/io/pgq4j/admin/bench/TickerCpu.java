package io.pgq4j.admin.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * CPU time of a ticker in this process, and of its sessions, where the server is a Linux process on
 * this machine.
 *
 * @param own nanoseconds of its threads
 * @param server nanoseconds of its sessions; null: not to be seen
 */
record TickerCpu(long own, @Nullable Long server) {
  private static final String SESSIONS =
      "select pid, inet_server_addr() is null or inet_server_addr() <<= '127.0.0.0/8'"
          + " or inet_server_addr() = '::1'"
          + " from pg_stat_activity where datname = ? and application_name like 'pgq-ticker%'";

  /**
   * What was used so far.
   *
   * @param name the ticker's, with which the names of its threads begin
   */
  static TickerCpu now(Connection connection, String database, String name) throws SQLException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long own = 0;
    for (Map.Entry<Thread, StackTraceElement[]> one : Thread.getAllStackTraces().entrySet()) {
      if (one.getKey().getName().startsWith(name + " ")) {
        own += Math.max(0, threads.getThreadCpuTime(one.getKey().getId()));
      }
    }
    return new TickerCpu(own, server(connection, database));
  }

  private static @Nullable Long server(Connection connection, String database) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SESSIONS)) {
      statement.setString(1, database);
      long nanos = 0;
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          if (!row.getBoolean(2)) {
            return null;
          }
          nanos += nanos(row.getLong(1));
        }
      }
      return nanos;
    } catch (IOException e) {
      return null;
    }
  }

  private static long nanos(long process) throws IOException {
    String statistics = Files.readString(Path.of("/proc/" + process + "/schedstat"));
    return Long.parseLong(statistics.substring(0, statistics.indexOf(' ')));
  }

  /** What was used since; of the server nothing, if it was not to be seen at either time. */
  TickerCpu since(TickerCpu before) {
    Long then = before.server;
    return new TickerCpu(
        own - before.own, server == null || then == null ? null : Math.max(0, server - then));
  }
}
