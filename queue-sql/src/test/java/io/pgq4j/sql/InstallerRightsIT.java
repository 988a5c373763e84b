package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Installs as an ordinary user, on a server where nobody has created the roles yet. */
class InstallerRightsIT {

  @RegisterExtension final TestDatabase database = TestDatabase.empty().onServerWith(Map.of());

  @Test
  void createroleIsEnough() throws SQLException {
    assertThat(installAs("createrole").warnings()).isEmpty();
  }

  @Test
  void withoutCreateroleItSaysWhichRolesAreMissingAndGoesOn() throws SQLException {
    assertThat(installAs("nocreaterole").warnings())
        .anyMatch(text -> text.contains("role pgq_admin does not exist"));
  }

  private Installation installAs(String attributes) throws SQLException {
    String user = database.createUser(attributes);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      assumeFalse(
          exists(statement, "select from pg_roles where rolname = 'pgq_admin'"),
          "the server has the roles already");
      statement.execute(
          "grant create on database %s to %s".formatted(connection.getCatalog(), user));
    }
    SchemaInstaller installer = SchemaInstaller.of(database.dataSourceOf(user));
    Installation installation = installer.install();
    assertThat(installer.check().state()).isEqualTo(SchemaStatus.State.CURRENT);
    return installation;
  }

  private static boolean exists(Statement statement, String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      return rows.next();
    }
  }
}
