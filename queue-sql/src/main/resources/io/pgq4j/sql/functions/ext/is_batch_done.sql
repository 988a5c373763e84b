-- pgq_ext.is_batch_done(consumer, batch_id)
-- pgq_ext.is_batch_done(consumer, subconsumer, batch_id)
--
--   Whether the consumer's last batch in this database is this one: the process died after its work was
--   committed here and before the batch was finished there.
--
-- Parameters:
--   i_consumer     the consumer
--   i_subconsumer  one of several that count for themselves; default: ''
--   i_batch_id     the batch
-- Returns:
--   true or false
-- Tables:
--   reads pgq_ext.completed_batch
create or replace function pgq_ext.is_batch_done(i_consumer text, i_subconsumer text, i_batch_id bigint)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return exists (
    select from pgq_ext.completed_batch b
    where b.consumer_id = i_consumer and b.subconsumer_id = i_subconsumer and b.last_batch_id = i_batch_id);
end;
$$;

create or replace function pgq_ext.is_batch_done(i_consumer text, i_batch_id bigint)
returns boolean
language sql
as $$
  select pgq_ext.is_batch_done(i_consumer, '', i_batch_id);
$$;
