-- pgq.maint_compact()
--
--   Compaction: gives the space of old positions and ticks back. The few rows that are still needed are
--   kept in memory, the table is truncated, and they are put back.
--
--   A table is passed over when it is small, when much of it is still needed, or when its lock is not to be
--   had at once. A transaction whose snapshot is older finds no row in a compacted table, not an old one;
--   the functions tell it so by an error.
--
-- Parameters:
--   none
-- Returns:
--   number of tables compacted, 0 to 2
-- Errors:
--   PQ007  the transaction is not READ COMMITTED: its snapshot may miss rows
-- Tables:
--   truncates and writes pgq.position, pgq.tick; reads pgq.registration, pgq.queue
create or replace function pgq.maint_compact()
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform pgq.check_isolation('maint_compact');
  return pgq.compact_positions() + pgq.compact_ticks();
end;
$$;

-- pgq.compact_positions()
--
--   Internal. Keeps the current position of each consumer. Needed are as many rows as there are consumers.
--
-- Parameters:
--   none
-- Returns:
--   1 when it was compacted, else 0
-- Tables:
--   truncates and writes pgq.position; reads pgq.registration
create or replace function pgq.compact_positions()
returns integer
language plpgsql
as $$
declare
  v_rows pgq.position[];
begin
  if not pgq.worth_compacting('pgq.position', 80, (select count(*) from pgq.registration))
    or not pgq.lock_briefly('pgq.position')
  then
    return 0;
  end if;
  v_rows := array(select pgq.current_position(r.sub_id) from pgq.registration r);
  truncate pgq.position;
  insert into pgq.position select (unnest(v_rows)).*;
  return 1;
end;
$$;

-- pgq.compact_ticks()
--
--   Internal. Keeps the ticks from each queue's watermark on, its last one, and the first one of each of the last
--   minutes, from which pgq.get_queue_info tells the rate of events. Of those before the watermark, from the
--   oldest after which all events are kept, it keeps one for each minute in which events came: pgq.seek goes
--   to them. Needed are about as many rows as there are ids from the watermark to the last tick, and minutes, but
--   not more than events, before.
--
-- Parameters:
--   none
-- Returns:
--   1 when it was compacted, else 0
-- Tables:
--   truncates and writes pgq.tick; reads pgq.queue, pgq.registration, pgq.position
create or replace function pgq.compact_ticks()
returns integer
language plpgsql
as $$
declare
  v_needed bigint;
  v_rows pgq.tick[];
begin
  if not pgq.worth_compacting('pgq.tick', 80, 0) then
    return 0;
  end if;
  select sum(
    pg_sequence_last_value(q.queue_tick_seq::regclass) - w.tick_id + 4
    + least(
        w.tick_id - o.tick_id, w.tick_event_seq - o.tick_event_seq,
        greatest(extract(epoch from w.tick_time - o.tick_time)::bigint / 60, 0)))
  into v_needed
  from pgq.queue q
  cross join lateral (select pgq.watermark(q.queue_id) as tick_id) m
  join pgq.tick w on w.tick_queue = q.queue_id and w.tick_id = m.tick_id
  cross join lateral (
    select t.* from pgq.tick t
    where t.tick_queue = q.queue_id and t.tick_id >= q.queue_oldest_tick
    order by t.tick_id
    limit 1) o;
  if not pgq.worth_compacting('pgq.tick', 80, v_needed) or not pgq.lock_briefly('pgq.tick') then
    return 0;
  end if;

  v_rows := array(
    select t
    from pgq.queue q
    cross join lateral (select pgq.watermark(q.queue_id) as tick_id) w
    cross join lateral (
      select distinct on (k.tick_id) k.*
      from (
        select t.* from pgq.tick t where t.tick_queue = q.queue_id and t.tick_id >= w.tick_id
        union all
        (select t.* from pgq.tick t where t.tick_queue = q.queue_id order by t.tick_id desc limit 1)
        union all
        (select distinct on (date_trunc('minute', t.tick_time)) t.*
         from pgq.tick t
         where t.tick_queue = q.queue_id and t.tick_time > clock_timestamp() - interval '2 minutes'
         order by date_trunc('minute', t.tick_time), t.tick_id)
        union all
        (select distinct on (date_trunc('minute', (o.t).tick_time)) (o.t).*
         from (
           select t, lag(t.tick_event_seq) over (order by t.tick_id) as seq_before
           from pgq.tick t
           where t.tick_queue = q.queue_id and t.tick_id >= q.queue_oldest_tick and t.tick_id < w.tick_id
         ) o
         where (o.t).tick_event_seq is distinct from o.seq_before
         order by date_trunc('minute', (o.t).tick_time), (o.t).tick_id)
      ) k
      order by k.tick_id
    ) t);
  truncate pgq.tick;
  insert into pgq.tick select (unnest(v_rows)).*;
  return 1;
end;
$$;

-- pgq.worth_compacting(table, row_bytes, needed)
--
--   Internal. Whether compacting a table would free at least 64 kB and three quarters of it.
--
-- Parameters:
--   i_table      the table
--   i_row_bytes  about the size of a row
--   i_needed     about how many rows have to be kept
-- Returns:
--   true or false
-- Tables:
--   none
create or replace function pgq.worth_compacting(i_table regclass, i_row_bytes integer, i_needed bigint)
returns boolean
language sql
as $$
  select pg_relation_size(i_table) > greatest(65536, 4 * i_needed * i_row_bytes);
$$;

-- pgq.lock_briefly(table)
--
--   Internal. Takes the lock that TRUNCATE needs, waiting for 20 ms at most: others queue behind who waits.
--
-- Parameters:
--   i_table  the table
-- Returns:
--   whether it was taken
-- Tables:
--   locks the table
create or replace function pgq.lock_briefly(i_table regclass)
returns boolean
language plpgsql
set lock_timeout = '20ms'
as $$
begin
  execute format('lock table %s in access exclusive mode', i_table);
  return true;
exception
  when lock_not_available then
    return false;
end;
$$;
