-- pgq_coop.hand_out(queue_id, main, member, min_lag, min_count, min_interval)
--
--   Internal. Hands the consumer's next batch to a member: the consumer moves on to the end of the batch, as if it had
--   finished it, and the member opens it. Two appended rows; nothing is shared but the lock.
--
--   It looks for a tick before it takes the lock, so that members with nothing to do do not meet there, and again
--   afterwards: the batch that was seen may be gone.
--
-- Parameters:
--   i_queue_id      the queue
--   i_main          sub_id of the consumer
--   i_member        sub_id of the member
--   i_min_lag, i_min_count, i_min_interval  as in pgq.next_batch_custom
-- Returns:
--   the member's position; without a batch: there is no tick yet, or others are being served for longer than 200 ms
-- Errors:
--   40001  the snapshot is older than a compaction; or the consumer was moved, or the member unregistered, meanwhile
-- Tables:
--   reads pgq.registration, pgq.tick; writes pgq.position
create or replace function pgq_coop.hand_out(
  i_queue_id integer, i_main integer, i_member integer,
  i_min_lag interval, i_min_count integer, i_min_interval interval)
returns pgq.position
language plpgsql
as $$
declare
  v_main pgq.position;
  v_own pgq.position;
  v_tick bigint;
  v_batch_id bigint;
  v_locked boolean := false;
  v_count integer;
begin
  loop
    v_own := pgq.current_position(i_member);
    v_main := pgq.current_position(i_main);
    if v_own.batch_id is not null or v_main.batch_id is not null then
      return v_own;
    end if;
    v_tick := pgq.next_tick(i_queue_id, v_main.last_tick, i_min_lag, i_min_count, i_min_interval);
    if v_tick is null then
      return v_own;
    end if;
    exit when v_locked;
    v_locked := pgq_coop.lock_group(i_main);
    if not v_locked then
      return v_own;
    end if;
  end loop;

  v_batch_id := nextval('pgq.batch_id_seq');
  insert into pgq.position (sub_id, pos_seq, last_tick, batch_id, next_tick)
  select p.*
  from (values
    (i_main, v_main.pos_seq + 1, v_tick, null, null),
    (i_member, v_own.pos_seq + 1, v_main.last_tick, v_batch_id, v_tick)) p
  where exists (
    select from pgq.registration r
    join pgq.registration m on m.sub_id = r.sub_main
    where r.sub_id = i_member and not pgq.is_paused(r) and not pgq.is_paused(m))
  on conflict (sub_id, pos_seq) do nothing;
  get diagnostics v_count = row_count;
  if v_count < 2 then
    raise exception 'the consumer was moved or paused, or its member unregistered, at the same time'
      using errcode = '40001', hint = 'Repeat this in a new transaction.';
  end if;
  return pgq.current_position(i_member);
end;
$$;
