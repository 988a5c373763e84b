-- Which ticker leads of those that hold no session (pgq.ticker_leased). Sequences, because their values are changed
-- in place and seen by everyone at once: a lease that is renewed for years leaves no dead rows.
create sequence pgq.ticker_lease_holder minvalue 0 start 0; -- a number of its choice; 0: nobody
create sequence pgq.ticker_lease_time minvalue 0 start 0;   -- when it was renewed: microseconds since 1970
