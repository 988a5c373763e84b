package io.pgq4j.consumers.websocket;

import io.pgq4j.Consumer;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.daemon.ListenAddress;
import io.pgq4j.daemon.ReadyConsumer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code pgq-consumer websocket}. */
public final class WebsocketProgram implements ReadyConsumer {
  private static final Setting<ListenAddress> LISTEN =
      new Setting<>(
          "listen",
          ListenAddress.KIND,
          ListenAddress::parse,
          ListenAddress.parse("8085"),
          "where browsers connect, at the path /events; TLS is the work of a proxy before it");

  private static final Setting<List<String>> ORIGINS =
      Setting.list(
          "origins",
          null,
          "the sites whose pages may connect, each as https://app.example; * is any");

  private static final Setting<String> SECRET =
      Setting.text("secret", null, "what tokens are signed with, 32 bytes or more");

  private static final Setting<Path> SECRET_FILE =
      Setting.path("secret-file", null, "instead of secret, a file whose only content it is");

  private static final Setting<Boolean> ANONYMOUS =
      Setting.bool("anonymous", false, "instead of a secret: whoever can connect may read all");

  private static final Setting<Integer> RING_EVENTS =
      positive("ring-events", 10_000, "how many events are kept for readers that come again");

  private static final Setting<Integer> RING_MEGABYTES =
      positive("ring-megabytes", 64, "about how much memory these take at most");

  private static final Setting<Integer> MAX_READERS =
      positive("max-readers", 10_000, "how many sockets there may be");

  static final List<Setting<?>> SETTINGS =
      List.of(
          Settings.QUEUE,
          Settings.CONSUMER,
          LISTEN,
          ORIGINS,
          SECRET,
          SECRET_FILE,
          ANONYMOUS,
          RING_EVENTS,
          RING_MEGABYTES,
          MAX_READERS);

  @Override
  public String name() {
    return "websocket";
  }

  @Override
  public String summary() {
    return "Pushes events to browsers.";
  }

  @Override
  public List<Setting<?>> settings() {
    return SETTINGS;
  }

  @Override
  public Consumer create(Settings settings) {
    EventServer.Builder server =
        EventServer.builder()
            .listen(settings.get(LISTEN))
            .origins(settings.get(ORIGINS).toArray(String[]::new))
            .ring(settings.get(RING_EVENTS), (long) settings.get(RING_MEGABYTES) << 20)
            .maxReaders(settings.get(MAX_READERS));
    Optional<String> secret = settings.findSecret(SECRET, SECRET_FILE);
    secret.ifPresent(server::secret);
    if (settings.get(ANONYMOUS)) {
      server.anonymous();
    }
    return server.build().consumer(settings.get(Settings.QUEUE), settings.get(Settings.CONSUMER));
  }

  private static Setting<Integer> positive(String name, int defaultValue, String help) {
    return new Setting<>(
        name,
        "an integer above 0",
        text -> {
          int value = Integer.parseInt(text);
          if (value < 1) {
            throw new IllegalArgumentException(text);
          }
          return value;
        },
        defaultValue,
        help);
  }
}
