package io.pgq4j.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SpoolTest {

  /** Texts that weigh a byte each character. */
  private static final class Texts implements Spool.Codec<String> {
    @Override
    public long weight(String value) {
      return value.length();
    }

    @Override
    public void write(String value, DataOutput out) throws IOException {
      if (value.equals("bad")) {
        throw new IOException("no space left");
      }
      Spool.writeText(value, out);
    }

    @Override
    public String read(DataInput in) throws IOException {
      return Objects.requireNonNull(Spool.readText(in));
    }
  }

  private static long files() throws IOException {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.filter(p -> p.getFileName().toString().endsWith(".spool")).count();
    }
  }

  @Test
  void keepsTheOrderAcrossMemoryAndFile() throws IOException {
    try (Spool<String> spool = new Spool<>(new Texts(), 10)) {
      for (int i = 0; i < 10_000; i++) {
        spool.add(i + "\u00e9\ud83d\ude00");
      }
      assertThat(spool.isSpooled()).isTrue();
      assertThat(spool.size()).isEqualTo(10_000);
      for (int i = 0; i < 10_000; i++) {
        assertThat(spool.poll()).isEqualTo(i + "\u00e9\ud83d\ude00");
      }
      assertThat(spool.poll()).isNull();
      assertThat(spool.size()).isZero();
    }
  }

  @Test
  void withinTheLimitThereIsNoFile() throws IOException {
    try (Spool<String> spool = new Spool<>(new Texts(), 10)) {
      spool.add("0123456789");
      assertThat(spool.isSpooled()).isFalse();
      spool.add("x");
      assertThat(spool.isSpooled()).isTrue();
      assertThat(spool.poll()).isEqualTo("0123456789");
      assertThat(spool.poll()).isEqualTo("x");
    }
  }

  @Test
  void noFileIsLeftBehindEvenAfterAFailureHalfWay() throws IOException {
    long before = files();
    try (Spool<String> spool = new Spool<>(new Texts(), 0)) {
      spool.add("good");
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> spool.add("bad"));
    }
    assertThat(files()).isEqualTo(before);
  }

  @Test
  void anInterruptedReaderReadsOn() throws IOException {
    try (Spool<String> spool = new Spool<>(new Texts(), 0)) {
      spool.add("a");
      spool.add("b");
      Thread.currentThread().interrupt();
      try {
        assertThat(spool.poll()).isEqualTo("a");
        assertThat(spool.poll()).isEqualTo("b");
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
    }
  }

  @Test
  void fetchesGrowTowardsOneMebibyteAndShrinkAtOnce() {
    FetchSize size = new FetchSize();
    assertThat(size.rows()).isEqualTo(50);
    size.fetched(50, 50 * 100);
    assertThat(size.rows()).isEqualTo(200);
    size.fetched(200, 200 * 100);
    size.fetched(800, 800 * 100);
    assertThat(size.rows()).isEqualTo(1_000);
    size.fetched(1_000, 1_000L << 20);
    assertThat(size.rows()).isEqualTo(1);
    size.fetched(0, 0);
    assertThat(size.rows()).isEqualTo(1);
    size.fetched(1, 1 << 29);
    assertThat(size.rows()).isEqualTo(1);
  }
}
