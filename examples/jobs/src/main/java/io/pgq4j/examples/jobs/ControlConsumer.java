package io.pgq4j.examples.jobs;

import io.pgq4j.Consumer;
import io.pgq4j.Event;

/** Hears what all workers are told: each has a name of its own, so each gets every event. */
final class ControlConsumer extends Consumer {
  private final RunningJobs running;

  record Job(long id) {}

  ControlConsumer(RunningJobs running, String worker) {
    super(JobDesk.CONTROL, worker);
    this.running = running;
  }

  @Override
  protected void process(Event event) {
    running.cancel(event.row(Job.class).id());
  }
}
