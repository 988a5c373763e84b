package io.pgq4j.examples.jobs;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;

/** The jobs that a worker has in hand, and which of them are cancelled. Thread-safe. */
final class RunningJobs {
  private final ConcurrentMap<Long, CountDownLatch> jobs = new ConcurrentHashMap<>();

  /** What tells that the job is cancelled; before the job is taken, so that nothing is missed. */
  CountDownLatch begin(long id) {
    return jobs.computeIfAbsent(id, key -> new CountDownLatch(1));
  }

  void end(long id) {
    jobs.remove(id);
  }

  void cancel(long id) {
    CountDownLatch cancelled = jobs.get(id);
    if (cancelled != null) {
      cancelled.countDown();
    }
  }
}
