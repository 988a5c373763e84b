-- The options of the row triggers, alone and together, and where they cannot be.
-- How a script is read: Differential.Call.

select pgq.create_queue('q')
do $$ begin if to_regprocedure('pgq.logtriga()') is null then create function pgq.logtriga() returns trigger language c as '$libdir/pgq_triggers', 'pgq_logtriga'; end if; end $$
create function ev() returns table (ty text, da text, e1 text, e2 text, e3 text, e4 text) language plpgsql as $$ begin return query select ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4 from pgq.event_1 order by ev_id; delete from pgq.event_1_0; end $$

-- options
drop table if exists t cascade
drop table if exists n cascade
create table t(id int primary key, a text, b bool)
create table n(id int, a text, b bool)
create trigger j after insert or update or delete on t for each row execute function pgq.jsontriga()
insert into t values (1)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','foo')
insert into t values (1)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','skip')
insert into t values (1)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','SKIP')
insert into t values (1)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','')
insert into t values (1)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('nope')
insert into t values (1)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','backup','deny')
insert into t values (1)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ignore=a,zz')
insert into t values (1)
select * from ev()
update t set a='x'
update t set b='t'
update t set a='y', b='f'
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ignore= a , b')
update t set a='x2'
update t set b='t'
update t set a='y', b='f'
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ignore=')
update t set a='x2'
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ignore=id')
update t set a='x2'
update t set id=4
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.sqltriga('q','ignore=id')
update t set a='x2'
update t set id=5
update t set a='x4'
insert into t values(33,'a','t')
delete from t where id=33
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logutriga('q','ignore=id')
update t set a='x2'
update t set id=6
update t set a='x4'
insert into t values(33,'a','t')
delete from t where id=33
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','pkey=a,b')
update t set b='t'
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.sqltriga('q','pkey=a,b')
update t set id=8
update t set b='f'
update t set id=7, b=null
delete from t
insert into t values (11)
insert into t values (12)
update t set b='t' where id=11
update t set id=15 where id=12
delete from t where id=12
delete from t where id=11
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logutriga('q','pkey=a, zz')
update t set b='t'
insert into t values (13)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logutriga('q','pkey=')
insert into t values (14)
update t set b='t'
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logutriga('q','pkey=zz')
insert into t values (16)
update t set b='t'
create or replace trigger j after insert or update or delete on t for each row execute function pgq.sqltriga('q','pkey=zz')
insert into t values (17)
update t set b='t' where id=17
update t set b='t' where id=17
delete from t where id=17
create or replace trigger j after insert or update or delete on t for each row execute function pgq.sqltriga('q','pkey=b,b', 'pkey=a')
insert into t values (18)
select * from ev()
create trigger j after insert or update or delete on n for each row execute function pgq.jsontriga('q')
insert into n values (1)
update n set a='1'
delete from n
create or replace trigger j after insert or update or delete on n for each row execute function pgq.logutriga('q')
insert into n values (1)
update n set a='1'
delete from n
create or replace trigger j after insert or update or delete on n for each row execute function pgq.sqltriga('q')
insert into n values (1)
update n set a='1'
delete from n
select * from ev()
create or replace trigger j after insert or update or delete on n for each row execute function pgq.sqltriga('q','deny')
insert into n values (1)
update n set a='1'
delete from n
create or replace trigger j after insert or update or delete on n for each row execute function pgq.jsontriga('q','pkey=id','deny','when=1=0')
insert into n values (1)
update n set a='1'
update n set a='1'
delete from n
drop trigger j on n
create trigger j after truncate on n execute function pgq.jsontriga('q','deny')
truncate n
create or replace trigger j after truncate on n execute function pgq.jsontriga('q','SKIP')
truncate n
create or replace trigger j after truncate on n execute function pgq.jsontriga('q','ignore=a')
truncate n
create or replace trigger j after truncate on n execute function pgq.jsontriga('q','pkey=a')
truncate n
create or replace trigger j after truncate on n execute function pgq.jsontriga('q','when=true')
truncate n
create or replace trigger j after truncate on n execute function pgq.jsontriga('q','ev_extra1=1')
truncate n
select * from ev()
create or replace trigger j after truncate on n execute function pgq.jsontriga('q')
truncate n
create or replace trigger j after truncate on n execute function pgq.sqltriga('q')
truncate n
create or replace trigger j after truncate on n execute function pgq.logutriga('q')
truncate n,t
create or replace trigger j before truncate on n execute function pgq.logutriga('q','SKIP')
truncate n,t
select * from ev()
reset all

-- order of the checks
drop table if exists w cascade
create table w(id int primary key, a text, _pgq_ev_extra3 text)
insert into w values (1,'a','m')
create trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q')
update w set _pgq_ev_extra3='1'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.jsontriga('q')
update w set _pgq_ev_extra3='2'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.jsontriga('q','pkey=id')
update w set _pgq_ev_extra3='3'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','pkey=id,_pgq_ev_extra3')
update w set _pgq_ev_extra3='4'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','ignore=a')
update w set _pgq_ev_extra3='5'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','ignore=zz')
update w set _pgq_ev_extra3='6'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','ignore=')
update w set _pgq_ev_extra3='7'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logtriga('q','kvv')
update w set _pgq_ev_extra3='8'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logtriga('q','kvk')
update w set _pgq_ev_extra3='9'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','ev_extra1=a')
update w set _pgq_ev_extra3='10'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','ev_extra1=a','backup','deny')
update w set _pgq_ev_extra3='11',id=5
select * from ev()
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','ignore=a','ignore=id','pkey=a','pkey=id')
update w set id=7
update w set a=7
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','ignore=a','ignore=_pgq_ev_extra3','pkey=id','pkey=a')
update w set _pgq_ev_extra3=7
update w set a='q'
select * from ev()
drop table w
create table w(id int,  a text)
create trigger s after insert or update or delete on w for each row execute function pgq.jsontriga('q','SKIP','ignore=id')
insert into w values (1)
update w set a='q'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.jsontriga('q','foo')
update w set a='q'
create or replace trigger s after insert or update or delete on w execute function pgq.jsontriga('q','foo')
update w set a='q'
create or replace trigger s after insert or update or delete on w execute function pgq.jsontriga()
update w set a='q'
drop trigger s on w
create trigger s after truncate on w execute function pgq.jsontriga('q','ignore=a','when=a','pkey=q','backup','deny')
truncate w
create or replace trigger s after truncate on w execute function pgq.jsontriga('q','ignore=a','when=a','pkey=q','backup')
truncate w
create or replace trigger s after truncate on w execute function pgq.jsontriga('q','when=a','pkey=q','backup')
truncate w
create or replace trigger s after truncate on w execute function pgq.jsontriga('q','when=a','backup')
truncate w
create or replace trigger s after truncate on w execute function pgq.logtriga('q','zzzzz','backup')
truncate w
create or replace trigger s after truncate on w execute function pgq.jsontriga('q','ignore=a','foo','SKIP')
truncate w
create or replace trigger s after truncate on w execute function pgq.jsontriga('q','SKIP','ignore=a','deny')
truncate w
alter table w add _pgq_ev_extra1 int
create or replace trigger s after truncate on w execute function pgq.jsontriga('q')
truncate w
select * from ev()
drop table w
create table w(id int, a text)
create trigger s after insert or update or delete on w for each row execute function pgq.logtriga('q','kvv','x','y')
update w set a=1
insert into w values (1)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logtriga('q','k','when=false')
insert into w values (1)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logtriga('q','k','SKIP')
insert into w values (1)
create or replace trigger s before insert or update or delete on w for each row execute function pgq.logtriga('q','zz')
insert into w values (1)
create or replace trigger s before insert or update or delete on w for each row execute function pgq.logtriga('q')
insert into w values (1)
create or replace trigger s before insert or update or delete on w for each row execute function pgq.logtriga()
insert into w values (1)
select * from ev()
reset all
