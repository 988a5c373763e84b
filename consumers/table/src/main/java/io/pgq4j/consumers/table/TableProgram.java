package io.pgq4j.consumers.table;

import io.pgq4j.Consumer;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.daemon.ReadyConsumer;
import java.util.List;

/** {@code pgq-consumer table}. */
public final class TableProgram implements ReadyConsumer {
  @Override
  public String name() {
    return "table";
  }

  @Override
  public String summary() {
    return "Keeps copies of tables in another database, exactly once.";
  }

  @Override
  public List<Setting<?>> settings() {
    return TableConsumer.SETTINGS;
  }

  @Override
  public Consumer create(Settings settings) {
    return new TableConsumer(settings);
  }
}
