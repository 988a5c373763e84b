-- pgq.ticker_leased(holder, lease)
--
--   What a ticker calls again and again that has no session of the server to itself, as behind a
--   transaction-pooling proxy: takes or renews the lead, makes ticks and looks, in one transaction. Who has not
--   got the lead, or has lost it meanwhile, changes nothing.
--
--   The lead is that of a ticker with a session: the advisory lock 8099566924954430322. A call holds it until it
--   commits, and the lease says who gets it between two calls. So a ticker with a session always goes first.
--
--   A lease counts from its last renewal, by this server's clock. A renewal in the future, which a clock that
--   stepped back leaves behind, is none.
--
-- Parameters:
--   i_holder  the ticker: a number above 0 that no other one has
--   i_lease   for how long a renewal keeps others off; three times the pause between two calls, at least
-- Returns:
--   free_in   another ticker leads: ask again after this time; null: this one does
--   ticked    number of queues ticked
--   due, open, tick_in, retry_in  as pgq.ticker_state
-- Errors:
--   PQ007  the transaction is not READ COMMITTED
-- Tables:
--   those of pgq.tick_round and pgq.ticker_state; reads and sets pgq.ticker_lease_holder, pgq.ticker_lease_time
create or replace function pgq.ticker_leased(
  i_holder bigint, i_lease interval,
  out free_in interval, out ticked bigint, out due boolean, out open boolean, out tick_in interval,
  out retry_in interval)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  free_in := pgq.take_lease(i_holder, i_lease);
  if free_in is null then
    ticked := (pgq.tick_round(null)).queues_ticked;
    select s.due, s.open, s.tick_in, s.retry_in into due, open, tick_in, retry_in from pgq.ticker_state(false) s;
  end if;
end;
$$;

-- pgq.return_lease(holder)
--
--   Gives the lead up, so that another ticker need not wait until the lease is over.
--
-- Parameters:
--   i_holder  as for pgq.ticker_leased
-- Returns:
--   whether it had the lead
-- Tables:
--   reads and sets pgq.ticker_lease_holder
create or replace function pgq.return_lease(i_holder bigint)
returns boolean
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if pg_try_advisory_xact_lock(8099566924954430322)
    and (select h.last_value from pgq.ticker_lease_holder h) = i_holder
  then
    perform setval('pgq.ticker_lease_holder', 0);
    return true;
  end if;
  return false;
end;
$$;

-- pgq.lease_age()
--
--   How long ago the lease was renewed.
--
-- Parameters:
--   none
-- Returns:
--   the time; null: nobody holds it
-- Tables:
--   reads pgq.ticker_lease_holder, pgq.ticker_lease_time
create or replace function pgq.lease_age()
returns interval
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
  select clock_timestamp() - to_timestamp(t.last_value / 1000000.0)
  from pgq.ticker_lease_holder h, pgq.ticker_lease_time t
  where h.last_value > 0;
$$;

-- pgq.lease_taken(holder, lease)
--
--   Internal. Whether another one than the holder has the lease.
--
-- Parameters:
--   i_holder, i_lease  as for pgq.ticker_leased
-- Returns:
--   the time that is left of it; null: it is free, or the holder's
-- Tables:
--   reads pgq.ticker_lease_holder, pgq.ticker_lease_time
create or replace function pgq.lease_taken(i_holder bigint, i_lease interval)
returns interval
language plpgsql
as $$
declare
  v_age interval := pgq.lease_age();
begin
  if v_age >= interval '0' and v_age < i_lease
    and (select h.last_value from pgq.ticker_lease_holder h) <> i_holder
  then
    return i_lease - v_age;
  end if;
  return null;
end;
$$;

-- pgq.take_lease(holder, lease)
--
--   Internal. Takes the lead for this transaction, and the lease. It asks before it goes for the lock, lest those
--   who ask in vain get into the holder's way, and again when it has the lock, under which alone the lease
--   changes.
--
-- Parameters:
--   i_holder, i_lease  as for pgq.ticker_leased
-- Returns:
--   null: it is taken; else when to ask again
-- Tables:
--   reads and sets pgq.ticker_lease_holder, pgq.ticker_lease_time
create or replace function pgq.take_lease(i_holder bigint, i_lease interval)
returns interval
language plpgsql
as $$
declare
  v_left interval := pgq.lease_taken(i_holder, i_lease);
  v_was bigint;
begin
  if v_left is not null then
    return v_left;
  elsif not pg_try_advisory_xact_lock(8099566924954430322) then
    return i_lease;
  end if;
  v_left := pgq.lease_taken(i_holder, i_lease);
  if v_left is not null then
    return v_left;
  end if;

  select h.last_value into v_was from pgq.ticker_lease_holder h;
  if v_was = i_holder and pgq.lease_age() between interval '0' and i_lease / 3 then
    return null;
  end if;
  perform setval('pgq.ticker_lease_time', (extract(epoch from clock_timestamp()) * 1000000)::bigint);
  if v_was <> i_holder then
    perform setval('pgq.ticker_lease_holder', i_holder);
  end if;
  return null;
end;
$$;
