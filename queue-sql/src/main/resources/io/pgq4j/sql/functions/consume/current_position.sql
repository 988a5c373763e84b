-- pgq.current_position(sub_id)
--
--   Internal. The position of a consumer: the row of its log with the highest pos_seq.
--
-- Parameters:
--   i_sub_id  the subscription
-- Returns:
--   the row of pgq.position
-- Errors:
--   40001  this snapshot is older than a compaction, and would see no row or an old one
-- Tables:
--   reads pgq.position
create or replace function pgq.current_position(i_sub_id integer)
returns pgq.position
language plpgsql
as $$
declare
  v_position pgq.position;
begin
  select p.* into v_position from pgq.position p where p.sub_id = i_sub_id order by p.pos_seq desc limit 1;
  if not found then
    perform pgq.refuse_stale_snapshot('subscription ' || i_sub_id);
  end if;
  return v_position;
end;
$$;
