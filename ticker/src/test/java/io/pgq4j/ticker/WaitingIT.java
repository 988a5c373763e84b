package io.pgq4j.ticker;

import static io.pgq4j.ticker.Sql.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.sql.SchemaInstaller;
import io.pgq4j.testing.TestDatabase;
import io.pgq4j.ticker.TickerState.Role;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WaitingIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.empty();

  @Test
  void aTickerWaitsForTheSchema() throws SQLException {
    try (Ticker ticker = Ticker.create(database.dataSource())) {
      ticker.start();
      await("it says what it waits for", () -> ticker.state().lastError() != null);
      assertThat(ticker.state().lastError()).contains("pgq-admin install");
      assertThat(ticker.state().role()).isEqualTo(Role.WAITING);

      SchemaInstaller.of(database.dataSource()).install();

      await("it leads", () -> ticker.state().role() == Role.LEADER);
      await("all is well", () -> ticker.state().lastError() == null);
    }
  }
}
