-- What counts as changed: the equality of the type, but arrays as text; and values without equality.
-- How a script is read: Differential.Call.

select pgq.create_queue('q')
do $$ begin if to_regprocedure('pgq.logtriga()') is null then create function pgq.logtriga() returns trigger language c as '$libdir/pgq_triggers', 'pgq_logtriga'; end if; end $$
create function ev() returns table (ty text, da text, e1 text, e2 text, e3 text, e4 text) language plpgsql as $$ begin return query select ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4 from pgq.event_1 order by ev_id; delete from pgq.event_1_0; end $$

-- types
drop table if exists w cascade
create collation if not exists nd (provider=icu, locale='und-u-ks-level2', deterministic=false)
create table w(id int primary key, n numeric, f float8, js json, jb jsonb, ci citext, iv interval, ch char(5), bx box, pt point, xm xml, an numeric[], co pair, nd text collate nd, x text, dn dint, pth path, ci2 text collate "C", mr numrange, jp jsonpath)
create type np as (a numeric, j json)
create trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','ignore=x')
insert into w values (1,1.0,'0','{"a":1}','{"a":1.0}','Abc','1 day','a',box(point(0,0),point(1,2)),point(1,2),'<a/>','{1.0,2}',row(1,null),'abc','x',1,'((0,0),(1,1))','c','[1.0,2)','$.a')
delete from w
insert into w values (1,1.0,'0','{"a":1}','{"a":1.0}','Abc','1 day','a',box(point(0,0),point(1,2)),point(1,2),'<a/>','{1.0,2}',row(1,null),'abc','x',1,'((0,0),(1,1))','c','[1.0,2)','$.a')
update w set x='-', n=1.00
select da from ev()
update w set x='y', f='-0'
select da from ev()
update w set x='x', js='{"a": 1}'
select da from ev()
update w set x='y', jb='{"a": 1.00}'
select da from ev()
update w set x='x', ci='aBC'
select da from ev()
update w set x='y', iv='24:00'
select da from ev()
update w set x='x', ch='a '
select da from ev()
update w set x='y', bx=box(point(0,0),point(2,1))
select da from ev()
update w set x='x', pt=point(2,2)
select da from ev()
update w set x='y', pt=point(2,2)
select da from ev()
update w set x='x', xm='<b/>'
select da from ev()
update w set x='y', an='{1.00,2}'
select da from ev()
update w set x='x', co=row(1.0,null)
select da from ev()
update w set x='y', co=row(2,null)
select da from ev()
update w set x='x', nd='ABC'
select da from ev()
update w set x='y', nd='ABD'
select da from ev()
update w set x='x', mr='[1.00,2.0)'
select da from ev()
update w set x='y', mr=null
select da from ev()
update w set x='x', jp='$.b'
select da from ev()
update w set x='y', pth='((0,0),(1,2))'
select da from ev()
update w set x='x', dn=1
select da from ev()
update w set x='y', dn=2, ci2='d'
select da from ev()
update w set x='x', co=null
select da from ev()
update w set x='y', co=row(null,null)
select da from ev()
drop table w
create table w(id numeric, ci citext, x text)
create trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','pkey=id,ci')
insert into w values (1.0,'a'),(null,null)
update w set id=1.00, ci='A'
update w set id=1.00 where id is null
update w set id=null where id is not null
select ty,da from ev()
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','pkey=ab,x','ignore=aid,id')
update w set id=2
update w set x='1'
select ty,da from ev()
drop table w
create table w(id np, x text)
create trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','pkey=x')
insert into w values (row(1,'{}'),'x')
update w set id=row(2,'{}')
update w set id=row(2,'{}')
update w set id=row(2,'{"a":1}')
drop table w
create table w(id json[], x text)
create trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','pkey=x','ignore=id')
insert into w values ('{"{}"}','x')
update w set id='{"{ }"}'
update w set id='{"{ }"}'
select ty,da from ev()
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logtriga('q','vk','deny')
update w set id='{"{ }"}'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logtriga('q','VK')
update w set id='{"{ }"}'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logtriga('q','Vk','backup')
update w set id='{"{ }"}'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logtriga('q','ik')
update w set id='{"{ }"}'
update w set id='{"{  }"}'
insert into w values ('{"{}"}',null)
delete from w where x is null
select ty,da,e1,e2 from ev()
drop table w
create table w(x text)
create trigger s after insert or update or delete on w for each row execute function pgq.logtriga('q','i')
insert into w values (1)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','ignore=x')
insert into w values (1)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.jsontriga('q','ignore=x')
insert into w values (1)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','ignore=x')
insert into w values (1)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logtriga('q','k','')
insert into w values (1)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logtriga('q','ki')
insert into w values (1)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logtriga('q','kv')
insert into w values (1)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.logtriga('q','kk')
insert into w values (1)
select ty,da,e1,e2 from ev()
create table z()
create trigger s after insert or update or delete on z for each row execute function pgq.jsontriga('q')
create trigger l after insert or update or delete on z for each row execute function pgq.logutriga('q')
create trigger q after insert or update or delete on z for each row execute function pgq.sqltriga('q')
insert into z default values
select ty,da,e1,e2 from ev()
drop table z
drop table w
drop role nobody2
reset all

-- arrays, nulls in keys
drop table if exists w cascade
drop type if exists cn
create type cn as (a numeric)
create domain dnum as numeric
create domain dci as citext
create table w(id int primary key, x text, an numeric[], ax citext[], aj jsonb[], co cn, dm dnum, dc dci, mr nummultirange, af float8[], hs hstore, tq tsquery, ac cn[], iv interval[], ch char(3)[], mo money, am dnum[], lt numrange[])
insert into w values (1,'x','{1.0}','{A}','{"1.0"}',row(1.0),1.0,'a','{[1.0,2)}','{0}','a=>1,b=>2','a&b',array[row(1.0)::cn],'{24:00}','{a}','1','{1.0}','{"[1.0,2)"}')
create trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','ignore=x')
update w set x='-', an='{1.00}'
select da from ev()
update w set x='a', ax='{a}'
select da from ev()
update w set x='-', aj='{"1.00"}'
select da from ev()
update w set x='a', co=row(1.00)
select da from ev()
update w set x='-', dm=1.00
select da from ev()
update w set x='a', dc='A'
select da from ev()
update w set x='-', mr='{[1.00,2)}'
select da from ev()
update w set x='b', af='{-0}'
select da from ev()
update w set x='-', hs='b=>2,a=>1'
select da from ev()
update w set x='b', ac=array[row(1.00)::cn]
select da from ev()
update w set x='-', iv='{1 day}'
select da from ev()
update w set x='b', ch='{"a "}'
select da from ev()
update w set x='-', am='{1.00}'
select da from ev()
update w set x='b', lt='{"[1.00,2)"}'
select da from ev()
update w set x='c'
select da from ev()
drop table w
create table w(id numeric, ci citext, x text, an int[])
create trigger s after insert or update or delete on w for each row execute function pgq.logutriga('q','pkey=id,ci')
insert into w values (1.0,'a')
update w set id=1.00, ci='A'
select ty,da from ev()
update w set id=null
update w set ci=null
delete from w
insert into w values (null,null)
update w set id=null
update w set id=1
select ty,da from ev()
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=ab')
insert into w values (null,null)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=ab,id','backup','ignore=x')
update w set x='5'
update w set x='5'
update w set ci='5'
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=ab','backup','ignore=x,id,ci,an')
update w set x='5'
update w set x='6'
insert into w values (1)
delete from w
select * from ev()
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=aid id ,ci','ev_extra1=fooid id')
insert into w values (1)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=aid id ,ci','ev_extra1=fooid||id')
insert into w values (1)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=aid id ,ci','ev_extra1=id.x||id')
insert into w values (1)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=aid id ,ci','ev_extra1=(select sum(x.id+id) from (values (1),(2)) x(y))','ev_extra2=(select sum(x.y+id) from (values (1),(2)) as z(y), lateral (values(y)) as foo(y), (values (5)) as bar(y2))','ev_extra3=(select foo.y+id from (values (1)) as foo(y))')
insert into w values (1)
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=id','ev_extra3=(select foo.y+id from (values (1)) as foo(y))','ev_extra4=an[1]','ev_extra2=id /* id */ -- id')
insert into w values (1,'x','x','{4,5}')
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=id','ev_extra3=''a''''id'' || U&''id'' || x''1f''::int || e''id''','ev_extra4=:id')
insert into w values (1,'x','x','{4,5}')
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=id','ev_extra3=''a''''id''  || x''1f''::int || e''id''','ev_extra4=1.5+1e5+id::int4+.5','ev_extra2=''é''||''"''')
insert into w values (1,'x','x','{4,5}')
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=id','ev_extra3=$a$ id $b$ id $a$||id','ev_extra4=case when id>0 then ''a'' else ''b'' end','ev_extra2=format(''%s %1$s'',id)')
insert into w values (1,'x','x','{4,5}')
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=id','ev_extra4=id::"text"')
insert into w values (1,'x','x','{4,5}')
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=id','ev_extra4=pg_catalog."upper"(ci::text)')
insert into w values (1,'x','x','{4,5}')
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=id','ev_extra4= "ci"')
insert into w values (1,'x','x','{4,5}')
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=id','ev_extra4=upper(''x'')||"ci" ')
insert into w values (1,'x','x','{4,5}')
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=id','ev_extra4=''a''||''b''||"ci"||x||''z''')
insert into w values (1,'x','x','{4,5}')
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=id','ev_extra4=x||ci||x||(x)','ev_extra1=pg_catalog . upper(x)','ev_extra2=id+ id')
insert into w values (1,'x','x','{4,5}')
create or replace trigger s after insert or update or delete on w for each row execute function pgq.sqltriga('q','pkey=id','ev_extra4=(select y.id from (select id as id) y)')
insert into w values (1,'x','x','{4,5}')
select * from ev()
reset all
