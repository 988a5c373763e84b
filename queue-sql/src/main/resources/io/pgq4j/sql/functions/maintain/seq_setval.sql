-- pgq.seq_setval(sequence, value)
--
--   Moves a sequence forward, never back, with the rights of the caller.
--
-- Parameters:
--   i_seq_name   the sequence, as for pgq.quote_fqname
--   i_new_value  its new last value
-- Returns:
--   its last value; null when an argument is null
-- Tables:
--   writes the sequence
create or replace function pgq.seq_setval(i_seq_name text, i_new_value bigint)
returns bigint
language plpgsql
strict
as $$
declare
  v_value bigint := pgq.seq_getval(i_seq_name);
begin
  if v_value < i_new_value then
    return setval(pgq.quote_fqname(i_seq_name)::regclass, i_new_value);
  end if;
  return v_value;
end;
$$;
