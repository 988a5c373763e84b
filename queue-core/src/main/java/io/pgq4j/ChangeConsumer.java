package io.pgq4j;

/**
 * Processes the changes of a watched table's rows, each as an object of a class.
 *
 * <p>An event that is no change of a row (of another type than {@link Change.Kind} has) goes to the
 * dead letters; override {@link #processOther} to skip it, or to do something with it. What does
 * not fit the class goes to the dead letters too, its data kept. A queue that has several tables
 * needs {@link ConsumerConfig.Builder#tables}, or the rows of the others are taken for rows of this
 * one.
 *
 * @param <T> what a row is read into, as by {@link Event#row}
 */
public abstract class ChangeConsumer<T> extends Consumer {
  private final Class<T> type;

  /**
   * @param queue the queue's name
   * @param name the consumer's name; consumers with different names each get every event
   * @param type what a row is read into
   */
  protected ChangeConsumer(String queue, String name, Class<T> type) {
    super(queue, name);
    this.type = type;
  }

  /**
   * A consumer whose queue and name are in the configuration, as {@code queue} and {@code
   * consumer}.
   *
   * @param type what a row is read into
   * @throws IllegalArgumentException if one is missing or no name
   */
  protected ChangeConsumer(Settings settings, Class<T> type) {
    super(settings);
    this.type = type;
  }

  /**
   * Processes one change; exceptions as of {@link Consumer#process}.
   *
   * @param event what the change was read from
   */
  protected abstract void process(Change<T> change, Event event) throws Exception;

  /** Processes an event that is no change of a row. Unless overridden, it is given up. */
  protected void processOther(Event event) throws Exception {
    throw ChangeReader.noChange(event);
  }

  /** Not to be overridden: see {@link #process(Change, Event)}. */
  @Override
  protected final void process(Event event) throws Exception {
    if (Change.Kind.of(event).isPresent()) {
      process(event.change(type), event);
    } else {
      processOther(event);
    }
  }
}
