-- Streams of two to four of those skills.
insert into upstats.search_stream (name, keywords, chat_id)
select 'Stream ' || stream, string_agg('skill' || floor(5000 * power(random(), 3))::integer, ', '), stream
  from generate_series(1, ?) stream
 cross join lateral generate_series(1, 2 + stream % 3)
 group by stream
