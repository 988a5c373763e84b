-- pgq_ext.get_last_tick(consumer)
-- pgq_ext.get_last_tick(consumer, subconsumer)
--
--   The tick up to which a consumer is done in this database.
--
-- Parameters:
--   i_consumer     the consumer
--   i_subconsumer  one of several that count for themselves; default: ''
-- Returns:
--   id of the tick; null: none was set
-- Tables:
--   reads pgq_ext.completed_tick
create or replace function pgq_ext.get_last_tick(i_consumer text, i_subconsumer text)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select t.last_tick_id from pgq_ext.completed_tick t
    where t.consumer_id = i_consumer and t.subconsumer_id = i_subconsumer);
end;
$$;

create or replace function pgq_ext.get_last_tick(i_consumer text)
returns bigint
language sql
as $$
  select pgq_ext.get_last_tick(i_consumer, '');
$$;
