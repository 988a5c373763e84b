-- pgq_coop.lock_group(main)
--
--   Internal. Lets one session at a time hand out the batches of a consumer, until its transaction ends. Others
--   wait for 200 ms at most, so that they get their turn where transactions are short, and do not wait for the
--   end of a member's work where they are not.
--
-- Parameters:
--   i_main  sub_id of the consumer
-- Returns:
--   whether the lock was taken
-- Tables:
--   none
create or replace function pgq_coop.lock_group(i_main integer)
returns boolean
language plpgsql
set lock_timeout = '200ms'
as $$
begin
  if not pg_try_advisory_xact_lock(pgq_coop.group_lock(), i_main) then
    perform pg_advisory_xact_lock(pgq_coop.group_lock(), i_main);
  end if;
  return true;
exception
  when lock_not_available then
    return false;
end;
$$;

-- pgq_coop.group_lock()
--
--   Internal. First key of the advisory locks under which batches are handed out; the second is the consumer's sub_id.
--
-- Parameters:
--   none
-- Returns:
--   the key
-- Tables:
--   none
create or replace function pgq_coop.group_lock()
returns integer
language sql
immutable
as $$
  select 1885827427;
$$;
