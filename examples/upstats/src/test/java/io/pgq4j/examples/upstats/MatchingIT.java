package io.pgq4j.examples.upstats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which ads match which keywords. */
class MatchingIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private Tables tables;
  private StreamStore store;

  @BeforeEach
  void emptyTables() throws SQLException {
    UpStats.install(database.dataSource());
    tables = new Tables(database.dataSource());
    tables.execute(
        "truncate upstats.search_stream, upstats.job_ad, upstats.delivery restart identity");
    store = new StreamStore(database.dataSource());
  }

  private boolean matches(String keywords, String ad) throws SQLException {
    tables.execute("truncate upstats.search_stream cascade");
    tables.stream(1, keywords);
    return !store.match(List.of(tables.ads(ad))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          java                | Senior Java developer
          java spring         | Spring and Java
          'java, spring'      | Spring and Java
          'java,spring,,'     | Spring and Java
          ' JAVA  ,  Spring ' | spring and java
          translate           | Translation of a manual
          the java            | Java
          c++                 | Real-time C++ and CUDA
          C#                  | We write c# all day
          node.js             | Backend in Node.js
          node.js             | Backend (Node JS)
          spring-boot         | Spring Boot
          spring boot         | Spring-Boot
          .net                | C#/.NET
          ci/cd               | Our CI/CD is slow
          фильм               | Субтитры: фильм об Аральском море
          ÜBERSETZUNG         | ÜBERSETZUNG gesucht
          !java               | Java
          java:*              | Java
          'java'' or 1=1 --'  | Java: 1=1
          '(((java'           | Java
          """)
  void keywordsMatch(String keywords, String ad) throws SQLException {
    assertThat(matches(keywords, ad)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          java spring         | Java
          'java, spring'      | Spring
          java                | JavaScript
          java:*              | JavaScript
          java | Python
          c++                 | A letter in C
          c#                  | C++ for embedded
          c                   | C++ for embedded
          node.js             | JS on every node
          java or python      | Python
          !java               | Python
          'the, of, and'      | The best of jobs and more
          ''                  | Java
          '  , ,,  '          | Java
          '& | ! :* <->'      | Java & Python | Rust !
          '%'                 | Java
          """)
  void keywordsDoNotMatch(String keywords, String ad) throws SQLException {
    assertThat(matches(keywords, ad)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'; drop table upstats.job_ad; --",
        "\"; delete from upstats.search_stream; $$",
        "'java' & !('rust' | 'go') <2> x:*AB",
        "\\'\\\\ \\",
        "🎬 👩‍👩‍👧 ﷽ \u202Etxet",
        "%s %n ${x} #{x} ? $1 :name",
        "\u0001 \u007F \t\n"
      })
  void whateverIsTypedIsData(String keywords) throws SQLException {
    tables.stream(1, keywords);
    tables.stream(2, "java");

    long ad = tables.describedAd("Java", "\"Java\" & 'Rust' | !Go; drop table");

    assertThat(store.match(List.of(ad))).extracting(StreamMatch::chatId).contains(2L);
    assertThat(tables.text("select keywords from upstats.search_stream where chat_id = 1"))
        .isEqualTo(keywords);
  }

  @Test
  void wordsOfAnInjectionAreKeywordsLikeOthers() throws SQLException {
    String keywords = "'; drop table upstats.job_ad; --";

    assertThat(matches(keywords, "Who can drop a table called upstats.job_ad?")).isTrue();
    assertThat(matches(keywords, "Who can drop a table?")).isFalse();
  }

  @Test
  void twoHundredKeywordsMustAllMatch() throws SQLException {
    String words =
        IntStream.range(0, 200).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));

    assertThat(matches(words, words)).isTrue();
    assertThat(matches(words, words.replace("word199", ""))).isFalse();
  }

  @Test
  void longestKeywordsAreTakenAndLongerOnesRefused() throws SQLException {
    assertThat(matches("k ".repeat(2000), "k")).isTrue();
    assertThat(matches("k".repeat(4000), "k")).isFalse();
    assertThatThrownBy(() -> tables.stream(1, "k".repeat(4001)))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("search_stream_keywords_check");
  }

  @Test
  void adTooLongForAnIndexIsStoredAndFoundByItsBeginning() throws SQLException {
    tables.stream(1, "java");
    String long8 =
        IntStream.range(0, 1_000_000).mapToObj(Integer::toString).collect(Collectors.joining(" "));

    long ad = tables.describedAd("Java", long8);

    assertThat(store.match(List.of(ad))).hasSize(1);
  }

  @Test
  void pausedAndDeletedStreamsMatchNothing() throws SQLException {
    tables.stream(1, "java");
    tables.stream(2, "java");
    tables.stream(3, "java");
    tables.execute("update upstats.search_stream set paused = true where chat_id = 1");
    tables.execute("update upstats.search_stream set deleted = true where chat_id = 2");

    assertThat(store.match(List.of(tables.ads("Java"))))
        .extracting(StreamMatch::chatId)
        .containsExactly(3L);
  }

  @Test
  void changedKeywordsCountAtOnce() throws SQLException {
    tables.stream(1, "java");
    long ad = tables.ads("Rust");
    assertThat(store.match(List.of(ad))).isEmpty();

    tables.execute("update upstats.search_stream set keywords = 'rust'");

    assertThat(store.match(List.of(ad))).hasSize(1);
  }

  @Test
  void adsOfAStreamComeTogetherInTheirOrder() throws SQLException {
    tables.stream(1, "java");
    long last = tables.ads("Java one", "Java two", "Rust", "Java three");

    List<StreamMatch> matches = store.match(List.of(last, last - 1, last - 2, last - 3));

    assertThat(matches).hasSize(1);
    assertThat(matches.get(0).ads())
        .extracting(JobAd::title)
        .containsExactly("Java one", "Java two", "Java three");
  }

  @Test
  void whatWasDeliveredDoesNotMatchAgain() throws SQLException {
    long stream = tables.stream(1, "java");
    long ad = tables.ads("Java");

    store.delivered(List.of(new Delivery(ad, stream)));
    store.delivered(List.of(new Delivery(ad, stream)));

    assertThat(store.match(List.of(ad))).isEmpty();
    assertThat(
            tables.text(
                "select last_job_ts = (select collected from upstats.job_ad where id = "
                    + ad
                    + ") from upstats.search_stream"))
        .isEqualTo("t");
  }

  @Test
  void deliveriesOfWhatIsGoneArePassedOver() throws SQLException {
    long stream = tables.stream(1, "java");
    long ad = tables.ads("Java");

    store.delivered(List.of(new Delivery(ad + 1, stream), new Delivery(ad, stream + 1)));

    assertThat(tables.text("select count(*) from upstats.delivery")).isEqualTo("0");
  }

  @Test
  void keywordsAndJoinFindTheSameWhateverWasCounted() throws SQLException {
    for (int i = 0; i < 2; i++) {
      Measurement measured = Measurement.of(database.dataSource(), 100, 2_000);
      assertThat(measured.matches()).isPositive();
      assertThat(measured.differences()).isZero();
      // The second time, streams are filed by words that were counted.
      tables.ads("skill1 skill2 skill3 skill4 skill5", "skill1 skill2", "skill1");
      tables.execute("select upstats.count_words()");
    }
    assertThat(tables.text("select count(*) from upstats.search_stream")).isEqualTo("0");
  }

  @Test
  void streamIsFiledUnderItsRarestKeyword() throws SQLException {
    tables.ads("Java", "Java and Spring", "Rust");
    tables.execute("select upstats.count_words()");
    tables.stream(1, "java, spring");
    assertThat(tables.text("select rarest from upstats.search_stream")).isEqualTo("spring");

    tables.ads("Spring", "Spring", "Spring");
    tables.execute("select upstats.count_words()");

    assertThat(tables.text("select rarest from upstats.search_stream")).isEqualTo("java");
  }

  @Test
  void lostConnectionIsReplacedWithoutAnError() throws SQLException {
    tables.stream(1, "java");
    long ad = tables.ads("Java");
    assertThat(store.match(List.of(ad))).hasSize(1);

    tables.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
            + " where pid <> pg_backend_pid() and datname = current_database()");

    assertThat(store.match(List.of(ad))).hasSize(1);
  }

  @Test
  void theDemosStreamsFindTheDemosAds() throws Exception {
    SearchStreams.Count streams = SearchStreams.load(database.dataSource(), null);
    try (Collector collector = Collector.open(database.dataSource(), new CommitTimes())) {
      while (collector.ads() < collector.feedSize()) {
        collector.collect();
      }
    }
    List<Long> ads = IntStream.rangeClosed(1, 400).mapToObj(Long::valueOf).toList();

    assertThat(streams.all()).isEqualTo(40);
    assertThat(tables.text("select count(*) >= 300 from upstats.job_ad")).isEqualTo("t");
    assertThat(store.match(ads)).hasSizeBetween(25, 38);
  }
}
