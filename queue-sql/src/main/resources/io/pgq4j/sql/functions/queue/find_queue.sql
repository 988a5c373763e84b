-- pgq.find_queue(queue, message)
--
--   Internal. The row of a queue; for the functions that are not on a hot path.
--
-- Parameters:
--   i_queue_name  name of the queue
--   i_message     what to say when there is none; the texts are those that PgQ users know
-- Returns:
--   the row of pgq.queue
-- Errors:
--   PQ001  no such queue
-- Tables:
--   reads pgq.queue
create or replace function pgq.find_queue(i_queue_name text, i_message text default 'No such event queue')
returns pgq.queue
language plpgsql
as $$
declare
  v_queue pgq.queue;
begin
  select q.* into v_queue from pgq.queue q where q.queue_name = i_queue_name;
  if not found then
    raise exception '%', i_message
      using errcode = 'PQ001',
            detail = format('Queue: %s.', coalesce(quote_literal(i_queue_name), 'null')),
            hint = 'Create it with pgq.create_queue(name), or look at pgq.get_queue_info() for the names.';
  end if;
  return v_queue;
end;
$$;
