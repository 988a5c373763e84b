-- pgq_coop.unregister_subconsumer(queue, consumer, subconsumer, batch_handling)
--
--   Forgets a member. The consumer itself, its position and its other members stay.
--
-- Parameters:
--   i_queue_name        the queue
--   i_consumer_name     the consumer it works for
--   i_subconsumer_name  its name
--   i_batch_handling    what to do when it has a batch open: 0 fail; 1 put the events of the batch into the
--                       consumer's retry queue, from where they come back at once to the other members
-- Returns:
--   1; 0 when it was not registered
-- Errors:
--   42501  no right on this queue
--   PQ008  it has a batch open, and i_batch_handling is not 1; i_batch_handling is neither 0 nor 1
--   55P03  the member's batch is being finished, or batches are handed out, in a transaction that does not end
-- Tables:
--   writes pgq.registration, pgq.position, pgq.retry_queue
create or replace function pgq_coop.unregister_subconsumer(
  i_queue_name text, i_consumer_name text, i_subconsumer_name text, i_batch_handling integer)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_member pgq.registration := pgq_coop.find_member(i_queue_name, i_consumer_name, i_subconsumer_name);
begin
  if (i_batch_handling in (0, 1)) is not true then
    raise exception 'bad batch_handling: %', i_batch_handling
      using errcode = 'PQ008', hint = '0: fail when a batch is open; 1: put its events into the retry queue.';
  end if;
  if v_member.sub_id is null then
    return 0;
  end if;
  if (select q.queue_guarded from pgq.queue q where q.queue_id = v_member.sub_queue) then
    perform pgq.check_consumer(v_member.sub_queue);
  end if;
  return pgq_coop.remove_member(v_member, i_batch_handling = 1);
end;
$$;

-- pgq_coop.remove_member(member, retry)
--
--   Internal. Forgets a member. Under the lock, so that no batch is handed to it at the same time, whose events
--   would be lost. Its position is closed and left behind until the next compaction: a session whose snapshot
--   still sees the registration fails on it.
--
-- Parameters:
--   i_member  row of pgq.registration
--   i_retry   put the events of an open batch into the retry queue; else fail
-- Returns:
--   1; 0 when somebody else did it
-- Errors:
--   PQ008, 55P03  as above
-- Tables:
--   writes pgq.registration, pgq.position, pgq.retry_queue
create or replace function pgq_coop.remove_member(i_member pgq.registration, i_retry boolean)
returns integer
language plpgsql
as $$
declare
  v_position pgq.position;
  v_locked boolean := pgq_coop.lock_group(i_member.sub_main);
begin
  perform from pgq.registration r where r.sub_id = i_member.sub_id;
  if not found then
    return 0;
  end if;
  v_position := pgq.current_position(i_member.sub_id);
  if v_position.batch_id is not null then
    if not i_retry then
      raise exception 'cannot unregister a member, it has an open batch: %', v_position.batch_id
        using errcode = 'PQ008',
              hint = 'Finish it, or send its events to the retry queue: pgq_coop.unregister_subconsumer(…, 1).';
    end if;
    perform pgq.batch_retry(v_position.batch_id, 0);
  end if;
  if not (v_locked and pgq_coop.close_position(v_position, null)) then
    raise exception 'the member is busy'
      using errcode = '55P03', hint = 'Batches are being opened or finished in a transaction that is open; try again.';
  end if;
  delete from pgq.registration r where r.sub_id = i_member.sub_id;
  return 1;
end;
$$;
