package io.pgq4j.admin.web;

import io.javalin.http.HttpResponseException;
import org.jspecify.annotations.Nullable;

/** Numbers that come in a request. */
final class Numbers {
  private Numbers() {}

  /** A whole number; the other one where there is none. */
  static long parse(@Nullable String text, long otherwise) {
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new HttpResponseException(400, "'" + text + "' is no whole number.");
    }
  }
}
