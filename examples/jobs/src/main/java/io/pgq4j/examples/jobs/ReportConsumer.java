package io.pgq4j.examples.jobs;

import io.pgq4j.Consumer;
import io.pgq4j.Event;
import java.io.IOException;
import java.sql.SQLException;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Makes the reports that users have asked for. */
final class ReportConsumer extends Consumer {
  /** How often a report is tried. */
  static final int ATTEMPTS = 3;

  private final JobDesk desk;
  private final RunningJobs running;
  private final String worker;

  record Job(long id, String report) {}

  ReportConsumer(JobDesk desk, RunningJobs running, String worker) {
    super(JobDesk.WORK, JobDesk.FARM);
    this.desk = desk;
    this.running = running;
    this.worker = worker;
  }

  @Override
  protected void process(Event event) throws Exception {
    Job job = event.row(Job.class);
    CountDownLatch cancelled = running.begin(job.id());
    try {
      OptionalInt attempt = desk.take(job.id(), worker);
      if (attempt.isPresent()) {
        work(job, attempt.getAsInt(), cancelled);
      }
    } finally {
      running.end(job.id());
    }
  }

  private void work(Job job, int attempt, CountDownLatch cancelled)
      throws IOException, SQLException, InterruptedException {
    try {
      make(job, attempt, cancelled);
    } catch (IOException e) {
      String state = attempt < ATTEMPTS ? "queued" : "failed";
      desk.finish(job.id(), attempt, state, String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private void make(Job job, int attempt, CountDownLatch cancelled)
      throws IOException, SQLException, InterruptedException {
    Report report = Report.named(job.report());
    for (int part = 1; part <= report.parts(); part++) {
      if (cancelled.await(report.partMillis(), TimeUnit.MILLISECONDS)) {
        desk.finish(job.id(), attempt, "cancelled", "at part " + part);
        return;
      }
      report.check(part, attempt);
      if (!desk.progress(job.id(), attempt, 100 * part / report.parts())) {
        return; // it was given to another worker, which took this one for dead
      }
    }
    desk.finish(job.id(), attempt, "done", report.parts() + " parts");
  }
}
