-- pgq.row_options(format, operation, when, arguments)
--
--   Internal. Reads the arguments of a row trigger. Of an expression that is given twice the first one counts; of
--   other options the last one.
--
-- Parameters:
--   i_format  json, url, sql or log
--   i_op      tg_op
--   i_when    tg_when
--   i_args    tg_argv
-- Returns:
--   skip         do not do the operation itself
--   ignore       columns to leave out; null: not given
--   pkey         key columns; null: not given
--   kinds        logtriga's letters; null in the others
--   backup       send the old row
--   deny         refuse every change
--   expressions  of ev_type, ev_data, ev_extra1 to ev_extra4 and when; null: none at all
-- Errors:
--   PQ008  no queue; unknown argument; arguments that cannot be
-- Tables:
--   none
create or replace function pgq.row_options(
  i_format text, i_op text, i_when text, i_args text[],
  out skip boolean, out ignore text, out pkey text, out kinds text, out backup boolean, out deny boolean,
  out expressions text[])
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
  v_arg text;
  v_field integer;
begin
  if i_args[0] is null then
    raise exception 'pgq trigger must have destination queue as argument'
      using errcode = 'PQ008', hint = 'Create the trigger with the name of a queue as its first argument.';
  end if;
  skip := false;
  backup := false;
  deny := false;

  if i_format = 'log' then
    if cardinality(i_args) not in (2, 3) then
      raise exception 'pgq.logtriga must be used with 2 or 3 args'
        using errcode = 'PQ008', hint = 'Give the queue, and a letter for each column: k key, v value, i ignore.';
    end if;
    kinds := i_args[1];
    if kinds !~ 'k' then
      raise exception 'need at least one key column'
        using errcode = 'PQ008', hint = 'Put a k at the place of each key column.';
    end if;
    return;
  end if;

  foreach v_arg in array i_args[1:] loop
    if v_arg = 'SKIP' then
      skip := true;
    elsif v_arg = 'backup' then
      backup := true;
    elsif v_arg = 'deny' then
      deny := true;
    elsif v_arg like 'ignore=%' then
      ignore := substr(v_arg, 8);
    elsif v_arg like 'pkey=%' then
      pkey := substr(v_arg, 6);
    else
      v_field := array_position(
        array['ev_type', 'ev_data', 'ev_extra1', 'ev_extra2', 'ev_extra3', 'ev_extra4', 'when'],
        substring(v_arg from '^([a-z0-9_]+)='));
      if v_field is null then
        raise exception 'bad param to pgq trigger'
          using errcode = 'PQ008',
                detail = format('Argument: %L.', v_arg),
                hint = 'Arguments are SKIP, ignore=, pkey=, backup, deny, when=, ev_type=, ev_data=, ev_extra1= to '
                  'ev_extra4=; upper and lower case matter.';
      end if;
      expressions[v_field] := coalesce(expressions[v_field], substr(v_arg, strpos(v_arg, '=') + 1));
    end if;
  end loop;

  if i_op = 'TRUNCATE' and (expressions is not null or ignore is not null or pkey is not null or backup) then
    raise exception '% not make sense for % trigger',
      case
        when expressions is not null then 'Custom expressions do'
        when ignore is not null then 'Column ignore does'
        when pkey is not null then 'Custom pkey_list does'
        else 'Backup does'
      end,
      case when expressions is not null then 'truncater' else 'truncate' end
      using errcode = 'PQ008', hint = 'Create a trigger of its own for TRUNCATE, with the queue only.';
  elsif skip and i_when = 'AFTER' then
    raise exception 'SKIP does not work in AFTER trigger.'
      using errcode = 'PQ008', hint = 'Create the trigger BEFORE.';
  end if;
end;
$$;
