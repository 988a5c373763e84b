package io.pgq4j.daemon;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** Tells Logback, where the application has it, what to log and where. */
final class Logs {
  private static final String CONFIGURATION = "logback.configurationFile";

  enum Format {
    TEXT,
    JSON
  }

  private Logs() {}

  /** Whoever has set {@value #CONFIGURATION} is left alone. */
  static void configure(Arguments.LogLevel level, Format format, Optional<Path> file) {
    file.ifPresent(path -> System.setProperty("pgq.log.file", path.toString()));
    System.setProperty("pgq.log.appender", file.isPresent() ? "file" : "stderr");
    System.setProperty("pgq.log.level", level.name());
    // Libraries tell more in their debug log than anybody wants, secrets among it.
    System.setProperty("pgq.log.root", level == Arguments.LogLevel.DEBUG ? "INFO" : level.name());
    if (System.getProperty(CONFIGURATION) == null) {
      System.setProperty(
          CONFIGURATION,
          "io/pgq4j/daemon/logback-%s.xml".formatted(format.name().toLowerCase(Locale.ROOT)));
      configureAgain();
    }
  }

  /**
   * A class with a static logger and the main method in it has made Logback read its configuration
   * already. It is no dependency of this module, hence the reflection.
   */
  private static void configureAgain() {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    try {
      Class<?> type = factory.getClass();
      if (type.getName().equals("ch.qos.logback.classic.LoggerContext")) {
        type.getMethod("reset").invoke(factory);
        Class<?> initializer =
            Class.forName(
                "ch.qos.logback.classic.util.ContextInitializer", true, type.getClassLoader());
        initializer
            .getMethod("autoConfig")
            .invoke(initializer.getConstructor(type).newInstance(factory));
      }
    } catch (ReflectiveOperationException e) {
      LoggerFactory.getLogger(Logs.class).warn("Logback keeps its configuration", e);
    }
  }
}
