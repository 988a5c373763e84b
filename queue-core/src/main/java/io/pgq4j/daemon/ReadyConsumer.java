package io.pgq4j.daemon;

import io.pgq4j.Consumer;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import java.util.List;

/**
 * A consumer that needs no code of its user, only a configuration: {@code pgq-consumer NAME
 * CONFIG}. {@link ConsumerMain} finds those of the class path by {@link java.util.ServiceLoader}.
 */
public interface ReadyConsumer {
  /** What it is called on the command line: lower case. */
  String name();

  /** What it does, in a few words. */
  String summary();

  /**
   * Its keys, {@link Settings#QUEUE} and {@link Settings#CONSUMER} too; all programs' are added.
   */
  List<Setting<?>> settings();

  /**
   * The consumer with this configuration. Connects to nothing: one that is {@link Startable} is
   * started before its first event. One that is {@link AutoCloseable} is closed after its end.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  Consumer create(Settings settings);
}
