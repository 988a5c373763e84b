package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tickers 1 and 2 have no sessions, and so each of their calls may come from any. */
class LeaseIT {
  private static final String CALL = "select ticked from pgq.ticker_leased(?, '1 hour')";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  private Session s;
  private String queue;

  @BeforeEach
  void begin() throws SQLException {
    s = sessions.open();
    queue = sessions.queue("c");
    s.run("select pgq.ticker()");
    s.run("select setval('pgq.ticker_lease_holder', 0)");
  }

  @Test
  @Plant(
      in = "lease_taken(bigint,interval)",
      replace = "return i_lease - v_age;",
      by = "return null;")
  void whoAsksFirstTicksAndTheOtherOneIsToldWhenToAskAgain() throws SQLException {
    s.insert(queue, "x");

    assertThat(s.number(CALL, 1)).isEqualTo(1);
    assertThat(s.drain(queue, "c")).containsExactly("x");
    s.insert(queue, "y");
    assertThat(
            s.truth(
                "select free_in between '59 minutes' and '1 hour' and ticked is null"
                    + " from pgq.ticker_leased(2, '1 hour')"))
        .isTrue();
    assertThat(s.number(CALL, 1)).isEqualTo(1);
    assertThat(s.drain(queue, "c")).containsExactly("y");
  }

  @Test
  @Plant(
      in = "ticker_leased(bigint,interval)",
      replace = "\\(pgq.tick_round\\(null\\)\\).queues_ticked",
      by = "pgq.ticker()")
  void itTicksAsTheOthersDo() throws SQLException {
    s.insert(sessions.queue(), "for nobody");
    s.insert(queue, "x");

    assertThat(s.number(CALL, 1)).as("without the queue that nobody consumes").isEqualTo(1);
  }

  @Test
  @Plant(in = "lease_taken(bigint,interval)", replace = "v_age < i_lease", by = "true")
  void aLeaseThatWasNotRenewedIsFreeAndItsHolderIsRefusedWhenItWakes() throws SQLException {
    s.number(CALL, 1);
    renewed("now() - interval '61 minutes'");

    assertThat(refused(2)).isFalse();
    s.insert(queue, "x");
    assertThat(refused(1)).isTrue();
    assertThat(s.drain(queue, "c")).isEmpty();
    assertThat(s.number(CALL, 2)).isEqualTo(1);
  }

  @Test
  void theHolderGoesOnAfterItsLeaseIfNobodyTookIt() throws SQLException {
    s.number(CALL, 1);
    renewed("now() - interval '61 minutes'");
    s.number(CALL, 1);

    assertThat(refused(2)).isTrue();
  }

  @Test
  @Plant(in = "lease_taken(bigint,interval)", replace = "v_age >= interval '0' and", by = "")
  void aClockThatStepsBackLeavesNoLeaseBehind() throws SQLException {
    s.number(CALL, 1);
    renewed("now() + interval '1 hour'");

    assertThat(refused(2)).isFalse();
    assertThat(refused(1)).isTrue();
  }

  @Test
  @Plant(
      in = "take_lease(bigint,interval)",
      replace = "i_lease / 3 then\\s+return null;",
      by = "i_lease / 3 then return null; end if; if v_was = i_holder then return null;")
  void theHolderPutsAClockThatSteppedBackRight() throws SQLException {
    s.number(CALL, 1);
    renewed("now() + interval '1 hour'");
    s.number(CALL, 1);

    assertThat(refused(2)).isTrue();
  }

  @Test
  @Plant(
      in = "take_lease(bigint,interval)",
      replace = "not pg_try_advisory_xact_lock\\(\\d+\\)",
      by = "false")
  void aTickerWithASessionGoesFirst() throws SQLException {
    s.number(CALL, 1);
    Session leader = sessions.open();
    assertThat(leader.truth("select pg_try_advisory_lock(8099566924954430322)")).isTrue();
    leader.run("select pgq.ticker_state(true)");

    assertThat(refused(1)).isTrue();
    assertThat(s.number("select last_value from pgq.ticker_armed")).isEqualTo(1);
    leader.run("select pg_advisory_unlock(8099566924954430322)");
    assertThat(refused(1)).isFalse();
    assertThat(s.number("select last_value from pgq.ticker_armed")).isZero();
  }

  @Test
  @Plant(
      in = "take_lease(bigint,interval)",
      replace = "pg_try_advisory_xact_lock",
      by = "pg_try_advisory_lock_shared")
  void whileACallIsOpenNobodyElseLeads() throws SQLException {
    Session call = sessions.open().begin();
    call.number(CALL, 1);

    assertThat(s.truth("select pg_try_advisory_lock(8099566924954430322)")).isFalse();
    renewed("now() - interval '61 minutes'");
    assertThat(refused(2)).as("by the lock, although the lease is over").isTrue();
    call.commit();
    assertThat(refused(2)).isFalse();
  }

  @Test
  @Plant(
      in = "take_lease(bigint,interval)",
      replace = "if v_left is not null then\\s+return v_left;\\s+elsif",
      by = "if")
  void whoIsRefusedTakesNoLock() throws SQLException {
    s.number(CALL, 1);
    Session asks = sessions.open().begin();
    asks.run(CALL, 2);

    assertThat(refused(1)).as("while the other one asks").isFalse();
    asks.rollback();
  }

  @Test
  @Plant(in = "return_lease(bigint)", replace = "= i_holder", by = "> 0")
  void aLeaseThatIsGivenUpIsFreeAtOnce() throws SQLException {
    s.number(CALL, 1);

    assertThat(s.truth("select pgq.return_lease(2)")).isFalse();
    assertThat(refused(2)).isTrue();
    assertThat(s.truth("select pgq.return_lease(1)")).isTrue();
    assertThat(s.truth("select pgq.lease_age() is null")).isTrue();
    assertThat(refused(2)).isFalse();
  }

  /** What matters of years of renewals. */
  @Test
  void renewingLeavesNoDeadRows() throws SQLException {
    Session holds = sessions.open().beginWithSnapshot("repeatable read");
    String size =
        "select pg_relation_size('pgq.ticker_lease_time') || ' ' ||"
            + " pg_relation_size('pgq.ticker_lease_holder')";
    for (int i = 0; i < 300; i++) {
      renewed("now() - interval '61 minutes'");
      s.number(CALL, 1 + i % 2);
    }

    assertThat(s.text(size)).isEqualTo("8192 8192");
    holds.rollback();
  }

  @Test
  void aHolderThatIsIdleWritesLittle() throws SQLException {
    s.number(CALL, 1);
    String xid =
        "select pg_current_xact_id_if_assigned() is null from pgq.ticker_leased(1, '1 hour')";

    assertThat(s.truth(xid)).as("the lease is young").isTrue();
  }

  private boolean refused(long holder) throws SQLException {
    return s.truth("select free_in is not null from pgq.ticker_leased(?, '1 hour')", holder);
  }

  private void renewed(String when) throws SQLException {
    s.run(
        "select setval('pgq.ticker_lease_time', (extract(epoch from %s) * 1000000)::bigint)"
            .formatted(when));
  }
}
