package io.pgq4j.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgq4j.dist.Packages.Run;
import io.pgq4j.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class PackagesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  @TempDir Path directory;

  @Test
  void theTarHasEverythingAndRuns() throws Exception {
    Path home = Packages.unpack(directory);
    assertThat(home.resolve("conf/ticker.properties")).content().contains("database");
    assertThat(home.resolve("conf/webhook.properties")).isNotEmptyFile();
    assertThat(home.resolve("man/man1/pgq-admin.1")).content().contains(".SH COMMANDS");
    assertThat(home.resolve("completion/pgq-admin.bash")).content().contains("_pgq_admin");
    assertThat(home.resolve("completion/_pgq-admin")).isNotEmptyFile();
    assertThat(home.resolve("completion/pgq-admin.fish")).isNotEmptyFile();
    assertThat(home.resolve("systemd/pgq-ticker.service")).isNotEmptyFile();
    assertThat(home.resolve("LICENSE")).isNotEmptyFile();

    assertThat(run(home, "pgq-admin", "uninstall", "--yes").exitCode()).isZero();
    assertThat(run(home, "pgq-admin", "install").out()) // slf4j says so if it finds no logger
        .contains("installed")
        .doesNotContain("SLF4J");
    assertThat(run(home, "pgq-admin", "create-queue", "jobs").exitCode()).isZero();
    assertThat(run(home, "pgq-ticker", "--help").out()).contains("pgq-ticker");
    assertThat(run(home, "pgq-consumer", "webhook", "--help").out()).contains("pgq-consumer");
  }

  /** The first status makes it; the JVM says where a class came from. */
  @Test
  void classesAreMappedFromTheSecondStatusOn() throws Exception {
    Path home = Packages.unpack(directory);
    assertThat(run(home, "pgq-admin", "status").exitCode()).isZero();
    awaitArchive();

    Path log = directory.resolve("classes.log");
    Run second =
        Packages.run(
            home,
            environment("JAVA_OPTS", "-Xlog:class+load:file=" + log),
            home.resolve("bin/pgq-admin").toString(),
            "status");
    assertThat(second.exitCode()).as(second.out()).isZero();
    assertThat(Files.readAllLines(log))
        .anyMatch(line -> line.contains(" io.pgq4j.admin.Main source: shared objects file"))
        .noneMatch(line -> line.contains(" ch.qos.logback.") || line.contains(" org.flywaydb."));
  }

  private void awaitArchive() throws IOException {
    Path cache = directory.resolve("cache/pgq4j");
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holdsAnArchive(cache)) {
      assertThat(System.nanoTime()).as("no archive in " + cache).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static boolean holdsAnArchive(Path cache) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(cache, "*.jsa")) {
      return found.iterator().hasNext();
    }
  }

  @Test
  void theDebianPackageHoldsTheProgramsAndTheService() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/dpkg-deb")), "needs dpkg-deb");
    String deb = Packages.deb().toString();
    assertThat(Packages.run(directory, Map.of(), "dpkg-deb", "--info", deb).out())
        .contains("Package: pgq4j", "Architecture: all", "Depends: ", "conffiles", "postinst");
    assertThat(Packages.run(directory, Map.of(), "dpkg-deb", "--contents", deb).out())
        .contains(
            "/usr/bin/pgq-admin -> ",
            "/usr/bin/pgq-ticker -> ",
            "/usr/bin/pgq-consumer -> ",
            "/etc/pgq-ticker/ticker.properties",
            "/lib/systemd/system/pgq-ticker.service",
            "/usr/share/man/man1/pgq-admin.1",
            "/usr/share/bash-completion/completions/pgq-admin",
            "/usr/share/zsh/vendor-completions/_pgq-admin",
            "/usr/share/fish/vendor_completions.d/pgq-admin.fish");

    Run unpack = Packages.run(directory, Map.of(), "dpkg-deb", "--extract", deb, "root");
    assertThat(unpack.exitCode()).as(unpack.out()).isZero();
    assertThat(run(directory.resolve("root/usr/share/pgq4j"), "pgq-admin", "--version").out())
        .startsWith("pgq-admin ");
  }

  private Run run(Path home, String program, String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = home.resolve("bin").resolve(program).toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return Packages.run(home, environment("JAVA_OPTS", ""), command);
  }

  private Map<String, String> environment(String name, String value) {
    return Map.of(
        "PGQ_URL",
        database.url(),
        "XDG_CACHE_HOME",
        directory.resolve("cache").toString(),
        name,
        value);
  }
}
