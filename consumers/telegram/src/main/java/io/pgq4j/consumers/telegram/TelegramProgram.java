package io.pgq4j.consumers.telegram;

import io.pgq4j.Consumer;
import io.pgq4j.Event;
import io.pgq4j.EventDataException;
import io.pgq4j.EventFields;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.Template;
import io.pgq4j.daemon.ReadyConsumer;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code pgq-consumer telegram}: each event is a message to one or more chats. */
public final class TelegramProgram implements ReadyConsumer {
  private static final Setting<BotToken> TOKEN =
      new Setting<>(
          "token",
          "a bot token such as 123456:ABC-def",
          BotToken::of,
          null,
          "the bot's token; without it and token-file, TELEGRAM_BOT_TOKEN or TELEGRAM_BOT_TOKEN_FILE");

  private static final Setting<Path> TOKEN_FILE =
      Setting.path("token-file", null, "instead of token, a file whose only content it is");

  private static final Setting<Template> CHAT =
      Setting.template("chat", null, "the chat's id, or several with commas: {chat_id}");

  private static final Setting<Template> TEXT =
      Setting.template("text", null, "the message: {title} is online");

  private static final Setting<ParseMode> PARSE_MODE =
      Setting.oneOf(
          "parse-mode",
          ParseMode.class,
          null,
          "the markup of text, in which columns are harmless; without it, text is as it is");

  private static final Setting<URI> API_URL =
      new Setting<>(
          "api-url",
          "a URL without path",
          URI::create,
          URI.create("https://api.telegram.org"),
          "where the Bot API is");

  static final List<Setting<?>> SETTINGS =
      List.of(
          Settings.QUEUE, Settings.CONSUMER, TOKEN, TOKEN_FILE, CHAT, TEXT, PARSE_MODE, API_URL);

  private static final Pattern SPECIAL_IN_MARKDOWN =
      Pattern.compile("[_*\\[\\]()~`>#+\\-=|{}.!\\\\]");

  @Override
  public String name() {
    return "telegram";
  }

  @Override
  public String summary() {
    return "Sends events as Telegram messages.";
  }

  @Override
  public List<Setting<?>> settings() {
    return SETTINGS;
  }

  @Override
  public Consumer create(Settings settings) {
    Template chat = settings.get(CHAT);
    Template text = settings.get(TEXT);
    @Nullable ParseMode mode = settings.find(PARSE_MODE).orElse(null);
    TelegramConfig config =
        TelegramConfig.builder(token(settings))
            .apiUrl(settings.get(API_URL))
            .parseMode(mode)
            .build();
    UnaryOperator<String> escape = escape(mode);
    return new TelegramNotifier(
        settings.get(Settings.QUEUE),
        settings.get(Settings.CONSUMER),
        MessageRouter.perEvent(event -> route(event, chat, text, escape)),
        config);
  }

  private static BotToken token(Settings settings) {
    return settings
        .find(TOKEN)
        .or(() -> settings.find(TOKEN_FILE).map(BotToken::fromFile))
        .or(BotToken::fromEnvironment)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no bot token: set token-file, or " + BotToken.ENVIRONMENT));
  }

  private static List<Notification> route(
      Event event, Template chat, Template text, UnaryOperator<String> escape) {
    EventFields fields = EventFields.of(event);
    String message = text.fill(fields, escape);
    if (message.isBlank()) {
      throw new EventDataException("the message of event " + event.id() + " is blank");
    }
    List<Notification> notifications = new ArrayList<>();
    for (String id : chat.fill(fields).replaceAll("[\\[\\]\\s]", "").split(",", -1)) {
      if (!id.isEmpty()) {
        notifications.add(Notification.of(event, chatId(event, id), message));
      }
    }
    return notifications;
  }

  private static long chatId(Event event, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new EventDataException("event " + event.id() + " has a chat that is no number", e);
    }
  }

  private static UnaryOperator<String> escape(@Nullable ParseMode mode) {
    if (mode == null) {
      return UnaryOperator.identity();
    }
    return switch (mode) {
      case HTML -> text -> text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
      case MARKDOWN_V2 -> text -> SPECIAL_IN_MARKDOWN.matcher(text).replaceAll("\\\\$0");
    };
  }
}
