package io.pgq4j.admin.internal;

import io.pgq4j.BadArgumentException;
import io.pgq4j.EventDataException;
import io.pgq4j.InsertDisabledException;
import io.pgq4j.IsolationLevelException;
import io.pgq4j.NoSuchBatchException;
import io.pgq4j.NoSuchConsumerException;
import io.pgq4j.NoSuchQueueException;
import io.pgq4j.NoSuchTableException;
import io.pgq4j.QueueConnectionException;
import io.pgq4j.QueueException;
import io.pgq4j.SchemaMissingException;
import io.pgq4j.StateBehindException;
import io.pgq4j.TickerPausedException;
import io.pgq4j.sql.SchemaException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** From an exception to an exit code and a sentence; a stack trace only when it was asked for. */
public final class Failures implements IExecutionExceptionHandler {
  private final GlobalOptions options;

  public Failures(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public int handleExecutionException(Exception error, CommandLine command, ParseResult parsed) {
    int exitCode = exitCode(error);
    PrintWriter err = command.getErr();
    err.println("pgq-admin: " + Printable.sentence(sentence(error, exitCode)));
    if (options.verbose()) {
      StringWriter trace = new StringWriter();
      error.printStackTrace(new PrintWriter(trace));
      trace.toString().lines().forEach(line -> err.println(Printable.traceLine(line)));
    }
    err.flush();
    return exitCode;
  }

  static int exitCode(Throwable error) {
    if (error instanceof CommandFailure failure) {
      return failure.exitCode();
    }
    if (error instanceof SQLException sql) {
      return exitCode(QueueException.of(sql));
    }
    if (error instanceof QueueConnectionException) {
      return ExitCode.CANNOT_CONNECT;
    }
    if (error instanceof SchemaMissingException || error instanceof SchemaException) {
      return ExitCode.SCHEMA;
    }
    if (error instanceof BadArgumentException || error instanceof EventDataException) {
      return ExitCode.USAGE;
    }
    return error instanceof QueueException ? exitCodeOfRefusal(error) : ExitCode.INTERNAL;
  }

  private static int exitCodeOfRefusal(Throwable error) {
    if (error instanceof NoSuchQueueException
        || error instanceof NoSuchConsumerException
        || error instanceof NoSuchBatchException
        || error instanceof NoSuchTableException) {
      return ExitCode.NOT_FOUND;
    }
    if (error instanceof InsertDisabledException
        || error instanceof TickerPausedException
        || error instanceof StateBehindException
        || error instanceof IsolationLevelException) {
      return ExitCode.CHECK_FAILED;
    }
    return exitCodeOfState(sqlState(error));
  }

  /** For what the database refuses of its own accord. */
  private static int exitCodeOfState(@Nullable String state) {
    if (state == null) {
      return ExitCode.INTERNAL;
    }
    return switch (state) {
      case "42501", // no right
          "25006", // read-only, perhaps a standby
          "55P03", // the lock is not free
          "57014", // statement_timeout
          "40001",
          "40P01" ->
          ExitCode.CHECK_FAILED;
      default -> ExitCode.INTERNAL;
    };
  }

  private static String sentence(Throwable error, int exitCode) {
    String message = message(error);
    if (exitCode != ExitCode.INTERNAL) {
      return message;
    }
    return "Internal error: " + message + " Run it again with -v for the stack trace.";
  }

  /** What an exception says, or its class if it says nothing. */
  static String message(Throwable error) {
    String message = error.getMessage();
    if (message == null || message.isBlank()) {
      return error.getClass().getSimpleName() + ".";
    }
    return message.endsWith(".") || message.endsWith("?") ? message : message + ".";
  }

  /** The SQLSTATE at the root of an exception. */
  public static @Nullable String sqlState(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState();
      }
    }
    return null;
  }
}
