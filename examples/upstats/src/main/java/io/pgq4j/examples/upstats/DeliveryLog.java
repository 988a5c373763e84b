package io.pgq4j.examples.upstats;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Shows each message when it arrives, and counts. Thread-safe. */
final class DeliveryLog implements Messenger.Arrivals {
  private static final Pattern AD = Pattern.compile("\n\n(?=[^\n])");
  private static final Pattern LINK =
      Pattern.compile(Pattern.quote(StreamText.LINK) + "([0-9]{1,18})$");

  private final CommitTimes commits;
  private final MessageTable table;
  private final Latencies delays = new Latencies();
  private volatile long start = System.nanoTime();
  private long messages;
  private long matches;
  private @Nullable Duration latest;
  private CountDownLatch next = new CountDownLatch(1);

  DeliveryLog(CommitTimes commits, MessageTable table) {
    this.commits = commits;
    this.table = table;
  }

  /** The time shown counts from now on. */
  void start() {
    start = System.nanoTime();
  }

  @Override
  public void arrived(long nanos, long chatId, String text) {
    List<String> ads = AD.splitAsStream(text).filter(part -> LINK.matcher(part).find()).toList();
    List<String> titles = ads.stream().map(ad -> ad.lines().findFirst().orElse("")).toList();
    OptionalLong commit = commits.earliest(ads.stream().map(DeliveryLog::id).toList());
    Duration delay = commit.isPresent() ? Duration.ofNanos(nanos - commit.getAsLong()) : null;
    count(ads.size(), delay);
    String stream = text.lines().findFirst().orElse("").replaceFirst(": [^:]*$", "");
    table.message(Duration.ofNanos(nanos - start), delay, chatId, stream, titles);
  }

  private static long id(String ad) {
    var matcher = LINK.matcher(ad);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  private synchronized void count(int ads, @Nullable Duration delay) {
    messages++;
    matches += ads;
    latest = delay;
    if (delay != null) {
      delays.add(delay.toNanos());
    }
    next.countDown();
    next = new CountDownLatch(1);
  }

  /** Something that tells of the next message. */
  synchronized CountDownLatch next() {
    return next;
  }

  /** Whether a message came in time. */
  static boolean came(CountDownLatch next, Duration time) throws InterruptedException {
    return next.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The delay of the latest message; null if unknown. */
  synchronized @Nullable Duration latest() {
    return latest;
  }

  /** Messages so far. */
  synchronized long messages() {
    return messages;
  }

  /** Pairs of an ad and a stream told of so far. */
  synchronized long matches() {
    return matches;
  }

  /** Since the first commit of a message's ads returned. */
  synchronized Summary delays() {
    return new Summary(delays.count(), delays.quantile(0.5), delays.quantile(0.99), delays.max());
  }

  record Summary(long count, Duration p50, Duration p99, Duration max) {}
}
