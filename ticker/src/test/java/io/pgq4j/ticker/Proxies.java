package io.pgq4j.ticker;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** DataSources that do what a test needs. */
public final class Proxies {
  private Proxies() {}

  /** Opens connections. */
  public interface Connector {
    Connection connect() throws SQLException;
  }

  /** Connects as it is told. */
  public static DataSource dataSource(Connector connector) {
    return proxy(
        DataSource.class,
        (method, arguments) -> {
          if (method.getName().equals("getConnection")) {
            return connector.connect();
          }
          throw new UnsupportedOperationException(method.getName());
        });
  }

  /** Counts statements on their way to the server. */
  static DataSource counting(DataSource source, AtomicInteger executed) {
    return dataSource(() -> counting(source.getConnection(), executed));
  }

  /** A pool of one: closing gives the connection back. */
  public static DataSource pool(Connection connection) {
    return dataSource(
        () ->
            proxy(
                Connection.class,
                (method, arguments) ->
                    method.getName().equals("close")
                        ? null
                        : invoke(method, connection, arguments)));
  }

  private static Connection counting(Connection connection, AtomicInteger executed) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          @Nullable Object result = invoke(method, connection, arguments);
          if (result instanceof PreparedStatement prepared) {
            return counting(PreparedStatement.class, prepared, executed);
          }
          return result instanceof Statement statement
              ? counting(Statement.class, statement, executed)
              : result;
        });
  }

  private static <T> T counting(Class<T> type, T statement, AtomicInteger executed) {
    return proxy(
        type,
        (method, arguments) -> {
          if (method.getName().startsWith("execute")) {
            executed.incrementAndGet();
          }
          return invoke(method, statement, arguments);
        });
  }

  private interface Handler {
    @Nullable Object handle(Method method, Object @Nullable [] arguments) throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Handler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> handler.handle(method, arguments)));
  }

  private static @Nullable Object invoke(
      Method method, Object target, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
