-- Writes down which ads (first array) have reached which streams (second array), and how far the streams
-- are. May be told twice. What was deleted meanwhile is passed over.
with delivered as (
  insert into upstats.delivery (ad_id, stream_id)
  select ad.id, stream.id
    from unnest(?::bigint[], ?::bigint[]) as told (ad_id, stream_id)
    join upstats.job_ad ad on ad.id = told.ad_id
    join upstats.search_stream stream on stream.id = told.stream_id
     for key share of ad, stream
      on conflict do nothing
  returning ad_id, stream_id
), newest as (
  select delivered.stream_id, max(ad.collected) as collected
    from delivered
    join upstats.job_ad ad on ad.id = delivered.ad_id
   group by delivered.stream_id
)
update upstats.search_stream stream
   set last_job_ts = greatest(stream.last_job_ts, newest.collected)
  from newest
 where stream.id = newest.stream_id
