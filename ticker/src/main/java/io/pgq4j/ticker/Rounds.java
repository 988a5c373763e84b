package io.pgq4j.ticker;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When the next round of ticks comes, and which queues it looks at.
 *
 * <p>What a round costs is what the server says its statement took, without its commit, which waits
 * for the disk; and the CPU time of this thread. No SQL tells the CPU time of a session, but such a
 * statement waits for nothing but a core, and {@link Pacing} makes little of such waits.
 *
 * <p>Of many queues few are busy, and to look at the others costs more than to tick those. So most
 * rounds look at the queues that had events in the last minute, for three quarters of the share of
 * a core that the ticker may take; and rounds over all queues come as often as the last quarter
 * allows. With few queues there is no difference, and all rounds are over all.
 *
 * <p>After the last event it goes on with the busy queues until that has cost as much as it costs
 * to fall asleep and to be woken, which takes two looks at all queues.
 *
 * <p>For one thread.
 */
final class Rounds {
  private static final long BUSY_FOR_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int LOOKS_TO_SLEEP_AND_WAKE = 2;
  private static final double LONGEST_NANOS = 1e9;

  /** The part of the share that rounds over all queues have, if others look at the busy ones. */
  private static final double PART_OVER_ALL = 0.25;

  /** Smaller differences, in rounds, are noise. */
  private static final double NOISE = 0.5;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final double share;
  private final Pacing overAll;
  private final Pacing overBusy;
  private final Map<Integer, Long> busyUntil = new LinkedHashMap<>();
  private double spentInVain;
  private double looks;
  private long nextAt;
  private long allAt;
  private long cpuBefore;

  Rounds(Duration least, double share, long now) {
    this.share = share;
    overAll = new Pacing(least, share);
    overBusy = new Pacing(least, share * (1 - PART_OVER_ALL));
    nextAt = now;
    allAt = now;
  }

  /** The CPU time of this thread since the last call. */
  long ownNanos() {
    long now = THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : 0;
    long spent = cpuBefore == 0 ? 0 : now - cpuBefore;
    cpuBefore = now;
    return spent;
  }

  /** The ids of the queues that the next round looks at; null: all. */
  Integer @Nullable [] queues(long now) {
    Iterator<Long> until = busyUntil.values().iterator();
    while (until.hasNext() && until.next() - now < 0) {
      until.remove();
    }
    boolean all = busyUntil.isEmpty() || now - allAt >= 0;
    return all ? null : busyUntil.keySet().toArray(Integer[]::new);
  }

  /** The next round looks at all queues: one that was not busy is due. */
  void lookAtAll(long now) {
    allAt = now;
  }

  /** There was a look at all queues, which cost the server so much. */
  void looked(long nanos) {
    looks += nanos;
  }

  /**
   * A round is over.
   *
   * @param all whether it looked at all queues
   * @param nanos what it cost
   */
  void done(Round round, boolean all, long nanos, long now) {
    for (Integer queue : round.busy()) {
      busyUntil.remove(queue); // so that the oldest are first
      busyUntil.put(queue, now + BUSY_FOR_NANOS);
    }
    if (all) {
      overAll.spent(nanos);
    }
    if (!all || nanos < overBusy.cost()) {
      overBusy.spent(nanos);
    }
    spentInVain = round.ticked() > 0 ? 0 : spentInVain + nanos;
    double extra = extra();
    if (extra == 0) {
      nextAt = now + overAll.rest().toNanos() + after(looks, share);
      allAt = now;
    } else {
      nextAt = now + (overBusy.cost() < 0 ? overAll : overBusy).rest().toNanos();
      allAt = (all ? now : allAt) + after(all ? extra + looks : looks, share * PART_OVER_ALL);
    }
    looks = 0;
  }

  private static long after(double nanos, double share) {
    return (long) Math.min(nanos / share, LONGEST_NANOS);
  }

  /** What a round over all queues costs more than one over the busy ones; 0: next to nothing. */
  private double extra() {
    double busy = Math.max(0, overBusy.cost());
    double extra = overAll.cost() - busy;
    return extra > NOISE * busy ? extra : 0;
  }

  /** How long to rest before the next round. */
  Duration rest(long now) {
    return Duration.ofNanos(Math.max(0, nextAt - now));
  }

  /** Whether it is cheaper to look at the busy queues again than to fall asleep. */
  boolean linger() {
    return spentInVain < LOOKS_TO_SLEEP_AND_WAKE * extra();
  }
}
