-- As match.sql, but as the article's design does it: each ad is held against each live stream.
select stream.id as stream_id, stream.name as stream_name, stream.chat_id,
       ad.id, ad.title, ad.description, ad.budget, ad.pay, ad.country
  from upstats.job_ad ad
  join upstats.search_stream stream on ad.search @@ stream.query
 where ad.id = any (?)
   and not stream.paused
   and not stream.deleted
   and not exists (
     select from upstats.delivery where delivery.ad_id = ad.id and delivery.stream_id = stream.id)
