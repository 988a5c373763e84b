-- pgq_ext.is_event_done(consumer, batch_id, event_id)
-- pgq_ext.is_event_done(consumer, subconsumer, batch_id, event_id)
--
--   Whether an event of the consumer's current batch was done in this database.
--
-- Parameters:
--   i_consumer     the consumer
--   i_subconsumer  one of several that count for themselves; default: ''
--   i_batch_id     the batch
--   i_event_id     the event
-- Returns:
--   true or false
-- Tables:
--   reads pgq_ext.completed_event
create or replace function pgq_ext.is_event_done(
  i_consumer text, i_subconsumer text, i_batch_id bigint, i_event_id bigint)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return exists (
    select from pgq_ext.completed_event e
    where e.consumer_id = i_consumer and e.subconsumer_id = i_subconsumer
      and e.batch_id = i_batch_id and e.event_id = i_event_id);
end;
$$;

create or replace function pgq_ext.is_event_done(i_consumer text, i_batch_id bigint, i_event_id bigint)
returns boolean
language sql
as $$
  select pgq_ext.is_event_done(i_consumer, '', i_batch_id, i_event_id);
$$;
