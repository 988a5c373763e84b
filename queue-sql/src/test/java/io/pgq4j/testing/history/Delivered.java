package io.pgq4j.testing.history;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event as a consumer got it.
 *
 * @param retry how often it was retried; null: never
 * @param name the transaction that wrote it, by its own account
 * @param statement which of its statements; {@link #ROLLED_BACK} if that was undone
 * @param place which event of the statement; {@link #ANY} if their order is not determined
 * @param row the change of a row that it tells; null: none
 */
public record Delivered(
    long id,
    long transaction,
    @Nullable Integer retry,
    String name,
    int statement,
    int place,
    @Nullable RowChange row) {

  public static final int ROLLED_BACK = -1;
  public static final int ANY = -1;

  /** What happened to a row, and its version after it (of a DELETE: before). */
  public record RowChange(String row, String operation, int version) {}

  private static final Pattern ROW = Pattern.compile("\"id\":(\\d+),\"v\":(\\d+),\"k\":(-?\\d+)");

  /**
   * From the fields of an event. Its mark in ev_extra4 is {@code name/statement/place}; a captured
   * one has {@code name/statement} there, and the place, if it is an INSERT, in the row.
   */
  static Delivered of(
      long id,
      long transaction,
      @Nullable Integer retry,
      String type,
      @Nullable String data,
      @Nullable String table,
      String mark) {
    String[] parts = mark.split("/", -1);
    int statement = parts[1].equals("x") ? ROLLED_BACK : Integer.parseInt(parts[1]);
    if (parts.length > 2) {
      return new Delivered(
          id, transaction, retry, parts[0], statement, Integer.parseInt(parts[2]), null);
    }
    Matcher row = ROW.matcher(Objects.requireNonNull(data));
    if (!row.find()) {
      throw new IllegalArgumentException("not a row of the history: " + data);
    }
    // those of changed rows come in no certain order, nor do rows whose k is -1
    int place = type.equals("INSERT") ? Integer.parseInt(row.group(3)) : ANY;
    return new Delivered(
        id,
        transaction,
        retry,
        parts[0],
        statement,
        place,
        new RowChange(table + " " + row.group(1), type, Integer.parseInt(row.group(2))));
  }

  boolean isRetried() {
    return retry != null;
  }
}
