package io.pgq4j.consumers.telegram;

import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link TelegramNotifier} sends; see {@link Builder} for what each setting means. Its {@link
 * #toString()} does not show the token.
 */
public record TelegramConfig(
    BotToken token,
    URI apiUrl,
    @Nullable ParseMode parseMode,
    ChatStatus chatStatus,
    Consumer<Notification> onDelivered,
    Rate perChat,
    Rate perGroup,
    Rate overall,
    Duration requestTimeout,
    Duration longestPause,
    int digestFrom,
    int parallelRequests,
    int windowEvents,
    int rememberedDeliveries) {

  /**
   * A configuration; the builder is the way to it.
   *
   * @throws IllegalArgumentException if a setting is out of its range
   */
  public TelegramConfig {
    checkUrl(apiUrl);
    check("requestTimeout", requestTimeout.toMillis());
    check("longestPause", longestPause.toMillis());
    check("digestFrom", digestFrom);
    check("parallelRequests", parallelRequests);
    check("windowEvents", windowEvents);
    check("rememberedDeliveries", rememberedDeliveries);
  }

  /** A builder with the defaults for this bot. */
  public static Builder builder(BotToken token) {
    return new Builder(token);
  }

  private static void check(String setting, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(setting + " must be positive");
    }
  }

  // The client composes the address itself, of these three parts. The message does not repeat the
  // address, for it may hold a password.
  private static void checkUrl(URI url) {
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    boolean bare =
        (url.getRawPath() == null || url.getRawPath().matches("/?"))
            && url.getRawQuery() == null
            && url.getRawFragment() == null
            && url.getRawUserInfo() == null;
    if (!http || url.getHost() == null || !bare) {
      throw new IllegalArgumentException(
          "apiUrl must be http://host[:port] or https://host[:port], without user, path or query");
    }
  }

  /**
   * Builds a {@link TelegramConfig}.
   *
   * <p>Defaults:
   *
   * <ul>
   *   <li>{@link #apiUrl}: https://api.telegram.org
   *   <li>{@link #parseMode}: none, plain text
   *   <li>{@link #chatStatus}: {@link ChatStatus#inMemory()}
   *   <li>{@link #onDelivered}: nothing
   *   <li>{@link #perChat}: 1 per second
   *   <li>{@link #perGroup}: 20 per minute
   *   <li>{@link #overall}: 30 per second
   *   <li>{@link #requestTimeout}: 15 s
   *   <li>{@link #longestPause}: 10 s
   *   <li>{@link #digestFrom}: 4
   *   <li>{@link #parallelRequests}: 4
   *   <li>{@link #windowEvents}: 1,000
   *   <li>{@link #rememberedDeliveries}: 50,000
   * </ul>
   */
  public static final class Builder {
    private final BotToken token;
    private URI apiUrl = URI.create("https://api.telegram.org");
    private @Nullable ParseMode parseMode;
    private ChatStatus chatStatus = ChatStatus.inMemory();
    private Consumer<Notification> onDelivered = notification -> {};
    private Rate perChat = Rate.perSecond(1);
    private Rate perGroup = Rate.perMinute(20);
    private Rate overall = Rate.perSecond(30);
    private Duration requestTimeout = Duration.ofSeconds(15);
    private Duration longestPause = Duration.ofSeconds(10);
    private int digestFrom = 4;
    private int parallelRequests = 4;
    private int windowEvents = 1_000;
    private int rememberedDeliveries = 50_000;

    private Builder(BotToken token) {
      this.token = token;
    }

    /** Where the Bot API is: for a Bot API server of your own, or a stand-in. */
    public Builder apiUrl(URI url) {
      this.apiUrl = url;
      return this;
    }

    /**
     * The markup of all texts. A text whose markup Telegram cannot read is sent as plain text; that
     * happens to a text of several messages when it is cut between two tags.
     */
    public Builder parseMode(@Nullable ParseMode mode) {
      this.parseMode = mode;
      return this;
    }

    /** What is told, and asked, about chats that cannot be reached or have moved. */
    public Builder chatStatus(ChatStatus status) {
      this.chatStatus = status;
      return this;
    }

    /**
     * Called on the consumer's thread as soon as Telegram has taken a notification, for display and
     * metrics; what has to be written down belongs into {@link MessageRouter#delivered}. An
     * exception is logged and ignored.
     */
    public Builder onDelivered(Consumer<Notification> listener) {
      this.onDelivered = listener;
      return this;
    }

    /** How fast one chat may get messages. */
    public Builder perChat(Rate rate) {
      this.perChat = rate;
      return this;
    }

    /** How fast one group or channel may get messages, in addition to {@link #perChat}. */
    public Builder perGroup(Rate rate) {
      this.perGroup = rate;
      return this;
    }

    /**
     * How fast the bot may send to all chats together. Several notifiers of one bot share it out.
     */
    public Builder overall(Rate rate) {
      this.overall = rate;
      return this;
    }

    /**
     * For how long an answer is awaited. Later the message counts as not sent, though it may be.
     */
    public Builder requestTimeout(Duration timeout) {
      this.requestTimeout = timeout;
      return this;
    }

    /**
     * For how long a message waits for its chat, be it for a rate or because Telegram asked for
     * silence, before it is put off into the retry queue with the rest of the time. Until then the
     * batch is held up.
     */
    public Builder longestPause(Duration pause) {
      this.longestPause = pause;
      return this;
    }

    /**
     * From how many texts waiting for one chat on they are joined, as many as fit into each
     * message. 1: join whenever possible; {@link Integer#MAX_VALUE}: never.
     */
    public Builder digestFrom(int texts) {
      this.digestFrom = texts;
      return this;
    }

    /** How many requests, each to another chat, are under way at once. */
    public Builder parallelRequests(int requests) {
      this.parallelRequests = requests;
      return this;
    }

    /**
     * How many events are routed, and held in memory with their texts, at once. A batch is worked
     * off in windows of at most so many events and about 4 million characters of data.
     */
    public Builder windowEvents(int events) {
      this.windowEvents = events;
      return this;
    }

    /**
     * How many of the latest deliveries (event, chat, topic) are remembered, so that a repeated
     * event is not sent again to those who have it; about 200 bytes each. At least the
     * notifications of a batch, for the repetition of a whole batch to repeat no message.
     */
    public Builder rememberedDeliveries(int deliveries) {
      this.rememberedDeliveries = deliveries;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException if a setting is out of its range
     */
    public TelegramConfig build() {
      return new TelegramConfig(
          token,
          apiUrl,
          parseMode,
          chatStatus,
          onDelivered,
          perChat,
          perGroup,
          overall,
          requestTimeout,
          longestPause,
          digestFrom,
          parallelRequests,
          windowEvents,
          rememberedDeliveries);
    }
  }
}
