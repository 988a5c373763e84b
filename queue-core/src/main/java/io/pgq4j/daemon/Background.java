package io.pgq4j.daemon;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The same program again, as a process that outlives this one and its terminal. */
final class Background {

  private Background() {}

  /**
   * Starts it; what it says goes to the log file.
   *
   * @param program its main class, and first arguments
   * @return the process, once it has the pidfile; empty: it ended before
   */
  static Optional<Process> start(
      List<String> program, List<String> arguments, Path pidfile, Path log)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.addAll(program);
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    while (process.isAlive()) {
      if (Pidfile.holder(pidfile).filter(process.toHandle()::equals).isPresent()) {
        return Optional.of(process);
      }
      process.waitFor(20, java.util.concurrent.TimeUnit.MILLISECONDS);
    }
    return Optional.empty();
  }
}
