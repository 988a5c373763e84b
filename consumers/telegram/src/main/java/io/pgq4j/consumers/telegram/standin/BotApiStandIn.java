package io.pgq4j.consumers.telegram.standin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pgq4j.consumers.telegram.BotToken;
import io.pgq4j.consumers.telegram.Rate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A local HTTP server that answers getMe, getUpdates and sendMessage as Telegram's Bot API does:
 * for tests and for demonstrations without a bot. Listens on the loopback address only.
 *
 * <p>It takes every well-formed message until told otherwise: chats can be given a lasting fault
 * ({@link #setFault}), the next requests can be made to fail ({@link #failNext}), and flood control
 * can be switched on ({@link #enforceRates}). It remembers the latest 10,000 messages. Thread-safe.
 */
public final class BotApiStandIn implements AutoCloseable {
  /** The token of the bot that lives here; no secret. */
  public static final String TOKEN = "1:stand-in-of-the-bot-api";

  static {
    // The server writes head and body apart; without this each answer takes 40 ms, the time that
    // the
    // client's kernel delays its acknowledgement of the head.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private static final int MESSAGE_LIMIT = 4096;
  private static final int REMEMBERED = 10_000;

  private final ObjectMapper mapper = new ObjectMapper();
  private final HttpServer server;
  private final String token;
  private final ExecutorService threads;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Consumer<SentMessage>> listeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> requestListeners = new CopyOnWriteArrayList<>();
  private final Inbox inbox = new Inbox();

  private final Object lock = new Object();
  private final Deque<SentMessage> messages = new ArrayDeque<>();
  private final Map<Long, Fault> faults = new HashMap<>();
  private final Deque<Fault> nextFaults = new ArrayDeque<>();
  private final Map<Long, Deque<Fault>> nextFaultsOfChat = new HashMap<>();
  private @Nullable FloodControl floodControl;
  private long lastMessageId;
  private long requests;

  private BotApiStandIn(HttpServer server, String token) {
    this.server = server;
    this.token = token;
    threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "bot-api-stand-in");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Starts a stand-in for {@link #TOKEN} on a free port. */
  public static BotApiStandIn start() {
    return start(TOKEN);
  }

  /**
   * Starts a stand-in on a free port.
   *
   * @param token of the only bot that it knows
   * @throws UncheckedIOException if it cannot listen
   */
  public static BotApiStandIn start(String token) {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the stand-in of the Bot API", e);
    }
    BotApiStandIn standIn = new BotApiStandIn(server, token);
    server.createContext("/", standIn::handle);
    server.setExecutor(standIn.threads);
    server.start();
    return standIn;
  }

  /** The address for {@code TelegramConfig.Builder.apiUrl}. */
  public URI url() {
    InetSocketAddress address = server.getAddress();
    String host = address.getAddress().getHostAddress();
    return URI.create(
        "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort());
  }

  /** The token for the notifier's configuration. */
  public BotToken token() {
    return BotToken.of(token);
  }

  /** Has somebody write to the bot. */
  public void write(long chatId, String text) {
    inbox.add(chatId, text);
  }

  /** Calls the listener, on a thread of the server, before a message taken is acknowledged. */
  public void onMessage(Consumer<SentMessage> listener) {
    listeners.add(listener);
  }

  /** Calls the listener, on a thread of the server, before a sendMessage request is looked at. */
  public void onRequest(Runnable listener) {
    requestListeners.add(listener);
  }

  /** The messages taken, oldest first. */
  public List<SentMessage> messages() {
    synchronized (lock) {
      return List.copyOf(messages);
    }
  }

  /** The texts that one chat has got, oldest first. */
  public List<String> texts(long chatId) {
    return messages().stream()
        .filter(message -> message.chatId() == chatId)
        .map(SentMessage::text)
        .toList();
  }

  /** How many sendMessage requests have come, taken or not. */
  public long requests() {
    synchronized (lock) {
      return requests;
    }
  }

  /** All messages to this chat meet this fault from now on. */
  public void setFault(long chatId, Fault fault) {
    synchronized (lock) {
      faults.put(chatId, fault);
    }
  }

  /** This chat takes messages again. */
  public void clearFault(long chatId) {
    synchronized (lock) {
      faults.remove(chatId);
    }
  }

  /** The next requests, whatever their chat, meet these faults, one each. */
  public void failNext(Fault... next) {
    synchronized (lock) {
      nextFaults.addAll(Arrays.asList(next));
    }
  }

  /** The next requests for this chat meet these faults, one each. */
  public void failNext(long chatId, Fault... next) {
    synchronized (lock) {
      nextFaultsOfChat
          .computeIfAbsent(chatId, id -> new ArrayDeque<>())
          .addAll(Arrays.asList(next));
    }
  }

  /** Answers 429 to what comes faster than Telegram's published limits. */
  public void enforceRates() {
    enforceRates(Rate.perSecond(1), Rate.perMinute(20), Rate.perSecond(30));
  }

  /** Answers 429 to what comes faster than this. */
  public void enforceRates(Rate perChat, Rate perGroup, Rate overall) {
    synchronized (lock) {
      floodControl = new FloodControl(perChat, perGroup, overall);
    }
  }

  /** Stops listening and lets hanging requests go. */
  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String path = exchange.getRequestURI().getPath();
      String bot = "/bot" + token + "/";
      if (!path.startsWith(bot)) {
        respond(exchange, Fault.error(401, "Unauthorized"));
        return;
      }
      // Method names are case-insensitive.
      switch (path.substring(bot.length()).toLowerCase(Locale.ROOT)) {
        case "getme" -> respond(exchange, 200, ok(me()));
        case "getupdates" -> getUpdates(exchange, parse(body));
        case "sendmessage" -> sendMessage(exchange, body);
        default -> respond(exchange, Fault.error(404, "Not Found"));
      }
    }
  }

  private void getUpdates(HttpExchange exchange, JsonNode request) throws IOException {
    try {
      long offset = request.path("offset").asLong();
      respond(exchange, 200, ok(inbox.from(offset, request.path("timeout").asLong())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void sendMessage(HttpExchange exchange, String body) throws IOException {
    Instant arrivedAt = Instant.now();
    requestListeners.forEach(Runnable::run);
    JsonNode request = parse(body);
    long chatId = request.path("chat_id").asLong();
    SentMessage message = null;
    Fault fault;
    synchronized (lock) {
      requests++;
      fault = refusal(chatId, request.path("text").asText());
      if (fault == null) {
        message = take(request, chatId, arrivedAt);
      }
    }
    if (message == null) {
      respond(exchange, fault);
      return;
    }
    for (Consumer<SentMessage> listener : listeners) {
      listener.accept(message);
    }
    respond(exchange, 200, ok(result(message)));
  }

  private JsonNode parse(String body) {
    try {
      return mapper.readTree(body);
    } catch (JsonProcessingException e) {
      return mapper.createObjectNode();
    }
  }

  private @Nullable Fault refusal(long chatId, String text) {
    Fault scripted = scripted(chatId);
    if (scripted != null) {
      return scripted;
    }
    if (chatId == 0) {
      return Fault.error(400, "Bad Request: chat_id is empty");
    }
    if (text.isBlank()) {
      return Fault.error(400, "Bad Request: message text is empty");
    }
    if (text.length() > MESSAGE_LIMIT) {
      return Fault.error(400, "Bad Request: message is too long");
    }
    long wait = floodControl == null ? 0 : floodControl.admit(chatId, System.nanoTime());
    return wait == 0 ? null : Fault.tooManyRequests((int) (wait / 1_000_000_000L) + 1);
  }

  private @Nullable Fault scripted(long chatId) {
    Deque<Fault> ofChat = nextFaultsOfChat.get(chatId);
    if (ofChat != null && !ofChat.isEmpty()) {
      return ofChat.removeFirst();
    }
    Fault next = nextFaults.pollFirst();
    return next != null ? next : faults.get(chatId);
  }

  private SentMessage take(JsonNode request, long chatId, Instant arrivedAt) {
    JsonNode parseMode = request.get("parse_mode");
    lastMessageId++;
    SentMessage message =
        new SentMessage(
            lastMessageId,
            chatId,
            request.path("text").asText(),
            parseMode == null ? null : parseMode.asText(),
            arrivedAt);
    messages.addLast(message);
    if (messages.size() > REMEMBERED) {
      messages.removeFirst();
    }
    return message;
  }

  private void respond(HttpExchange exchange, @Nullable Fault fault) throws IOException {
    if (fault == null || fault.kind == Fault.Kind.DISCONNECT) {
      return; // Closing an exchange that was not answered closes the connection.
    }
    switch (fault.kind) {
      case HANG -> hang();
      case REDIRECT -> {
        exchange.getResponseHeaders().set("Location", fault.body);
        respond(exchange, fault.status, "");
      }
      case RAW -> respond(exchange, fault.status, fault.body);
      default -> respond(exchange, fault.status, error(fault));
    }
  }

  private void hang() {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void respond(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private String ok(Object result) throws JsonProcessingException {
    return mapper.writeValueAsString(Map.of("ok", true, "result", result));
  }

  private String error(Fault fault) throws JsonProcessingException {
    Map<String, Object> answer = new HashMap<>();
    answer.put("ok", false);
    answer.put("error_code", fault.status);
    answer.put("description", fault.body);
    if (!fault.parameters.isEmpty()) {
      answer.put("parameters", fault.parameters);
    }
    return mapper.writeValueAsString(answer);
  }

  private static Map<String, Object> me() {
    return Map.of("id", 1, "is_bot", true, "first_name", "Stand-in", "username", "stand_in_bot");
  }

  private static Map<String, Object> result(SentMessage message) {
    return Map.of(
        "message_id", message.messageId(),
        "date", message.arrivedAt().getEpochSecond(),
        "chat",
            Map.of("id", message.chatId(), "type", message.chatId() < 0 ? "supergroup" : "private"),
        "text", message.text());
  }
}
