-- Events that wait behind a failed one of their key: see functions/retry/event_hold.sql.

create table pgq.held_event (
  he_sub    integer not null,
  he_key    text collate "C" not null,
  he_seq    bigint generated always as identity,
  he_after  timestamptz not null,
  like pgq.event_template,
  ev_first_failed  timestamptz,
  constraint held_event_pkey primary key (he_sub, he_key, he_seq),
  constraint held_event_uq unique (he_sub, ev_id)
);
comment on table pgq.held_event is
  'Events that a consumer failed at, and those behind them with the same key; the first one of each key is tried again';
comment on column pgq.held_event.he_sub is 'sub_id of the consumer';
comment on column pgq.held_event.he_key is 'what of the event has to stay in order';
comment on column pgq.held_event.he_seq is 'the order within a key';
comment on column pgq.held_event.he_after is 'when it is tried again, once it is the first one of its key';
