package io.pgq4j.consumers.sql;

import io.pgq4j.Consumer;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.daemon.ReadyConsumer;
import java.util.List;

/** {@code pgq-consumer sql}. */
public final class SqlProgram implements ReadyConsumer {
  @Override
  public String name() {
    return "sql";
  }

  @Override
  public String summary() {
    return "Runs an SQL statement for each event, or one for many, exactly once.";
  }

  @Override
  public List<Setting<?>> settings() {
    return SqlConsumer.SETTINGS;
  }

  @Override
  public Consumer create(Settings settings) {
    return new SqlConsumer(settings);
  }
}
