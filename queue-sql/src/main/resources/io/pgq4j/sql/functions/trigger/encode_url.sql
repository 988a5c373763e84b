-- pgq.encode_url(text)
--
--   Internal. Percent-encoding as PgQ's consumers decode it: blanks become +, hexadecimal digits are lower case.
--
-- Parameters:
--   i_text  any text
-- Returns:
--   the text in letters, digits and _ . - + %
-- Tables:
--   none
create or replace function pgq.encode_url(i_text text)
returns text
language plpgsql
immutable strict
as $$
declare
  v_text text := i_text;
  v_char text;
begin
  if v_text !~ '[^a-zA-Z0-9_.-]' then
    return v_text;
  end if;
  v_text := replace(replace(replace(v_text, '%', '%25'), '+', '%2b'), ' ', '+');
  loop
    v_char := substring(v_text from '[^a-zA-Z0-9_.%+-]');
    exit when v_char is null;
    v_text := replace(
      v_text, v_char, regexp_replace(encode(convert_to(v_char, getdatabaseencoding()), 'hex'), '(..)', E'%\\1', 'g'));
  end loop;
  return v_text;
end;
$$;
