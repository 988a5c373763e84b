-- Which live streams the given ads match, without what was delivered before. One query for all ads: of the
-- streams it meets those whose rarest word is in an ad, and holds the ad against their stored queries.
select stream.id as stream_id, stream.name as stream_name, stream.chat_id,
       ad.id, ad.title, ad.description, ad.budget, ad.pay, ad.country
  from upstats.job_ad ad
 cross join lateral unnest(tsvector_to_array(ad.search)) word
  join upstats.search_stream stream on stream.rarest = word and ad.search @@ stream.query
 where ad.id = any (?)
   and not stream.paused
   and not stream.deleted
   and not exists (
     select from upstats.delivery where delivery.ad_id = ad.id and delivery.stream_id = stream.id)
