-- Who runs which consumer: see functions/inspect/get_consumer_states.sql.

-- Room for updates in place: rows are written when something changes, which is seldom.
create table pgq.consumer_state (
  cs_sub         integer not null references pgq.registration (sub_id) on delete cascade,
  cs_host        text not null,
  cs_process     bigint not null,
  cs_started     timestamptz not null,
  cs_state       text not null,
  cs_since       timestamptz not null,
  cs_error       text,
  cs_error_time  timestamptz,
  cs_backend     integer not null,
  constraint consumer_state_pkey primary key (cs_sub)
) with (fillfactor = 50);
comment on table pgq.consumer_state is 'Who runs a consumer, as he said last; written when it changes';
comment on column pgq.consumer_state.cs_error is
  'the last failure of a batch or a connection, kept when all is well again';
comment on column pgq.consumer_state.cs_backend is 'the session from which it was said';
