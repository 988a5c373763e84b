package io.pgq4j.examples.notify;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** On LISTEN and NOTIFY alone. The time goes before the data. */
final class NotifyQueue implements Channel {
  private final DataSource dataSource;
  private final String name;

  /**
   * @param name a plain identifier
   */
  NotifyQueue(DataSource dataSource, String name) {
    this.dataSource = dataSource;
    this.name = name;
  }

  @Override
  public void send(Connection connection, String data) throws SQLException {
    try (PreparedStatement notify = connection.prepareStatement("select pg_notify(?, ?)")) {
      notify.setString(1, name);
      notify.setString(2, Instant.now() + " " + data);
      notify.execute();
    }
  }

  @Override
  public AutoCloseable receive(Callback callback) throws SQLException {
    Connection connection = dataSource.getConnection();
    try (Statement statement = connection.createStatement()) {
      statement.execute("listen " + name);
    }
    Thread thread = new Thread(() -> loop(connection, callback), "notify-receiver");
    thread.start();
    return () -> {
      connection.abort(Runnable::run);
      thread.join();
    };
  }

  private static void loop(Connection connection, Callback callback) {
    try {
      while (true) {
        for (PGNotification notification :
            connection.unwrap(PGConnection.class).getNotifications(0)) {
          String[] parts = notification.getParameter().split(" ", 2);
          try {
            callback.received(Instant.parse(parts[0]), parts[1]);
          } catch (Exception e) {
            // The notification is gone.
          }
        }
      }
    } catch (SQLException e) {
      // Closed.
    }
  }
}
