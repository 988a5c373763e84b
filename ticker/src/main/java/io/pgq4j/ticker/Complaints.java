package io.pgq4j.ticker;

import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;

/**
 * Says what is wrong, but not again and again: the same cause at most once a minute, also when it
 * came and went meanwhile, with the number of times it was kept back. Causes that differ in numbers
 * alone are the same one. Says when it is over what it has said. For one thread.
 */
final class Complaints {
  private static final long PERIOD_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MOST_CAUSES = 100;
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  private final Logger log;
  private final LongSupplier nanoTime;
  private final Map<String, Said> said = new LinkedHashMap<>();
  private boolean failing;
  private long failingSince;
  private boolean failureSaid;

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
      failureSaid = false;
      failingSince = nanoTime.getAsLong();
    }
    String text = describe(cause);
    if (cause instanceof SQLException || cause instanceof NotReadyException) {
      failureSaid |= warn(text, "{}: {}; trying again{}", duty, text);
      log.debug("{} failed", duty, cause);
    } else {
      long before = mayRepeat(text);
      if (before >= 0) {
        failureSaid = true;
        log.error("{}: unexpected failure; trying again{}", duty, times(before), cause);
      }
    }
  }

  /** A round succeeded. */
  void settled(String duty) {
    boolean isNews = failing && failureSaid;
    failing = false;
    if (isNews) {
      long seconds = Duration.ofNanos(nanoTime.getAsLong() - failingSince).toSeconds();
      log.info("{}: working again after {} s", duty, seconds);
    }
  }

  /**
   * A warning about one thing (the key), with a format that ends in {} for the repetitions.
   *
   * @return whether it was said now
   */
  boolean warn(String key, String format, Object... arguments) {
    long before = mayRepeat(key);
    if (before < 0) {
      return false;
    }
    Object[] all = new Object[arguments.length + 1];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = times(before);
    log.warn(format, all);
    return true;
  }

  /** How often the cause was kept back since it was said; negative: keep it back again. */
  private long mayRepeat(String cause) {
    long now = nanoTime.getAsLong();
    String key = NUMBER.matcher(cause).replaceAll("#");
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

  /** In one line, with the hint, which names the cure. */
  static String describe(Throwable cause) {
    String message = cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
    ServerErrorMessage sent =
        cause instanceof PSQLException byServer ? byServer.getServerErrorMessage() : null;
    if (sent != null) {
      message = sent.getSeverity() + ": " + Session.text(sent);
    }
    if (cause instanceof SQLException sql && sql.getSQLState() != null) {
      return message.strip() + " (SQLSTATE " + sql.getSQLState() + ")";
    }
    return message;
  }
}
