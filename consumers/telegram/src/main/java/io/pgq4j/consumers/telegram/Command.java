package io.pgq4j.consumers.telegram;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wrote to the bot.
 *
 * @param updateId later ones have higher numbers
 * @param chatId where it was written, and where the answer goes
 * @param name in lower case, without slash; empty if it was no command but some text
 * @param arguments the rest, without blanks around it
 */
public record Command(long updateId, long chatId, String name, String arguments) {
  private static final Pattern FORM =
      Pattern.compile("/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]+))?(?:\\s+(.*))?", Pattern.DOTALL);

  /** The command, or null if it is meant for another bot or is talk in a group. */
  static @Nullable Command of(long updateId, long chatId, String text, String botName) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return chatId < 0 ? null : new Command(updateId, chatId, "", text.strip());
    }
    if (matcher.group(2) != null && !matcher.group(2).equalsIgnoreCase(botName)) {
      return null;
    }
    String arguments = matcher.group(3) == null ? "" : matcher.group(3).strip();
    return new Command(updateId, chatId, matcher.group(1).toLowerCase(Locale.ROOT), arguments);
  }
}
