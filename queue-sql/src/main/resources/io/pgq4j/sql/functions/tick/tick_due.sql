-- pgq.tick_due(state)
-- pgq.tick_due(state, consumed)
--
--   Internal. When a queue is to be ticked:
--     - committed events wait, and ticker_max_lag is over or ticker_max_count is reached;
--     - the idle period is over;
--     - ticker_max_count ids were given out and nobody seems to be about to commit them:
--       pgq.force_tick.
--   Events that wait are counted exactly, not by their ids: ids of a transaction in flight are no reason to
--   tick, and events that were in flight at the last tick are. Where nobody consumes, nobody waits for them, and
--   they are no reason either.
--
-- Parameters:
--   i_state     row of pgq.queue_state
--   i_consumed  whether events are a reason; default true
-- Returns:
--   time until the tick is due, zero or less: now; null: the queue is behind and cannot be ticked.
--   A queue that cannot be looked into is to be looked at again soon, and must not stop the others: with its
--   tables locked, as by a drop or a rotation that is not committed, in 100 ms; else, with a warning, in 1 s
-- Tables:
--   reads pgq.event_<id>, pg_locks
create or replace function pgq.tick_due(i_state pgq.queue_state, i_consumed boolean)
returns interval
language plpgsql
set lock_timeout = '20ms'
as $$
begin
  if i_state.behind then
    return null;
  elsif i_state.idle_in <= interval '0' or not i_state.moved
    or not i_consumed and i_state.new_ids < i_state.queue_ticker_max_count
  then
    return i_state.idle_in;
  elsif pgq.has_events(i_state) then
    return case
      when not i_consumed then i_state.idle_in
      when i_state.new_ids >= i_state.queue_ticker_max_count then interval '0'
      else least(i_state.queue_ticker_max_lag - i_state.lag, i_state.idle_in)
    end;
  elsif i_state.new_ids >= i_state.queue_ticker_max_count and not pgq.producers_open(i_state.queue_id) then
    return interval '0';
  end if;
  return i_state.idle_in;
exception
  when lock_not_available then
    return interval '100 milliseconds';
  when others then
    raise warning 'cannot look into queue %: %', i_state.queue_name, sqlerrm using errcode = sqlstate;
    return interval '1 second';
end;
$$;

create or replace function pgq.tick_due(i_state pgq.queue_state)
returns interval
language sql
as $$
  select pgq.tick_due(i_state, true);
$$;
