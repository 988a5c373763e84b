-- What was installed when, in the form Flyway keeps it. For everyone to read: each program first
-- checks that the schema is the one it knows.
create table pgq.schema_history (
  installed_rank integer not null,
  version varchar(50),
  description varchar(200) not null,
  type varchar(20) not null,
  script varchar(1000) not null,
  checksum integer,
  installed_by varchar(100) not null,
  installed_on timestamp not null default now(),
  execution_time integer not null,
  success boolean not null,
  constraint schema_history_pk primary key (installed_rank)
);

create index schema_history_s_idx on pgq.schema_history (success);

grant usage on schema pgq to public;
grant select on pgq.schema_history to public;
