package io.pgq4j.consumers.webhook;

import io.pgq4j.EventDataException;
import io.pgq4j.RetryLaterException;
import java.io.IOException;
import java.net.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The web server that gets the events. Thread-safe. */
final class Endpoint implements AutoCloseable {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final Set<Integer> NEVER = Set.of(400, 413, 415, 422);
  private static final int ANSWER_SHOWN = 300;
  private static final Duration LONGEST_RETRY_AFTER = Duration.ofDays(1);

  private final OkHttpClient client;
  private final HttpUrl url;
  private final Map<String, String> headers;
  private final @Nullable Signer signer;

  /**
   * @param signer null: requests are not signed
   */
  Endpoint(
      HttpUrl url,
      Map<String, String> headers,
      @Nullable Signer signer,
      Duration timeout,
      boolean privateAllowed) {
    this.url = url;
    this.headers = headers;
    this.signer = signer;
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .callTimeout(timeout)
            .connectTimeout(timeout)
            .readTimeout(timeout)
            .writeTimeout(timeout)
            .followRedirects(false)
            .followSslRedirects(false)
            .proxy(Proxy.NO_PROXY);
    if (!privateAllowed) {
      builder.socketFactory(new GuardedSockets());
    }
    client = builder.build();
  }

  /**
   * Posts a body; returns when the server has taken it.
   *
   * @param key the same each time that this body is sent
   * @throws EventDataException if the server will never take it
   * @throws RetryLaterException if it says when to try again
   * @throws IOException if it may take it another time
   */
  void post(byte[] body, String key) throws IOException, InterruptedException {
    long timestamp = Instant.now().getEpochSecond();
    Request.Builder request = new Request.Builder().url(url).post(RequestBody.create(body, JSON));
    headers.forEach(request::header);
    request
        .header("Idempotency-Key", key)
        .header("webhook-id", key)
        .header("webhook-timestamp", Long.toString(timestamp));
    if (signer != null) {
      request.header("webhook-signature", signer.sign(key, timestamp, body));
    }
    try (Response response = client.newCall(request.build()).execute()) {
      if (!response.isSuccessful()) {
        throw refused(response);
      }
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while waiting for " + url.host());
      }
      throw e;
    }
  }

  private IOException refused(Response response) throws IOException {
    String answer =
        "%s answered %d: %s"
            .formatted(
                url.host(), response.code(), response.peekBody(ANSWER_SHOWN).string().strip());
    Optional<Duration> later = retryAfter(response.header("Retry-After"), Instant.now());
    if (later.isPresent()) {
      throw new RetryLaterException(answer, later.get());
    }
    if (NEVER.contains(response.code())) {
      throw new EventDataException(answer);
    }
    return new IOException(answer + (response.isRedirect() ? " (redirects are not followed)" : ""));
  }

  /** A number of seconds or a time; at most a day. */
  static Optional<Duration> retryAfter(@Nullable String header, Instant now) {
    if (header == null) {
      return Optional.empty();
    }
    Duration delay;
    try {
      delay =
          header.matches("\\d{1,9}")
              ? Duration.ofSeconds(Long.parseLong(header))
              : Duration.between(
                  now,
                  ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
    Duration notNegative = delay.isNegative() ? Duration.ZERO : delay;
    return Optional.of(
        notNegative.compareTo(LONGEST_RETRY_AFTER) > 0 ? LONGEST_RETRY_AFTER : notNegative);
  }

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }
}
