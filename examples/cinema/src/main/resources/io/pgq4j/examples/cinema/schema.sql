create schema if not exists cinema;
comment on schema cinema is 'pgq4j example cinema';

-- Which seats are taken, as agents find it on the sites of cinemas.
create table if not exists cinema.auditorium (
  id integer primary key,
  name text not null,
  -- materialised from table seat by the consumer seat_counts
  seats integer not null default 0,
  free integer not null default 0,
  counted_at timestamptz not null default clock_timestamp()
);

create table if not exists cinema.seat (
  auditorium_id integer not null references cinema.auditorium,
  number integer not null,
  free boolean not null default true,
  changed_at timestamptz not null default '-infinity',
  primary key (auditorium_id, number)
);

-- How long changes waited until their auditorium was counted: one row for each count.
create table if not exists cinema.seat_count (
  auditorium_id integer not null references cinema.auditorium,
  counted_at timestamptz not null default clock_timestamp(),
  changes integer not null,
  waited interval not null
);

create materialized view if not exists cinema.occupancy as
  select s.auditorium_id, count(*) as seats, count(*) filter (where s.free) as free
  from cinema.seat s
  group by s.auditorium_id;

create unique index if not exists occupancy_key on cinema.occupancy (auditorium_id);

create materialized view if not exists cinema.busiest as
  select s.auditorium_id, count(*) as taken
  from cinema.seat s
  where not s.free
  group by s.auditorium_id
  order by taken desc
  limit 10;

create unique index if not exists busiest_key on cinema.busiest (auditorium_id);

create table if not exists cinema.view (
  name text primary key,
  every interval not null,
  max_duration interval not null,
  -- whether it is refreshed when seats change, too; but then not more often than this
  on_change boolean not null default false,
  at_most_every interval not null default '0',
  requested boolean not null default false, -- by a change, and not begun yet
  started_at timestamptz not null default '-infinity',
  next_at timestamptz -- when the schedule has its next refresh
);

create table if not exists cinema.view_run (
  id bigint generated always as identity primary key,
  view text not null references cinema.view,
  reason text not null check (reason in ('schedule', 'change')),
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  outcome text check (outcome in ('done', 'cut off', 'failed', 'lost')),
  error text
);

insert into cinema.view (name, every, max_duration, on_change, at_most_every)
values
  ('cinema.occupancy', '3 seconds', '10 seconds', true, '1 second'),
  ('cinema.busiest', '2 seconds', '10 seconds', false, '0')
on conflict do nothing;
