-- The first statement of an installation. Pins what a session may have set to something hostile,
-- for this transaction only, and holds off other installations until it ends.
do $$
begin
  perform pg_catalog.set_config(pinned.name, pinned.value, true)
    from (values
      ('search_path', 'pg_catalog, pg_temp'),
      ('lock_timeout', '1min'), -- for our turn
      ('statement_timeout', '0'),
      ('transaction_timeout', '0'), -- PostgreSQL 17
      ('idle_in_transaction_session_timeout', '0'),
      ('synchronous_commit', 'on'),
      ('client_min_messages', 'warning'),
      ('check_function_bodies', 'on'),
      ('standard_conforming_strings', 'on')) as pinned (name, value)
   where exists (select from pg_catalog.pg_settings s where s.name = pinned.name);
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('pgq4j install'));
  -- From here on we may stand in front of producers, who would queue behind us.
  perform pg_catalog.set_config('lock_timeout', '3s', true);
end
$$;
