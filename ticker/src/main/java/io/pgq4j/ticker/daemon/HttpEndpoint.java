package io.pgq4j.ticker.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pgq4j.daemon.ListenAddress;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A few pages over HTTP, for GET and HEAD. Serves with four threads at most, which live as long as
 * there is work; whoever is slow to ask or to read the answer loses the connection.
 */
final class HttpEndpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);
  private static final int THREADS = 4;
  private static final int BACKLOG = 50;
  private static final int BUFFER_BYTES = 1 << 14;

  static {
    // The server of the JDK knows these limits by system properties only; the user's win.
    Properties limits = System.getProperties();
    limits.putIfAbsent("sun.net.httpserver.maxReqTime", "5"); // seconds, for the whole request
    limits.putIfAbsent("sun.net.httpserver.maxRspTime", "30"); // and for the answer
    limits.putIfAbsent("sun.net.httpserver.maxReqHeaders", "50");
    limits.putIfAbsent("jdk.httpserver.maxConnections", "100");
    limits.putIfAbsent("sun.net.httpserver.nodelay", "true");
  }

  /** What a page has to say now. */
  interface Page {
    Answer answer();
  }

  /** Called once at most, after the headers are sent. */
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  /** An answer. */
  record Answer(int status, String contentType, Body body) {}

  private final HttpServer server;
  private final ExecutorService threads;

  private HttpEndpoint(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /**
   * Listens.
   *
   * @param pages by their paths
   * @throws IllegalArgumentException if that is not possible, with a sentence for the user
   */
  static HttpEndpoint open(ListenAddress address, Map<String, Page> pages) {
    HttpServer server;
    try {
      server = HttpServer.create(address.socketAddress(), BACKLOG);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot listen on %s: %s; give another address or port"
              .formatted(address, e.getMessage()),
          e);
    }
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "http " + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    server.setExecutor(threads);
    server.createContext("/", exchange -> handle(exchange, pages));
    server.start();
    return new HttpEndpoint(server, threads);
  }

  /** Where it listens, with the port it got. */
  InetSocketAddress address() {
    return server.getAddress();
  }

  private static void handle(HttpExchange exchange, Map<String, Page> pages) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      Page page = pages.get(exchange.getRequestURI().getPath());
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        send(exchange, text(405, "only GET and HEAD"));
      } else if (page == null) {
        send(exchange, text(404, "there are " + String.join(", ", pages.keySet())));
      } else {
        send(exchange, answer(page));
      }
    }
  }

  private static Answer answer(Page page) {
    try {
      return page.answer();
    } catch (RuntimeException e) {
      LOG.error("a page cannot be made", e);
      return text(500, "internal error; the log tells more");
    }
  }

  private static Answer text(int status, String text) {
    return new Answer(
        status, "text/plain; charset=utf-8", out -> out.write((text + "\n").getBytes(UTF_8)));
  }

  private static void send(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", answer.contentType());
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(answer.status(), 0);
    try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), BUFFER_BYTES)) {
      answer.body().writeTo(out);
    }
  }

  /** Stops listening; cuts what is being answered. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
