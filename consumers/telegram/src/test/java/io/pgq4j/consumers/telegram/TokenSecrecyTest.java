package io.pgq4j.consumers.telegram;

import static io.pgq4j.consumers.telegram.FakeBatch.event;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import io.pgq4j.consumers.telegram.standin.BotApiStandIn;
import io.pgq4j.consumers.telegram.standin.Fault;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Everything is logged at the finest level, in slf4j and java.util.logging, and then searched. */
@Timeout(60)
class TokenSecrecyTest {
  private static final String SECRET = "AAsecretHalfOfTheToken_-42";
  private static final String TOKEN = "123456:" + SECRET;

  private final BotApiStandIn telegram = BotApiStandIn.start(TOKEN);
  private final LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
  private final ch.qos.logback.classic.Logger root =
      ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger("ROOT");
  private final Level rootLevel = root.getLevel();
  private final Logger julRoot = Logger.getLogger("");
  private final java.util.logging.Level julLevel = julRoot.getLevel();
  private final AppenderBase<ILoggingEvent> slf4jTap = slf4jTap();
  private final List<Appender<ILoggingEvent>> others = appenders();
  private final Handler julTap = julTap();
  private final List<Handler> julHandlers = List.of(julRoot.getHandlers());

  @BeforeEach
  void tapAllLogs() {
    slf4jTap.start();
    others.forEach(root::detachAppender);
    root.addAppender(slf4jTap);
    root.setLevel(Level.TRACE);
    julHandlers.forEach(julRoot::removeHandler);
    julRoot.addHandler(julTap);
    julRoot.setLevel(java.util.logging.Level.ALL);
  }

  @AfterEach
  void untap() {
    root.detachAppender(slf4jTap);
    others.forEach(root::addAppender);
    root.setLevel(rootLevel);
    julRoot.removeHandler(julTap);
    julHandlers.forEach(julRoot::addHandler);
    julRoot.setLevel(julLevel);
    telegram.close();
  }

  static List<Fault> faults() {
    return List.of(
        Fault.error(400, "Bad Request: /bot" + TOKEN + "/sendMessage is odd"),
        Fault.error(401, "Unauthorized: bot" + TOKEN),
        Fault.blocked(),
        Fault.chatNotFound(),
        Fault.migratedTo(77),
        Fault.tooManyRequests(60),
        Fault.error(500, "Internal Server Error at " + TOKEN),
        Fault.raw(502, "<html>cannot POST /bot123456%3A" + SECRET + "/sendmessage</html>"),
        Fault.raw(302, "moved"),
        Fault.raw(200, "{\"ok\":" + TOKEN + "}"),
        Fault.hang(),
        Fault.disconnect());
  }

  @ParameterizedTest
  @MethodSource("faults")
  void noFailureShowsTheToken(Fault fault) throws Exception {
    telegram.failNext(5, fault);
    deliver(telegram.url());
    assertSecret();
  }

  @Test
  void serverThatIsGoneShowsNoToken() throws Exception {
    telegram.close();
    deliver(telegram.url());
    assertSecret();
  }

  @Test
  void hostThatDoesNotExistShowsNoToken() throws Exception {
    deliver(URI.create("http://no-such-host.invalid"));
    assertSecret();
  }

  @Test
  void serverWithoutTlsShowsNoToken() throws Exception {
    deliver(URI.create("https://127.0.0.1:" + telegram.url().getPort()));
    assertSecret();
  }

  @Test
  void threadNamesDoNotShowTheTokenWhileARequestIsUnderWay() throws Exception {
    telegram.failNext(5, Fault.hang());
    CountDownLatch asked = new CountDownLatch(1);
    telegram.onRequest(asked::countDown);
    Thread consumer = new Thread(() -> deliverUnchecked(telegram.url()), "consumer");
    consumer.start();
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
    List<String> names = Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    assertThat(names).anyMatch(name -> name.contains("127.0.0.1"));
    assertThat(names).noneMatch(name -> name.contains(SECRET));
    consumer.interrupt();
    consumer.join();
    assertSecret();
  }

  private void deliverUnchecked(URI url) {
    try {
      deliver(url);
    } catch (Exception e) {
      seen.add(trace(e));
    }
  }

  private void deliver(URI url) throws Exception {
    TelegramConfig config =
        TelegramConfig.builder(telegram.token())
            .apiUrl(url)
            .requestTimeout(Duration.ofMillis(500))
            .build();
    FakeBatch batch = new FakeBatch(event(1, "5:a"));
    try (TelegramNotifier notifier =
        new TelegramNotifier("jobs", "telegram", FakeBatch.router(), config)) {
      notifier.processBatch(batch);
      notifier.botName();
    } catch (TelegramException e) {
      seen.add(trace(e));
    }
    batch.failed.values().forEach(failure -> seen.add(trace(failure)));
    seen.addAll(batch.dead.values());
    seen.add(config.toString());
  }

  private void assertSecret() {
    LoggerFactory.getLogger("canary.slf4j").trace("sings");
    Logger.getLogger("canary.jul").finest("sings");
    assertThat(seen.stream().filter(line -> line.startsWith("canary"))).as("the taps").hasSize(2);
    assertThat(seen.stream().filter(line -> line.contains(SECRET))).isEmpty();
  }

  private static String trace(Throwable error) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private List<Appender<ILoggingEvent>> appenders() {
    List<Appender<ILoggingEvent>> all = new ArrayList<>();
    root.iteratorForAppenders().forEachRemaining(all::add);
    return all;
  }

  private AppenderBase<ILoggingEvent> slf4jTap() {
    return new AppenderBase<>() {
      @Override
      protected void append(ILoggingEvent event) {
        seen.add(
            event.getLoggerName()
                + " "
                + event.getThreadName()
                + " "
                + event.getFormattedMessage()
                + (event.getThrowableProxy() == null
                    ? ""
                    : ThrowableProxyUtil.asString(event.getThrowableProxy())));
      }
    };
  }

  private Handler julTap() {
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            // The other end of the wire: a server cannot but know the address it is asked for.
            if (!String.valueOf(entry.getLoggerName()).contains("httpserver")) {
              seen.add(
                  entry.getLoggerName()
                      + " "
                      + entry.getMessage()
                      + " "
                      + Arrays.toString(entry.getParameters())
                      + (entry.getThrown() == null ? "" : trace(entry.getThrown())));
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    handler.setLevel(java.util.logging.Level.ALL);
    return handler;
  }
}
