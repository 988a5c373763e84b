package io.pgq4j.admin.internal;

/**
 * What the process tells its caller. Scripts rely on the numbers: none is ever given a new sense.
 */
public final class ExitCode {
  public static final int OK = 0;

  /** A bug, or an error of the server that nobody foresaw. */
  public static final int INTERNAL = 1;

  /** The command line, a setting or a name is not acceptable. */
  public static final int USAGE = 2;

  public static final int CANNOT_CONNECT = 3;

  /** A queue, a consumer or a table does not exist. */
  public static final int NOT_FOUND = 4;

  /** The schema pgq is missing, is another program's or is of another version. */
  public static final int SCHEMA = 5;

  /** Everything is spelled well, but the state or the rights of the database forbid it. */
  public static final int CHECK_FAILED = 6;

  private ExitCode() {}
}
