package io.pgq4j.sql;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** A function with a bug in it, until closed. */
final class PlantedBug implements AutoCloseable {

  /** The text that the plant replaces is not there. */
  static final class NotPlantedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    NotPlantedException(Plant plant) {
      super("%s does not contain: %s".formatted(plant.in(), plant.replace()));
    }
  }

  private final TestDatabase database;
  private final String original;

  private PlantedBug(TestDatabase database, String original) {
    this.database = database;
    this.original = original;
  }

  static PlantedBug in(TestDatabase database, Plant plant) throws SQLException {
    try (Connection connection = database.connect();
        PreparedStatement query =
            connection.prepareStatement("select pg_get_functiondef(cast(? as regprocedure))")) {
      query.setString(1, plant.in().matches("\\w+\\..*") ? plant.in() : "pgq." + plant.in());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        String original = row.getString(1);
        String buggy =
            Pattern.compile(plant.replace(), Pattern.DOTALL)
                .matcher(original)
                .replaceAll(plant.by());
        if (buggy.equals(original)) {
          throw new NotPlantedException(plant);
        }
        connection.createStatement().execute(buggy);
        return new PlantedBug(database, original);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    try (Connection connection = database.connect()) {
      connection.createStatement().execute(original);
    }
  }
}
