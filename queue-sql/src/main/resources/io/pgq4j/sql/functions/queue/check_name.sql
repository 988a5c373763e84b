-- pgq.check_name(what, name)
--
--   Internal. Refuses names that nobody could type or read in a log. Everything else is allowed: names are data and
--   never become part of a table's name.
--
-- Parameters:
--   i_what  'queue' or 'consumer', for the message
--   i_name  the name
-- Returns:
--   nothing
-- Errors:
--   PQ008  null, empty, longer than 1000 bytes, or with control characters
-- Tables:
--   none
create or replace function pgq.check_name(i_what text, i_name text)
returns void
language plpgsql
immutable
as $$
begin
  if i_name is null then
    raise exception 'Invalid NULL value'
      using errcode = 'PQ008', detail = format('The name of a %s is null.', i_what), hint = 'Give a name.';
  elsif i_name = '' or octet_length(i_name) > 1000 or i_name ~ '[\u0001-\u001f\u007f-\u009f]' then
    raise exception 'bad % name: %', i_what, quote_literal(left(i_name, 100))
      using errcode = 'PQ008', hint = 'A name has 1 to 1000 bytes and no control characters.';
  end if;
end;
$$;
