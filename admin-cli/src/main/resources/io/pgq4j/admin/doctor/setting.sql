-- Settings of the server that lose events, or let tables grow.
select
  s.name as object, s.setting, w.why, format('alter system set %I = %s', s.name, w.good) as statement
from (values
  ('fsync', 'on', 'A crash of the machine may lose committed events, and damage the database.'),
  ('full_page_writes', 'on', 'A crash of the machine may damage the database.'),
  ('autovacuum', 'on', 'Nobody removes dead rows of retried and dead events, nor of your own tables.'),
  ('track_counts', 'on', 'Autovacuum does not work without it.'),
  ('track_activities', 'on', 'Nobody can see which session is in the way.')) w (name, good, why)
join pg_settings s using (name)
where s.setting <> w.good;
