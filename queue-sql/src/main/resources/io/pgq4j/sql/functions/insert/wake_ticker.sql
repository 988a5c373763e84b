-- pgq.wake_ticker()
--
--   Internal. Notifies the ticker if it has armed itself. To be called after the event's id was taken. While the
--   ticker is awake nobody notifies: NOTIFY serialises commits. Where max_prepared_transactions > 0 nobody
--   ever does, because NOTIFY makes PREPARE TRANSACTION fail; the ticker polls there.
--
-- Parameters:
--   none
-- Returns:
--   nothing
-- Tables:
--   reads pgq.ticker_armed; notifies pgq_ticker
create or replace function pgq.wake_ticker()
returns void
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if (select a.last_value from pgq.ticker_armed a) = 1
    and current_setting('max_prepared_transactions') = '0'
  then
    perform pg_notify('pgq_ticker', '');
  end if;
end;
$$;
