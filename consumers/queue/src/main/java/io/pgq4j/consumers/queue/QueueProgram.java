package io.pgq4j.consumers.queue;

import io.pgq4j.Consumer;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.daemon.ReadyConsumer;
import java.util.List;

/** {@code pgq-consumer queue}. */
public final class QueueProgram implements ReadyConsumer {
  @Override
  public String name() {
    return "queue";
  }

  @Override
  public String summary() {
    return "Moves events to another queue, or splits them among several, exactly once.";
  }

  @Override
  public List<Setting<?>> settings() {
    return QueueMover.SETTINGS;
  }

  @Override
  public Consumer create(Settings settings) {
    return new QueueMover(settings);
  }
}
