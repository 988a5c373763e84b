package io.pgq4j.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * How the schema {@code pgq} of a database relates to the one this version of pgq4j installs.
 *
 * @param state what follows from the rest
 * @param installed the version of the schema, 0 if there is none of ours
 * @param available the version that this pgq4j installs
 * @param present whether there is a schema of that name at all
 */
public record SchemaStatus(State state, int installed, int available, boolean present) {

  /** What can be said about the schema. */
  public enum State {
    /** There is none, or an empty one: install it. */
    MISSING,
    /** It is the one this version installs. */
    CURRENT,
    /** It is of an older version, or its functions are of another build: install again. */
    OLDER,
    /** It is of a newer version: upgrade pgq4j. */
    NEWER,
    /** Somebody else made it. */
    FOREIGN
  }

  private static final String LOOK =
      """
      select n.oid is not null as present,
             exists (select from pg_catalog.pg_class c
                       join pg_catalog.pg_attribute a on a.attrelid = c.oid
                      where c.relnamespace = n.oid and c.relname = 'schema_history'
                        and a.attname = 'installed_rank') as ours,
             exists (select from pg_catalog.pg_depend d
                      where d.refclassid = 'pg_catalog.pg_namespace'::pg_catalog.regclass
                        and d.refobjid = n.oid) as used
        from (select) one left join pg_catalog.pg_namespace n on n.nspname = 'pgq'
      """;

  private static final String HISTORY =
      """
      select coalesce(version, '0')::pg_catalog.int4 as version, script, checksum
        from pgq.schema_history where success order by installed_rank
      """;

  /** The state as a sentence that says what to do. */
  public String explanation() {
    return switch (state) {
      case MISSING -> "The database has no schema pgq yet. Install it with pgq-admin install.";
      case CURRENT -> "Schema pgq is of version %d, as it should be.".formatted(installed);
      case OLDER ->
          "Schema pgq is of version %d and not what this pgq4j needs, version %d. Upgrade it with pgq-admin install."
              .formatted(installed, available);
      case NEWER ->
          "Schema pgq is of version %d, but this pgq4j knows versions up to %d. Upgrade pgq4j."
              .formatted(installed, available);
      case FOREIGN ->
          "The database has a schema pgq that is not pgq4j's, perhaps the extension pgq (PgQ). Both need"
              + " that name: use another database, or remove it first (drop extension pgq cascade, or"
              + " drop schema pgq cascade), which also removes its queues.";
    };
  }

  static SchemaStatus read(Connection connection) throws SQLException {
    int available = Migrations.latest();
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery(LOOK)) {
        row.next();
        boolean present = row.getBoolean("present");
        if (!row.getBoolean("ours")) {
          State state = row.getBoolean("used") ? State.FOREIGN : State.MISSING;
          return new SchemaStatus(state, 0, available, present);
        }
      }
      try (ResultSet rows = statement.executeQuery(HISTORY)) {
        return compare(rows, available);
      }
    }
  }

  private static SchemaStatus compare(ResultSet rows, int available) throws SQLException {
    int installed = 0;
    Map<String, Integer> checksums = new HashMap<>();
    while (rows.next()) {
      installed = Math.max(installed, rows.getInt("version"));
      checksums.put(rows.getString("script"), rows.getInt("checksum"));
    }
    boolean same =
        Migrations.all().stream()
            .allMatch(m -> Integer.valueOf(m.checksum()).equals(checksums.get(m.script())));
    State state = installed > available ? State.NEWER : same ? State.CURRENT : State.OLDER;
    return new SchemaStatus(state, installed, available, true);
  }
}
