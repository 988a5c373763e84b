package io.pgq4j.admin.web;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.daemon.ListenAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves the console until the program is told to end. */
@Command(
    name = "web",
    description = {
      "Serves a console for the browser: queues with live rates and lags, consumers, batches,"
          + " retries and dead letters, events, and what the doctor finds.",
      "It changes nothing without --allow-writes. On the loopback address everybody on this machine"
          + " may look; where PGQ_WEB_TOKEN is set, only who knows that token. Another address"
          + " needs one. The user of the database has to be in the role pgq_admin.",
      "It runs until ^C.",
      "JSON: {\"url\": …}"
    },
    footer = "  pgq-admin web --listen 8080 --allow-writes")
public final class WebCommand extends AdminCommand {
  private static final String TOKEN = "PGQ_WEB_TOKEN";
  private static final int TOKEN_LENGTH = 16;

  @Option(
      names = "--listen",
      paramLabel = "[HOST:]PORT",
      defaultValue = "8642",
      description =
          "Where to listen; a port alone is the loopback address's, 0 any that is free. Default:"
              + " 8642.")
  private String listen = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "A host name by which browsers reach it, besides localhost and addresses: that of a proxy"
              + " before it, for example. Can be repeated.")
  private List<String> names = List.of();

  @Option(names = "--allow-writes", description = "Let the console send dead letters back.")
  private boolean allowWrites;

  @Override
  protected void run() {
    ListenAddress address = address();
    String token = token(address);
    String database = onConnection(connection -> database());
    Set<String> hosts =
        names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    Console console =
        valid(
            () ->
                Console.start(
                    new Console.Options(address, hosts, token, allowWrites, database),
                    dataSource()));
    Runtime.getRuntime().addShutdownHook(new Thread(console::close, "stop"));
    print(JsonObject.of("url", console.url()), out -> out.println(console.url()));
    out().flush();
    waitForTheEnd();
  }

  private ListenAddress address() {
    try {
      return ListenAddress.parse(listen);
    } catch (IllegalArgumentException e) {
      throw usage("--listen: '" + listen + "' is " + e.getMessage() + ".");
    }
  }

  /** From the environment: a command line can be read by every user of the machine. */
  private @Nullable String token(ListenAddress address) {
    String token = environment().get(TOKEN);
    if (token != null && token.length() < TOKEN_LENGTH) {
      throw usage(TOKEN + " is too short; give it " + TOKEN_LENGTH + " characters at least.");
    }
    InetAddress listening = address.socketAddress().getAddress();
    if (token == null && (listening == null || !listening.isLoopbackAddress())) {
      throw usage(
          "Whoever reaches "
              + address
              + " could read all events; set "
              + TOKEN
              + " to a secret of "
              + TOKEN_LENGTH
              + " characters at least, and give it to those who may.");
    }
    return token;
  }

  private static void waitForTheEnd() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
