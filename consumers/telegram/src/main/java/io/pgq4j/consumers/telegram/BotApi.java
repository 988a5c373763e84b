package io.pgq4j.consumers.telegram;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.telegram.telegrambots.client.okhttp.OkHttpTelegramClient;
import org.telegram.telegrambots.meta.TelegramUrl;
import org.telegram.telegrambots.meta.api.methods.GetMe;
import org.telegram.telegrambots.meta.api.methods.botapimethods.BotApiMethod;
import org.telegram.telegrambots.meta.api.methods.send.SendMessage;
import org.telegram.telegrambots.meta.api.methods.updates.GetUpdates;
import org.telegram.telegrambots.meta.api.objects.ResponseParameters;
import org.telegram.telegrambots.meta.api.objects.message.Message;
import org.telegram.telegrambots.meta.exceptions.TelegramApiException;
import org.telegram.telegrambots.meta.exceptions.TelegramApiRequestException;

/**
 * The Bot API over HTTP. The one place that sees the client's exceptions, which hold the token in
 * addresses: it passes on nothing but {@link Answer}s with scrubbed texts.
 */
final class BotApi implements Sender, AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(1);

  /** So few that their texts are within what AnswerNormalizer reads. */
  private static final int UPDATES = 20;

  /** Of an update that is no text: a group, so that nobody is answered. */
  private static final long NO_CHAT = -1;

  private static final Logger log = LoggerFactory.getLogger(BotApi.class);

  private final ObjectMapper mapper = new ObjectMapper();
  private final BotToken token;
  private final URI url;
  private final Duration timeout;
  private final @Nullable ParseMode parseMode;
  private final OkHttpClient http;
  private final ExecutorService threads;
  private final OkHttpTelegramClient client;

  BotApi(TelegramConfig config) {
    this(config, config.requestTimeout());
  }

  BotApi(TelegramConfig config, Duration requestTimeout) {
    token = config.token();
    url = config.apiUrl();
    timeout = requestTimeout;
    parseMode = config.parseMode();
    AtomicInteger count = new AtomicInteger();
    threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "pgq4j-telegram-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    Dispatcher dispatcher = new Dispatcher(threads);
    dispatcher.setMaxRequests(config.parallelRequests());
    dispatcher.setMaxRequestsPerHost(config.parallelRequests());
    http =
        new OkHttpClient.Builder()
            .dispatcher(dispatcher)
            .connectTimeout(CONNECT_TIMEOUT)
            .readTimeout(Duration.ZERO)
            .callTimeout(timeout)
            // Elsewhere the address, and with it the token, is nobody's business.
            .followRedirects(false)
            .addInterceptor(new AnswerNormalizer())
            .build();
    client =
        new OkHttpTelegramClient(
            mapper,
            http,
            token.value(),
            TelegramUrl.builder()
                .schema(url.getScheme())
                .host(url.getHost())
                .port(port(url))
                .testServer(false)
                .build());
    threads.execute(this::warmUp);
  }

  /**
   * The client's model of a message is hundreds of classes, and looking at them takes a good part
   * of a second: not in the first message's time.
   */
  private void warmUp() {
    SendMessage message = new SendMessage("1", "warm-up, never sent");
    try {
      mapper.writeValueAsString(message);
      message.deserializeResponse("{\"ok\":true}");
    } catch (JsonProcessingException | TelegramApiRequestException | RuntimeException e) {
      log.debug("no warm-up, the first message will take longer", e);
    }
  }

  private static int port(URI url) {
    if (url.getPort() != -1) {
      return url.getPort();
    }
    return url.getScheme().equals("https") ? 443 : 80;
  }

  @Override
  public CompletableFuture<Answer> send(long chatId, String text, boolean plain) {
    SendMessage message = new SendMessage(Long.toString(chatId), text);
    if (parseMode != null && !plain) {
      message.setParseMode(parseMode.wireName());
    }
    try {
      return client.executeAsync(message).handle((sent, error) -> answer(error));
    } catch (TelegramApiException | RuntimeException e) {
      return CompletableFuture.completedFuture(answer(e));
    }
  }

  /** The bot's user name, asked of Telegram. */
  String botName() throws InterruptedException {
    return call(new GetMe()).getUserName();
  }

  private <T extends Serializable> T call(BotApiMethod<T> method) throws InterruptedException {
    Answer answer;
    try {
      return client.executeAsync(method).get();
    } catch (ExecutionException e) {
      answer = answer(e.getCause());
    } catch (TelegramApiException e) {
      answer = answer(e);
    }
    throw answer.kind() == Answer.Kind.BAD_TOKEN
        ? badToken(answer.reason())
        : new TelegramException(answer.reason());
  }

  /** What somebody wrote in a chat. */
  record Update(long id, long chatId, String text) {}

  /**
   * Messages from the given update on, oldest first; those before are confirmed and do not come
   * again. Waits for one if there is none.
   *
   * @param wait shorter than the request timeout; then the result is empty
   */
  List<Update> updates(long from, Duration wait) throws InterruptedException {
    GetUpdates request = new GetUpdates();
    request.setOffset(Math.toIntExact(from));
    request.setLimit(UPDATES);
    request.setTimeout(Math.toIntExact(wait.toSeconds()));
    request.setAllowedUpdates(List.of("message"));
    return call(request).stream().map(BotApi::update).toList();
  }

  private static Update update(org.telegram.telegrambots.meta.api.objects.Update update) {
    Message message = update.getMessage();
    boolean isText = message != null && message.getText() != null;
    return isText
        ? new Update(update.getUpdateId(), message.getChatId(), message.getText())
        : new Update(update.getUpdateId(), NO_CHAT, "");
  }

  static TelegramException badToken(String reason) {
    return new TelegramException(
        "Telegram refuses the bot: check "
            + BotToken.ENVIRONMENT
            + " and the address of the Bot API. "
            + reason);
  }

  @Override
  public void cancelAll() {
    http.dispatcher().cancelAll();
  }

  @Override
  public void close() {
    cancelAll();
    threads.shutdown();
    http.connectionPool().evictAll();
  }

  private Answer answer(@Nullable Throwable error) {
    if (error == null) {
      return Answer.DELIVERED;
    }
    if (error instanceof TelegramApiRequestException refusal && refusal.getErrorCode() != null) {
      return refused(refusal.getErrorCode(), refusal);
    }
    if (error instanceof InterruptedIOException) {
      return Answer.of(
          Answer.Kind.FAILED, "no answer from " + url + " within " + timeout.toMillis() + " ms");
    }
    return Answer.of(
        Answer.Kind.FAILED,
        "cannot talk to "
            + url
            + ": "
            + token.scrub(error.getClass().getSimpleName() + ": " + error.getMessage()));
  }

  private Answer refused(int code, TelegramApiRequestException refusal) {
    String words = token.scrub(String.valueOf(refusal.getApiResponse()));
    String reason = "Telegram answered " + code + ": " + words;
    ResponseParameters parameters = refusal.getParameters();
    if (parameters != null && parameters.getMigrateToChatId() != null) {
      return Answer.migrated(parameters.getMigrateToChatId(), reason);
    }
    return switch (code) {
      case 429 -> Answer.tooMany(pause(parameters), reason);
      case 403 -> Answer.of(Answer.Kind.UNREACHABLE, reason);
      case 401, 404 -> Answer.of(Answer.Kind.BAD_TOKEN, reason);
      case 400 -> Answer.of(badRequest(words.toLowerCase(Locale.ROOT)), reason);
      case 408 -> Answer.of(Answer.Kind.FAILED, reason);
      default ->
          Answer.of(code >= 400 && code < 500 ? Answer.Kind.REFUSED : Answer.Kind.FAILED, reason);
    };
  }

  // The Bot API tells these apart by its words only.
  private static Answer.Kind badRequest(String words) {
    if (words.contains("chat not found")) {
      return Answer.Kind.UNREACHABLE;
    }
    return words.contains("can't parse entities") ? Answer.Kind.BAD_MARKUP : Answer.Kind.REFUSED;
  }

  private static Duration pause(@Nullable ResponseParameters parameters) {
    if (parameters == null || parameters.getRetryAfter() == null) {
      return DEFAULT_PAUSE;
    }
    Duration asked = Duration.ofSeconds(parameters.getRetryAfter());
    return asked.compareTo(DEFAULT_PAUSE) < 0 ? DEFAULT_PAUSE : asked;
  }
}
