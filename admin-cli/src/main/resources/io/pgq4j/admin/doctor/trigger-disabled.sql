-- Tables whose triggers of pgq.watch_table do not fire.
select
  t.tgrelid::regclass::text as object,
  format('alter table %s %s', t.tgrelid::regclass, string_agg(format('enable trigger %I', t.tgname), ', ')) as statement
from pg_trigger t
where t.tgfoid = any (pgq.capture_functions())
  and t.tgenabled = 'D'
group by t.tgrelid;
