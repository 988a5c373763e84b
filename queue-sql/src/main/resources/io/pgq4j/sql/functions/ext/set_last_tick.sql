-- pgq_ext.set_last_tick(consumer, tick_id)
-- pgq_ext.set_last_tick(consumer, subconsumer, tick_id)
--
--   Notes up to which tick a consumer is done, in the transaction that did it. Of two transactions that set the
--   same tick the second waits for the first, and is told 0: it has to roll back.
--
-- Parameters:
--   i_consumer     the consumer
--   i_subconsumer  one of several that count for themselves; default: ''
--   i_tick_id      the tick, later or earlier than before; null: forget it
-- Returns:
--   1; 0 when it was that tick already
-- Errors:
--   40001  another session was faster (not READ COMMITTED)
-- Tables:
--   writes pgq_ext.completed_tick
create or replace function pgq_ext.set_last_tick(i_consumer text, i_subconsumer text, i_tick_id bigint)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if i_tick_id is null then
    delete from pgq_ext.completed_tick t where t.consumer_id = i_consumer and t.subconsumer_id = i_subconsumer;
    return 1;
  end if;
  insert into pgq_ext.completed_tick as t (consumer_id, subconsumer_id, last_tick_id)
  values (i_consumer, i_subconsumer, i_tick_id)
  on conflict (consumer_id, subconsumer_id) do update
    set last_tick_id = excluded.last_tick_id
    where t.last_tick_id <> excluded.last_tick_id;
  return found::integer;
end;
$$;

create or replace function pgq_ext.set_last_tick(i_consumer text, i_tick_id bigint)
returns integer
language sql
as $$
  select pgq_ext.set_last_tick(i_consumer, '', i_tick_id);
$$;
