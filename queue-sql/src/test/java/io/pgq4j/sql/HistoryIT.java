package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A random history: producers of all kinds, while ticks, rotation and compaction run as fast as
 * they can. Afterwards every consumer must have got exactly what was committed. The seed is in each
 * failure; the interleaving is the machine's.
 */
class HistoryIT {

  private static final int PRODUCERS = 4;
  private static final Duration LENGTH = Duration.ofSeconds(3);

  @RegisterExtension
  static final TestDatabase database =
      TestDatabase.create().onServerWith(Map.of("max_prepared_transactions", "20"));

  @RegisterExtension final Sessions sessions = new Sessions(database);

  @Test
  @Plant(in = "batch_event_sql(bigint,text)", replace = "v_ended = '\\{\\}'", by = "true")
  @Plant(
      in = "empty_slot(pgq.queue,integer,bigint)",
      replace = "and txid_snapshot_xmax.*?order by",
      by = "order by")
  void everyConsumerGetsExactlyWhatWasCommitted() throws Exception {
    long seed = new Random().nextLong();
    Session s = sessions.open();
    String q = sessions.queue("a", "b");
    s.run("drop table if exists counters");
    s.run("create table counters (id int primary key, v int not null)");
    s.run("insert into counters select i, 0 from generate_series(1, 4) i");
    s.run("select pgq.watch_table('counters', ?)", q);
    long end = System.nanoTime() + LENGTH.toNanos();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      HistoryConsumer a = new HistoryConsumer(q, "a", sessions.open(), new Random(seed));
      HistoryConsumer b = new HistoryConsumer(q, "b", sessions.open(), new Random(seed + 1));
      List<HistoryProducer> producers = new ArrayList<>();
      for (int i = 0; i < PRODUCERS; i++) {
        producers.add(
            new HistoryProducer(
                i, q, end, sessions.open(), sessions.open(), new Random(seed + 2 + i)));
      }
      List<Future<?>> working = new ArrayList<>();
      producers.forEach(producer -> working.add(threads.submit(producer)));
      List<Session> helpers = List.of(sessions.open(), sessions.open(), sessions.open());
      Callable<Boolean> busy = () -> !working.stream().allMatch(Future::isDone);
      List<Future<?>> others =
          List.of(
              threads.submit(loop(busy, () -> helpers.get(0).run("select pgq.ticker()"))),
              threads.submit(loop(busy, () -> helpers.get(1).run("select pgq.ticker(?)", q))),
              threads.submit(
                  loop(
                      busy,
                      () -> {
                        helpers.get(2).rotate(q);
                        helpers.get(2).run("select pgq.maint_compact()");
                      })),
              threads.submit(loop(busy, a::step)),
              threads.submit(loop(busy, b::step)));
      await(working);
      await(others);
      s.forceTick(q);
      a.drain();
      b.drain();

      Map<String, Integer> counters = new HashMap<>();
      for (String id : s.rows("select id from counters")) {
        counters.put(id, (int) s.number("select v from counters where id = ?::int", id));
      }
      check(seed, a, producers.stream().flatMap(p -> p.committed().stream()).toList(), counters);
      assertThat(b.batches()).as("seed %s: the same batches", seed).isEqualTo(a.batches());
    } finally {
      threads.shutdownNow();
    }
  }

  private static void check(
      long seed,
      HistoryConsumer consumer,
      List<List<String>> transactions,
      Map<String, Integer> counters) {
    List<String> got = consumer.batches().stream().flatMap(List::stream).toList();
    assertThat(got.stream().filter(event -> !event.startsWith("{")))
        .as("seed %s: events", seed)
        .containsExactlyInAnyOrderElementsOf(
            transactions.stream().flatMap(Collection::stream).toList());

    Map<String, List<String>> byTransaction = new HashMap<>();
    Map<String, Integer> batchOf = new HashMap<>();
    for (int i = 0; i < consumer.batches().size(); i++) {
      for (String event : consumer.batches().get(i)) {
        String transaction = event.replaceFirst("/.*", "");
        if (!event.startsWith("{")) {
          byTransaction.computeIfAbsent(transaction, t -> new ArrayList<>()).add(event);
          assertThat(batchOf.merge(transaction, i, (first, second) -> first))
              .as("seed %s: batch of %s", seed, event)
              .isEqualTo(i);
        }
      }
    }
    for (List<String> events : transactions) {
      if (!events.isEmpty()) {
        assertThat(byTransaction.get(events.get(0).replaceFirst("/.*", "")))
            .as("seed %s: statement order", seed)
            .isEqualTo(events);
      }
    }

    counters.forEach(
        (id, value) -> {
          List<String> expected = new ArrayList<>();
          for (int v = 1; v <= value; v++) {
            expected.add("{\"id\":%s,\"v\":%s}".formatted(id, v));
          }
          assertThat(got.stream().filter(event -> event.startsWith("{\"id\":" + id + ",")))
              .as("seed %s: changes of row %s", seed, id)
              .isEqualTo(expected)
              .isNotEmpty();
        });
  }

  private interface Step {
    void run() throws Exception;
  }

  private static Callable<Object> loop(Callable<Boolean> goesOn, Step step) {
    return () -> {
      while (goesOn.call()) {
        step.run();
      }
      return true;
    };
  }

  private static void await(List<Future<?>> futures) throws Exception {
    for (Future<?> future : futures) {
      try {
        future.get();
      } catch (ExecutionException e) {
        throw new AssertionError(e.getCause());
      }
    }
  }
}
