package io.pgq4j.examples.upstats;

import io.pgq4j.examples.Cells;
import io.pgq4j.examples.Screen;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A line on the screen for each message. Thread-safe. */
final class MessageTable {
  private static final int CHAT = 8;
  private static final int STREAM = 22;
  private static final int FIXED_COLUMNS = 8 + 2 + 10 + 2 + CHAT + 2 + STREAM + 2;

  private final Screen screen;
  private final int titleWidth = Math.max(20, Screen.width() - FIXED_COLUMNS);

  MessageTable(Screen screen) {
    this.screen = screen;
  }

  /** What the columns of {@link #message} are. */
  void header() {
    screen.whisper(row("Time", "Delay", "Chat", "Search stream") + "New job");
  }

  /**
   * A message has arrived.
   *
   * @param delay null if it is not known when its ads were committed
   */
  void message(
      Duration time, @Nullable Duration delay, long chatId, String stream, List<String> titles) {
    String more = titles.size() > 1 ? " and " + (titles.size() - 1) + " more" : "";
    String title = titles.isEmpty() ? "(continued)" : titles.get(0);
    String shown = delay == null ? "-" : Screen.millis(delay);
    screen.say(
        row(Screen.seconds(time), shown, Long.toString(chatId), stream)
            + Cells.cut(title, titleWidth - more.length())
            + more);
  }

  private static String row(String time, String delay, String chat, String stream) {
    return String.format(
        Locale.ROOT,
        "%8s  %10s  %" + CHAT + "s  %s  ",
        time,
        delay,
        chat,
        Cells.fit(stream, STREAM));
  }
}
