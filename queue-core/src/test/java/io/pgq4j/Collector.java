package io.pgq4j;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A consumer that hands what it gets to the test, and then does what the test says. */
class Collector extends Consumer {
  final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Action action;

  interface Action {
    void run(Event event) throws Exception;
  }

  Collector(String queue) {
    this(queue, event -> {});
  }

  Collector(String queue, Action action) {
    super(queue, Fixture.CONSUMER);
    this.action = action;
  }

  @Override
  protected void process(Event event) throws Exception {
    events.add(event);
    action.run(event);
  }
}
