-- pgq.ticker_state(arm)
--
--   What the ticker's process should do next. It sets the wake flag first and looks afterwards: with
--   i_arm = true, and neither due nor open answered, every later commit of an event is notified, and the
--   ticker may sleep. See docs/explanation/wake-ups.md.
--
-- Parameters:
--   i_arm  whether producers shall notify pgq_ticker from now on
-- Returns:
--   due       some queue is to be ticked now, or when its consumers have read more (pgq.tick_round tells)
--   open      producers are in flight that may have looked at the flag before it was set: look again soon
--   tick_in   time until a queue will be due although nothing happens; null: never
--   retry_in  time until the next event of the retry queue is due, zero or less: now, a day at most;
--             null: there is none
-- Tables:
--   reads pgq.queue, pgq.tick, pgq.event_<id>, pgq.retry_queue; sets pgq.ticker_armed
create or replace function pgq.ticker_state(
  i_arm boolean, out due boolean, out open boolean, out tick_in interval, out retry_in interval)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_moved pgq.queue_state[];
  v_behind integer[];
begin
  if (select a.last_value from pgq.ticker_armed a) <> i_arm::integer then
    perform setval('pgq.ticker_armed', i_arm::integer);
  end if;

  select
    array_agg(s) filter (where s.moved), min(s.idle_in) filter (where not s.moved and not s.behind),
    coalesce(array_agg(s.queue_id) filter (where s.behind), '{}')
  into v_moved, tick_in, v_behind
  from pgq.queue_state s;
  open := pgq.producers_open();
  tick_in := least(tick_in, (
    select min(pgq.tick_due(s, exists (select from pgq.registration r where r.sub_queue = s.queue_id)))
    from unnest(v_moved) s));
  due := coalesce(tick_in <= interval '0', false);
  -- What is due in centuries does not fit the callers' durations.
  retry_in := (
    select least(r.ev_retry_after, clock_timestamp() + interval '1 day')
    from pgq.retry_queue r
    where r.ev_queue <> all (v_behind)
    order by r.ev_retry_after
    limit 1) - clock_timestamp();
end;
$$;
