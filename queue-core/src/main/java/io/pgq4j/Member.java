package io.pgq4j;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One of several consumers of a name, which share its batches. */
final class Member {
  /** Of names that are made up, so that those who never come back can be told from others. */
  private static final String AUTO = "auto.";

  /** Who is silent for so long and has such a name, is forgotten. One who lives comes again. */
  private static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);

  private static final String FORGETTABLE =
      "select consumer_name from pgq.get_consumer_info(?)"
          + " where starts_with(consumer_name, ?) and current_batch is null"
          + " and last_seen > make_interval(secs => ?)";

  private final Consumer consumer;
  private final String name;
  private final boolean madeUp;
  private final Duration deadAfter;

  Member(Consumer consumer, Membership membership) {
    this.consumer = consumer;
    String given = membership.name();
    this.madeUp = given == null;
    this.name = given == null ? makeUp() : given;
    this.deadAfter = membership.deadAfter();
  }

  private static String makeUp() {
    return String.format(
        "%s%s.%d.%04x",
        AUTO, host(), ProcessHandle.current().pid(), ThreadLocalRandom.current().nextInt(0x10000));
  }

  static String host() {
    String host = System.getenv("HOSTNAME");
    if (host != null && !host.isEmpty()) {
      return host;
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  String name() {
    return name;
  }

  /** As {@code pgq.consumer} has it. */
  String fullName() {
    return consumer.name() + '.' + name;
  }

  double deadAfterSeconds() {
    return deadAfter.toMillis() / 1e3;
  }

  /** So that two of them may be lost. */
  Duration heartbeat() {
    return deadAfter.dividedBy(3);
  }

  /** Registers the member, and the consumer if need be. Returns false if it was there. */
  boolean register(Connection connection) throws SQLException {
    forgetTheDead(connection);
    return call(connection, "select pgq_coop.register_subconsumer(?, ?, ?)", name) == 1;
  }

  private void forgetTheDead(Connection connection) throws SQLException {
    String prefix = consumer.name() + '.' + AUTO;
    List<String> dead = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(FORGETTABLE)) {
      statement.setString(1, consumer.queue());
      statement.setString(2, prefix);
      statement.setDouble(3, FORGOTTEN_AFTER.toMillis() / 1e3);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          dead.add(String.valueOf(row.getString(1)).substring(consumer.name().length() + 1));
        }
      }
    }
    for (String one : dead) {
      unregister(connection, one);
    }
  }

  /** Leaves for good, if nobody will come again under this name. */
  void leave(Connection connection) throws SQLException {
    if (madeUp) {
      unregister(connection, name);
    }
  }

  /** One with a batch stays, and another member takes that over. */
  private void unregister(Connection connection, String one) throws SQLException {
    try {
      call(connection, "select pgq_coop.unregister_subconsumer(?, ?, ?, 0)", one);
    } catch (SQLException e) {
      if (!"PQ008".equals(e.getSQLState()) && !"55P03".equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  /**
   * How long it may sleep, because nobody's batch can be taken over before; null: nobody has one.
   */
  @Nullable Duration takeOverDueIn(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select extract(epoch from pgq_coop.take_over_due(?, ?, make_interval(secs => ?)))")) {
      statement.setString(1, consumer.queue());
      statement.setString(2, consumer.name());
      statement.setDouble(3, deadAfterSeconds());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        double seconds = row.getDouble(1);
        return row.wasNull() ? null : Duration.ofMillis((long) Math.ceil(seconds * 1e3));
      }
    }
  }

  private long call(Connection connection, String sql, String member) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, consumer.queue());
      statement.setString(2, consumer.name());
      statement.setString(3, member);
      return QueueSession.queryLong(statement);
    }
  }
}
