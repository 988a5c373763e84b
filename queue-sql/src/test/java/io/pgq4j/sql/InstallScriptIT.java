package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InstallScriptIT {

  @RegisterExtension static final TestDatabase installed = TestDatabase.create();
  @RegisterExtension final TestDatabase scripted = TestDatabase.empty();

  @Test
  void givesTheSameSchemaAsTheInstaller() throws SQLException {
    run(scripted);

    assertThat(dump(scripted)).isEqualTo(dump(installed));
  }

  @Test
  void installerCarriesOnFromIt() throws SQLException {
    run(scripted);

    SchemaInstaller installer = SchemaInstaller.of(scripted.dataSource());
    assertThat(installer.check().state()).isEqualTo(SchemaStatus.State.CURRENT);
    try (Connection connection = scripted.connect()) {
      connection
          .createStatement()
          .execute("update pgq.schema_history set checksum = 0 where version is null");
    }
    assertThat(installer.install().applied()).containsExactly("R__functions.sql");
  }

  @Test
  void changesNothingWhereTheSchemaIs() throws SQLException {
    run(scripted);
    String before = dump(scripted);

    assertThatThrownBy(() -> run(scripted)).hasMessageContaining("schema \"pgq\" already exists");

    assertThat(dump(scripted)).isEqualTo(before);
  }

  /** All but psql's own commands. */
  private static void run(TestDatabase database) throws SQLException {
    String sql = SchemaInstaller.script().replaceAll("(?m)^\\\\.*$", "");
    try (Connection connection = database.connect()) {
      connection.createStatement().execute(sql);
    }
  }

  private static String dump(TestDatabase database) throws SQLException {
    try (Connection connection = database.connect()) {
      return SchemaDump.withDefinitions(connection);
    }
  }
}
