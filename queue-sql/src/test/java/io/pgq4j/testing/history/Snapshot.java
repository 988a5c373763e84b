package io.pgq4j.testing.history;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Which transactions had ended at a moment: those below xmax that were not in progress. */
public record Snapshot(long xmax, Set<Long> inProgress) {

  public Snapshot {
    inProgress = Set.copyOf(inProgress);
  }

  /** As PostgreSQL writes it: {@code xmin:xmax:in,progress}. */
  public static Snapshot parse(String text) {
    String[] parts = text.split(":", -1);
    return new Snapshot(
        Long.parseLong(parts[1]),
        Arrays.stream(parts[2].split(","))
            .filter(part -> !part.isEmpty())
            .map(Long::valueOf)
            .collect(Collectors.toSet()));
  }

  public boolean sees(long transaction) {
    return transaction < xmax && !inProgress.contains(transaction);
  }

  /** Whether it sees all that the other one sees. */
  public boolean follows(Snapshot old) {
    return xmax >= old.xmax && inProgress.stream().noneMatch(old::sees);
  }
}
