package io.pgq4j.ticker;

import static io.pgq4j.ticker.Sql.all;
import static io.pgq4j.ticker.Sql.one;
import static io.pgq4j.ticker.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SessionIT {
  private static final String SETTINGS =
      "select name || ' ' || setting from pg_settings order by 1";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  @Test
  void aPooledConnectionComesBackAsItWas() throws Exception {
    try (Connection pooled = database.connect()) {
      List<String> before = all(pooled, SETTINGS);
      pooled.setAutoCommit(false);

      try (Session session = Session.forTicks(Proxies.pool(pooled), TickerConfig.defaults())) {
        assertThat(one(session.connection(), "show lock_timeout")).isEqualTo("1s");
        run(session.connection(), "select pg_advisory_lock(1); listen pgq_ticker");
      }

      assertThat(pooled.getAutoCommit()).isFalse();
      pooled.setAutoCommit(true);
      assertThat(pooled.getNetworkTimeout()).isZero();
      assertThat(all(pooled, SETTINGS)).isEqualTo(before);
      assertThat(
              one(
                  pooled,
                  "select count(*) from pg_locks where locktype = 'advisory'"
                      + " and database = (select oid from pg_database where datname = current_database())"))
          .isEqualTo("0");
      assertThat(all(pooled, "select pg_listening_channels()")).isEmpty();
    }
  }

  @Test
  void aConnectionInAFailedTransactionIsPutRight() throws Exception {
    try (Connection pooled = database.connect()) {
      try (Session session = Session.forTicks(Proxies.pool(pooled), TickerConfig.defaults())) {
        try {
          run(session.connection(), "begin; select 1/0");
        } catch (SQLException expected) {
          assertThat(expected.getSQLState()).isEqualTo("22012");
        }
      }

      assertThat(one(pooled, "show lock_timeout")).isEqualTo("0");
    }
  }
}
