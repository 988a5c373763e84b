package io.pgq4j.admin.bench;

/** What pgq4j may be compared with. */
enum Peer {
  PGQ;

  static final String NAME = "PgQ";

  @Override
  public String toString() {
    return "pgq";
  }
}
