package io.pgq4j.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pgq4j.Batch;
import io.pgq4j.Consumer;
import io.pgq4j.ConsumerConfig;
import io.pgq4j.Event;
import io.pgq4j.EventDataException;
import io.pgq4j.NewEvent;
import io.pgq4j.RetryPolicy;
import io.pgq4j.Watch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class TestQueueIT {
  @RegisterExtension static final TestQueue jobs = TestQueue.create("jobs");

  private final List<String> mails = new ArrayList<>();

  /** What its user tests: it refuses a job without a title, and fails at "bad" at first. */
  private final class JobMailer extends Consumer {
    record Job(String title) {}

    JobMailer() {
      super("jobs", "mailer");
    }

    @Override
    protected void process(Event event) {
      Job job = event.row(Job.class);
      if (job.title().equals("bad") && event.retry() == 0) {
        throw new IllegalStateException("no such address");
      }
      mails.add(job.title());
    }
  }

  @RepeatedTest(2)
  void eachTestBeginsWithAnEmptyQueue() throws Exception {
    jobs.insert("INSERT", "{\"title\": \"Baker\"}");

    jobs.drain(new JobMailer()).assertAllDone();

    assertThat(mails).containsExactly("Baker");
    jobs.drain(new JobMailer()).assertAllDone();
    assertThat(mails).hasSize(1);
  }

  @RepeatedTest(2)
  void rowsOfAWatchedTableAreEvents() throws Exception {
    jobs.execute("create table if not exists job (title text)");
    jobs.admin().watchTable(Watch.builder("job", jobs.name()).build());
    jobs.execute("insert into job values ('Baker'), ('Cook')");

    jobs.drain(new JobMailer()).assertAllDone();

    assertThat(mails).containsExactly("Baker", "Cook");
  }

  @Test
  void timePassesWhenTheTestSaysSo() throws Exception {
    jobs.insert(
        NewEvent.of("INSERT", "{\"title\": \"bad\"}"),
        NewEvent.of("INSERT", "no JSON"),
        NewEvent.of("INSERT", "{\"title\": \"good\"}"));

    Outcome first = jobs.drain(new JobMailer());

    assertThat(mails).containsExactly("good");
    assertThat(first.retries())
        .singleElement()
        .satisfies(retry -> assertThat(retry.data()).contains("bad"));
    assertThat(first.deadLetters())
        .singleElement()
        .satisfies(
            dead -> {
              assertThat(dead.data()).isEqualTo("no JSON");
              assertThat(dead.reason()).contains(EventDataException.class.getName());
            });
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(first::assertAllDone)
        .withMessageContaining("expected 0 events that come again, but there are 1")
        .withMessageContaining("bad");
    jobs.drain(new JobMailer()).assertRetries(1);

    jobs.ticker().forward(Duration.ofHours(1));

    jobs.drain(new JobMailer()).assertRetries(0).assertDeadLetters(1);
    assertThat(mails).containsExactly("good", "bad");
  }

  @Test
  void theConfigurationIsTheOneOfProduction() throws Exception {
    jobs.insert("INSERT", "{\"title\": \"bad\"}");
    jobs.insert("other", "{\"title\": \"Cook\"}");
    ConsumerConfig config =
        ConsumerConfig.builder()
            .types("INSERT")
            .retryPolicy(RetryPolicy.builder().maxAttempts(1).build())
            .build();

    jobs.drain(new JobMailer(), config).assertRetries(0).assertDeadLetters(1);

    assertThat(mails).isEmpty();
  }

  @Test
  void aBatchThatFailsEndsTheTestWithItsReason() throws Exception {
    jobs.insert("INSERT", "{}");
    Consumer broken =
        new Consumer("jobs", "broken") {
          @Override
          protected void processBatch(Batch batch) {
            throw new IllegalStateException("nothing works");
          }
        };

    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> jobs.drain(broken))
        .withMessageContaining("consumer broken of queue jobs failed")
        .withMessageContaining("nothing works");
  }

  @Test
  void aConsumerOfAnotherQueueIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> jobs.drain(new Consumer("other", "c") {}))
        .withMessageContaining("queue other");
  }
}
