package io.pgq4j.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * Installs, upgrades and inspects the schema {@code pgq} of one database.
 *
 * <p>An installation is one transaction: it happens whole or leaves nothing behind, any number of
 * them may run at once, and it rather fails than wait for long behind a lock with others queueing
 * up behind it. It needs no superuser, only the right to create a schema in the database. Whatever
 * the session's settings are, it pins those that matter, and puts them back.
 *
 * <p>Instances are immutable and may be shared between threads. Methods throw {@link SQLException}
 * when the database cannot be reached or refuses a statement, and {@link SchemaException} when the
 * schema that is there is none that this version may touch.
 */
public final class SchemaInstaller {

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private final DataSource dataSource;

  private SchemaInstaller(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /**
   * An installer for the database that this data source connects to. Each method takes one
   * connection and gives it back.
   */
  public static SchemaInstaller of(DataSource dataSource) {
    return new SchemaInstaller(Objects.requireNonNull(dataSource, "dataSource"));
  }

  /**
   * Installs the schema, or brings an older one up to date, or finds that nothing is to be done.
   *
   * @return what was there before and what was applied
   * @throws SchemaException if {@code pgq} is somebody else's schema, or is of a newer version
   * @throws SQLException if the database refuses; then nothing was changed
   */
  public Installation install() throws SQLException {
    return InstallTransaction.run(
        dataSource,
        connection -> {
          SchemaStatus before = SchemaStatus.read(connection);
          return switch (before.state()) {
            case MISSING, OLDER -> upgrade(connection, before);
            case CURRENT -> new Installation(before, List.of(), List.of());
            case NEWER, FOREIGN -> throw new SchemaException(before.explanation());
          };
        });
  }

  /**
   * Drops the schemas {@code pgq}, {@code pgq_coop} and {@code pgq_ext} with all that is in them
   * and all that depends on them, such as the triggers of watched tables. Roles stay.
   *
   * @throws SchemaException if {@code pgq} is missing, or somebody else's schema
   * @throws SQLException if the database refuses; then nothing was changed
   */
  public void uninstall() throws SQLException {
    InstallTransaction.run(
        dataSource,
        connection -> {
          SchemaStatus before = SchemaStatus.read(connection);
          switch (before.state()) {
            case MISSING, FOREIGN -> throw new SchemaException(before.explanation());
            default -> execute(connection, "drop schema if exists pgq_ext, pgq_coop, pgq cascade");
          }
          return before;
        });
  }

  /**
   * Compares the schema with the one this version installs. Changes nothing, is one round trip or
   * two, and needs no rights beyond connecting.
   */
  public SchemaStatus check() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return SchemaStatus.read(connection);
    }
  }

  /**
   * The installation as one script for psql, for those who let no program change their schemas. It
   * is for a database without the schema; {@link #install()} carries on from what it leaves.
   */
  public static String script() {
    return InstallScript.render(Migrations.all());
  }

  /**
   * The schema {@code pgq_ext} alone as a script for psql: for a database without queues, in which
   * a consumer of a queue elsewhere does its work. It may be run again, to upgrade, and {@link
   * #install()} does not mind it.
   */
  public static String extScript() {
    return InstallScript.renderExt(Migrations.all());
  }

  private static Installation upgrade(Connection connection, SchemaStatus before)
      throws SQLException {
    if (!before.present()) {
      createSchema(connection);
    }
    if (before.state() == SchemaStatus.State.MISSING) {
      execute(connection, Migrations.read("history.sql"));
    }
    return FlywayMigration.run(connection, before);
  }

  private static void createSchema(Connection connection) throws SQLException {
    try {
      execute(connection, "create schema pgq");
    } catch (SQLException e) {
      if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw e;
      }
      throw new SQLException(
          e.getMessage()
              + ". Let its owner run: grant create on database … to … (you); or, for each of pgq,"
              + " pgq_coop and pgq_ext: create schema … authorization … (you).",
          e.getSQLState(),
          e);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
