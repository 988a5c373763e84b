-- Indexes that the engine's queries need: one on ev_txid of each event table, and those of the other tables.
select l.oid::regclass::text as object, format('create index on %s (ev_txid)', l.oid::regclass) as statement
from pg_inherits q
join pg_inherits i on i.inhparent = q.inhrelid
join pg_class l on l.oid = i.inhrelid
where q.inhparent = 'pgq.event'::regclass
  and not exists (
    select from pg_index x
    join pg_attribute a on a.attrelid = x.indrelid and a.attnum = x.indkey[0]
    where x.indrelid = l.oid and x.indisvalid and a.attname = 'ev_txid')
union all
select
  w.object,
  case when x.indexrelid is null then w.statement else 'reindex index pgq.' || w.name end
from (values
  ('pgq.tick', 'tick_pkey',
   'alter table pgq.tick add constraint tick_pkey primary key (tick_queue, tick_id)'),
  ('pgq.position', 'position_pkey',
   'alter table pgq.position add constraint position_pkey primary key (sub_id, pos_seq)'),
  ('pgq.position', 'position_batch_idx',
   'create index position_batch_idx on pgq.position (batch_id) where batch_id is not null'),
  ('pgq.retry_queue', 'rq_pkey',
   'alter table pgq.retry_queue add constraint rq_pkey primary key (ev_queue, ev_owner, ev_id)'),
  ('pgq.retry_queue', 'rq_retry_idx',
   'create index rq_retry_idx on pgq.retry_queue (ev_retry_after)'),
  ('pgq.held_event', 'held_event_pkey',
   'alter table pgq.held_event add constraint held_event_pkey primary key (he_sub, he_key, he_seq)'),
  ('pgq.held_event', 'held_event_uq',
   'alter table pgq.held_event add constraint held_event_uq unique (he_sub, ev_id)'),
  ('pgq.dead_letter', 'dead_letter_event_uq',
   'alter table pgq.dead_letter add constraint dead_letter_event_uq unique (dl_queue, dl_consumer, ev_id)'),
  ('pgq.event_key', 'event_key_pkey',
   'alter table pgq.event_key add constraint event_key_pkey primary key (key_queue, key)'),
  ('pgq.event_key', 'event_key_expires_idx',
   'create index event_key_expires_idx on pgq.event_key (key_expires)')) w (object, name, statement)
left join pg_index x on x.indexrelid = to_regclass('pgq.' || w.name)
where x.indisvalid is not true
order by object;
