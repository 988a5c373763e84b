package io.pgq4j.examples.upstats;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * Counts the statements prepared that contain a text. Each of ours is prepared for one execution.
 */
final class StatementCounter {
  private final DataSource target;
  private final String text;
  private final AtomicLong count = new AtomicLong();

  StatementCounter(DataSource target, String text) {
    this.target = target;
    this.text = text;
  }

  long count() {
    return count.get();
  }

  DataSource dataSource() {
    return wrap(DataSource.class, target);
  }

  private <T> T wrap(Class<T> type, Object wrapped) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              if (method.getName().equals("prepareStatement")
                  && args[0].toString().contains(text)) {
                count.incrementAndGet();
              }
              try {
                Object result = method.invoke(wrapped, args);
                return method.getName().equals("getConnection")
                    ? wrap(Connection.class, result)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
