package io.pgq4j.consumers.webhook;

import io.pgq4j.Consumer;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.daemon.ReadyConsumer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** {@code pgq-consumer webhook}. */
public final class WebhookProgram implements ReadyConsumer {
  private static final Setting<HttpUrl> URL =
      new Setting<>(
          "webhook-url",
          "a URL, http:// or https://, without user and password",
          WebhookProgram::url,
          null,
          "where to send the events");

  private static final Setting<String> SECRET =
      Setting.text(
          "secret",
          null,
          "the key of signatures: any text, or whsec_ and base64; not signed without");

  private static final Setting<Path> SECRET_FILE =
      Setting.path("secret-file", null, "instead of secret, a file whose only content it is");

  private static final Setting<String> HEADER =
      Setting.text("header.*", null, "a header of each request: header.Accept=text/plain");

  private static final Setting<Integer> EVENTS_PER_REQUEST =
      new Setting<>(
          "events-per-request",
          "an integer from 1 to 10000",
          WebhookProgram::count,
          1,
          "1: the body is an event; more: an array of up to so many, and of about 1 MB");

  private static final Setting<Duration> TIMEOUT =
      Setting.positiveDuration(
          "timeout",
          Duration.ofSeconds(10),
          "how long a request may take until its answer is read");

  private static final Setting<Boolean> PRIVATE_ALLOWED =
      Setting.bool(
          "allow-private-addresses",
          false,
          "whether the server may be on this machine or in a private network");

  static final List<Setting<?>> SETTINGS =
      List.of(
          Settings.QUEUE,
          Settings.CONSUMER,
          URL,
          SECRET,
          SECRET_FILE,
          HEADER,
          EVENTS_PER_REQUEST,
          TIMEOUT,
          PRIVATE_ALLOWED);

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public String summary() {
    return "Sends events to a web server, signed.";
  }

  @Override
  public List<Setting<?>> settings() {
    return SETTINGS;
  }

  @Override
  public Consumer create(Settings settings) {
    HttpUrl url = settings.get(URL);
    boolean privateAllowed = settings.get(PRIVATE_ALLOWED);
    if (!privateAllowed) {
      checkAddress(url);
    }
    Map<String, String> headers = settings.all(HEADER);
    headers.forEach(WebhookProgram::checkHeader);
    Endpoint endpoint =
        new Endpoint(
            url,
            headers,
            settings.findSecret(SECRET, SECRET_FILE).map(Signer::new).orElse(null),
            settings.get(TIMEOUT),
            privateAllowed);
    int eventsPerRequest = settings.get(EVENTS_PER_REQUEST);
    return eventsPerRequest == 1
        ? new Webhook(settings, endpoint)
        : new BatchWebhook(settings, endpoint, eventsPerRequest);
  }

  private static HttpUrl url(String text) {
    @Nullable HttpUrl url = HttpUrl.parse(text);
    if (url == null || !url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty()) {
      throw new IllegalArgumentException("no URL");
    }
    return url;
  }

  /** An address in the URL is told at once; what a name resolves to, at each connection. */
  private static void checkAddress(HttpUrl url) {
    if (!url.host().matches("[0-9.]+|.*:.*")) {
      return;
    }
    try {
      if (PrivateAddresses.contain(InetAddress.getByName(url.host()))) {
        throw new IllegalArgumentException(
            "webhook-url has a private address; allow-private-addresses=true allows it");
      }
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("webhook-url has an address that is none", e);
    }
  }

  private static void checkHeader(String name, String value) {
    try {
      okhttp3.Headers.of(name, value);
    } catch (IllegalArgumentException e) {
      // Without the value, which may be a secret, and so without the cause.
      throw new IllegalArgumentException("header." + name + " is no HTTP header");
    }
  }

  private static int count(String text) {
    int count = Integer.parseInt(text);
    if (count < 1 || count > 10_000) {
      throw new IllegalArgumentException(text);
    }
    return count;
  }
}
