package io.pgq4j;

import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The queue's database refused or could not be reached. The subclass tells why and is chosen by the
 * SQLSTATE alone; the message says what to do and contains no password.
 */
public class QueueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable String queue;
  private final transient @Nullable String consumer;
  private final transient @Nullable Long batchId;

  QueueException(String message, @Nullable Throwable cause, Where where) {
    super(message, cause);
    this.queue = where.queue();
    this.consumer = where.consumer();
    this.batchId = where.batchId();
  }

  /** The exception for what the database said, for code that calls the SQL functions itself. */
  public static QueueException of(SQLException cause) {
    return of(cause, Where.UNKNOWN);
  }

  static QueueException of(SQLException cause, Where where) {
    return SqlStates.exception(cause, where);
  }

  /** The queue, where known. */
  public final Optional<String> queue() {
    return Optional.ofNullable(queue);
  }

  /** The consumer, where known. */
  public final Optional<String> consumer() {
    return Optional.ofNullable(consumer);
  }

  /** The batch, where known. */
  public final OptionalLong batchId() {
    return batchId == null ? OptionalLong.empty() : OptionalLong.of(batchId);
  }
}
