package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgq4j.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Shows reviewers what a change of the SQL files does to the schema. */
class SchemaDumpIT {

  private static final Path FILE = Path.of("src/test/resources/schema.txt");

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  @Test
  void schemaIsTheCommittedOne() throws SQLException, IOException {
    String dump;
    try (Connection connection = database.connect()) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      assumeTrue(version == 18, "schema.txt is written by PostgreSQL 18, this is " + version);
      dump = SchemaDump.of(connection);
    }
    if (Boolean.getBoolean("pgq.write.schema")) {
      Files.writeString(FILE, dump);
    }
    assertThat(dump)
        .as(
            "the schema against %s; if the change is meant, write the file anew:%n"
                + "./mvnw verify -pl queue-sql -am -Dtest=none -Dit.test=SchemaDumpIT -Dpgq.write.schema=true%n",
            FILE)
        .isEqualTo(Files.readString(FILE));
  }
}
