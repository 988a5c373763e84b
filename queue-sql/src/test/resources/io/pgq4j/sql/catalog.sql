-- What a tool can see of a schema pgq, one fact a row: CatalogIT compares PgQ's with ours.
select format('function %s(%s) returns %s%s', p.proname, oidvectortypes(p.proargtypes),
    case when p.proretset then 'setof ' end,
    coalesce('(' || (
      select string_agg(format('%s %s', p.proargnames[i], format_type(p.proallargtypes[i], null)), ', ' order by i)
      from generate_subscripts(p.proargmodes, 1) i where p.proargmodes[i] <> 'i') || ')',
      format_type(p.prorettype, null)))
from pg_proc p
where p.pronamespace = 'pgq'::regnamespace
union all
select format('column %s.%s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod))
from pg_class c
join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'pgq'::regnamespace and c.relkind in ('r', 'v', 'p') and a.attnum > 0
union all
select format('sequence %s', c.relname)
from pg_class c
where c.relnamespace = 'pgq'::regnamespace and c.relkind = 'S'
union all
select format('%s may call %s(%s)', u.name, p.proname, oidvectortypes(p.proargtypes))
from pg_proc p, unnest(array['nobody', 'reader', 'writer', 'admin']) u (name)
where p.pronamespace = 'pgq'::regnamespace and has_function_privilege(u.name, p.oid, 'execute')
union all
select format('%s may %s %s', u.name, r.name, c.relname)
from pg_class c, unnest(array['nobody', 'reader', 'writer', 'admin']) u (name),
  unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger']) r (name)
where c.relnamespace = 'pgq'::regnamespace and c.relkind in ('r', 'v', 'p')
  and has_table_privilege(u.name, c.oid, r.name)
union all
select format('%s may %s %s', u.name, r.name, c.relname)
from pg_class c, unnest(array['nobody', 'reader', 'writer', 'admin']) u (name),
  unnest(array['select', 'usage', 'update']) r (name)
where c.relnamespace = 'pgq'::regnamespace and c.relkind = 'S' and has_sequence_privilege(u.name, c.oid, r.name)
union all
select format('%s is a member of %s', m.rolname, r.rolname)
from pg_roles r, pg_roles m
where r.rolname ~ '^pgq_' and m.rolname ~ '^pgq_' and r.oid <> m.oid and pg_has_role(m.oid, r.oid, 'usage')
order by 1
