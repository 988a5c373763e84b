-- Ads of ten skills out of 5,000, some of which are in many ads, and thirty other words.
insert into upstats.job_ad (title, description)
select 'Ad ' || ad, string_agg(word, ' ')
  from generate_series(1, ?) ad
 cross join lateral (
         select 'skill' || floor(5000 * power(random(), 3))::integer as word
           from generate_series(1, 10) where ad > 0
          union all
         select 'word' || floor(20000 * random())::integer
           from generate_series(1, 30) where ad > 0) words
 group by ad
returning id
