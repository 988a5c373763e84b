package io.pgq4j;

import org.jspecify.annotations.Nullable;

/** An event to be inserted. What the fields mean is between producer and consumer. */
public record NewEvent(
    @Nullable String type,
    @Nullable String data,
    @Nullable String extra1,
    @Nullable String extra2,
    @Nullable String extra3,
    @Nullable String extra4) {

  /** An event without extra fields. */
  public static NewEvent of(@Nullable String type, @Nullable String data) {
    return new NewEvent(type, data, null, null, null, null);
  }
}
