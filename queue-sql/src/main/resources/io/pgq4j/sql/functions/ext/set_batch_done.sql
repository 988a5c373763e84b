-- pgq_ext.set_batch_done(consumer, batch_id)
-- pgq_ext.set_batch_done(consumer, subconsumer, batch_id)
--
--   Notes that a batch is done, in the transaction that did it. Of two transactions that do the same batch the
--   second waits for the first, and is told false: it has to roll back.
--
-- Parameters:
--   i_consumer     the consumer
--   i_subconsumer  one of several that count for themselves; default: ''
--   i_batch_id     the batch
-- Returns:
--   true; false when it was done already
-- Errors:
--   PQ006  a later batch is done already
--   40001  another session was faster (not READ COMMITTED)
-- Tables:
--   writes pgq_ext.completed_batch
create or replace function pgq_ext.set_batch_done(i_consumer text, i_subconsumer text, i_batch_id bigint)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_last bigint;
begin
  insert into pgq_ext.completed_batch as b (consumer_id, subconsumer_id, last_batch_id)
  values (i_consumer, i_subconsumer, i_batch_id)
  on conflict (consumer_id, subconsumer_id) do update
    set last_batch_id = excluded.last_batch_id
    where b.last_batch_id < excluded.last_batch_id;
  if found then
    return true;
  end if;
  select b.last_batch_id into v_last
  from pgq_ext.completed_batch b
  where b.consumer_id = i_consumer and b.subconsumer_id = i_subconsumer;
  perform pgq_ext.refuse_past_batch(i_consumer, i_batch_id, v_last);
  return false;
end;
$$;

create or replace function pgq_ext.set_batch_done(i_consumer text, i_batch_id bigint)
returns boolean
language sql
as $$
  select pgq_ext.set_batch_done(i_consumer, '', i_batch_id);
$$;

-- pgq_ext.refuse_past_batch(consumer, batch_id, last)
--
--   Internal. Fails when a later batch was done already. Batch ids of a consumer only grow: so somebody else took
--   it over; or they began anew, where both "done" and "not done" might be wrong.
--
-- Parameters:
--   i_consumer  the consumer
--   i_batch_id  the batch
--   i_last      the last one that was done
-- Returns:
--   nothing
-- Errors:
--   PQ006  it is an earlier one
-- Tables:
--   none
create or replace function pgq_ext.refuse_past_batch(i_consumer text, i_batch_id bigint, i_last bigint)
returns void
language plpgsql
as $$
begin
  if i_batch_id < i_last then
    raise exception 'batch % of consumer % is behind batch %, which was done here', i_batch_id, i_consumer, i_last
      using errcode = 'PQ006',
            detail = 'Another process took it over; or the queue was restored, and its batches are counted anew.',
            hint = 'Roll back and call next_batch. After a restore: delete the rows of this consumer from'
              ' pgq_ext.completed_batch and pgq_ext.partial_batch.';
  end if;
end;
$$;
