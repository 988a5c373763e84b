package io.pgq4j.sql;

/**
 * The schema {@code pgq} of a database is not one that this version of pgq4j may touch: somebody
 * else's, or newer than this version, or changed by hand. The message says what to do.
 */
public final class SchemaException extends RuntimeException {

  private static final long serialVersionUID = 1;

  SchemaException(String message) {
    super(message);
  }

  SchemaException(String message, Throwable cause) {
    super(message, cause);
  }
}
