package io.pgq4j.examples.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The worker processes; one that ends is started again. Thread-safe. */
final class Farm implements AutoCloseable {
  private static final int SECONDS_TO_STOP = 10;

  private final String url;
  private final Map<String, Process> workers = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * @param url of the database; a password is in the environment
   */
  Farm(String url, int size) throws IOException {
    this.url = url;
    for (int i = 1; i <= size; i++) {
      start("worker-" + i);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a worker's end is waited for in close
  private void start(String name) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            Worker.class.getName(),
            name);
    builder.environment().put("PGQ_URL", url);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process worker = builder.start();
    workers.put(name, worker);
    worker.onExit().thenRun(() -> again(name));
  }

  private void again(String name) {
    if (!closed) {
      try {
        start(name);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Kills a worker in the midst of its work, as a crash would. */
  void crash(String name) {
    Process worker = workers.get(name);
    if (worker != null) {
      worker.destroyForcibly();
    }
  }

  /** Lets the workers finish what they have in hand; who takes too long is killed. */
  @Override
  public void close() throws IOException {
    closed = true;
    for (Process worker : workers.values()) {
      worker.getOutputStream().close();
    }
    for (Process worker : workers.values()) {
      try {
        if (!worker.waitFor(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
          worker.destroyForcibly();
        }
      } catch (InterruptedException e) {
        worker.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
