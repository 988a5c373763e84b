package io.pgq4j.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ComplaintsTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("complaints-test");
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private long now;
  private final Complaints complaints = new Complaints(logger, () -> now);

  @BeforeEach
  void listen() {
    logger.setAdditive(false);
    logger.setLevel(Level.INFO);
    logger.addAppender(said);
    said.start();
  }

  @AfterEach
  void leave() {
    logger.detachAppender(said);
  }

  @Test
  void theSameCauseIsSaidOnceAMinuteWithACount() {
    for (int second = 0; second <= 60; second++) {
      now = Duration.ofSeconds(second).toNanos();
      complaints.failed("tick", new SQLException("refused", "08001"));
    }

    assertThat(messages())
        .containsExactly(
            "tick: refused (SQLSTATE 08001); trying again",
            "tick: refused (SQLSTATE 08001); trying again (59 more times since last said)");
  }

  @Test
  void anotherCauseIsSaidAtOnce() {
    complaints.failed("tick", new SQLException("refused", "08001"));
    complaints.failed("tick", new NotReadyException("in recovery"));

    assertThat(messages())
        .containsExactly(
            "tick: refused (SQLSTATE 08001); trying again", "tick: in recovery; trying again");
  }

  @Test
  void theEndIsSaidOnce() {
    complaints.failed("tick", new SQLException("refused", "08001"));
    now = Duration.ofSeconds(7).toNanos();
    complaints.settled("tick");
    complaints.settled("tick");

    assertThat(messages()).last().isEqualTo("tick: working again after 7 s");
    assertThat(messages()).hasSize(2);
  }

  @Test
  void aCauseThatComesAndGoesIsSaidOnceAMinuteToo() {
    for (int second = 0; second < 60; second++) {
      now = Duration.ofSeconds(second).toNanos();
      complaints.failed("tick", new SQLException("terminated", "57P01"));
      complaints.settled("tick");
    }

    assertThat(messages())
        .containsExactly(
            "tick: terminated (SQLSTATE 57P01); trying again", "tick: working again after 0 s");
  }

  @Test
  void causesThatDifferInNumbersAreTheSame() {
    for (int block = 0; block < 10; block++) {
      complaints.failed("tick", new SQLException("wrote only 4096 bytes at block " + block));
    }

    assertThat(messages()).hasSize(1);
  }

  @Test
  void memoryIsBounded() {
    for (int i = 0; i < 10_000; i++) {
      complaints.warn(letters(i), "{}{}", i);
    }
    complaints.warn(letters(0), "{}{}", "again");

    assertThat(messages()).last().isEqualTo("again");
  }

  private static String letters(int i) {
    return Integer.toString(i, 2).replace('0', 'o').replace('1', 'l');
  }

  private List<String> messages() {
    return said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }
}
