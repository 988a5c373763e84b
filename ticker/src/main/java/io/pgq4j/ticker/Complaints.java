package io.pgq4j.ticker;

import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Says what is wrong, but not again and again: the same cause at most once a minute, with the
 * number of times it was kept back; and says when it is over. For one thread.
 */
final class Complaints {
  private static final long PERIOD_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MOST_CAUSES = 100;

  private final Logger log;
  private final LongSupplier nanoTime;
  private final Map<String, Said> said = new LinkedHashMap<>();
  private boolean failing;
  private long failingSince;

  private static final class Said {
    long at;
    long keptBack;
  }

  Complaints(Logger log) {
    this(log, System::nanoTime);
  }

  Complaints(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
  }

  /** A round of a duty failed; it will try again. */
  void failed(String duty, Throwable cause) {
    if (!failing) {
      failing = true;
      failingSince = nanoTime.getAsLong();
    }
    String text = describe(cause);
    if (cause instanceof SQLException || cause instanceof NotReadyException) {
      warn(text, "{}: {}; trying again{}", duty, text);
      log.debug("{} failed", duty, cause);
    } else {
      long before = mayRepeat(text);
      if (before >= 0) {
        log.error("{}: unexpected failure; trying again{}", duty, times(before), cause);
      }
    }
  }

  /** A round succeeded. */
  void settled(String duty) {
    if (failing) {
      failing = false;
      said.clear();
      long seconds = Duration.ofNanos(nanoTime.getAsLong() - failingSince).toSeconds();
      log.info("{}: working again after {} s", duty, seconds);
    }
  }

  /** A warning about one thing (the key), with a format that ends in {} for the repetitions. */
  void warn(String key, String format, Object... arguments) {
    long before = mayRepeat(key);
    if (before < 0) {
      return;
    }
    Object[] all = new Object[arguments.length + 1];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = times(before);
    log.warn(format, all);
  }

  /** How often the key was kept back since it was said; negative: keep it back again. */
  private long mayRepeat(String key) {
    long now = nanoTime.getAsLong();
    Said last = said.get(key);
    if (last != null && now - last.at < PERIOD_NANOS) {
      last.keptBack++;
      return -1;
    }
    if (last == null) {
      if (said.size() >= MOST_CAUSES) {
        said.remove(said.keySet().iterator().next());
      }
      last = new Said();
      said.put(key, last);
    }
    long before = last.keptBack;
    last.at = now;
    last.keptBack = 0;
    return before;
  }

  private static String times(long keptBack) {
    return keptBack == 0 ? "" : " (" + keptBack + " more times since last said)";
  }

  static String describe(Throwable cause) {
    String message = cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
    if (cause instanceof SQLException sql && sql.getSQLState() != null) {
      return message.strip() + " (SQLSTATE " + sql.getSQLState() + ")";
    }
    return message;
  }
}
