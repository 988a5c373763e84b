package io.pgq4j;

import java.util.regex.Pattern;

/** Keeps passwords and tokens out of what is shown. */
final class Secrets {
  private static final Pattern SECRET_NAME =
      Pattern.compile("(?i)password|token|secret|authorization|cookie|api-?key");
  private static final Pattern IN_USER_INFO = Pattern.compile("(//[^/?@:]*):[^@/?]*@");
  private static final Pattern IN_QUERY = Pattern.compile("(?i)([?&](?:ssl)?password=)[^&]*");

  private Secrets() {}

  /** The value of a setting, or {@code ***} for the parts of it that are secret. */
  static String mask(String name, String value) {
    if (SECRET_NAME.matcher(name).find()) {
      return "***";
    }
    String url = IN_USER_INFO.matcher(value).replaceAll("$1:***@");
    return IN_QUERY.matcher(url).replaceAll("$1***");
  }
}
