package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

class DatabasesTest {
  private static final Map<String, String> NOTHING = Map.of();
  private static final String OS_USER = System.getProperty("user.name");

  private static PGSimpleDataSource source(String url, Map<String, String> environment) {
    return (PGSimpleDataSource) Databases.dataSource(url, environment);
  }

  @Test
  void withoutAnythingItIsTheUsersDatabaseOnThisHost() {
    assertThat(Databases.describe(null, NOTHING)).isEqualTo(OS_USER + "@localhost:5432/" + OS_USER);
    assertThat(Databases.describe("  ", NOTHING)).endsWith("@localhost:5432/" + OS_USER);
  }

  @Test
  void theEnvironmentFillsInWhatTheUrlLeavesOut() {
    Map<String, String> environment =
        Map.of(
            "PGHOST",
            "db1",
            "PGPORT",
            "6000",
            "PGUSER",
            "u",
            "PGDATABASE",
            "d",
            "PGPASSWORD",
            "hush",
            "PGSSLMODE",
            "disable");

    assertThat(Databases.describe(null, environment)).isEqualTo("u@db1:6000/d");
    assertThat(source("", environment).getPassword()).isEqualTo("hush");
    assertThat(source("", environment).getSslmode()).isEqualTo("disable");
    assertThat(Databases.describe("postgres:///other", environment)).isEqualTo("u@db1:6000/other");
    assertThat(Databases.describe("postgresql://v@:7000", environment)).isEqualTo("v@db1:7000/d");
    assertThat(source("jdbc:postgresql://h/x", environment).getPassword()).isEqualTo("hush");
    assertThat(Databases.describe("jdbc:postgresql://h/x", environment)).isEqualTo("u@h:5432/x");
  }

  @Test
  void pgqUrlComesBeforeLibpqsVariablesAndAfterAGivenUrl() {
    Map<String, String> environment = Map.of("PGQ_URL", "postgres://a@b/c", "PGHOST", "x");

    assertThat(Databases.describe(null, environment)).isEqualTo("a@b:5432/c");
    assertThat(Databases.describe("postgres://d@e/f", environment)).isEqualTo("d@e:5432/f");
  }

  @Test
  void percentEscapesAreDecodedAndAPlusStays() {
    PGSimpleDataSource source =
        source("postgresql://us%40er:p%3Aa%2Fs%25s+%C3%A9@host:1/da%20ta%3Fx", NOTHING);

    assertThat(source.getUser()).isEqualTo("us@er");
    assertThat(source.getPassword()).isEqualTo("p:a/s%s+\u00e9");
    assertThat(source.getDatabaseName()).isEqualTo("da ta?x");
  }

  @Test
  void ipv6AddressesAndSeveralHosts() {
    PGSimpleDataSource source =
        source("postgres://u@[::1]:5433,db2,[fe80::2]/d?target_session_attrs=read-write", NOTHING);

    assertThat(source.getServerNames()).containsExactly("[::1]", "db2", "[fe80::2]");
    assertThat(source.getPortNumbers()).containsExactly(5433, 5432, 5432);
    assertThat(source.getTargetServerType()).isEqualTo("primary");
    assertThat(Databases.describe("postgres://u@[::1]:5433,db2/d", NOTHING))
        .isEqualTo("u@[::1]:5433,db2:5432/d");
    assertThat(Databases.describe("", Map.of("PGHOST", "::1", "PGUSER", "u")))
        .isEqualTo("u@[::1]:5432/u");
  }

  @Test
  void optionsOfBothFormsReachTheDriver() throws SQLException {
    PGSimpleDataSource libpq =
        source("postgres://h/d?application_name=app&connect_timeout=3&user=u", NOTHING);
    PGSimpleDataSource jdbc =
        source("jdbc:postgresql://h:1,i:2/d?user=u&password=x&prepareThreshold=1", NOTHING);

    assertThat(libpq.getApplicationName()).isEqualTo("app");
    assertThat(libpq.getConnectTimeout()).isEqualTo(3);
    assertThat(libpq.getUser()).isEqualTo("u");
    assertThat(jdbc.getServerNames()).containsExactly("h", "i");
    assertThat(jdbc.getPortNumbers()).containsExactly(1, 2);
    assertThat(jdbc.getPassword()).isEqualTo("x");
    assertThat(jdbc.getProperty(PGProperty.PREPARE_THRESHOLD)).isEqualTo("1");
    assertThat(jdbc.getApplicationName()).isEqualTo("pgq4j");
  }

  @Test
  void aLoginMayNotTakeForEver() {
    assertThat(source("postgres://u@h/d", NOTHING).getLoginTimeout()).isEqualTo(15);
    assertThat(source("postgres://u@h,i/d?connect_timeout=3", NOTHING).getLoginTimeout())
        .isEqualTo(16);
    assertThat(source("postgres://u@h/d?connect_timeout=0", NOTHING).getLoginTimeout()).isZero();
    assertThat(source("postgres://u@h/d?loginTimeout=2", NOTHING).getLoginTimeout()).isEqualTo(2);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> source("postgres://u@h/d?connect_timeout=soon", NOTHING))
        .withMessageContaining("acceptable value");
  }

  @Test
  void anUnknownOptionNamesTheNearestOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Databases.dataSource("postgres://u:hush@h/d?sslmod=require", NOTHING))
        .withMessageContaining("\"sslmode\"")
        .withMessageNotContaining("hush");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hush",
        "mysql://u:hush@h/d",
        "postgres://u:hush%@h/d",
        "postgres://u:hush%zz@h/d",
        "postgres://u:hush%c3@h/d",
        "postgres://u:hush@h:port/d",
        "postgres://u:hush@h:99999/d",
        "postgres://u:hush@h:-1/d",
        "postgres://u:hush@[::1/d",
        "postgres://u:hush@[::1]x/d",
        "postgres://u:hush@h/d?nonsense",
        "postgres://u:hush@h/d?target_session_attrs=hush",
        "postgres://u:hush@%2Ftmp/d",
        "jdbc:postgresql://u:hush@h/d",
        "jdbc:postgresql://h:x/d?password=hush",
      })
  void aMalformedUrlIsRefusedWithoutRepeatingThePassword(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Databases.dataSource(url, NOTHING))
        .satisfies(
            e -> {
              for (Throwable t = e; t != null; t = t.getCause()) {
                assertThat(t.toString()).doesNotContain("hush");
              }
            });
  }

  @Test
  void nothingShowsThePassword() {
    String url = "postgres://u:hush@h/d";

    assertThat(Databases.describe(url, NOTHING)).isEqualTo("u@h:5432/d");
    assertThat(Databases.dataSource(url, NOTHING).toString()).doesNotContain("hush");
  }
}
