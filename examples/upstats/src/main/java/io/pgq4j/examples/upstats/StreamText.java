package io.pgq4j.examples.upstats;

import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The text of a message: plain, so that nothing in an ad can be taken for markup. */
final class StreamText {
  /** What the address of an ad begins with; its id follows. */
  static final String LINK = "https://upstats.example/jobs/";

  private static final int SUMMARY_LENGTH = 240;

  private StreamText() {}

  static String of(StreamMatch match) {
    int count = match.ads().size();
    String head =
        line(match.streamName()) + ": " + (count == 1 ? "a new job" : count + " new jobs");
    return Stream.concat(Stream.of(head), match.ads().stream().map(StreamText::ad))
        .collect(Collectors.joining("\n\n"));
  }

  private static String ad(JobAd ad) {
    return Stream.of(line(ad.title()), terms(ad), summary(ad.description()), LINK + ad.id())
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  private static String terms(JobAd ad) {
    return Stream.of(budget(ad.budget(), ad.pay()), ad.country() == null ? "" : line(ad.country()))
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining(", "));
  }

  private static String budget(@Nullable BigDecimal budget, @Nullable String pay) {
    if (budget == null) {
      return "";
    }
    DecimalFormat format =
        new DecimalFormat("$#,##0.##", DecimalFormatSymbols.getInstance(Locale.ROOT));
    return format.format(budget) + ("hourly".equals(pay) ? "/h" : "");
  }

  private static String summary(String description) {
    String text = line(description);
    if (text.codePointCount(0, text.length()) <= SUMMARY_LENGTH) {
      return text;
    }
    int end = text.offsetByCodePoints(0, SUMMARY_LENGTH - 1);
    int blank = text.lastIndexOf(' ', end);
    return text.substring(0, blank > end / 2 ? blank : end) + "…";
  }

  /** On one line. */
  private static String line(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }
}
