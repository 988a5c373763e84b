package io.pgq4j.admin.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The known name that somebody who mistyped most likely meant. */
public final class Nearest {
  private Nearest() {}

  /**
   * Finds it.
   *
   * @return the name with the fewest edits (insert, delete, replace, swap two neighbours; case does
   *     not count), the first of several; empty when none is within a third of its length
   */
  public static Optional<String> to(String given, Collection<String> known) {
    String wanted = given.toLowerCase(Locale.ROOT);
    record Candidate(String name, int edits) {}
    return known.stream()
        .filter(name -> Math.abs(name.length() - given.length()) <= allowed(name))
        .map(name -> new Candidate(name, edits(wanted, name.toLowerCase(Locale.ROOT))))
        .filter(candidate -> candidate.edits() <= allowed(candidate.name()))
        .min(Comparator.comparingInt(Candidate::edits))
        .map(Candidate::name);
  }

  private static int allowed(String name) {
    return Math.max(1, name.length() / 3);
  }

  /** Damerau's distance in its restricted form (optimal string alignment). */
  static int edits(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
