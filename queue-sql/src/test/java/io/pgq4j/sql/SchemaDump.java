package io.pgq4j.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Our schemas as text: what exists, of which shape, and who may use it. */
final class SchemaDump {

  /** Privileges as in psql's \dp, the owner by that word, PUBLIC by an empty name. */
  private static final String GRANTS =
      """
      coalesce(nullif((select string_agg(replace(replace(a::text, '/' || o.rolname, ''), o.rolname || '=', 'owner='),
                                         ' ' order by a::text)
                         from unnest(coalesce(%s, acldefault('%s', o.oid))) a), ''), 'nobody')
      """;

  private static final String SCHEMA =
      """
      select 'schema ' || n.nspname || ' [' || %s || ']'
        from pg_namespace n join pg_roles o on o.oid = n.nspowner
       where n.nspname = 'pgq'
      """
          .formatted(GRANTS.formatted("n.nspacl", "n"));

  private static final String TABLES =
      """
      select format(E'%%s %%s%%s%%s [%%s]\\n%%s%%s%%s%%s',
               case c.relkind when 'r' then 'table' when 'p' then 'table' when 'v' then 'view' end,
               c.relname,
               ' partition by ' || pg_get_partkeydef(c.oid),
               ' with (' || array_to_string(c.reloptions, ', ') || ')',
               %s,
               (select string_agg(format(E'  %%s %%s%%s%%s\\n', a.attname, format_type(a.atttypid, a.atttypmod),
                                    case when a.attnotnull then ' not null' end,
                                    case when a.attidentity <> '' then ' identity'
                                         else ' default ' || pg_get_expr(d.adbin, d.adrelid) end),
                                  '' order by a.attnum)
                  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                 where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
               (select string_agg(format(E'  constraint %%s %%s\\n', k.conname, pg_get_constraintdef(k.oid)), ''
                                  order by k.conname)
                  from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n'),
               (select string_agg(format(E'  %%s\\n', pg_get_indexdef(i.indexrelid)), ''
                                  order by i.indexrelid::regclass::text)
                  from pg_index i
                 where i.indrelid = c.oid
                   and not exists (select from pg_constraint k where k.conindid = i.indexrelid)),
               (select string_agg(format(E'  %%s\\n', pg_get_triggerdef(t.oid)), '' order by t.tgname)
                  from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal))
        from pg_class c join pg_roles o on o.oid = c.relowner
       where c.relnamespace = 'pgq'::regnamespace and c.relkind in ('r', 'p', 'v')
       order by c.relname
      """
          .formatted(GRANTS.formatted("c.relacl", "r"));

  private static final String SEQUENCES =
      """
      select format('sequence %%s from %%s, %%s to %%s, cache %%s [%%s]', c.relname, s.seqstart, s.seqmin, s.seqmax,
                    s.seqcache, %s)
        from pg_class c join pg_sequence s on s.seqrelid = c.oid join pg_roles o on o.oid = c.relowner
       where c.relnamespace = 'pgq'::regnamespace
         and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'i')
       order by c.relname
      """
          .formatted(GRANTS.formatted("c.relacl", "s"));

  private static final String TYPES =
      """
      select format('type %%s (%%s) [%%s]', t.typname,
               (select string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
                  from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0), %s)
        from pg_type t join pg_roles o on o.oid = t.typowner left join pg_class c on c.oid = t.typrelid
       where t.typnamespace = 'pgq'::regnamespace and (t.typtype in ('d', 'e') or c.relkind = 'c')
       order by t.typname
      """
          .formatted(GRANTS.formatted("t.typacl", "T"));

  private static final String FUNCTIONS =
      """
      select format(E'function %%s(%%s)\\n  returns %%s%%s%%s%%s%%s%%s\\n  [%%s]', p.proname, pg_get_function_arguments(p.oid),
               pg_get_function_result(p.oid),
               case p.provolatile when 'i' then ', immutable' when 's' then ', stable' end,
               case when p.proisstrict then ', strict' end,
               case when p.prosecdef then ', security definer' end,
               ', ' || array_to_string(p.proconfig, ', '),
               case when p.proowner <> n.nspowner then ', owned by ' || o.rolname end, %s)
        from pg_proc p join pg_roles o on o.oid = p.proowner join pg_namespace n on n.oid = p.pronamespace
       where n.nspname = 'pgq'
       order by p.proname, pg_get_function_identity_arguments(p.oid)
      """
          .formatted(GRANTS.formatted("p.proacl", "f"));

  private static final String DEFINITIONS =
      """
      select d from (
        select pg_get_functiondef(p.oid) as d
          from pg_proc p join pg_namespace n on n.oid = p.pronamespace
         where n.nspname in ('pgq', 'pgq_coop', 'pgq_ext')
        union all
        select c.relname || ': ' || pg_get_viewdef(c.oid)
          from pg_class c where c.relnamespace = 'pgq'::regnamespace and c.relkind = 'v'
        union all
        select pg_describe_object(classoid, objoid, objsubid) || ': ' || description from pg_description
         where pg_describe_object(classoid, objoid, objsubid) ~ 'pgq'
        union all
        select format('history %s %s %s %s %s', installed_rank, version, description, script, checksum)
          from pgq.schema_history) definitions
      order by d
      """;

  private SchemaDump() {}

  static String of(Connection connection) throws SQLException {
    List<String> entries = new ArrayList<>();
    for (String schema : List.of("'pgq'", "'pgq_coop'", "'pgq_ext'")) {
      for (String query : List.of(SCHEMA, TABLES, SEQUENCES, TYPES, FUNCTIONS)) {
        entries.addAll(strings(connection, query.replace("'pgq'", schema)));
      }
    }
    return String.join("\n", entries) + "\n";
  }

  /**
   * The same with all that the source files show anyway: function bodies, views, comments, history.
   */
  static String withDefinitions(Connection connection) throws SQLException {
    return of(connection) + String.join("\n", strings(connection, DEFINITIONS));
  }

  private static List<String> strings(Connection connection, String query) throws SQLException {
    List<String> strings = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      statement.execute("set search_path = pg_catalog");
      try (ResultSet rows = statement.executeQuery(query)) {
        while (rows.next()) {
          strings.add(rows.getString(1));
        }
      }
    }
    return strings;
  }
}
