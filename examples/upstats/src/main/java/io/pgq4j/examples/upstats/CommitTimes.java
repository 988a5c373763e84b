package io.pgq4j.examples.upstats;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** When the commits of the latest ads returned, by {@link System#nanoTime()}. Thread-safe. */
final class CommitTimes {
  private static final int REMEMBERED = 100_000;

  private final Map<Long, CompletableFuture<Long>> times =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, CompletableFuture<Long>> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** To be called before the commit, for the message may be quicker than its return. */
  synchronized CompletableFuture<Long> expect(Collection<Long> adIds) {
    CompletableFuture<Long> commit = new CompletableFuture<>();
    adIds.forEach(id -> times.put(id, commit));
    return commit;
  }

  /** When the first of these ads was committed; empty if none is known. Waits for the commit. */
  OptionalLong earliest(Collection<Long> adIds) {
    return adIds.stream().flatMap(id -> find(id).stream()).mapToLong(CompletableFuture::join).min();
  }

  private synchronized Optional<CompletableFuture<Long>> find(long adId) {
    return Optional.ofNullable(times.get(adId));
  }
}
