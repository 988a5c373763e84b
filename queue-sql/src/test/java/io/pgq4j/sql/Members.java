package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.Objects;

/** The verbs of members of the cooperative consumer {@code c}. */
final class Members {

  private Members() {}

  static String group(Sessions sessions, String... members) throws SQLException {
    String q = sessions.queue("c");
    for (String member : members) {
      join(sessions.open(), q, member);
    }
    return q;
  }

  static void join(Session s, String q, String member) throws SQLException {
    assertThat(s.number("select pgq_coop.register_subconsumer(?, 'c', ?)", q, member)).isEqualTo(1);
  }

  /** One batch for each event. */
  static void tickEach(Session s, String q, String... data) throws SQLException {
    for (String one : data) {
      s.insert(q, one);
      s.tick(q);
    }
  }

  static String next(Session s, String q, String member) throws SQLException {
    return s.text("select pgq_coop.next_batch(?, 'c', ?)", q, member);
  }

  static long take(Session s, String q, String member) throws SQLException {
    String batch = next(s, q, member);
    assertThat(batch).as("batch of %s", member).isNotEmpty();
    return Long.parseLong(Objects.requireNonNull(batch));
  }

  static long takeOver(Session s, String q, String member) throws SQLException {
    return s.number("select pgq_coop.next_batch(?, 'c', ?, '0 seconds')", q, member);
  }

  static long coopFinish(Session s, long batch) throws SQLException {
    return s.number("select pgq_coop.finish_batch(?)", batch);
  }

  /** Lets an hour pass for the holder of a batch. */
  static void age(Session s, long batch) throws SQLException {
    s.run(
        "update pgq.position set pos_time = pos_time - interval '1 hour' where batch_id = ?",
        batch);
  }
}
