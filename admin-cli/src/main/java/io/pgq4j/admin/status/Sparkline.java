package io.pgq4j.admin.status;

import java.util.Collection;

/** The course of a number in one line of block characters. */
final class Sparkline {
  private static final String BLOCKS = "▁▂▃▄▅▆▇█";

  private Sparkline() {}

  /** One block for each number: the lowest for zero, the highest for the largest of them. */
  static String of(Collection<Double> numbers) {
    double most = numbers.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    StringBuilder line = new StringBuilder();
    for (double number : numbers) {
      int height = most <= 0 ? 0 : (int) Math.ceil(number / most * (BLOCKS.length() - 1));
      line.append(BLOCKS.charAt(Math.max(0, height)));
    }
    return line.toString();
  }
}
