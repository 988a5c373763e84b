package io.pgq4j.admin.queue;

import io.pgq4j.QueueAdmin;
import io.pgq4j.QueueRight;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.Json;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Printable;
import io.pgq4j.admin.internal.Rows;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a queue is, without its events and where its consumers are: what makes the same queue in
 * another database.
 */
record QueueConfiguration(
    String queue,
    Map<String, String> settings,
    List<String> consumers,
    List<WatchedTable> watches,
    List<Grant> grants) {

  record WatchedTable(String table, Map<?, ?> options) {}

  record Grant(String role, QueueRight right) {}

  private static final Set<String> FIELDS =
      Set.of("queue", "settings", "consumers", "watches", "grants");

  private static final String CONSUMERS =
      """
      select c.co_name
        from pgq.registration r
        join pgq.consumer c on c.co_id = r.sub_consumer
        join pgq.queue q on q.queue_id = r.sub_queue
       where q.queue_name = ? and r.sub_main is null
       order by 1
      """;

  private static final String WATCHES =
      "select table_name, options::text from pgq.get_watches() where queue_name = ?";

  /** To produce is USAGE on the sequence of ids, to consume is SELECT on the events. */
  private static final String GRANTS =
      """
      select r.rolname, case a.privilege_type when 'USAGE' then 'produce' else 'consume' end
        from pgq.queue q
        join pg_catalog.pg_class c on c.oid in (q.queue_event_seq::regclass, q.queue_data_pfx::regclass)
        cross join lateral pg_catalog.aclexplode(c.relacl) a
        join pg_catalog.pg_roles r on r.oid = a.grantee
       where q.queue_name = ? and a.privilege_type = case c.relkind when 'S' then 'USAGE' else 'SELECT' end
         and a.grantee <> c.relowner and r.rolname not in ('pgq_reader', 'pgq_writer', 'pgq_admin', 'pgq_capture')
       order by 1, 2
      """;

  /** That of a queue that exists. */
  static QueueConfiguration read(Connection connection, String queue) {
    List<WatchedTable> watches = new ArrayList<>();
    Rows.query(connection, "watches", WATCHES, queue)
        .each(
            row ->
                watches.add(new WatchedTable(text(row, 0), (Map<?, ?>) Json.parse(text(row, 1)))));
    List<Grant> grants = new ArrayList<>();
    Rows.query(connection, "grants", GRANTS, queue)
        .each(row -> grants.add(new Grant(text(row, 0), right(text(row, 1)))));
    List<String> consumers = new ArrayList<>();
    Rows.query(connection, "consumers", CONSUMERS, queue).each(row -> consumers.add(text(row, 0)));
    return new QueueConfiguration(
        queue, QueueSettings.of(connection, queue), consumers, watches, grants);
  }

  private static String text(List<@Nullable Object> row, int column) {
    return String.valueOf(row.get(column));
  }

  Map<String, @Nullable Object> json() {
    return JsonObject.of("queue", queue)
        .with("settings", settings)
        .with("consumers", consumers)
        .with(
            "watches",
            watches.stream()
                .map(w -> JsonObject.of("table", w.table()).with("options", w.options()).map())
                .toList())
        .with(
            "grants",
            grants.stream()
                .map(g -> JsonObject.of("role", g.role()).with("right", name(g.right())).map())
                .toList())
        .map();
  }

  /**
   * What {@link #json} wrote, perhaps edited since.
   *
   * @throws CommandFailure if it is none
   */
  static QueueConfiguration of(@Nullable Object json) {
    Map<?, ?> fields = as(Map.class, json, "A queue");
    for (Object field : fields.keySet()) {
      if (!FIELDS.contains(field)) {
        throw wrong("A queue has no field " + Printable.quoted(String.valueOf(field)) + ".");
      }
    }
    String queue = as(String.class, fields.get("queue"), "The name of a queue");
    Map<String, String> settings = new LinkedHashMap<>();
    if (fields.get("settings") != null) {
      Map<?, ?> given = as(Map.class, fields.get("settings"), "'settings'");
      given.forEach((key, value) -> settings.put(String.valueOf(key), String.valueOf(value)));
    }
    return new QueueConfiguration(
        queue,
        settings,
        list(fields, "consumers").stream().map(c -> as(String.class, c, "A consumer")).toList(),
        list(fields, "watches").stream().map(QueueConfiguration::watch).toList(),
        list(fields, "grants").stream().map(QueueConfiguration::grant).toList());
  }

  private static List<?> list(Map<?, ?> fields, String name) {
    Object value = fields.get(name);
    return value == null ? List.of() : as(List.class, value, "'" + name + "'");
  }

  private static WatchedTable watch(Object json) {
    Map<?, ?> fields = as(Map.class, json, "A watch");
    return new WatchedTable(
        as(String.class, fields.get("table"), "The table of a watch"),
        as(Map.class, fields.get("options"), "'options'"));
  }

  private static Grant grant(Object json) {
    Map<?, ?> fields = as(Map.class, json, "A grant");
    return new Grant(
        as(String.class, fields.get("role"), "The role of a grant"),
        right(as(String.class, fields.get("right"), "The right of a grant")));
  }

  private static QueueRight right(String name) {
    try {
      return QueueRight.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw wrong("A right is produce or consume, and not " + Printable.quoted(name) + ".");
    }
  }

  private static String name(QueueRight right) {
    return right.name().toLowerCase(Locale.ROOT);
  }

  private static <T> T as(Class<T> type, @Nullable Object value, String what) {
    if (!type.isInstance(value)) {
      String kind = type == Map.class ? "an object" : type == List.class ? "a list" : "a text";
      throw wrong(what + " has to be " + kind + ".");
    }
    return type.cast(value);
  }

  private static CommandFailure wrong(String sentence) {
    return new CommandFailure(
        ExitCode.USAGE, sentence + " Nothing was imported; 'pgq-admin export' shows the form.");
  }

  /** Makes the queue so; what it has beyond that stays. Returns whether it is new. */
  boolean write(Connection connection) {
    QueueAdmin admin = QueueAdmin.on(connection);
    boolean created = admin.createQueue(queue);
    QueueSettings.apply(connection, queue, settings);
    consumers.forEach(consumer -> admin.register(queue, consumer));
    watches.forEach(watch -> watch(connection, watch));
    grants.forEach(grant -> admin.grant(queue, grant.role(), grant.right()));
    return created;
  }

  private void watch(Connection connection, WatchedTable watch) {
    String exists = "select 1 where to_regclass(?) is not null";
    if (Rows.query(connection, "tables", exists, watch.table()).isEmpty()) {
      throw NotFound.table(connection, watch.table(), null);
    }
    Rows.query(
        connection,
        "watches",
        "select pgq.watch_table(?::regclass, ?, ?::jsonb)",
        watch.table(),
        queue,
        Json.write(watch.options()));
  }
}
