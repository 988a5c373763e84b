-- pgq.seq_getval(sequence)
--
--   The last value of a sequence, with the rights of the caller.
--
-- Parameters:
--   i_seq_name  the sequence, as for pgq.quote_fqname
-- Returns:
--   its last value; of one that was never used its start; null for null
-- Tables:
--   reads the sequence
create or replace function pgq.seq_getval(i_seq_name text)
returns bigint
language plpgsql
strict
as $$
declare
  v_value bigint;
begin
  execute format('select last_value from %s', pgq.quote_fqname(i_seq_name)) into v_value;
  return v_value;
end;
$$;
