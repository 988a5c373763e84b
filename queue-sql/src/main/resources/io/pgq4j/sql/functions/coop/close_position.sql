-- pgq_coop.close_position(position, tick)
--
--   Internal. Takes the open batch away from its holder, by the number of the position that would finish it. The
--   holder may just be doing that in a transaction that does not end: then wait for 200 ms at most.
--
-- Parameters:
--   i_position  the current position, as it was seen
--   i_tick      where the holder is then; null: a member without a batch
-- Returns:
--   whether it was closed; else the batch is being finished, or was kept by a heartbeat
-- Tables:
--   writes pgq.position
create or replace function pgq_coop.close_position(i_position pgq.position, i_tick bigint)
returns boolean
language plpgsql
set lock_timeout = '200ms'
as $$
begin
  insert into pgq.position (sub_id, pos_seq, last_tick)
  values (i_position.sub_id, i_position.pos_seq + 1, i_tick)
  on conflict (sub_id, pos_seq) do nothing;
  return found;
exception
  when lock_not_available then
    return false;
end;
$$;

-- pgq_coop.drop_batches(main)
--
--   Internal. Drops the open batches of all members, for who moves their consumer. Waits for transactions that hand
--   out or finish batches.
--
-- Parameters:
--   i_main  sub_id of the consumer
-- Returns:
--   nothing
-- Tables:
--   reads pgq.registration; writes pgq.position
create or replace function pgq_coop.drop_batches(i_main integer)
returns void
language plpgsql
as $$
declare
  v_member integer;
begin
  perform pg_advisory_xact_lock(pgq_coop.group_lock(), i_main);
  for v_member in select r.sub_id from pgq.registration r where r.sub_main = i_main loop
    loop
      insert into pgq.position (sub_id, pos_seq)
      select p.sub_id, p.pos_seq + 1 from pgq.current_position(v_member) p
      on conflict (sub_id, pos_seq) do nothing;
      exit when found;
    end loop;
  end loop;
end;
$$;
