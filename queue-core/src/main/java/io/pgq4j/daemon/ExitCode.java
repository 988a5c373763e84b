package io.pgq4j.daemon;

/** The exit codes that all programs of pgq4j share. */
public enum ExitCode {
  /** Done, or stopped by a signal. */
  OK(0),
  /** A fault of the program. */
  INTERNAL_ERROR(1),
  /** Wrong command line or configuration. */
  USAGE(2),
  /** No connection to the database. */
  CANNOT_CONNECT(3),
  /** There is no such thing: no process to stop, for instance. */
  NOT_FOUND(4),
  /** The schema pgq is missing, or of another version. */
  SCHEMA(5),
  /** A check failed. */
  CHECK_FAILED(6);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** The number that the process ends with. */
  public int code() {
    return code;
  }
}
