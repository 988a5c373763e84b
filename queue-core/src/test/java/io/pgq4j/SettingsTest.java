package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private static final Setting<String> URL = Setting.text("url", null, "the database");
  private static final Setting<Duration> LAG =
      Setting.duration("tick.max-lag", Duration.ofMillis(1_500), "how late");
  private static final Setting<Integer> COUNT = Setting.integer("count", 5, "how many");
  private static final Setting<Boolean> FAST = Setting.bool("fast", false, "whether");
  private static final Setting<String> DATABASE = Setting.text("database.*.url", null, "databases");
  private static final List<Setting<?>> ALL = List.of(URL, LAG, COUNT, FAST, DATABASE);
  private static final Map<String, String> NOTHING = Map.of();

  @TempDir Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("x.properties"), text);
  }

  @Test
  void flagBeforeEnvironmentBeforeFileBeforeDefault() throws IOException {
    Path file = file("count=1\ntick.max-lag = 3s \nfast=yes\n");
    Settings settings =
        Settings.load(
            ALL,
            Map.of("count", "3"),
            Map.of("PGQ_COUNT", "2", "PGQ_TICK_MAX_LAG", "2h", "PGQ_OTHER", "x"),
            file);

    assertThat(settings.get(COUNT)).isEqualTo(3);
    assertThat(settings.get(LAG)).isEqualTo(Duration.ofHours(2));
    assertThat(settings.get(FAST)).isTrue();
    assertThat(settings.find(URL)).isEmpty();
    assertThat(Settings.load(ALL, NOTHING, NOTHING, null).get(LAG))
        .isEqualTo(Duration.ofMillis(1_500));
  }

  @Test
  void aDumpHasTheValuesInForceAndIsRead() throws IOException {
    Settings settings =
        Settings.load(
            ALL,
            NOTHING,
            Map.of("PGQ_COUNT", "2"),
            file("database.a.url=postgresql://me:top@host/db\ncount=1\n"));

    String dump = settings.dump(ALL);

    assertThat(dump)
        .isEqualTo(
            """
            tick.max-lag=1500ms
            count=2
            fast=false
            database.a.url=postgresql://me:***@host/db
            """);
    assertThat(Settings.load(ALL, NOTHING, NOTHING, file(dump)).get(COUNT)).isEqualTo(2);
  }

  @Test
  void aStarCollectsWhatStandsInItsPlace() throws IOException {
    Settings settings =
        Settings.load(
            ALL,
            NOTHING,
            Map.of("PGQ_DATABASE_MAIN_URL", "c"),
            file("database.main.url=a\ndatabase.other.url=b\n"));

    assertThat(settings.all(DATABASE)).isEqualTo(Map.of("main", "c", "other", "b"));
  }

  @Test
  void anUnknownKeyNamesTheNearestOne() throws IOException {
    Path file = file("tick.maxlag=1s\n");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.load(ALL, NOTHING, NOTHING, file))
        .withMessageContaining("\"tick.maxlag\"")
        .withMessageContaining("\"tick.max-lag\"")
        .withMessageContaining("x.properties");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.load(ALL, Map.of("zzzzzzzzzz", "1"), NOTHING, null))
        .withMessageContaining("there are url, tick.max-lag");
  }

  @Test
  void aBadValueIsRefusedWithoutRepeatingIt() throws IOException {
    for (String line : List.of("count=hush", "tick.max-lag=hush", "tick.max-lag=5", "fast=hush")) {
      Path file = file(line);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Settings.load(ALL, NOTHING, NOTHING, file))
          .withMessageContaining(" must be ")
          .withMessageNotContaining("hush");
    }
  }

  @Test
  void aMissingFileAndAMissingValueSayWhatToDo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.load(ALL, NOTHING, NOTHING, directory.resolve("none")))
        .withMessageContaining("none");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Settings.load(ALL, NOTHING, NOTHING, null).get(URL))
        .withMessageContaining("PGQ_URL");
  }

  @Test
  void helpIsAFileThatGivesTheDefaults() throws IOException {
    Settings settings = Settings.load(ALL, NOTHING, NOTHING, file(Settings.help(ALL)));

    assertThat(settings.get(LAG)).isEqualTo(LAG.defaultValue());
    assertThat(settings.get(COUNT)).isEqualTo(5);
    assertThat(settings.find(URL)).isEmpty();
  }

  @Test
  void aSecretOnTheCommandLineIsRefused() {
    Setting<String> token = Setting.text("bot-token", null, "the secret");
    for (Map<String, String> flags :
        List.of(Map.of("bot-token", "hush"), Map.of("url", "postgresql://me:hush@host/db"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Settings.load(List.of(URL, token), flags, NOTHING, null))
          .withMessageContaining("must not be on the command line")
          .withMessageContaining("PGQ_")
          .withMessageNotContaining("hush");
    }
  }

  @Test
  void listsAndEnumsAreWrittenAsTheyAreRead() throws IOException {
    Setting<List<String>> names = Setting.list("names", List.of("a", "b"), "some");
    Setting<ConsumerState> state =
        Setting.oneOf("state", ConsumerState.class, ConsumerState.BACKING_OFF, "one");
    List<Setting<?>> both = List.of(names, state);

    Settings settings = Settings.load(both, NOTHING, NOTHING, file("names = x , y\n"));

    assertThat(settings.dump(both)).isEqualTo("names=x,y\nstate=backing-off\n");
    assertThat(Settings.help(both)).contains("names=a,b\n", "state=backing-off\n");
    assertThat(Settings.load(both, NOTHING, NOTHING, file("state=working")).get(state))
        .isEqualTo(ConsumerState.WORKING);
    for (String line : List.of("names=a,,b", "names=", "state=off")) {
      Path file = file(line);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Settings.load(both, NOTHING, NOTHING, file));
    }
  }

  @Test
  void durationsHaveAUnit() {
    assertThat(SettingParsers.duration("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(SettingParsers.duration("1.5s")).isEqualTo(Duration.ofMillis(1_500));
    assertThat(SettingParsers.duration("10 m")).isEqualTo(Duration.ofMinutes(10));
    assertThat(SettingParsers.duration("1d")).isEqualTo(Duration.ofDays(1));
    assertThat(SettingParsers.duration("0")).isEqualTo(Duration.ZERO);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SettingParsers.duration("99999999999999999999d"));
  }
}
