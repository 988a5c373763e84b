package io.pgq4j;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events that were given up and whose threads are not back. Those that do not come back within a
 * grace, which is the deadline again and five seconds at most, hang. Not thread-safe: {@link Lanes}
 * has the lock.
 */
final class OverdueTasks {
  private static final Logger log = LoggerFactory.getLogger(OverdueTasks.class);

  private static final Duration MAX_GRACE = Duration.ofSeconds(5);

  private final String name;
  private final @Nullable Duration deadline;
  private final int maxHanging;

  /** Those that are expected back, and those that hang, over all batches. */
  private final Set<LaneTask> expected = new LinkedHashSet<>();

  private final Set<LaneTask> hanging = new HashSet<>();

  OverdueTasks(String name, @Nullable Duration deadline, int maxHanging) {
    this.name = name;
    this.deadline = deadline;
    this.maxHanging = maxHanging;
  }

  /** Whether it takes longer than it may. */
  boolean isLate(LaneTask task, long now) {
    return deadline != null && now - task.startedAt >= deadline.toNanos();
  }

  /** Why a late one has failed. */
  DeadlineExceededException failure(LaneTask task) {
    return new DeadlineExceededException(Objects.requireNonNull(deadline), task.where());
  }

  /** Gives it up: interrupts its thread, which is expected back. */
  void add(LaneTask task) {
    expected.add(task);
    task.expired = true;
    if (task.thread != null) {
      task.thread.interrupt();
    }
  }

  /** Its thread is back. Returns false if it is none of these. */
  boolean remove(LaneTask task) {
    if (hanging.remove(task)) {
      log.info("{}, event {}: its thread is back, what it did is ignored", name, task.event.id());
      return true;
    }
    return expected.remove(task);
  }

  boolean isAnyExpected() {
    return !expected.isEmpty();
  }

  /**
   * Counts those that hang by now.
   *
   * @throws ConsumerStop if they are too many
   */
  void countHanging(long now) {
    for (LaneTask task : Set.copyOf(expected)) {
      if (nanosUntilHanging(task, now) <= 0) {
        expected.remove(task);
        hanging.add(task);
        log.error(
            "{}, event {}: its thread {} did not react to an interrupt and is left behind; {} hang",
            name,
            task.event.id(),
            task.thread == null ? "(none free)" : task.thread.getName(),
            hanging.size());
        if (hanging.size() > maxHanging) {
          throw new ConsumerStop(
              hanging.size()
                  + " handlers hang and do not react to interrupts, at most "
                  + maxHanging
                  + " may",
              failure(task));
        }
      }
    }
  }

  /**
   * Time until one more is late or hangs.
   *
   * @param oldest of those in time the one that began first; null: there is none
   */
  long nanosUntilDue(@Nullable LaneTask oldest, long now) {
    if (deadline == null) {
      return Long.MAX_VALUE;
    }
    long nanos = oldest == null ? Long.MAX_VALUE : deadline.toNanos() - (now - oldest.startedAt);
    for (LaneTask task : expected) {
      nanos = Math.min(nanos, nanosUntilHanging(task, now));
    }
    return nanos;
  }

  private long nanosUntilHanging(LaneTask task, long now) {
    if (deadline == null) {
      return Long.MAX_VALUE; // given up with its batch, not because it was late
    }
    Duration grace = deadline.compareTo(MAX_GRACE) < 0 ? deadline : MAX_GRACE;
    return deadline.plus(grace).toNanos() - (now - task.startedAt);
  }
}
