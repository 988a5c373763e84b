-- pgq.get_dead_letters(queue, consumer)
-- pgq.get_dead_letters(queue, consumer, after, limit)
--
--   The events that a consumer gave up, by ev_id: all of them, or a page.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer; it need not be registered any more
--   i_after          only those with a higher ev_id; null: from the first
--   i_limit          how many at most; null: all
-- Returns:
--   ev_id, ev_time
--   first_time  when the consumer first failed
--   last_time   when it gave up
--   attempts    how often it tried
--   reason      why it gave up
--   ev_type, ev_data, ev_extra1 … ev_extra4
-- Errors:
--   PQ001  no such queue
--   PQ002  no such consumer
-- Tables:
--   reads pgq.queue, pgq.consumer, pgq.dead_letter
create or replace function pgq.get_dead_letters(
  i_queue_name text, i_consumer_name text, i_after bigint, i_limit integer,
  out ev_id bigint, out ev_time timestamptz, out first_time timestamptz, out last_time timestamptz,
  out attempts integer, out reason text, out ev_type text,
  out ev_data text, out ev_extra1 text, out ev_extra2 text, out ev_extra3 text, out ev_extra4 text)
returns setof record
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_whose record := pgq.find_dead_letters(i_queue_name, i_consumer_name);
begin
  return query
  select
    d.ev_id, d.ev_time, d.dl_first_time, d.dl_time, d.dl_attempts, d.dl_reason, d.ev_type,
    d.ev_data, d.ev_extra1, d.ev_extra2, d.ev_extra3, d.ev_extra4
  from pgq.dead_letter d
  where d.dl_queue = v_whose.queue_id and d.dl_consumer = v_whose.consumer_id and d.ev_id > coalesce(i_after, 0)
  order by d.ev_id
  limit i_limit;
end;
$$;

create or replace function pgq.get_dead_letters(
  i_queue_name text, i_consumer_name text,
  out ev_id bigint, out ev_time timestamptz, out first_time timestamptz, out last_time timestamptz,
  out attempts integer, out reason text, out ev_type text,
  out ev_data text, out ev_extra1 text, out ev_extra2 text, out ev_extra3 text, out ev_extra4 text)
returns setof record
language sql
as $$
  select d.* from pgq.get_dead_letters(i_queue_name, i_consumer_name, null, null) d;
$$;
