package io.pgq4j.admin.bench;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of measurements in which contestants take turns. */
final class RoundsOptions {
  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds, after one that does not count. Default: 5.")
  int rounds;

  @Option(
      names = "--peer",
      paramLabel = "NAME",
      description =
          "Compare with: pgq, where PgQ is installed on the server; needs a user who may create"
              + " that extension.")
  @Nullable Peer peer;

  boolean outOfRange() {
    return rounds < 1 || rounds > 1_000;
  }

  boolean withPeer() {
    return peer != null;
  }
}
