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

-- The query is stored, so that no event costs the parsing of keywords. There is no index on it: a batch
-- brings few ads, and each is held against all live streams in one scan (100,000 streams: 13 ms).
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
create index if not exists search_stream_chat on upstats.search_stream (chat_id);

-- Which ads a stream's chat has got. last_job_ts could not tell: ads do not commit in the order of their
-- time stamps. Lives as long as the ad.
create table if not exists upstats.delivery (
  ad_id bigint not null references upstats.job_ad on delete cascade,
  stream_id bigint not null references upstats.search_stream on delete cascade,
  delivered timestamptz not null default now(),
  primary key (ad_id, stream_id)
);
