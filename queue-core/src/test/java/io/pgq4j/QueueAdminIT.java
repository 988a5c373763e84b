package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class QueueAdminIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension static final TestDatabase bare = TestDatabase.empty();

  private final QueueAdmin admin = QueueAdmin.of(database.dataSource());

  private static void execute(String sql) throws SQLException {
    try (Connection connection = database.connect()) {
      connection.createStatement().execute(sql);
    }
  }

  @Test
  void createsWithSettingsBothOrNothing() {
    assertThat(
            admin.createQueue("c1", Map.of("ticker_max_count", "7", "rotation_period", "1 hour")))
        .isTrue();
    assertThat(admin.createQueue("c1")).isFalse();
    assertThatExceptionOfType(BadArgumentException.class)
        .isThrownBy(() -> admin.createQueue("c2", Map.of("ticker_max_cont", "7")))
        .withMessageContaining("ticker_max_count");

    assertThat(admin.queue("c2")).isEmpty();
    assertThat(admin.queue("c1"))
        .hasValueSatisfying(
            queue -> {
              assertThat(queue.tickerMaxCount()).isEqualTo(7);
              assertThat(queue.rotationPeriod()).isEqualTo(Duration.ofHours(1));
              assertThat(queue.tickerMaxLag()).isZero();
              assertThat(queue.tickerIdlePeriod()).isEqualTo(Duration.ofMinutes(1));
              assertThat(queue.tickerLag()).isPositive();
              assertThat(queue.tickerPaused()).isFalse();
            });
    assertThat(admin.queues()).extracting(QueueInfo::name).contains("c1");
  }

  @Test
  void grantsAndRevokesRightsOnOneQueue() throws SQLException {
    String user = database.createUser("");
    admin.createQueue("g1");
    admin.createQueue("g2");
    admin.grant("g1", user, QueueRight.PRODUCE);
    admin.grant("g1", user, QueueRight.CONSUME);
    try (Connection connection = database.connectAs(user)) {
      EventWriter.to("g1").insert(connection, "type", "data");
      assertThatExceptionOfType(QueueException.class)
          .isThrownBy(() -> EventWriter.to("g2").insert(connection, "type", "data"))
          .withMessageContaining("pgq.grant_queue('g2'")
          .satisfies(e -> assertThat(e.queue()).contains("g2"));
    }
    admin.revoke("g1", user, QueueRight.PRODUCE);
    try (Connection connection = database.connectAs(user)) {
      assertThatExceptionOfType(QueueException.class)
          .isThrownBy(() -> EventWriter.to("g1").insert(connection, "type", "data"));
    }
  }

  @Test
  void registersTicksAndTellsHowFarConsumersAre() throws SQLException {
    admin.createQueue("r1");
    assertThat(admin.register("r1", "a")).isTrue();
    assertThat(admin.register("r1", "a")).isFalse();
    try (Connection connection = database.connect()) {
      EventWriter.to("r1").insert(connection, "t", "d");
    }
    assertThat(admin.consumers("r1"))
        .singleElement()
        .satisfies(
            consumer -> {
              assertThat(consumer.name()).isEqualTo("a");
              assertThat(consumer.pendingEvents()).isEqualTo(1);
              assertThat(consumer.currentBatch()).isNull();
              assertThat(consumer.lag()).isPositive();
            });
    long tick = admin.tick("r1").orElseThrow();
    assertThat(admin.queue("r1").orElseThrow().lastTick()).isEqualTo(tick);
    assertThat(admin.unregister("r1", "a")).isTrue();
    assertThat(admin.consumers("r1")).isEmpty();
    assertThatExceptionOfType(NoSuchQueueException.class).isThrownBy(() -> admin.consumers("none"));
    assertThat(admin.dropQueue("r1", false)).isTrue();
    assertThatExceptionOfType(NoSuchQueueException.class)
        .isThrownBy(() -> admin.dropQueue("r1", false));
  }

  @Test
  void consumersGoBackAndStartInThePast() throws SQLException {
    Fixture fixture = Fixture.create(database, "s1");
    long first = fixture.lastTick();
    fixture.publish("a");
    Instant beginning = Instant.now().minus(Duration.ofDays(1));

    assertThat(admin.seek("s1", Fixture.CONSUMER, Instant.MAX)).isEqualTo(fixture.lastTick());
    assertThat(fixture.consumer().lastTick()).isEqualTo(fixture.lastTick());
    assertThat(admin.seek("s1", Fixture.CONSUMER, beginning)).isEqualTo(first);
    admin.seek("s1", Fixture.CONSUMER, fixture.lastTick());
    assertThat(fixture.consumer().lastTick()).isEqualTo(fixture.lastTick());
    assertThat(admin.seek("s1", Fixture.CONSUMER, Instant.MIN)).isEqualTo(first);
    assertThat(admin.register("s1", "late", Instant.MIN)).isTrue();
    assertThat(admin.register("s1", "late", Instant.MAX)).isFalse();
    assertThat(admin.consumers("s1")).extracting(ConsumerInfo::lastTick).containsOnly(first);
    assertThatExceptionOfType(BadArgumentException.class)
        .isThrownBy(() -> admin.seek("s1", Fixture.CONSUMER, 999));
    assertThatExceptionOfType(NoSuchConsumerException.class)
        .isThrownBy(() -> admin.seek("s1", "nobody", Instant.MIN));
  }

  @Test
  void pausesQueuesAndConsumers() {
    Fixture fixture = Fixture.create(database, "p1");
    assertThat(admin.pauseQueue("p1")).isTrue();
    assertThat(admin.pauseQueue("p1")).isFalse();
    assertThat(admin.queue("p1").orElseThrow().tickerPaused()).isTrue();
    assertThat(admin.resumeQueue("p1")).isTrue();
    assertThat(admin.resumeQueue("p1")).isFalse();

    assertThat(fixture.consumer().pausedAt()).isNull();
    assertThat(admin.pauseConsumer("p1", Fixture.CONSUMER)).isTrue();
    assertThat(admin.pauseConsumer("p1", Fixture.CONSUMER)).isFalse();
    assertThat(fixture.consumer().pausedAt()).isNotNull();
    assertThat(admin.resumeConsumer("p1", Fixture.CONSUMER)).isTrue();
    assertThat(admin.resumeConsumer("p1", Fixture.CONSUMER)).isFalse();
    assertThat(fixture.consumer().pausedAt()).isNull();
  }

  @Test
  void onAConnectionItWorksInTheCallersTransaction() throws SQLException {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      assertThat(QueueAdmin.on(connection).createQueue("t1")).isTrue();
      connection.rollback();
      assertThat(admin.queue("t1")).isEmpty();

      connection.setAutoCommit(true);
      assertThatExceptionOfType(BadArgumentException.class)
          .isThrownBy(() -> QueueAdmin.on(connection).createQueue("t1", Map.of("x", "1")));
      assertThat(connection.getAutoCommit()).isTrue();
      assertThat(admin.queue("t1")).isEmpty();
    }
  }

  @Test
  void watchesATableWithOptionsAndStops() throws SQLException {
    admin.createQueue("w1");
    execute("create table \"Odd table\" (id int primary key, secret text, name text)");
    admin.watchTable(
        Watch.builder("\"Odd table\"", "w1")
            .operations(Watch.Operation.INSERT, Watch.Operation.UPDATE)
            .ignore("secret")
            .oldRow(true)
            .where("id < 10")
            .build());
    Fixture fixture = Fixture.create(database, "w1");
    execute("insert into \"Odd table\" values (1, 's', 'n'), (11, 's', 'n')");
    execute("update \"Odd table\" set name = 'm' where id = 1");
    execute("delete from \"Odd table\"");

    assertThat(
            fixture.query(
                "select ev_type || ' ' || ev_data from pgq.event"
                    + " join pgq.queue on queue_id = ev_queue where queue_name = 'w1'"
                    + " order by ev_id"))
        .containsExactly("INSERT {\"id\":1,\"name\":\"n\"}", "UPDATE {\"id\":1,\"name\":\"m\"}");
    assertThat(admin.unwatchTable("\"Odd table\"", "w1")).isPositive();
    assertThatExceptionOfType(NoSuchTableException.class)
        .isThrownBy(() -> admin.unwatchTable("odd_table", "w1"));
    assertThatExceptionOfType(BadArgumentException.class)
        .isThrownBy(
            () -> admin.watchTable(Watch.builder("\"Odd table\"", "w1").ignore("nope").build()));
  }

  @Test
  void everyOptionOfAWatchReachesTheDatabase() throws SQLException {
    admin.createQueue("w2");
    execute("create table shaped (id int primary key, a text, b text)");
    admin.watchTable(
        Watch.builder("shaped", "w2")
            .operations(Watch.Operation.UPDATE)
            .columns("id", "a")
            .ignore("b")
            .mask("a")
            .oldRow(Watch.OldRow.CHANGED)
            .skipUnchanged(true)
            .key("id")
            .where("id < 10")
            .level(Watch.Level.ROW)
            .always(true)
            .build());

    assertThat(
            Fixture.create(database, "w2")
                .query("select options from pgq.get_watches() where queue_name = 'w2'"))
        .containsExactly(
            "{\"key\": [\"id\"], \"mask\": [\"a\"], \"level\": \"row\", \"where\": \"id < 10\","
                + " \"always\": true, \"ignore\": [\"b\"], \"columns\": [\"id\", \"a\"],"
                + " \"old_row\": \"changed\", \"operations\": [\"update\"], \"skip_unchanged\": true}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a'b",
        "q;--",
        "$$",
        "\"x\"",
        "\ud83d\ude00",
        "\u202etxt",
        "UPPER",
        "upper",
        " ",
        "%s",
        "\\"
      })
  void anyPrintableNameIsDataAndNothingElse(String name) {
    assertThat(admin.createQueue(name)).isTrue();
    assertThat(admin.register(name, name)).isTrue();
    assertThat(admin.queue(name).orElseThrow().name()).isEqualTo(name);
    assertThat(admin.consumers(name)).extracting(ConsumerInfo::name).containsExactly(name);
    assertThat(admin.tick(name)).isPresent();
    assertThat(admin.dropQueue(name, true)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "a\u0000b", "\u0007"})
  void namesThatNobodyCanTypeAreRefused(String name) {
    assertThatExceptionOfType(BadArgumentException.class).isThrownBy(() -> admin.createQueue(name));
  }

  @Test
  void hostileSessionDefaultsDoNoHarm() throws SQLException {
    String user = database.createUser("in role pgq_admin");
    execute("alter role %s set default_transaction_isolation = 'serializable'".formatted(user));
    execute("alter role %s set default_transaction_read_only = on".formatted(user));
    QueueAdmin hostile = QueueAdmin.of(database.dataSourceOf(user));

    assertThat(hostile.createQueue("h1")).isTrue();
    assertThat(hostile.tick("h1")).isPresent();
  }

  @Test
  void withoutTheSchemaItSaysSo() {
    QueueAdmin none = QueueAdmin.of(bare.dataSource());

    assertThatExceptionOfType(SchemaMissingException.class)
        .isThrownBy(() -> none.createQueue("q"))
        .withMessageContaining("pgq-admin install");
    assertThatExceptionOfType(SchemaMissingException.class).isThrownBy(none::queues);
  }

  @Test
  void whatCannotBeReachedIsAConnectionExceptionWithoutThePassword() {
    String good = database.url();
    for (String url :
        List.of(
            good.replaceFirst("password=[^&]*", "password=hush")
                .replaceFirst("user=[^&]*", "user=nobody"),
            good.replaceFirst("/[^/?]*\\?", "/nowhere?"),
            "postgres://u:hush@127.0.0.1:1/d",
            "postgres://u:hush@no-such-host.invalid/d")) {
      assertThatExceptionOfType(QueueConnectionException.class)
          .isThrownBy(() -> QueueAdmin.of(Databases.dataSource(url, Map.of())).queues())
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hush"));
    }
  }

  @Test
  void aUserWithoutRightsIsToldWhatIsMissing() throws SQLException {
    String user = database.createUser("");

    assertThatExceptionOfType(QueueException.class)
        .isThrownBy(() -> QueueAdmin.of(database.dataSourceOf(user)).createQueue("x"))
        .withMessageContaining("pgq_admin");
  }
}
