package io.pgq4j.consumers.refresh;

import io.pgq4j.Consumer;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.daemon.ReadyConsumer;
import java.util.List;

/** {@code pgq-consumer refresh}. */
public final class RefreshProgram implements ReadyConsumer {
  @Override
  public String name() {
    return "refresh";
  }

  @Override
  public String summary() {
    return "Refreshes derived columns and materialised views for what has changed.";
  }

  @Override
  public List<Setting<?>> settings() {
    return RefreshConsumer.SETTINGS;
  }

  @Override
  public Consumer create(Settings settings) {
    return new RefreshConsumer(settings);
  }
}
