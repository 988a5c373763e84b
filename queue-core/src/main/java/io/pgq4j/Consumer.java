package io.pgq4j;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Processes the events of one queue under one name. Subclass it, override {@link #process(Event)}
 * or {@link #processBatch(Batch)}, and give it to a {@link ConsumerRunner}.
 *
 * <p>Delivery is at least once: a batch comes again when it was not finished, so work that must not
 * be done twice should be made repeatable, or be done in a {@link TransactionalConsumer}. No
 * transaction of the queue is open while these methods run.
 *
 * <p>They are called by one thread at a time, unless the configuration says {@link
 * ConsumerConfig.Builder#byKey} or {@link ConsumerConfig.Builder#unordered}. An {@link Error} out
 * of them stops the consumer ({@link ConsumerState#FAILED}); an {@link InterruptedException} ends
 * it with the batch unfinished.
 */
public abstract class Consumer {
  private final String queue;
  private final String name;

  /**
   * @param queue the queue's name
   * @param name the consumer's name; consumers with different names each get every event
   */
  protected Consumer(String queue, String name) {
    this.queue = Names.check("queue", queue);
    this.name = Names.check("consumer", name);
  }

  /**
   * A consumer whose queue and name are in the configuration, as {@code queue} and {@code
   * consumer}.
   *
   * @throws IllegalArgumentException if one is missing or no name
   */
  protected Consumer(Settings settings) {
    this(settings.get(Settings.QUEUE), settings.get(Settings.CONSUMER));
  }

  /** What there is to do for an event, where that is all of a consumer: see {@link #of}. */
  @FunctionalInterface
  public interface Handler {
    /** As {@link Consumer#process(Event)}. */
    void process(Event event) throws Exception;
  }

  /**
   * A consumer without a class of its own.
   *
   * @param queue the queue's name
   * @param name the consumer's name
   * @param handler what is done for each event
   */
  public static Consumer of(String queue, String name, Handler handler) {
    return new Consumer(queue, name) {
      @Override
      protected void process(Event event) throws Exception {
        handler.process(event);
      }
    };
  }

  /** The queue's name. */
  public final String queue() {
    return queue;
  }

  /** The consumer's name. */
  public final String name() {
    return name;
  }

  /**
   * Processes one event. An exception sends the event, and not the rest of its batch, to the retry
   * queue or the dead letters as the {@link RetryPolicy} says, or without one the settings of the
   * queue; {@link EventDataException} always to the dead letters. So do {@link StackOverflowError}
   * and {@link AssertionError}, which tell of the event and not of the JVM.
   */
  protected void process(Event event) throws Exception {
    throw new AbstractMethodError(
        getClass().getName() + " must override process(Event) or processBatch(Batch)");
  }

  /**
   * A key by which another system can tell that it has seen this event of this consumer before: the
   * same at each delivery, over retries and restarts, and another one for any other event, also
   * where a restored copy of the database gives out the same ids again. 36 characters, as a UUID is
   * written.
   *
   * @throws IllegalArgumentException for a row of a {@link Bootstrap}, which is no event
   */
  public final String idempotencyKey(Event event) {
    if (event.id() == 0) {
      throw new IllegalArgumentException("a row of a bootstrap has no key: it is no event");
    }
    String text = String.join("\n", queue, name, event.id() + " " + event.time());
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /**
   * What has to stay in order: with {@link ConsumerConfig.Builder#byKey}, events with the same key
   * are processed one after the other, also when one of them fails and comes again. Unless
   * overridden, the row that a captured event is about: its table and the values of its key
   * columns. Null: the event is in no order with any other, as what {@code TRUNCATE} and {@code
   * insert_event} send, unless this is overridden.
   *
   * <p>The same event must have the same key each time. An exception counts as a failure of the
   * event.
   */
  protected @Nullable String key(Event event) {
    return RowKey.of(event);
  }

  /**
   * Processes a batch; unless overridden, gives each event to {@link #process(Event)}. It must read
   * the batch to its end or call {@link Batch#skipRest()}. After an exception the batch is not
   * finished: the whole of it comes again after a pause that grows with each failure.
   */
  protected void processBatch(Batch batch) throws Exception {
    for (Event event : batch) {
      try {
        process(event);
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception | StackOverflowError | AssertionError e) {
        batch.fail(event, e);
      }
    }
  }

  /** Is told that whoever ran it does so no more: what it holds for its work can go. */
  void stopped() {}
}
