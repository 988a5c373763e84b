-- Roles and databases whose sessions begin without triggers.
select
  coalesce('role ' || quote_ident(r.rolname), 'database ' || quote_ident(d.datname), 'all') as object,
  case
    when d.oid is null then format('alter role %I reset session_replication_role', r.rolname)
    when r.oid is null then format('alter database %I reset session_replication_role', d.datname)
    else format('alter role %I in database %I reset session_replication_role', r.rolname, d.datname)
  end as statement
from pg_db_role_setting s
left join pg_roles r on r.oid = s.setrole
left join pg_database d on d.oid = s.setdatabase
where 'session_replication_role=replica' = any (s.setconfig)
  and (d.oid is null or d.datname = current_database());
