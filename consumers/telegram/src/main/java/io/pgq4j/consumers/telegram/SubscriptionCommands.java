package io.pgq4j.consumers.telegram;

import io.pgq4j.consumers.telegram.Subscriptions.Subscription;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Lets chats manage their {@link Subscriptions}: {@code /add php, wordpress}, {@code /list}, {@code
 * /pause}, {@code /resume}, {@code /remove 3}, and {@code /start}. Who may write in a group may
 * change the group's.
 */
public final class SubscriptionCommands implements CommandHandler {
  private static final int MOST = 50;
  private static final int LONGEST = 200;
  private static final String HELP =
      """
      Say what you look for, and hear of it when it is new:
      /add php, wordpress
      /list shows what you look for
      /pause and /resume all, or one: /pause 3
      /remove 3""";

  private final Subscriptions subscriptions;

  public SubscriptionCommands(Subscriptions subscriptions) {
    this.subscriptions = subscriptions;
  }

  @Override
  public long lastUpdate() throws Exception {
    return subscriptions.lastUpdate();
  }

  @Override
  public String handle(Command command) throws Exception {
    return switch (command.name()) {
      case "add" -> add(command);
      case "list" -> list(subscriptions.list(command.chatId()));
      case "pause" -> setPaused(command, true);
      case "resume" -> setPaused(command, false);
      case "remove" -> remove(command);
      default -> HELP;
    };
  }

  private String add(Command command) throws Exception {
    String text = command.arguments().replaceAll("\\s+", " ");
    check(!text.isEmpty(), "What do you look for? For example: /add php, wordpress");
    check(
        text.length() <= LONGEST, "That is too long: at most " + LONGEST + " characters, please.");
    List<Subscription> all = subscriptions.list(command.chatId());
    Optional<Subscription> same =
        all.stream().filter(each -> each.text().equalsIgnoreCase(text)).findFirst();
    if (same.isPresent()) {
      return "You look for that already: " + line(same.get());
    }
    check(all.size() < MOST, "You look for " + MOST + " things; /remove one first.");
    return "Added: "
        + line(
            new Subscription(
                subscriptions.add(command.updateId(), command.chatId(), text), text, false));
  }

  private static String list(List<Subscription> all) {
    return all.isEmpty()
        ? "You look for nothing yet. For example: /add php, wordpress"
        : all.stream().map(SubscriptionCommands::line).collect(Collectors.joining("\n"));
  }

  private String setPaused(Command command, boolean paused) throws Exception {
    OptionalLong id =
        command.arguments().isEmpty() ? OptionalLong.empty() : OptionalLong.of(known(command).id());
    subscriptions.setPaused(command.updateId(), command.chatId(), id, paused);
    return list(subscriptions.list(command.chatId()));
  }

  private String remove(Command command) throws Exception {
    Subscription known = known(command);
    subscriptions.remove(command.updateId(), command.chatId(), known.id());
    return "Removed: " + line(known);
  }

  /** The one whose number was written. */
  private Subscription known(Command command) throws Exception {
    String number = command.arguments().replaceFirst("^#", "");
    return subscriptions.list(command.chatId()).stream()
        .filter(each -> Long.toString(each.id()).equals(number))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Which one? Write its number, for example: /"
                        + command.name()
                        + " 3\n/list shows them."));
  }

  private static String line(Subscription one) {
    return "#" + one.id() + " " + one.text() + (one.paused() ? " (paused)" : "");
  }

  private static void check(boolean valid, String answer) {
    if (!valid) {
      throw new IllegalArgumentException(answer);
    }
  }
}
