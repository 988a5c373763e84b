-- It returns one column more (event_ids): see functions/consume/batch.sql.
drop function if exists pgq.batch(bigint);
