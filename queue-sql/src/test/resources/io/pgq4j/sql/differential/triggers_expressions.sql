-- when= and ev_…= expressions: what is a column in them, and what they may answer.
-- How a script is read: Differential.Call.

select pgq.create_queue('q')
do $$ begin if to_regprocedure('pgq.logtriga()') is null then create function pgq.logtriga() returns trigger language c as '$libdir/pgq_triggers', 'pgq_logtriga'; end if; end $$
create function ev() returns table (ty text, da text, e1 text, e2 text, e3 text, e4 text) language plpgsql as $$ begin return query select ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4 from pgq.event_1 order by ev_id; delete from pgq.event_1_0; end $$

-- results and names
drop table if exists t cascade
drop table if exists n cascade
drop schema if exists "S p" cascade
create schema "S p"
create table t(id int primary key, a text, b bool, "Weird Q" int, lower text, "LOWER" text)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_extra3=current_date::text is null','ev_extra4=upper(A) || ''a "b" $1''  || $$id$$ /* id */')
insert into t values (2,'x','t',5)
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_extra3=t.id')
insert into t values (3,'x','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_extra3=new.id')
insert into t values (3,'x','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_extra3=pg_catalog.lower(''A'')')
insert into t values (3,'x','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_extra3=lower(''A'')')
insert into t values (3,'x','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_extra3=(select id from (select 77 as zz) x where zz=77)','ev_extra4=(select min(attnum) from pg_attribute where attrelid=1259 and attnum>id)')
insert into t values (3,'x','t',5)
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_extra3=tg_op','ev_extra4=id')
insert into t values (4,'x','t',5)
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','when=a')
insert into t values (4,'true','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','when=b')
insert into t values (4,'true','t',5)
insert into t values (5,'true','f',5)
insert into t values (6,'true',null,5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','when=true,true')
insert into t values (4,'true','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','when=')
insert into t values (4,'true','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','when=true where false')
insert into t values (40,'true','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','when=true -- x')
insert into t values (41,'true','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','when=true -- x','ev_extra1=''a''')
insert into t values (42,'true','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','when=b is null','ev_data=1/0')
insert into t values (45,'true','t',5)
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_data=a','ev_extra1=b')
update t set a='zz', b=null where id=1
delete from t where id=1
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_data=1','ev_data=2','EV_DATA=3')
insert into t values (50,'true','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_data=1','ev_data=2','when=true','when=false')
insert into t values (51,'true','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_data=unnest(array[1,2])')
insert into t values (52,'true','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_data=1 limit 0')
insert into t values (52,'true','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_data= ')
insert into t values (53,'true','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_data=''{}''::jsonb','ev_extra1=array[true,null]','ev_extra2=true','ev_extra3=''abc''::char(5)','ev_extra4=row(1,null)')
insert into t values (54,'true','t',5)
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_extra3=tableoid','ev_extra4=ctid')
insert into t values (57,'true','t',5,'low','HIGH')
select * from ev()
create table "S p"."T ""x"""("Id é" int primary key, "a.b,c" text, "A" int, "select" int, "dup
 line" int)
create trigger j after insert or update or delete on "S p"."T ""x""" for each row execute function pgq.jsontriga('q')
create trigger l after insert or update or delete on "S p"."T ""x""" for each row execute function pgq.logutriga('q')
create trigger s after insert or update or delete on "S p"."T ""x""" for each row execute function pgq.sqltriga('q')
create trigger o after insert or update or delete on "S p"."T ""x""" for each row execute function pgq.logtriga('q','kvvv')
insert into "S p"."T ""x""" values (1,'x')
update "S p"."T ""x""" set "A"=5, "dup
 line"=8, "select"=7
delete from "S p"."T ""x"""
select * from ev()
drop trigger j on "S p"."T ""x"""
drop trigger l on "S p"."T ""x"""
drop trigger s on "S p"."T ""x"""
drop trigger o on "S p"."T ""x"""
create or replace trigger s after insert or update or delete on "S p"."T ""x""" for each row execute function pgq.jsontriga('q','pkey=A','ignore=a.b,select')
insert into "S p"."T ""x""" values (1,'x')
update "S p"."T ""x""" set "A"=5, "select"=7
update "S p"."T ""x""" set "select"=8
create or replace trigger s after insert or update or delete on "S p"."T ""x""" for each row execute function pgq.jsontriga('q','pkey="A"','ignore="A"')
delete from "S p"."T ""x"""
create or replace trigger s after insert or update or delete on "S p"."T ""x""" for each row execute function pgq.jsontriga('q','pkey=a')
delete from "S p"."T ""x"""
select * from ev()
reset all

-- keys and lists
drop table if exists t cascade
drop table if exists n cascade
create table t(id serial, a text, b bool, "Weird Q" int, lower text, "LOWER" text, id2 int primary key generated always as (id) stored)
create trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_extra1=a','ev_extra2=lower(''A'')')
insert into t(a,b) values ('x','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_extra1=(select id from (select 77 as zz) x where zz=77)','ev_extra2=(select min(attnum) from pg_attribute where attrelid=1259 and attnum>id)')
insert into t(a,b) values ('x','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_extra1=a||b','ev_extra2=a::text||''a''||E''a\''''||$$a$$||$x$a$x$/*a*/')
insert into t(a,b) values ('x','t')
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','when=true,true')
insert into t(a,b) values ('x1','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','when=')
insert into t(a,b) values ('x2','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','when=null')
insert into t(a,b) values ('x3','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_type=a','ev_type=null','ev_data=1,2','ev_extra4=')
insert into t(a,b) values ('x4','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_data=1 as x')
insert into t(a,b) values ('x5','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_data=a from pg_class where oid=1259')
insert into t(a,b) values ('x6','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','when=oid=1259 from pg_class order by 1 desc limit 1')
insert into t(a,b) values ('x7','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','when=true', 'ev_data=x')
insert into t(a,b) values ('x8','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','when=false', 'ev_data=x')
insert into t(a,b) values ('x9','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.jsontriga('q','ev_data=a','ev_extra2=lower','ev_extra3=id+id2','backup')
insert into t(a,b) values ('x11','t')
update t set a='13' where a='x11'
update t set id2=default where a='13'
update t set id=1000 where a='13'
update t set b=null where a='13'
select * from ev()
drop trigger j on t
create trigger j before insert or update or delete on t for each row execute function pgq.jsontriga('q','backup')
create trigger l before insert or update or delete on t for each row execute function pgq.logutriga('q','backup')
create trigger s before insert or update or delete on t for each row execute function pgq.sqltriga('q','backup')
insert into t(a,b) values ('x11','t')
update t set a='y11' where a='x11'
delete from t where a='y11'
select * from ev()
create table n(id int primary key, _pgq_ev_data text, x text)
create trigger j after insert or update or delete on n for each row execute function pgq.jsontriga('q','backup')
create trigger l after insert or update or delete on n for each row execute function pgq.logutriga('q','backup')
insert into n values (1,'q','x')
update n set x='q'
delete from n
select * from ev()
drop table n
create table n(id int primary key, _pgq_ev_extra2 text, x text)
create trigger j after insert or update or delete on n for each row execute function pgq.jsontriga('q','backup')
create trigger l after insert or update or delete on n for each row execute function pgq.logutriga('q','backup')
insert into n values (1,'q','x')
update n set x='q'
update n set _pgq_ev_extra2=null
delete from n
create trigger r after truncate on n execute function pgq.jsontriga('q')
truncate n
create or replace trigger r after truncate on n execute function pgq.logutriga('q')
truncate n
create or replace trigger r after truncate on n execute function pgq.sqltriga('q')
truncate n
select * from ev()
drop table n
create table n(id int, b int,x text, primary key(b,id))
create trigger l after insert or update or delete on n for each row execute function pgq.logutriga('q','deny','ignore=x')
alter table n enable always trigger l
set session_replication_role=local
insert into n values (1,2,'x')
update n set x='q'
delete from n
create or replace trigger l after insert or update or delete on n for each row execute function pgq.logutriga('q','deny','foo')
alter table n enable always trigger l
insert into n values (1,2,'x')
update n set x='q'
delete from n
create or replace trigger l after insert or update or delete on n for each row execute function pgq.logutriga('nope','SKIP')
alter table n enable always trigger l
insert into n values (1,2,'x')
update n set x='q'
delete from n
reset session_replication_role
create or replace trigger l after insert or update or delete on n for each row execute function pgq.jsontriga('q','pkey= b , id')
insert into n values (1,2,'x')
update n set x='q'
delete from n
create or replace trigger l after insert or update or delete on n for each row execute function pgq.sqltriga('q','pkey= b , id')
insert into n values (1,2,'x')
update n set x='q'
update n set b=3
delete from n
create or replace trigger l after insert or update or delete on n for each row execute function pgq.jsontriga('q','pkey=b,,id,')
insert into n values (1,2,'x')
update n set x='q'
update n set b=3
delete from n
create or replace trigger l after insert or update or delete on n for each row execute function pgq.jsontriga('q','pkey=,b')
insert into n values (1,2,'x')
update n set x='q'
update n set b=3
delete from n
create or replace trigger l after insert or update or delete on n for each row execute function pgq.jsontriga('q','pkey=b x')
insert into n values (1,2,'x')
update n set x='q'
update n set b=3
delete from n
create or replace trigger l after insert or update or delete on n for each row execute function pgq.jsontriga('q','pkey="b"')
insert into n values (1,2,'x')
update n set x='q'
update n set b=3
delete from n
create or replace trigger l after insert or update or delete on n for each row execute function pgq.jsontriga('q','pkey=bb,aib')
insert into n values (1,2,'x')
update n set x='q'
update n set b=3
delete from n
create or replace trigger l after insert or update or delete on n for each row execute function pgq.jsontriga('q',E'pkey=b\t,\nid')
insert into n values (1,2,'x')
update n set x='q'
update n set b=3
delete from n
create or replace trigger l after insert or update or delete on n for each row execute function pgq.logutriga('q')
insert into n values (1,2,'x')
update n set x='q'
update n set b=3
delete from n
create or replace trigger l after insert or update or delete on n for each row execute function pgq.sqltriga('q')
insert into n values (1,2,'x')
update n set x='q'
update n set b=3
delete from n
create or replace trigger l after insert or update or delete on n for each row execute function pgq.jsontriga('q')
insert into n values (1,2,'x')
update n set x='q'
update n set b=3
delete from n
select * from ev()
reset all

-- beyond PgQ: names in quotes are columns, too
create table quoted (id int primary key, "Two Words" text)
create trigger t after insert on quoted for each row execute function pgq.jsontriga('q', 'ev_extra1="Two Words"', 'ev_extra2=$1')
-- differs: PgQ has a syntax error here
insert into quoted values (1, 'x')
-- differs: so it has no event
select * from ev()
create or replace trigger t after insert on quoted for each row execute function pgq.jsontriga('q', 'when=true; select 1')
-- differs: PgQ runs both statements and takes the answer of the last one
insert into quoted values (2, 'x')
-- differs: what is missing is said in other words
select pgq.jsontriga()
create or replace trigger t after insert on quoted for each row execute function pgq.jsontriga('q')
-- rights: those of insert_event
grant all on quoted to public
writer: insert into quoted values (3, 'x')
admin: insert into quoted values (4, 'x')
-- differs: PgQ lets it into the schema, but not to the function
reader: insert into quoted values (5, 'x')
-- differs: likewise
nobody: insert into quoted values (6, 'x')
select * from ev()
