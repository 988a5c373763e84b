-- What a history needs beside the queue: the ledger, tables to watch, and eyes of its own.

drop schema if exists history cascade;
create schema history;

-- Each transaction books its events here, so the database itself says which of them committed.
create table history.ledger (
  txid        bigint not null default txid_current(),
  name        text not null,
  statements  text not null
);
create index on history.ledger (txid);

create function history.book(i_name text, i_statements text) returns void
language sql as $$
  insert into history.ledger (name, statements) values (i_name, i_statements);
$$;

-- Eight rows that all fight for; from 1100 on short-lived ones. k is the place in the INSERT, -1 for none.
create table history.item (
  id bigint primary key deferrable, v integer not null, k integer not null, note text);
create table history.row_item (
  id bigint primary key, v integer not null, k integer not null, note text);
create table history.json_item (
  id bigint primary key, v integer not null, k integer not null, note text);
create sequence history.item_id start 1100 increment 100;
insert into history.item select i, 1, 0 from generate_series(1, 8) i;
insert into history.row_item table history.item;
insert into history.json_item table history.item;

-- The work of transactional consumers.
create table history.account (consumer text primary key, done bigint not null, events bigint not null);

-- Inserts an event in a subtransaction that succeeds, after one in a subtransaction that fails.
create function history.insert_in_block(i_queue text, i_name text, i_mark text) returns void
language plpgsql as $$
begin
  begin
    perform pgq.insert_event(i_queue, 'block', 'undone', null, null, null, i_name || '/x/0');
    raise exception 'undone';
  exception
    when raise_exception then
      perform pgq.insert_event(i_queue, 'block', 'kept', null, null, null, i_mark);
  end;
end;
$$;

-- Many events, each in a subtransaction of its own: more than a backend caches.
create function history.insert_in_blocks(i_queue text, i_name text, i_mark text, i_count integer) returns void
language plpgsql as $$
begin
  for i in 0 .. i_count - 1 loop
    begin
      perform pgq.insert_event(i_queue, 'blocks', 'kept', null, null, null, i_mark || i);
    exception
      when division_by_zero then
        raise;
    end;
  end loop;
end;
$$;

-- A batch as it is meant: what was committed between two ticks, and what is stored of it.
create function history.truth(
  i_queue text, i_from bigint, i_to bigint, i_sub integer, i_meaning boolean,
  out from_snapshot text, out to_snapshot text, out committed text[], out meaning bigint[])
language plpgsql stable as $$
declare
  v_queue integer := (select q.queue_id from pgq.queue q where q.queue_name = i_queue);
  v_old txid_snapshot := (select t.tick_snapshot from pgq.tick t where t.tick_queue = v_queue and t.tick_id = i_from);
  v_new txid_snapshot := (select t.tick_snapshot from pgq.tick t where t.tick_queue = v_queue and t.tick_id = i_to);
begin
  from_snapshot := v_old;
  to_snapshot := v_new;
  committed := array(
    select format('%s %s %s', l.txid, l.name, l.statements)
    from history.ledger l
    where l.txid >= txid_snapshot_xmin(v_old) and l.txid < txid_snapshot_xmax(v_new)
      and txid_visible_in_snapshot(l.txid, v_new) and not txid_visible_in_snapshot(l.txid, v_old));
  if i_meaning then
    meaning := array(
      select e.ev_id
      from pgq.event e
      where e.ev_queue = v_queue
        and txid_visible_in_snapshot(e.ev_txid, v_new) and not txid_visible_in_snapshot(e.ev_txid, v_old)
        and (e.ev_owner is null or e.ev_owner = i_sub)
      order by e.ev_id);
  end if;
end;
$$;

-- What was in an event table when it was emptied, and where everyone was.
create table history.emptied (event_table text, transactions bigint[], needed jsonb);

create function history.note_emptied() returns trigger
language plpgsql security definer as $$
declare
  v_transactions bigint[];
begin
  execute format('select array(select distinct ev_txid from only %s)', tg_relid::regclass) into v_transactions;
  insert into history.emptied
  select tg_relid::regclass, v_transactions, coalesce(jsonb_object_agg(s.sub_id, t.tick_snapshot::text), '{}')
  from pgq.subscription s
  join pgq.tick t on t.tick_queue = s.sub_queue and t.tick_id = s.sub_last_tick
  join pgq.queue q on q.queue_id = s.sub_queue
  where tg_relid in (select p.relid from pg_partition_tree(q.queue_data_pfx::regclass) p);
  return null;
end;
$$;

-- Forgets what no tick that is kept can need, except how much it was.
create table history.forgotten (transactions bigint not null, ids numeric not null);

create function history.prune(i_queue text) returns void
language sql as $$
  with old as (
    delete from history.ledger l
    where l.txid < (
      select min(txid_snapshot_xmin(t.tick_snapshot))
      from pgq.tick t join pgq.queue q on q.queue_id = t.tick_queue
      where q.queue_name = i_queue)
    returning l.txid)
  insert into history.forgotten select count(*), sum(txid) from old having count(*) > 0;
$$;

create function history.total(out transactions bigint, out ids bigint)
language sql as $$
  select sum(s.transactions), sum(s.ids)
  from (
    select count(*), coalesce(sum(l.txid), 0) from history.ledger l
    union all
    table history.forgotten) s (transactions, ids);
$$;

-- Positions and ticks of nobody, for compaction to clear away.
create function history.litter(i_rows integer) returns void
language sql as $$
  insert into pgq.position (sub_id, pos_seq, last_tick)
  select 0, coalesce((select max(p.pos_seq) from pgq.position p where p.sub_id = 0), 0) + g, 0
  from generate_series(1, i_rows) g;
  insert into pgq.tick (tick_queue, tick_id, tick_event_seq)
  select 0, coalesce((select max(t.tick_id) from pgq.tick t where t.tick_queue = 0), 0) + g, 0
  from generate_series(1, i_rows) g;
$$;
