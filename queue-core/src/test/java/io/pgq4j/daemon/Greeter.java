package io.pgq4j.daemon;

import io.pgq4j.Consumer;
import io.pgq4j.Event;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A user's program: greets those in the events, and breaks down at "Error". */
final class Greeter extends Consumer implements AutoCloseable, SelfCheck {
  private static final Logger log = LoggerFactory.getLogger(Greeter.class);
  private static final Setting<String> GREETING = Setting.text("greeting", "Hello", "how to greet");

  private final String greeting;

  Greeter(Settings settings) {
    super(settings);
    greeting = settings.get(GREETING);
    if (greeting.isEmpty()) {
      throw new IllegalArgumentException("greeting must not be empty");
    }
  }

  public static void main(String[] arguments) {
    ConsumerMain.run(Greeter.class, arguments);
  }

  @Override
  protected void process(Event event) {
    if ("Error".equals(event.data())) {
      throw new NoClassDefFoundError("broken");
    }
    log.info("{}, {}", greeting, event.data());
  }

  @Override
  public void check() {
    if (greeting.equals("mute")) {
      throw new IllegalStateException("cannot speak");
    }
  }

  @Override
  public void close() {
    log.info("good bye");
  }
}
