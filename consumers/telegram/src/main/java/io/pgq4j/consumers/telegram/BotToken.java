package io.pgq4j.consumers.telegram;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The secret that BotFather hands out for a bot. It is not a record, not serializable and its
 * {@link #toString()} is a placeholder, so that it cannot slip into a log. Immutable.
 */
public final class BotToken {
  /** The token itself. */
  public static final String ENVIRONMENT = "TELEGRAM_BOT_TOKEN";

  /** A file whose only content is the token; read when {@link #ENVIRONMENT} is not set. */
  public static final String ENVIRONMENT_FILE = "TELEGRAM_BOT_TOKEN_FILE";

  private static final Pattern FORM = Pattern.compile("[0-9]{1,20}:[A-Za-z0-9_-]{10,200}");
  private static final int MAX_FILE_BYTES = 4096;

  private final String value;

  private BotToken(String value) {
    this.value = value;
  }

  /**
   * A token that is at hand. Blanks around it are left out.
   *
   * @throws IllegalArgumentException if it does not have the form {@code digits:secret}; the
   *     message does not repeat it
   */
  public static BotToken of(String token) {
    String value = token.strip();
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "not a bot token: it has the form 123456:ABC-def, as BotFather shows it");
    }
    return new BotToken(value);
  }

  /**
   * Reads a file that contains nothing but the token and blanks around it.
   *
   * @throws IllegalArgumentException if it cannot be read or holds something else
   */
  public static BotToken fromFile(Path file) {
    String content;
    try (InputStream in = Files.newInputStream(file)) {
      content = new String(in.readNBytes(MAX_FILE_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read the bot token from the file " + file, e);
    }
    try {
      return of(content);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the file " + file + " does not hold a bot token", e);
    }
  }

  /**
   * The token of this process: {@value #ENVIRONMENT}, else the file that {@value #ENVIRONMENT_FILE}
   * names. Empty when neither is set; a variable that is set to nothing counts as not set.
   *
   * @throws IllegalArgumentException if one is set and holds no token
   */
  public static Optional<BotToken> fromEnvironment() {
    return from(System.getenv());
  }

  static Optional<BotToken> from(Map<String, String> environment) {
    String direct = environment.getOrDefault(ENVIRONMENT, "");
    if (!direct.isBlank()) {
      try {
        return Optional.of(of(direct));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(ENVIRONMENT + " is " + e.getMessage(), e);
      }
    }
    String file = environment.getOrDefault(ENVIRONMENT_FILE, "");
    if (FORM.matcher(file).find()) {
      throw new IllegalArgumentException(
          ENVIRONMENT_FILE + " names a file; the token itself belongs into " + ENVIRONMENT);
    }
    return file.isBlank() ? Optional.empty() : Optional.of(fromFile(Path.of(file)));
  }

  String value() {
    return value;
  }

  /**
   * The same text with the token, its percent-encoded form and its secret half taken out. Servers
   * echo the address in their error pages, and the address holds the token.
   */
  String scrub(String text) {
    int colon = value.indexOf(':');
    String secret = value.substring(colon + 1);
    String bot = value.substring(0, colon);
    return text.replace(value, "[token]")
        .replace(bot + "%3A" + secret, "[token]")
        .replace(bot + "%3a" + secret, "[token]")
        .replace(secret, "[token]");
  }

  @Override
  public String toString() {
    return "[bot token]";
  }
}
