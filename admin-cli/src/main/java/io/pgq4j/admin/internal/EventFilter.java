package io.pgq4j.admin.internal;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a command takes only some events. */
public final class EventFilter {
  /** A condition on events {@code e}, with the parameters of {@link #parameters}. */
  public static final String SQL =
      "(?::text[] is null or e.ev_type = any (?::text[]))"
          + " and (?::text[] is null or e.ev_extra1 = any (?::text[]))";

  @Option(
      names = "--type",
      split = ",",
      paramLabel = "TYPE",
      description = "Only events of these types.")
  private List<String> types = List.of();

  @Option(
      names = "--extra1",
      split = ",",
      paramLabel = "TEXT",
      description = "Only events with this extra1, such as public.job: the table of watch-table.")
  private List<String> extra1 = List.of();

  /** In the order of {@link #SQL}. */
  public List<String @Nullable []> parameters() {
    String @Nullable [] type = array(types);
    String @Nullable [] extra = array(extra1);
    return Arrays.asList(type, type, extra, extra);
  }

  private static String @Nullable [] array(List<String> texts) {
    return texts.isEmpty() ? null : texts.toArray(String[]::new);
  }
}
