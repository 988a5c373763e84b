package io.pgq4j.admin;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps libraries from talking on the terminal of a command. */
final class Logging {
  /** Held here, because java.util.logging forgets the level of a logger that nobody holds. */
  private static final Logger PGJDBC = Logger.getLogger("org.postgresql");

  private Logging() {}

  static void quieten() {
    PGJDBC.setLevel(Level.OFF);
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", "io/pgq4j/admin/logback.xml");
    }
  }
}
