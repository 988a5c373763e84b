package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The tick is the fence: what a batch shows survives a crash, however its producers committed. */
class CrashIT {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @RegisterExtension
  static final TestDatabase database =
      TestDatabase.create()
          .onServerWith(
              Map.of(
                  "fsync", "on",
                  "wal_writer_delay", "10s",
                  "wal_writer_flush_after", "1GB",
                  "restart_after_crash", "on"));

  @RegisterExtension final Sessions sessions = new Sessions(database);

  @Test
  @Plant(
      in = "append_tick(integer,txid_snapshot,bigint,boolean)",
      replace = "perform set_config\\('synchronous_commit', 'on', true\\);",
      by = "")
  void eventsThatABatchShowedSurviveACrash() throws SQLException {
    String q = sessions.queue("c");
    Session producer = sessions.open();
    Session ticker = sessions.open();
    Session consumer = sessions.open();
    for (Session session : new Session[] {producer, ticker, consumer}) {
      session.run("set synchronous_commit = off");
    }
    producer.insert(q, "async");
    long tick = ticker.tick(q);
    long batch = consumer.openBatch(q, "c");
    assertThat(consumer.events(batch)).containsExactly("async");
    crash(consumer.pid());

    Session after = sessions.open();
    assertThat(after.number("select last_tick_id from pgq.get_queue_info(?)", q)).isEqualTo(tick);
    assertThat(after.drain(q, "c")).containsExactly("async");
  }

  /** A server process that dies takes the others and what was not written down with it. */
  private static void crash(int pid) {
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isUp()) {
      assertThat(System.nanoTime()).as("recovers").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private static boolean isUp() {
    try (Connection connection = database.connect()) {
      return connection.isValid(1);
    } catch (SQLException e) {
      return false;
    }
  }
}
