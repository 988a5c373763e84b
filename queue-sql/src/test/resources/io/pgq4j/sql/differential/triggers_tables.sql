-- Columns _pgq_ev_…, BEFORE and INSTEAD OF triggers, session_replication_role, views, partitions, keys.
-- How a script is read: Differential.Call.

select pgq.create_queue('q')
do $$ begin if to_regprocedure('pgq.logtriga()') is null then create function pgq.logtriga() returns trigger language c as '$libdir/pgq_triggers', 'pgq_logtriga'; end if; end $$
create function ev() returns table (ty text, da text, e1 text, e2 text, e3 text, e4 text) language plpgsql as $$ begin return query select ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4 from pgq.event_1 order by ev_id; delete from pgq.event_1_0; end $$

-- kinds of tables
drop table if exists m cascade
drop table if exists t cascade
drop table if exists n cascade
create table m(id int primary key, a text, _pgq_ev_type text, _pgq_ev_extra1 int, _pgq_ev_data text)
create trigger j before insert or update or delete on m for each row execute function pgq.jsontriga('q','SKIP')
insert into m values (1,'a','T',5,'DATA')
insert into m values (1,'a')
select count(*) from m
create trigger j1 before insert or update or delete on m for each row execute function pgq.jsontriga('q')
drop trigger j on m
insert into m values (1,'a','T',5,'DATA')
update m set a='b'
update m set _pgq_ev_type='b'
update m set _pgq_ev_type='c', a='b'
delete from m
insert into m values (2)
select * from ev()
drop trigger j1 on m
create trigger j1 after insert or update or delete on m for each row execute function pgq.jsontriga('q')
insert into m values (1,'a','T',5,'DATA')
update m set a='b'
delete from m
create or replace trigger j1 after insert or update or delete on m for each row execute function pgq.sqltriga('q','ev_type=a','ev_extra2=_pgq_ev_extra1','backup')
insert into m values (1,'a','T',5,'DATA')
update m set a='c', _pgq_ev_type='zz'
delete from m
select * from ev()
create or replace trigger j1 after insert or update or delete on m for each row execute function pgq.logtriga('q','kvvvv')
insert into m values (1,'a','T',5,'DATA')
update m set a='c', _pgq_ev_type='zz'
delete from m
select * from ev()
create table n(id int primary key, a text, _pgq_ev_foo text, x text)
create trigger j before insert or update or delete on n for each row execute function pgq.logutriga('q','SKIP','pkey=id,_pgq_ev_foo','ignore=_pgq_ev_foo')
insert into n values (1,'a','b')
update n set a='z'
delete from n
select * from n
drop trigger j on n
create trigger j before insert or update or delete on n for each row execute function pgq.logutriga('q','pkey=id,_pgq_ev_foo')
insert into n values (1,'a','b')
update n set a='z'
delete from n
select * from ev()
drop table n
create table n(id int primary key, a text, x text)
create trigger j before insert or update or delete on n for each row execute function pgq.sqltriga('q')
insert into n values (1,'a','b')
update n set a='z'
update n set a='z'
update n set x=null
select * from n
delete from n
select * from ev()
create or replace trigger j before insert or update or delete on n for each row when (false) execute function pgq.sqltriga('q','SKIP')
insert into n values (1,'a','b')
create or replace trigger j before insert or update or delete on n for each row execute function pgq.sqltriga('q','SKIP','when=a=''q''')
update n set a='z' returning *
update n set a='q' returning *
update n set a='q', x='r' returning *
delete from n returning *
create or replace trigger j before insert or update or delete on n for each row execute function pgq.sqltriga('q','SKIP','ignore=a')
update n set a='z' returning *
select * from n
select * from ev()
drop table n
create table n(id int primary key, a text, x text)
insert into n values (1)
create trigger j before insert or update or delete on n for each row execute function pgq.sqltriga('q','SKIP')
create trigger k after insert or update or delete on n for each row execute function pgq.sqltriga('q')
create trigger l after insert or update or delete on n for each row execute function pgq.logutriga('q')
create trigger m after insert or update or delete on n for each row execute function pgq.logtriga('q','kvv')
alter table n enable always trigger j
alter table n enable always trigger k
alter table n enable always trigger l
alter table n enable always trigger m
set session_replication_role=local
update n set a='1'
select * from n
set session_replication_role=replica
update n set a='2'
select * from n
reset session_replication_role
select * from ev()
drop trigger j on n
drop trigger k on n
drop trigger l on n
drop trigger m on n
create trigger k after insert or update or delete on n execute function pgq.sqltriga('q')
update n set a='3'
drop trigger k on n
create view v as select * from n
create trigger k instead of insert or update or delete on v for each row execute function pgq.logutriga('q','pkey=id')
insert into v values (7,'a','b')
update v set a='9'
delete from v
create or replace trigger k instead of insert or update or delete on v for each row execute function pgq.logutriga('q','SKIP')
insert into v values (7,'a','b')
update v set a='9'
delete from v
create or replace trigger k instead of insert or update or delete on v for each row execute function pgq.logutriga('q','SKIP','pkey=id')
insert into v values (7,'a','b')
update v set a='9'
delete from v
create or replace trigger k instead of insert or update or delete on v for each row execute function pgq.sqltriga('q','pkey=id')
insert into v values (7,'a','b')
update v set a='9'
delete from v
select * from n
select * from ev()
drop view v
create table p(id int, a text, b int, primary key(id)) partition by range(id)
create table p1 (a text, id int not null, drp int, b int)
alter table p1 drop column drp
alter table p attach partition p1 for values from (0) to (10)
create table p2 partition of p for values from (10) to (20)
create trigger k after insert or update or delete on p for each row execute function pgq.logutriga('q','backup')
insert into p values (1,'a',1),(11,'b',2)
update p set a='c'
update p set id=12 where id=1
insert into p values (1,'a',1) on conflict do nothing
insert into p values (1,'a',1) on conflict(id) do update set a='conf'
copy p from stdin 3\tcopy\t5
delete from p1
select * from ev()
drop table p
reset all

-- text and names of keys
drop table if exists w cascade
create table w(id numeric primary key, a text, b text)
create trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q')
create trigger l after insert or update or delete on w for each row execute function pgq.logtriga('q','kvv')
insert into w values (1.0)
update w set id=1.00, a='x'
update w set id=1.000
select ty,da from ev()
drop trigger l on w
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','deny','ignore=a')
update w set a='zz'
update w set a='zz'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.jsontriga('q','pkey=')
insert into w values (5.0)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','ignore=a','pkey=a')
update w set a='zzz'
select ty,da from ev()
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','ignore=a','ev_data=b','when=b is null')
update w set a='1'
update w set b='1'
update w set b=b
select ty,da from ev()
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','foo','SKIP')
update w set a='1'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','SKIP','foo')
update w set a='1'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('nope','when=false')
update w set b='1'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('nope','ignore=a')
update w set a='11'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('nope','when=null::bool','ev_data=1/0')
update w set b='1'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('nope','ev_data=1/0','when=null::bool')
update w set b='1'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('nope','ev_data=1/0','ev_type=x')
update w set b='1'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','ev_data=1/0','when=false')
update w set b='1'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','SKIP','deny')
update w set b='1'
drop table w
create table w(id int primary key, _pgq_ev_type text, a text, c text)
create trigger s after insert or update or delete on w for each row execute function pgq.logtriga('q','kiv')
create trigger j after insert or update or delete on w for each row execute function pgq.jsontriga('q','ignore=a')
insert into w values (1,'x','a','c')
update w set _pgq_ev_type='y'
update w set a='y'
update w set a='z', _pgq_ev_type='z'
select ty,da from ev()
drop trigger s on w
drop trigger j on w
create trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=id,_pgq_ev_type')
update w set c='y'
update w set _pgq_ev_type='q'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=id','ignore=_pgq_ev_type')
update w set _pgq_ev_type='q'
update w set _pgq_ev_type=null
delete from w
select ty,da from ev()
drop table w
create table w(id int, "Id" int, "a b" int, "ID" int)
create trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','pkey=a b,ID')
insert into w values (1,2,3,4)
update w set "a b"=5
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','pkey=xx,aid,id')
update w set id=5
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','pkey=a  b,c')
update w set "a b"=6
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','ev_extra1=Id','ev_extra2=ID+id', 'pkey=a-id')
update w set id=6
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','pkey=(id)')
update w set id=7
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','pkey=id;Id')
update w set id=8
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q',E'pkey=id\n,Id')
update w set id=8
update w set id=9
select * from ev()
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','when=true','when=')
insert into w values (1)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','ev_data=generate_series(1,id)','when=generate_series(1,1)=1', 'pkey=id')
insert into w values (1)
insert into w values (2)
insert into w values (0)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','ev_data=''x''','ev_type=(select ''a'' where id=1)','pkey=id')
insert into w values (1),(2)
select * from ev()
create table v(a text primary key)
create trigger s after insert or update or delete on v for each row execute function pgq.logutriga('q')
create trigger z after insert or update or delete on v for each row execute function pgq.jsontriga('q')
insert into v values(E'\u00e9\U0001F600\u200f ~!@#$%^&*()_+`-={}[]|:;"''<>?,./ \u00a0\u2028')
select * from ev()
reset all
