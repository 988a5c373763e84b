-- The tables of UpStats. Run it as often as you like: what is there stays as it is.
create schema if not exists upstats;
comment on schema upstats is 'pgq4j example UpStats';

-- What is searched, in ads as in keywords. C++, C# and the like become words, for the text parser would
-- leave nothing but the letter. Punctuation inside a word becomes a blank, so that "node.js" is two
-- neighbouring words and no host name, and "spring-boot" finds "Spring Boot". The end of a text that no
-- tsvector could hold is not searched.
create or replace function upstats.searchable(i_text text) returns text
  language sql immutable parallel safe strict
  set search_path = pg_catalog, pg_temp
as $$
  select translate(
    regexp_replace(
      regexp_replace(left(i_text, 100000), '\m([[:alpha:]])\+\+', '\1plusplus', 'g'),
      '\m([[:alpha:]])#', '\1sharp', 'g'),
    './\-_@:&', '        ');
$$;

create or replace aggregate upstats.tsquery_all(tsquery) (sfunc = tsquery_and, stype = tsquery);

-- A stream's keywords as a query: all of them must match, commas or blanks separate them. They are data:
-- none of their characters is an operator. Stop words are left out, as they are in the ads; if nothing
-- else is there the query is null, and null matches nothing.
create or replace function upstats.keyword_query(i_keywords text) returns tsquery
  language sql immutable parallel safe strict
  set search_path = pg_catalog, pg_temp
as $$
  select upstats.tsquery_all(phraseto_tsquery('english', upstats.searchable(keyword)))
    from (select distinct keyword from regexp_split_to_table(i_keywords, '[,\s]+') keyword) keywords
   where to_tsvector('english', upstats.searchable(keyword)) <> '';
$$;

-- All words that an ad must have to match these keywords.
create or replace function upstats.keyword_words(i_keywords text) returns text[]
  language sql immutable parallel safe strict
  set search_path = pg_catalog, pg_temp
as $$
  select array_agg(distinct word)
    from regexp_split_to_table(i_keywords, '[,\s]+') keyword,
         unnest(tsvector_to_array(to_tsvector('english', upstats.searchable(keyword)))) word;
$$;

-- source_id is the ad's number where it was found.
create table if not exists upstats.job_ad (
  id bigint generated always as identity primary key,
  source_id bigint,
  title text not null,
  description text not null,
  skills text not null default '',
  budget numeric(12, 2),
  pay text check (pay in ('hourly', 'fixed')),
  country text,
  posted timestamptz not null default now(),
  collected timestamptz not null default now(),
  search tsvector not null generated always as (
    to_tsvector('english', upstats.searchable(title || ' ' || skills || ' ' || description))) stored
);

-- In how many ads a word is, as far as it was counted (upstats.count_words).
create table if not exists upstats.word (
  word text primary key,
  ads bigint not null
);

-- The query is stored, so that no event costs the parsing of keywords. rarest is that word of the keywords
-- which the fewest ads have: streams are found by it, so an ad meets only streams that it may match.
-- Whichever of its words that is, the result is the same.
create table if not exists upstats.search_stream (
  id bigint generated always as identity primary key,
  name text not null,
  keywords text not null default '' check (length(keywords) <= 4000),
  chat_id bigint not null,
  paused boolean not null default false,
  paused_reason text,
  deleted boolean not null default false,
  last_job_ts timestamptz,
  query tsquery generated always as (upstats.keyword_query(keywords)) stored
);
alter table upstats.search_stream add column if not exists rarest text;
create index if not exists search_stream_rarest on upstats.search_stream (rarest)
  where not paused and not deleted;
create index if not exists search_stream_chat on upstats.search_stream (chat_id);

-- Which ads a stream's chat has got. last_job_ts could not tell: ads do not commit in the order of their
-- time stamps. Lives as long as the ad.
create table if not exists upstats.delivery (
  ad_id bigint not null references upstats.job_ad on delete cascade,
  stream_id bigint not null references upstats.search_stream on delete cascade,
  delivered timestamptz not null default now(),
  primary key (ad_id, stream_id)
);

-- The last of what people wrote to the bot that was dealt with.
create table if not exists upstats.bot (
  one boolean primary key default true check (one),
  last_update bigint not null
);
insert into upstats.bot (last_update) values (0) on conflict do nothing;

create or replace function upstats.rarest_word(i_keywords text) returns text
  language sql stable strict
as $$
  select words.word
    from unnest(upstats.keyword_words(i_keywords)) as words (word)
   order by coalesce((select ads from upstats.word counted where counted.word = words.word), 0), words.word
   limit 1;
$$;

create or replace function upstats.set_rarest() returns trigger
  language plpgsql
as $$
begin
  new.rarest := upstats.rarest_word(new.keywords);
  return new;
end $$;

create or replace trigger set_rarest before insert or update of keywords on upstats.search_stream
  for each row execute function upstats.set_rarest();

-- Counts the words of the newest 10,000 ads anew, and files each stream under its rarest.
create or replace function upstats.count_words() returns void
  language sql
as $$
  delete from upstats.word;
  insert into upstats.word (word, ads)
    select word, ndoc from ts_stat('select search from upstats.job_ad order by id desc limit 10000');
  update upstats.search_stream stream
     set rarest = upstats.rarest_word(keywords)
   where rarest is distinct from upstats.rarest_word(keywords);
$$;
