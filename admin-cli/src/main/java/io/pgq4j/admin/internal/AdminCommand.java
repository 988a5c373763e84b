package io.pgq4j.admin.internal;

import io.pgq4j.Databases;
import io.pgq4j.NoSuchConsumerException;
import io.pgq4j.NoSuchQueueException;
import io.pgq4j.QueueAdmin;
import io.pgq4j.QueueConnectionException;
import io.pgq4j.QueueException;
import io.pgq4j.sql.SchemaInstaller;
import io.pgq4j.sql.SchemaStatus;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * One command: connects, does its work in one transaction, prints data to stdout and words to
 * stderr. {@link Failures} turns what it throws into an exit code and a sentence.
 */
public abstract class AdminCommand implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  /** Does the work. */
  protected abstract void run();

  @Override
  public final Integer call() {
    run();
    out().flush();
    return ExitCode.OK;
  }

  protected final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Tells people something that programs need not read. */
  protected final void say(String sentence) {
    spec.commandLine().getErr().println(Printable.sentence(sentence));
  }

  /** Says it and leaves the cursor behind it. */
  final void ask(String question) {
    spec.commandLine().getErr().print(Printable.sentence(question) + " ");
    spec.commandLine().getErr().flush();
  }

  /** Where the user sits, if one does. */
  protected final Terminal terminal() {
    return options().terminal();
  }

  /** Prints a result that only programs are shown; people were told in words. */
  protected final void print(JsonObject json) {
    print(json, out -> {});
  }

  /** Prints the result in the form that was asked for. */
  protected final void print(JsonObject json, Consumer<PrintWriter> table) {
    switch (options().output()) {
      case JSON -> Json.print(out(), json.map());
      case CSV -> Csv.print(out(), json.map());
      case TABLE -> table.accept(out());
    }
  }

  /** Looks for rows and prints them in the form that was asked for. */
  protected final void list(Function<Connection, Rows> look) {
    onConnection(look).print(out(), options().output(), terminal());
  }

  /** Likewise, for few rows with long texts. */
  protected final void details(Function<Connection, Rows> look) {
    onConnection(look).printDetails(out(), options().output(), terminal());
  }

  /** Prints JSON whatever form was asked for. */
  protected final void printJson(JsonObject json) {
    Json.print(out(), json.map());
  }

  /**
   * Prints objects with the same fields one by one, as lines.
   *
   * @param table how one looks where neither JSON nor CSV was asked for
   */
  protected final Consumer<JsonObject> lines(Function<JsonObject, String> table) {
    return switch (options().output()) {
      case JSON -> json -> Json.printLine(out(), json.map());
      case CSV -> new CsvLines(out());
      case TABLE -> json -> out().println(table.apply(json));
    };
  }

  /** Where something is shown that changes. */
  protected final Screen screen() {
    return new Screen(out(), options().output(), terminal());
  }

  /** Shows how many of something are done. */
  protected final Progress progress(String what) {
    return new Progress(spec.commandLine().getErr(), terminal().sees(), what);
  }

  protected static CommandFailure usage(String sentence) {
    return new CommandFailure(ExitCode.USAGE, sentence);
  }

  /** For calls that refuse what the user gave by an IllegalArgumentException. */
  protected static <T> T valid(Supplier<T> call) {
    try {
      return call.get();
    } catch (IllegalArgumentException badArgument) {
      throw new CommandFailure(ExitCode.USAGE, Failures.message(badArgument), badArgument);
    }
  }

  /** The database that the options and the environment name; connects to nothing yet. */
  protected final DataSource dataSource() {
    return valid(() -> Databases.dataSource(options().url(), environment()));
  }

  /** Which database that is, for people. */
  protected final String database() {
    return Databases.describe(options().url(), environment());
  }

  /** The environment variables. */
  protected final Map<String, String> environment() {
    return options().environment();
  }

  protected final SchemaStatus schemaStatus() {
    return schemaStatus(dataSource());
  }

  private SchemaStatus schemaStatus(DataSource dataSource) {
    try {
      return SchemaInstaller.of(dataSource).check();
    } catch (SQLException e) {
      throw translated(e);
    }
  }

  /** The exception to throw for what the driver threw; names the database if it is out of reach. */
  protected final RuntimeException translated(SQLException e) {
    QueueException translated = QueueException.of(e);
    if (!(translated instanceof QueueConnectionException)) {
      return translated;
    }
    return new CommandFailure(
        ExitCode.CANNOT_CONNECT,
        "Cannot connect to " + database() + ": " + Failures.message(translated),
        translated);
  }

  /** Like {@link #onConnection}, for work on queues. */
  protected final <T> T inTransaction(Function<QueueAdmin, T> work) {
    return onConnection(connection -> work.apply(QueueAdmin.on(connection)));
  }

  /**
   * Does all the work of a command in one READ COMMITTED transaction, so that a failure leaves
   * nothing half-made; and only on a schema that this program knows.
   */
  protected final <T> T onConnection(Function<Connection, T> work) {
    DataSource dataSource = dataSource();
    SchemaStatus schema = schemaStatus(dataSource);
    if (schema.state() != SchemaStatus.State.CURRENT) {
      throw new CommandFailure(ExitCode.SCHEMA, schema.explanation());
    }
    try (Connection connection = dataSource.getConnection()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(false);
      T result = apply(work, connection);
      connection.commit();
      return result;
    } catch (SQLException e) {
      throw translated(e);
    }
  }

  private <T> T apply(Function<Connection, T> work, Connection connection) throws SQLException {
    try {
      return valid(() -> work.apply(connection));
    } catch (QueueException e) {
      connection.rollback();
      throw explain(e, connection);
    }
  }

  /**
   * Says in the words of this program what the database refused.
   *
   * @param connection may be asked for more; its transaction was rolled back
   * @return the exception to throw: the one given, or a better one
   */
  protected RuntimeException explain(QueueException e, Connection connection) {
    if (e instanceof NoSuchQueueException && e.queue().isPresent()) {
      return NotFound.queue(connection, e.queue().get(), e);
    }
    if (e instanceof NoSuchConsumerException && e.queue().isPresent() && e.consumer().isPresent()) {
      return NotFound.consumer(connection, e.queue().get(), e.consumer().get(), e);
    }
    return e;
  }

  private GlobalOptions options() {
    CommandSpec mixin = Objects.requireNonNull(spec.root().mixins().get(GlobalOptions.MIXIN));
    return (GlobalOptions) mixin.userObject();
  }
}
