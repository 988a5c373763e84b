package io.pgq4j.daemon;

import io.pgq4j.Consumer;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import java.util.List;

/** Found by its file in META-INF/services. */
public final class ReadyGreeter implements ReadyConsumer {
  @Override
  public String name() {
    return "greeter";
  }

  @Override
  public String summary() {
    return "Greets whom the events name.";
  }

  @Override
  public List<Setting<?>> settings() {
    return new ConsumerClass(Greeter.class).settings();
  }

  @Override
  public Consumer create(Settings settings) {
    return new Greeter(settings);
  }
}
