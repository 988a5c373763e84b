-- pgq.grant_if_role(role, what)
--
--   Internal. Grants something to a role of ours if that role exists: where roles could not be created, the schema
--   still works for its owner.
--
-- Parameters:
--   i_role  the role
--   i_what  privileges and object, as between GRANT and TO
-- Returns:
--   nothing
-- Tables:
--   none
create or replace function pgq.grant_if_role(i_role text, i_what text)
returns void
language plpgsql
as $$
begin
  if exists (select from pg_roles r where r.rolname = i_role) then
    execute format('grant %s to %I', i_what, i_role);
  end if;
end;
$$;
