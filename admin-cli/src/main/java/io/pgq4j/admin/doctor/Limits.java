package io.pgq4j.admin.doctor;

import java.time.Duration;

/**
 * From where on something is wrong.
 *
 * @param lag how old the events may be that a consumer has not finished, or that wait for a tick
 * @param age how long a transaction may be open, a transaction prepared, a rotation overdue
 * @param notifications how much of the server's notification queue may be used, 0 to 1
 * @param disk how many bytes a queue may take a day from now
 */
public record Limits(Duration lag, Duration age, double notifications, long disk) {
  /** 5 minutes, an hour, half of the notification queue, 10 GB. */
  public static final Limits DEFAULT =
      new Limits(Duration.ofMinutes(5), Duration.ofHours(1), 0.5, 10_000_000_000L);

  /** A query in which they stand for {@code :'lag'} and so on, as variables do in psql. */
  String fillIn(String sql) {
    return sql.replace(":'lag'", "'" + lag + "'")
        .replace(":'age'", "'" + age + "'")
        .replace(":'notifications'", "'" + notifications + "'")
        .replace(":'disk'", "'" + disk + "'");
  }
}
