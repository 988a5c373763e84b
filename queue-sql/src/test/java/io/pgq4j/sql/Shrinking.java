package io.pgq4j.sql;

import java.util.ArrayList;
import java.util.List;

/** Takes away from a sequence what is not needed for it to fail. */
final class Shrinking {

  private Shrinking() {}

  /** Whether a sequence fails; it may ask a database. */
  interface Failing<T> {
    boolean test(List<T> sequence) throws Exception;
  }

  /**
   * A part of the sequence that fails, and that would not if any one element were taken out of it.
   * Large pieces are tried first (Zeller's ddmin, in its simple form).
   */
  static <T> List<T> shrink(List<T> failing, Failing<T> failure) throws Exception {
    List<T> least = failing;
    for (int piece = least.size() / 2; piece > 0; piece = piece / 2) {
      boolean shrunk = true;
      while (shrunk) {
        shrunk = false;
        for (int from = 0; from + piece <= least.size(); ) {
          List<T> rest = new ArrayList<>(least);
          rest.subList(from, from + piece).clear();
          if (failure.test(rest)) {
            least = rest;
            shrunk = true;
          } else {
            from += piece;
          }
        }
      }
    }
    return least;
  }
}
