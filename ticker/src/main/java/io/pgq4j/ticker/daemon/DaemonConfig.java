package io.pgq4j.ticker.daemon;

import io.pgq4j.Databases;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import io.pgq4j.daemon.ListenAddress;
import io.pgq4j.ticker.TickerConfig;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The configuration file of the daemon. */
final class DaemonConfig {
  private static final TickerConfig DEFAULTS = TickerConfig.defaults();

  private static final Setting<String> URL =
      url(
          "url",
          "where the database is; without it PGHOST, PGPORT, PGDATABASE and so on, as psql has it");
  private static final Setting<String> NAMED_URL =
      url("database.*.url", "instead of url, for several databases: a line with a name for each");
  private static final Setting<Duration> MIN_TICK_INTERVAL =
      period(
          "min-tick-interval",
          DEFAULTS.minTickInterval(),
          "how long a busy ticker rests between two ticks at least");
  private static final Setting<Double> BUSY_SHARE =
      new Setting<>(
          "busy-share",
          "a number above 0 and at most 1",
          DaemonConfig::share,
          DEFAULTS.busyShare(),
          "the part of one core that a busy ticker takes at most");
  private static final Setting<Duration> HEARTBEAT =
      period(
          "heartbeat",
          DEFAULTS.heartbeat(),
          "how often an idle ticker looks although nobody woke it");
  private static final Setting<Duration> STANDBY_INTERVAL =
      period(
          "standby-interval",
          DEFAULTS.standbyInterval(),
          "how often a standby asks whether it can lead; a leader that stops tells it");
  private static final Setting<Duration> MAINTENANCE_PERIOD =
      period(
          "maintenance-period",
          DEFAULTS.maintenancePeriod(),
          "how often to look for rotations that are due and tables of dropped queues");
  private static final Setting<Duration> COMPACTION_PERIOD =
      period(
          "compaction-period",
          DEFAULTS.compactionPeriod(),
          "how often to compact ticks and positions while there are ticks");
  private static final Setting<Duration> LOCK_TIMEOUT =
      period(
          "lock-timeout",
          DEFAULTS.lockTimeout(),
          "how long maintenance waits for a lock before it leaves the work to the next round");
  private static final Setting<Boolean> POOLED =
      Setting.bool(
          "pooled",
          DEFAULTS.pooled(),
          "whether a transaction-pooling proxy, such as pgbouncer, is between; then nobody can wake"
              + " the ticker: it polls");
  private static final Setting<Duration> POLL_INTERVAL =
      period(
          "poll-interval",
          DEFAULTS.pollInterval(),
          "the longest pause between two polls of a pooled ticker");

  /** What all tickers have in common. */
  private static final List<Setting<?>> PACE =
      List.of(
          MIN_TICK_INTERVAL,
          BUSY_SHARE,
          HEARTBEAT,
          STANDBY_INTERVAL,
          MAINTENANCE_PERIOD,
          COMPACTION_PERIOD,
          LOCK_TIMEOUT,
          POOLED,
          POLL_INTERVAL);

  private static final Setting<List<String>> DATABASES =
      new Setting<>(
          "databases",
          "names separated by commas; * stands for any characters",
          DaemonConfig::names,
          null,
          "instead of the database of url, these ones of its server; of those that a * finds, the"
              + " ones with the schema pgq");
  private static final Setting<Duration> RESCAN_PERIOD =
      period(
          "rescan-period",
          Duration.ofMinutes(1),
          "how often to look for databases that a * in databases finds");

  private static final Setting<ListenAddress> HTTP_LISTEN =
      new Setting<>(
          "http-listen",
          ListenAddress.KIND,
          ListenAddress::parse,
          null,
          "where to show metrics and health; without it nowhere");

  /** All keys. */
  static final List<Setting<?>> SETTINGS =
      List.of(
          URL,
          NAMED_URL,
          DATABASES,
          RESCAN_PERIOD,
          MIN_TICK_INTERVAL,
          BUSY_SHARE,
          HEARTBEAT,
          STANDBY_INTERVAL,
          MAINTENANCE_PERIOD,
          COMPACTION_PERIOD,
          LOCK_TIMEOUT,
          POOLED,
          POLL_INTERVAL,
          HTTP_LISTEN);

  /**
   * What reading for metrics may wait for an answer, in seconds: longer than its statements may.
   */
  private static final int METRICS_SOCKET_TIMEOUT = 8;

  private static final int METRICS_CONNECT_TIMEOUT = 3;

  /**
   * A database to tick.
   *
   * @param description where it is, without password
   * @param metricsSource for reading metrics: gives up sooner than {@code source}
   * @param identity what it depends on: when this is another, the ticker has to be another
   */
  record Database(
      String description,
      DataSource source,
      DataSource metricsSource,
      TickerConfig config,
      String identity) {}

  private final Settings settings;
  private final Map<String, String> environment;
  private final Map<String, Database> named;

  /**
   * Reads what {@link Settings} found.
   *
   * @throws IllegalArgumentException with a sentence for the user, without values of the file
   */
  DaemonConfig(Settings settings, Map<String, String> environment) {
    this.settings = settings;
    this.environment = environment;
    named = settings.find(DATABASES).isPresent() ? Map.of() : byUrl();
    if (named.isEmpty()) {
      home();
    }
  }

  /** Where to show metrics and health; empty: nowhere. */
  Optional<ListenAddress> httpListen() {
    return settings.find(HTTP_LISTEN);
  }

  Duration rescanPeriod() {
    return settings.find(RESCAN_PERIOD).orElseThrow();
  }

  /**
   * The patterns of databases to look for on the server of {@link #home}; none: there is nothing to
   * look for.
   */
  List<String> patterns() {
    return settings.find(DATABASES).orElse(List.of());
  }

  /** The databases that are named, by the names of their tickers. */
  Map<String, Database> named() {
    return named;
  }

  /** The database of {@code url}. */
  Database home() {
    Optional<String> url = settings.find(URL);
    String where = Databases.describe(url.orElse(null), environment);
    return database(where, where, () -> Databases.dataSource(url.orElse(null), environment), url);
  }

  /** Another database of the server of {@code url}. */
  Database on(String database) {
    Optional<String> url = settings.find(URL);
    return database(
        database,
        Databases.describe(url.orElse(null), environment, database),
        () -> Databases.dataSource(url.orElse(null), environment, database),
        url);
  }

  private Map<String, Database> byUrl() {
    Map<String, String> urls = settings.all(NAMED_URL);
    if (urls.isEmpty()) {
      Database home = home();
      return Map.of(home.description(), home);
    }
    if (settings.find(URL).isPresent()) {
      throw new IllegalArgumentException(
          "url (or PGQ_URL) and database.NAME.url exclude each other: give names to all databases,"
              + " or have one only");
    }
    Map<String, Database> databases = new LinkedHashMap<>();
    urls.forEach(
        (name, url) ->
            databases.put(
                name,
                database(
                    name,
                    Databases.describe(url, environment),
                    () -> Databases.dataSource(url, environment),
                    Optional.of(url))));
    return databases;
  }

  private Database database(
      String name, String description, Supplier<DataSource> source, Optional<String> url) {
    String identity = String.join("\n", name, description, url.orElse(""), settings.dump(PACE));
    return new Database(
        description, source.get(), impatient(source.get()), tickerConfig(settings, name), identity);
  }

  private static DataSource impatient(DataSource source) {
    if (source instanceof PGSimpleDataSource postgres) {
      postgres.setConnectTimeout(METRICS_CONNECT_TIMEOUT);
      postgres.setSocketTimeout(METRICS_SOCKET_TIMEOUT);
      postgres.setApplicationName("pgq-ticker metrics");
    }
    return source;
  }

  private static List<String> names(String text) {
    List<String> names = Pattern.compile(",").splitAsStream(text).map(String::strip).toList();
    if (names.contains("")) {
      throw new IllegalArgumentException("an empty name");
    }
    return names;
  }

  private static TickerConfig tickerConfig(Settings settings, String name) {
    return TickerConfig.builder()
        .name(name)
        .minTickInterval(settings.get(MIN_TICK_INTERVAL))
        .busyShare(settings.get(BUSY_SHARE))
        .heartbeat(settings.get(HEARTBEAT))
        .standbyInterval(settings.get(STANDBY_INTERVAL))
        .maintenancePeriod(settings.get(MAINTENANCE_PERIOD))
        .compactionPeriod(settings.get(COMPACTION_PERIOD))
        .lockTimeout(settings.get(LOCK_TIMEOUT))
        .pooled(settings.get(POOLED))
        .pollInterval(settings.get(POLL_INTERVAL))
        .build();
  }

  private static Setting<String> url(String name, String help) {
    return new Setting<>(
        name, "a URL, jdbc:postgresql: or postgresql://", Function.identity(), null, help);
  }

  /** The range is that of {@link TickerConfig}, checked here so that the message names the key. */
  private static Setting<Duration> period(String name, Duration defaultValue, String help) {
    Function<String, Duration> parser = Setting.duration(name, defaultValue, help).parser();
    return new Setting<>(
        name,
        "a duration from 1ms to 1d, such as 500ms, 3s or 10m",
        text -> {
          Duration value = parser.apply(text);
          if (value.toMillis() < 1 || value.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(name);
          }
          return value;
        },
        defaultValue,
        help);
  }

  private static Double share(String text) {
    double value = Double.parseDouble(text);
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException("not a share");
    }
    return value;
  }
}
