-- pgq.wake_after_copy()
--
--   Internal. Statement trigger of the event tables: wakes the ticker after COPY or INSERT into one of them. Inserts
--   through pgq.event do not fire it.
--
-- Parameters:
--   none
-- Returns:
--   nothing of use, as an AFTER trigger
-- Tables:
--   reads pgq.ticker_armed; notifies pgq_ticker
create or replace function pgq.wake_after_copy()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform pgq.wake_ticker();
  return null;
end;
$$;
