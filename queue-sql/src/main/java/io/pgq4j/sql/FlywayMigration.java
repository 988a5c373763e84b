package io.pgq4j.sql;

import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.callback.BaseCallback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.flywaydb.core.api.callback.Warning;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * Lets Flyway apply what is pending, inside a transaction that stays ours.
 *
 * <p>By itself Flyway commits the history table first and the migrations later, so that a failure
 * between them leaves something behind. Here it is given a connection that it cannot commit, roll
 * back or close.
 */
final class FlywayMigration {

  private FlywayMigration() {}

  static Installation run(Connection connection, SchemaStatus before) throws SQLException {
    Warnings warnings = new Warnings();
    Flyway flyway =
        Flyway.configure(FlywayMigration.class.getClassLoader())
            .dataSource(lend(connection))
            .resourceProvider(new Scripts(Migrations.all()))
            .javaMigrationClassProvider(List::of)
            .locations(new String[0])
            .callbacks(warnings)
            .defaultSchema("pgq")
            .table("schema_history")
            .createSchemas(false)
            .group(true)
            .placeholderReplacement(false)
            .loggers("slf4j")
            .load();
    try {
      List<String> applied =
          flyway.migrate().migrations.stream().map(migration -> migration.filepath).toList();
      return new Installation(before, applied, warnings.texts);
    } catch (FlywayValidateException e) {
      throw new SchemaException(
          "The history of schema pgq does not fit this version of pgq4j. Was it installed by a"
              + " development build, or its history changed by hand? "
              + e.getMessage(),
          e);
    } catch (FlywayException e) {
      throw sqlError(e);
    }
  }

  private static SQLException sqlError(FlywayException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return new SQLException(e.getMessage(), sql.getSQLState(), sql);
      }
    }
    throw e;
  }

  private static DataSource lend(Connection connection) {
    Connection lent =
        proxy(
            Connection.class,
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "setAutoCommit", "commit", "rollback", "close" -> null;
                  default -> {
                    try {
                      yield method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  }
                });
    return proxy(
        DataSource.class,
        (self, method, arguments) -> {
          if (method.getName().equals("getConnection")) {
            return lent;
          }
          throw new UnsupportedOperationException(method.getName());
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            FlywayMigration.class.getClassLoader(), new Class<?>[] {type}, handler));
  }

  /** Collects what the server warns of. */
  private static final class Warnings extends BaseCallback {
    private final List<String> texts = new ArrayList<>();

    @Override
    public boolean supports(Event event, Context context) {
      return event == Event.AFTER_EACH_MIGRATE_STATEMENT;
    }

    @Override
    public void handle(Event event, Context context) {
      context.getStatement().getWarnings().stream().map(Warning::getMessage).forEach(texts::add);
    }
  }

  private record Scripts(List<Migration> migrations) implements ResourceProvider {

    @Override
    public @Nullable LoadableResource getResource(String name) {
      return scripts().filter(script -> script.getFilename().equals(name)).findFirst().orElse(null);
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
      return scripts()
          .filter(script -> script.getFilename().startsWith(prefix))
          .filter(script -> Stream.of(suffixes).anyMatch(script.getFilename()::endsWith))
          .toList();
    }

    private Stream<LoadableResource> scripts() {
      return migrations.stream().map(Script::new);
    }
  }

  private static final class Script extends LoadableResource {
    private final Migration migration;

    Script(Migration migration) {
      this.migration = migration;
    }

    @Override
    public Reader read() {
      return new StringReader(migration.sql());
    }

    @Override
    public String getFilename() {
      return migration.script();
    }

    @Override
    public String getRelativePath() {
      return migration.script();
    }

    @Override
    public String getAbsolutePath() {
      return migration.script();
    }

    @Override
    public String getAbsolutePathOnDisk() {
      return migration.script();
    }
  }
}
