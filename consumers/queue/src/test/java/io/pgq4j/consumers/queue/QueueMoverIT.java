package io.pgq4j.consumers.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pgq4j.Consumer;
import io.pgq4j.Databases;
import io.pgq4j.Event;
import io.pgq4j.NewEvent;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.test.TestQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** From a queue to queues in another database. */
@Timeout(60)
class QueueMoverIT {
  @RegisterExtension static final TestQueue source = TestQueue.create("jobs");
  @RegisterExtension static final TestQueue target = TestQueue.create("copy");
  @RegisterExtension static final TestQueue other = TestQueue.create("other");
  @TempDir Path directory;

  /** Whatever comes. */
  private static final class Reader extends Consumer {
    private final List<Event> events = new ArrayList<>();

    private Reader(TestQueue queue) {
      super(queue.name(), "reader");
    }

    @Override
    protected void process(Event event) {
      events.add(event);
    }
  }

  private static List<Event> read(TestQueue queue) throws Exception {
    Reader reader = new Reader(queue);
    queue.drain(reader).assertAllDone();
    return reader.events;
  }

  private QueueMover mover(String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of("queue=jobs", "consumer=mover"));
    all.addAll(List.of(lines));
    Path file = Files.write(directory.resolve("queue.properties"), all);
    List<Setting<?>> keys = new ArrayList<>(QueueMover.SETTINGS);
    keys.add(Databases.URL);
    return new QueueMover(Settings.load(keys, Map.of(), Map.of(), file));
  }

  @Test
  void eventsAreMovedOnceWithAllTheyHold() throws Exception {
    QueueMover mover = mover("target-url=" + target.url(), "target-queue=copy");
    mover.check();
    NewEvent event = new NewEvent("t", "{\"a\": 1}", "e1", "e2", "e3", "e4");
    source.insert(event, NewEvent.of("u", "no JSON"));

    source.drain(mover).assertAllDone();
    source.drain(mover).assertAllDone();

    List<Event> moved = read(target);
    assertThat(moved).extracting(Event::type).containsExactly("t", "u");
    Event first = moved.get(0);
    assertThat(
            new NewEvent(
                first.type(),
                first.data(),
                first.extra1(),
                first.extra2(),
                first.extra3(),
                first.extra4()))
        .isEqualTo(event);
  }

  @Test
  void eventsAreSplitByAColumnAndWhatHasNoQueueComesAgain() throws Exception {
    source.admin().createQueue("jobs_de");
    source.admin().createQueue("jobs_ee");
    source.insert(
        NewEvent.of("t", "{\"country\": \"de\", \"n\": 1}"),
        NewEvent.of("t", "{\"country\": \"ee\", \"n\": 2}"),
        NewEvent.of("t", "{\"country\": \"xx\", \"n\": 3}"),
        NewEvent.of("t", "no JSON"),
        NewEvent.of("t", "{\"country\": \"de\", \"n\": 4}"));

    source
        .drain(mover("url=" + source.url(), "target-queue=jobs_{country}"))
        .assertRetries(1)
        .assertDeadLetters(1);

    assertThat(source.admin().queue("jobs_de").orElseThrow().newEvents()).isEqualTo(2);
    assertThat(source.admin().queue("jobs_ee").orElseThrow().newEvents()).isEqualTo(1);
  }

  @Test
  void aWrongConfigurationIsRefused() throws Exception {
    assertThatIllegalArgumentException().isThrownBy(() -> mover("target-queue=jobs"));
    assertThatIllegalArgumentException().isThrownBy(() -> mover());
    QueueMover nowhere = mover("target-url=" + other.url(), "target-queue=nowhere");
    assertThatIllegalArgumentException()
        .isThrownBy(nowhere::check)
        .withMessageContaining("\"nowhere\"");
  }
}
