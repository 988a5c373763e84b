package io.pgq4j.ticker.daemon;

import static io.pgq4j.ticker.Sql.run;
import static io.pgq4j.ticker.daemon.FaultyServer.assertSaysLittle;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A database on a file system that is full for a time. */
class DiskFullIT {
  private static final String DISK_FULL = "SQLSTATE 53100";

  @RegisterExtension static final FaultyServer server = FaultyServer.with();

  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createTempDirectory("pgq4j-disk");
    Assumptions.assumeTrue(
        system("mount", "-t", "tmpfs", "-o", "size=48m,mode=0777", "tmpfs", disk.toString()),
        "needs to mount a file system: run as root");
    Path tablespace = Files.createDirectory(disk.resolve("tablespace"));
    Files.setPosixFilePermissions(tablespace, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThat(system("chown", "postgres", tablespace.toString())).isTrue();
    server.postgres().execute("create tablespace small location '%s'".formatted(tablespace));
    server.postgres().execute("alter database %s set tablespace small".formatted(name()));
  }

  @AfterEach
  void unmount() throws Exception {
    if (Files.exists(disk.resolve("tablespace"))) {
      server.postgres().execute("drop database %s with (force)".formatted(name()));
      server.postgres().execute("drop tablespace small");
      assertThat(system("umount", disk.toString())).isTrue();
    }
    Files.delete(disk);
  }

  @Test
  void ticksGoOnWhenThereIsRoomAgain() throws Exception {
    Traffic traffic = Traffic.on(server.database());
    makeRoomForEventsOnly();
    try (DaemonProcess daemon = server.ticker(server.postgres().port())) {
      traffic.insertAndAwait(5);

      Path ballast = disk.resolve("ballast");
      fill(ballast);
      while (daemon.said().stream().noneMatch(line -> line.contains(DISK_FULL))) {
        traffic.insert(1);
        traffic.tryTake(); // else ticks wait for it, and events fill the room that is left for them
      }
      traffic.insert(5);
      Files.delete(ballast);

      traffic.awaitDelivered();
      traffic.insertAndAwait(100);
      assertSaysLittle(daemon);
    }
  }

  /** So that it is the ticks for which the disk is too small. */
  private static void makeRoomForEventsOnly() throws SQLException {
    try (Connection session = server.database().getConnection()) {
      run(
          session,
          "begin; select pgq.insert_event('q', 't', repeat('x', 500)) from generate_series(1, 20000);"
              + " rollback");
      run(session, "vacuum (truncate off) pgq.event_1_0");
      // The index keeps no room of what was rolled back, and would want more before the ticks do.
      run(session, "drop index pgq.event_1_0_ev_txid_idx");
    }
  }

  private static void fill(Path file) {
    byte[] page = new byte[4096];
    try (var out = Files.newOutputStream(file)) {
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      // It is full.
    }
  }

  private static String name() {
    return server.database().getDatabaseName();
  }

  private static boolean system(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
