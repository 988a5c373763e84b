package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events that wait behind a failed one of their key. */
class HeldIT {

  private static final String HOLD =
      "select pgq.event_hold($b, array(select generate_series($f, $f + cardinality(u.k) - 1)), u.k,"
          + " ?::text::interval[], ?::text::text[]) from (select ?::text::text[] as k) u";
  private static final String HELD =
      "select key, ev_data, ev_retry from pgq.get_held_events(?, 'a', 10)";
  private static final String KEYS =
      "select key, due_in > '0' from pgq.get_held_keys(?, 'a', null)";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  private Session s;
  private String q;
  private long batch;
  private long first;

  @BeforeEach
  void batchOfFourEvents() throws SQLException {
    s = sessions.open();
    s.run("truncate pgq.retry_queue, pgq.held_event");
    q = sessions.queue("a", "b");
    first = s.insert(q, "1");
    s.insert(q, "2");
    s.insert(q, "3");
    s.insert(q, "4");
    s.tick(q);
    batch = s.openBatch(q, "a");
  }

  /** Holds the events from the given one on, by arrays as PostgreSQL writes them. */
  private String hold(long event) {
    return HOLD.replace("$b", String.valueOf(batch)).replace("$f", String.valueOf(event));
  }

  private long hold(String keys, String after, String reasons) throws SQLException {
    return s.number(hold(first), after, reasons, keys);
  }

  @Test
  void theFirstOneOfEachKeyIsTriedAgainWithThoseBehindIt() throws SQLException {
    hold("{x,x,y,x}", "{0,0,1 hour,0}", "{why,null,why,null}");
    s.finish(batch);
    assertThat(s.rows(KEYS, q)).containsExactly("x|f", "y|t");
    assertThat(s.rows(HELD, q)).containsExactly("x|1|1", "x|2|0", "x|4|0");
    assertThat(s.number("select pgq.held_done(?, 'a', array[?::bigint])", q, first)).isEqualTo(1);
    assertThat(s.rows(HELD, q)).containsExactly("x|2|0", "x|4|0");
    assertThat(
            s.number(
                "select pgq.held_failed(?, 'a', array[?::bigint], array[interval '1 hour'], array['why'])",
                q,
                first + 1))
        .isEqualTo(1);
    assertThat(s.rows(HELD, q)).isEmpty();
    assertThat(s.rows(KEYS, q)).containsExactly("x|t", "y|t");
    assertThat(
            s.number("select pgq.held_dead(?, 'a', array[?::bigint], array['why'])", q, first + 1))
        .isEqualTo(1);
    assertThat(s.rows("select ev_data, attempts from pgq.get_dead_letters(?, 'a')", q))
        .containsExactly("2|2");
    assertThat(s.rows(HELD, q)).containsExactly("x|4|0");
    assertThat(s.number("select pgq.held_done(?, 'a', array[?::bigint])", q, first)).isZero();
  }

  @Test
  void withoutAKeyAnEventIsRetriedAndWithoutATimeTheSettingsOfTheQueueDecide() throws SQLException {
    s.run("select pgq.set_queue_config(?, 'max_retries', '0')", q);
    hold("{null,null,x,y}", "{0,0,null,0}", "{why,null,why,null}");
    assertThat(s.rows("select ev_data, ev_retry from pgq.retry_queue order by ev_id"))
        .containsExactly("1|1", "2|0");
    assertThat(s.rows("select ev_data, reason from pgq.get_dead_letters(?, 'a')", q))
        .containsExactly("3|why");
    assertThat(s.rows(HELD, q)).containsExactly("y|4|0");
    assertThat(
            s.number(
                "select pgq.held_failed(?, 'a', array[?::bigint], array[null::interval], array['no'])",
                q,
                first + 3))
        .isEqualTo(1);
    assertThat(s.rows(KEYS, q)).isEmpty();
    assertThat(s.rows("select ev_data, reason from pgq.get_dead_letters(?, 'a')", q))
        .containsExactly("3|why", "4|no");
  }

  @Test
  void whatWasHeldBeforeKeepsItsPlace() throws SQLException {
    hold("{x,x}", "{0,0}", "{why,null}");
    assertThat(hold("{x,x,x}", "{1 hour,0,0}", "{why,null,null}")).isEqualTo(1);
    assertThat(s.rows(HELD, q)).containsExactly("x|1|1", "x|2|0", "x|3|0");
  }

  @Test
  void whatDoesNotBelongTogetherIsRefused() throws SQLException {
    s.fails("PQ008", hold(first), "{null}", "{null}", "{x}");
    s.fails("PQ008", hold(first), "{0,0}", "{why}", "{x}");
    s.fails("PQ003", hold(first + 100), "{0}", "{why}", "{x}");
    s.fails("PQ002", "select * from pgq.get_held_keys(?, 'nobody', null)", q);
  }

  @Test
  void releasedEventsComeBackAsRetries() throws SQLException {
    hold("{x,x,x,x}", "{0,0,0,0}", "{why,null,null,null}");
    s.finish(batch);
    assertThat(s.number("select pgq.held_release(?, 'a')", q)).isEqualTo(4);
    s.run("select pgq.maint_retry_events()");
    s.tick(q);
    assertThat(s.drain(q, "a")).containsExactly("1", "2", "3", "4");
    assertThat(s.rows(KEYS, q)).isEmpty();
  }

  @Test
  void theyGoWithTheirConsumerAndWithTheirQueue() throws SQLException {
    hold("{x}", "{0}", "{why}");
    s.run("select pgq.unregister_consumer(?, 'a')", q);
    assertThat(s.number("select count(*) from pgq.held_event")).isZero();
    batch = s.openBatch(q, "b");
    hold("{x}", "{0}", "{why}");
    s.run("select pgq.drop_queue(?, true)", q);
    assertThat(s.number("select count(*) from pgq.held_event")).isZero();
  }
}
