create schema if not exists jobs;

create table if not exists jobs.job_queue (
  id          bigint generated always as identity primary key,
  owner       text not null,
  report      text not null,
  state       text not null default 'queued'
              check (state in ('queued', 'running', 'cancelling', 'cancelled', 'done', 'failed')),
  progress    integer not null default 0,
  attempts    integer not null default 0,
  worker      text,
  note        text,
  clicked_at  timestamptz not null default clock_timestamp(),
  started_at  timestamptz
);

-- One row. Everybody sees it, so it is everybody's.
create table if not exists jobs.farm (
  owner   text primary key default 'everybody',
  paused  boolean not null default false
);
insert into jobs.farm default values on conflict do nothing;
