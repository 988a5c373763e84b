package io.pgq4j;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.pgq4j.internal.Json;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One event as a consumer sees it. The payload is opaque text; {@link #row(Class)} and {@link
 * #json()} read it as JSON when asked, not before.
 *
 * <p>What {@code watch_table} writes: {@code type} is INSERT, UPDATE, DELETE or TRUNCATE, {@code
 * data} the row as JSON (the old row for DELETE), {@code extra1} schema and table, {@code extra2}
 * the old row when asked for, {@code extra3} the key columns, {@code extra4} the headers.
 *
 * @param id unique in its queue; given at insert, so not in the order of commits
 * @param txid the transaction that inserted it
 * @param time when it was inserted
 * @param retry how often it was sent to the retry queue before: 0 at its first delivery
 */
public record Event(
    long id,
    long txid,
    Instant time,
    int retry,
    @Nullable String type,
    @Nullable String data,
    @Nullable String extra1,
    @Nullable String extra2,
    @Nullable String extra3,
    @Nullable String extra4) {

  public Event {
    Objects.requireNonNull(time, "time");
  }

  /**
   * The data as an object of the given class. A column {@code last_job_ts} goes to the component or
   * property {@code lastJobTs}, at every level; a column that the class lacks is ignored. Numbers
   * are exact: one that does not fit, or a null for a primitive, is an error and not another
   * number. Dates and times go to {@code java.time}.
   *
   * @throws EventDataException if there is no data, it is not JSON, or it does not fit the class
   */
  public <T> T row(Class<T> type) {
    return parse("a " + type.getSimpleName(), text -> Json.read(text, type));
  }

  /**
   * The change of a row, as {@code watch_table} writes it, with the row before and after as objects
   * of the given class; see {@link #row} for how they are read.
   *
   * @throws EventDataException if the event's type is no {@link Change.Kind}, or a row does not fit
   *     the class
   */
  public <T> Change<T> change(Class<T> type) {
    return ChangeReader.read(this, type);
  }

  /**
   * The data as a map in column order. Values are null, Boolean, String, Integer, Long, BigInteger,
   * BigDecimal, List and Map. Of a repeated key, the last value counts, as in jsonb.
   *
   * @throws EventDataException if there is no data or it is not one JSON object
   */
  public Map<String, @Nullable Object> json() {
    return parse("a JSON object", Json::readMap);
  }

  /**
   * The trace that the producer was in, as W3C writes it in {@code traceparent}: alone in {@code
   * extra4}, or in a header of this name there. A session sets it for what {@code watch_table}
   * captures by {@code set pgq.headers = '{"traceparent": "00-..."}'}. Empty if there is none.
   *
   * <p>While an event is processed it is in SLF4J's MDC, too, under the name {@code traceparent}.
   */
  public Optional<String> traceparent() {
    return extra4 == null ? Optional.empty() : TraceParent.find(extra4);
  }

  private <T> T parse(String wanted, Parser<T> parser) {
    if (data == null) {
      throw new EventDataException("event " + id + " has no data, but " + wanted + " was wanted");
    }
    T value;
    try {
      value = parser.parse(data);
    } catch (JsonProcessingException e) {
      throw unfit(wanted, e.getOriginalMessage(), e);
    } catch (RuntimeException e) {
      // Code of the class itself, such as a check in a record's constructor.
      throw unfit(wanted, String.valueOf(e.getMessage()), e);
    }
    if (value == null) {
      throw unfit(wanted, "it is null", null);
    }
    return value;
  }

  private EventDataException unfit(String wanted, String why, @Nullable Exception cause) {
    return new EventDataException("data of event " + id + " is not " + wanted + ": " + why, cause);
  }

  private interface Parser<T> {
    @Nullable T parse(String text) throws JsonProcessingException;
  }
}
