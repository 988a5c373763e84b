-- The tables of pgq_ext: what consumers have done in this database, in the transactions that did it. The queue
-- may be in another database, and pgq_ext is installed without one there: so this file needs nothing of schema
-- pgq, and passes over what is there already.

do $$
begin
  if to_regnamespace('pgq_ext') is null then
    create schema pgq_ext;
  end if;
end
$$;

create table if not exists pgq_ext.completed_tick (
  consumer_id     text not null,
  subconsumer_id  text not null,
  last_tick_id    bigint not null,
  constraint completed_tick_pkey primary key (consumer_id, subconsumer_id)
);
comment on table pgq_ext.completed_tick is 'The last tick up to which a consumer is done here';

create table if not exists pgq_ext.completed_batch (
  consumer_id     text not null,
  subconsumer_id  text not null,
  last_batch_id   bigint not null,
  constraint completed_batch_pkey primary key (consumer_id, subconsumer_id)
);
comment on table pgq_ext.completed_batch is 'The last batch that a consumer has done here';

create table if not exists pgq_ext.partial_batch (
  consumer_id     text not null,
  subconsumer_id  text not null,
  cur_batch_id    bigint not null,
  constraint partial_batch_pkey primary key (consumer_id, subconsumer_id)
);
comment on table pgq_ext.partial_batch is 'The batch of which a consumer is doing the events one by one';

create table if not exists pgq_ext.completed_event (
  consumer_id     text not null,
  subconsumer_id  text not null,
  batch_id        bigint not null,
  event_id        bigint not null,
  constraint completed_event_pkey primary key (consumer_id, subconsumer_id, batch_id, event_id)
);
comment on table pgq_ext.completed_event is 'The events of that batch that are done; emptied with the next batch';
