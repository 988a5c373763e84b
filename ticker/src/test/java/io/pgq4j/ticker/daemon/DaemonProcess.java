package io.pgq4j.ticker.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.opentest4j.AssertionFailedError;

/** pgq-ticker as a process of its own. */
final class DaemonProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;
  private static final String ENDPOINT = "metrics at ";

  private final Process process;
  private final List<String> said = new ArrayList<>();
  private final Thread reader;

  private DaemonProcess(Process process) {
    this.process = process;
    reader = new Thread(this::read, "stderr of pgq-ticker");
    reader.start();
  }

  static DaemonProcess start(Map<String, String> environment, String... arguments)
      throws IOException {
    // Whoever runs the tests in the background may ignore these signals, and a child inherits that.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP,INT"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Main.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().putAll(environment);
    return new DaemonProcess(builder.start());
  }

  static Path config(Path directory, String... lines) throws IOException {
    return Files.write(directory.resolve("ticker.properties"), List.of(lines));
  }

  /** Waits until a line of stderr contains the words. */
  synchronized void awaitSaid(String words) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (said.stream().noneMatch(line -> line.contains(words))) {
      long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (millis <= 0) {
        throw new AssertionFailedError("never said: " + words + "\n" + String.join("\n", said));
      }
      wait(millis);
    }
  }

  /** A page of its HTTP endpoint, for which it has to be configured. */
  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    awaitSaid(ENDPOINT);
    String line = said().stream().filter(each -> each.contains(ENDPOINT)).findFirst().orElseThrow();
    URI uri = URI.create(line.replaceFirst(".*" + ENDPOINT, "").replaceFirst("/metrics.*", path));
    HttpRequest request =
        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(PATIENCE_SECONDS)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  synchronized List<String> said() {
    return List.copyOf(said);
  }

  long pid() {
    return process.pid();
  }

  void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start().waitFor();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionFailedError("still running\n" + String.join("\n", said()));
    }
    reader.join();
    return process.exitValue();
  }

  String stdout() throws IOException {
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  private void read() {
    try (BufferedReader lines = process.errorReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (this) {
          said.add(line);
          notifyAll();
        }
      }
    } catch (IOException e) {
      // The process has ended.
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
