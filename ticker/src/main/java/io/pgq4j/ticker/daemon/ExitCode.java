package io.pgq4j.ticker.daemon;

/** The exit codes that all programs of pgq4j share. */
enum ExitCode {
  OK(0),
  INTERNAL_ERROR(1),
  USAGE(2),
  CANNOT_CONNECT(3),
  SCHEMA(5),
  CHECK_FAILED(6);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
