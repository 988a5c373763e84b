package io.pgq4j.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;

/** A pgbouncer in front of a server, with pool_mode=transaction. */
public final class Pgbouncer implements AutoCloseable {
  private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

  private final Process process;
  private final int port;

  private Pgbouncer(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Skips the test where there is none. */
  public static void assumeInstalled() {
    Assumptions.assumeTrue(
        Files.exists(PROGRAM), "needs Debian's pgbouncer, which .ci/run installs");
  }

  /** Starts one, with all other settings as they are by default. */
  public static Pgbouncer before(int serverPort, Path directory) throws IOException {
    int port = DebianPostgres.freePort();
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path config =
        Files.write(
            directory.resolve("pgbouncer.ini"),
            List.of(
                "[databases]",
                // With auth_type any, everybody is who this says.
                "* = user=postgres host=127.0.0.1 port=" + serverPort,
                "[pgbouncer]",
                "listen_addr = 127.0.0.1",
                "listen_port = " + port,
                "unix_socket_dir =",
                "auth_type = any",
                "pool_mode = transaction"));
    Process process =
        new ProcessBuilder(
                DebianPostgres.asPostgres(List.of(PROGRAM.toString(), config.toString())))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("pgbouncer.log").toFile())
            .start();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!listens(port)) {
      if (System.nanoTime() > end) {
        throw new IOException("pgbouncer does not listen");
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
    return new Pgbouncer(process, port);
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** Where it listens, on 127.0.0.1. */
  public int port() {
    return port;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.onExit().join();
  }
}
