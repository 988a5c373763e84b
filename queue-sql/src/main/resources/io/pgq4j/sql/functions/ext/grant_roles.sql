-- pgq_ext.grant_roles()
--
--   Gives the roles their rights on this schema; installing runs it. Without a queue in the same server the
--   roles may be missing: then grant usage on the schema and execute on its functions to who consumes.
--     pgq_reader  calls the functions
--     pgq_admin   that too, and reads and deletes rows
--
-- Parameters:
--   none
-- Returns:
--   number of roles that exist, 0 to 2
-- Tables:
--   none
create or replace function pgq_ext.grant_roles()
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_role text;
  v_count integer := 0;
begin
  revoke all on all functions in schema pgq_ext from public;
  for v_role in select r.rolname from pg_roles r where r.rolname in ('pgq_reader', 'pgq_admin') loop
    execute format('grant usage on schema pgq_ext to %I', v_role);
    execute format('grant execute on all functions in schema pgq_ext to %I', v_role);
    v_count := v_count + 1;
    if v_role = 'pgq_admin' then
      grant select, delete on all tables in schema pgq_ext to pgq_admin;
    end if;
  end loop;
  return v_count;
end;
$$;

do $$
begin
  perform pgq_ext.grant_roles();
end;
$$;
