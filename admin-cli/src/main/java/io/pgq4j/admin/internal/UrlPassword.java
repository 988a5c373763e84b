package io.pgq4j.admin.internal;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/**
 * Keeps passwords off the command line, where every user of the machine can read them and the shell
 * writes them down.
 */
final class UrlPassword {
  private static final Set<String> SECRET_PARAMETERS = Set.of("password", "sslpassword");

  private UrlPassword() {}

  static void refuse(String url) {
    if (isIn(url)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--url holds a password, which every user of this machine can read in the process list:"
              + " leave it out and put it into PGPASSWORD, ~/.pgpass or PGQ_URL.");
    }
  }

  static boolean isIn(String url) {
    int question = url.indexOf('?');
    return isInUserInfo(question < 0 ? url : url.substring(0, question))
        || (question >= 0 && isInQuery(url.substring(question + 1)));
  }

  private static boolean isInUserInfo(String beforeQuery) {
    int start = beforeQuery.indexOf("//");
    int end = beforeQuery.lastIndexOf('@');
    return start >= 0 && end > start && beforeQuery.substring(start, end).indexOf(':') >= 0;
  }

  private static boolean isInQuery(String query) {
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String key = decode(equals < 0 ? parameter : parameter.substring(0, equals));
      if (SECRET_PARAMETERS.contains(key.strip().toLowerCase(Locale.ROOT))) {
        return true;
      }
    }
    return false;
  }

  private static String decode(String key) {
    try {
      return URLDecoder.decode(key, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException badEscape) {
      return key;
    }
  }
}
