-- pgq.set_queue_config(queue, parameter, value)
--
--   Changes a setting of a queue.
--
-- Parameters:
--   i_queue_name   the queue
--   i_param_name   ticker_max_count    integer from 1: tick when so many events wait (500)
--                  ticker_max_lag      interval: tick when events wait and the last tick is so old (0)
--                  ticker_idle_period  interval: tick when the last tick is so old (1 minute)
--                  ticker_paused       boolean: make no ticks (false)
--                  rotation_period     interval: how long an event table is filled (2 hours)
--                  ntables             integer from 2: in how many event tables it rotates (3)
--                  external_ticker     boolean: ticks come from pgq.ticker with four arguments (false)
--                  disable_insert      boolean: refuse events (false)
--                  per_tx_limit        integer: events that one transaction may insert; null: any number (null)
--                  max_retries         integer from 0: how often pgq.event_failed retries an event (9)
--                  retry_delay         interval: its pause before the first retry; it doubles each time (1 second)
--                  retry_delay_max     interval: its longest pause (1 hour)
--   i_param_value  the value, as text
-- Returns:
--   1
-- Errors:
--   PQ001  no such queue
--   PQ008  unknown parameter, or a value that does not fit
--   55P03  more tables: a producer of this queue did not end its transaction within two seconds
-- Tables:
--   writes pgq.queue; ntables: creates pgq.event_<id>_<slot>; notifies pgq_ticker
create or replace function pgq.set_queue_config(i_queue_name text, i_param_name text, i_param_value text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_params constant jsonb := '{
    "ticker_max_count": "integer", "ticker_max_lag": "interval", "ticker_idle_period": "interval",
    "ticker_paused": "boolean", "rotation_period": "interval", "ntables": "integer",
    "external_ticker": "boolean", "disable_insert": "boolean", "per_tx_limit": "integer",
    "max_retries": "integer", "retry_delay": "interval", "retry_delay_max": "interval"}';
  v_type text := v_params ->> i_param_name;
  v_least constant integer := case i_param_name when 'max_retries' then 0 when 'ntables' then 2 else 1 end;
  v_bad boolean;
begin
  if i_queue_name is null or i_param_name is null then
    raise exception 'Invalid NULL value' using errcode = 'PQ008', hint = 'Name a queue and a parameter.';
  end if;
  perform pgq.find_queue(i_queue_name);
  if v_type is null then
    raise exception 'cannot change parameter "%"', i_param_name
      using errcode = 'PQ008',
            hint = 'Parameters: ' || (select string_agg(k, ', ' order by k) from jsonb_object_keys(v_params) k) || '.';
  end if;

  begin
    v_bad := i_param_value is null and i_param_name <> 'per_tx_limit';
    if v_type = 'interval' then
      v_bad := v_bad or i_param_value::interval < '0'::interval;
    elsif v_type = 'integer' then
      v_bad := v_bad or i_param_value::integer < v_least;
    else
      perform i_param_value::boolean;
    end if;
  exception
    when data_exception then
      v_bad := true;
  end;
  if v_bad then
    raise exception 'bad value for parameter "%": %', i_param_name, coalesce(quote_literal(i_param_value), 'null')
      using errcode = 'PQ008',
            hint = case v_type
                     when 'interval' then 'Give a duration that is not negative, such as ''30 seconds''.'
                     when 'integer' then format('Give a whole number from %s.', v_least)
                     else 'Give true or false.'
                   end;
  end if;

  if i_param_name = 'ntables' then
    perform pgq.add_event_tables(i_queue_name, i_param_value::integer);
  end if;
  execute format('update pgq.queue set queue_%s = $1::%s where queue_name = $2', i_param_name, v_type)
  using i_param_value, i_queue_name;
  perform pgq.wake_ticker();
  return 1;
end;
$$;
