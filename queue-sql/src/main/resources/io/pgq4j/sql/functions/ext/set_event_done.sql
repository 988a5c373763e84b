-- pgq_ext.set_event_done(consumer, batch_id, event_id)
-- pgq_ext.set_event_done(consumer, subconsumer, batch_id, event_id)
--
--   Notes that an event is done, in the transaction that did it. The first event of a batch forgets those of the
--   batches before it. Of two transactions that do the same event the second waits for the first, and is told
--   false: it has to roll back. Different events of a batch do not wait for each other.
--
-- Parameters:
--   i_consumer     the consumer
--   i_subconsumer  one of several that count for themselves; default: ''
--   i_batch_id     the batch
--   i_event_id     the event
-- Returns:
--   true; false when it was done already
-- Errors:
--   PQ006  events of a later batch are being done
--   40001  another session was faster (not READ COMMITTED)
-- Tables:
--   writes pgq_ext.partial_batch, pgq_ext.completed_event
create or replace function pgq_ext.set_event_done(
  i_consumer text, i_subconsumer text, i_batch_id bigint, i_event_id bigint)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_current bigint;
begin
  loop
    select b.cur_batch_id into v_current
    from pgq_ext.partial_batch b
    where b.consumer_id = i_consumer and b.subconsumer_id = i_subconsumer;
    exit when v_current >= i_batch_id;
    insert into pgq_ext.partial_batch as b (consumer_id, subconsumer_id, cur_batch_id)
    values (i_consumer, i_subconsumer, i_batch_id)
    on conflict (consumer_id, subconsumer_id) do update
      set cur_batch_id = excluded.cur_batch_id
      where b.cur_batch_id < excluded.cur_batch_id;
    if found then
      delete from pgq_ext.completed_event e
      where e.consumer_id = i_consumer and e.subconsumer_id = i_subconsumer and e.batch_id < i_batch_id;
    end if;
  end loop;
  perform pgq_ext.refuse_past_batch(i_consumer, i_batch_id, v_current);

  insert into pgq_ext.completed_event (consumer_id, subconsumer_id, batch_id, event_id)
  values (i_consumer, i_subconsumer, i_batch_id, i_event_id)
  on conflict do nothing;
  return found;
end;
$$;

create or replace function pgq_ext.set_event_done(i_consumer text, i_batch_id bigint, i_event_id bigint)
returns boolean
language sql
as $$
  select pgq_ext.set_event_done(i_consumer, '', i_batch_id, i_event_id);
$$;
