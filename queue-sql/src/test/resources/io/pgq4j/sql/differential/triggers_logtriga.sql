-- logtriga: letters for the columns. The extension has it in its library only.
-- How a script is read: Differential.Call.

select pgq.create_queue('q')
do $$ begin if to_regprocedure('pgq.logtriga()') is null then create function pgq.logtriga() returns trigger language c as '$libdir/pgq_triggers', 'pgq_logtriga'; end if; end $$
create function ev() returns table (ty text, da text, e1 text, e2 text, e3 text, e4 text) language plpgsql as $$ begin return query select ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4 from pgq.event_1 order by ev_id; delete from pgq.event_1_0; end $$

-- letters
drop table if exists t cascade
create table t(id int primary key, a text, b bool)
create trigger j after insert or update or delete on t for each row execute function pgq.logtriga('q','kvi','tt')
insert into t values (1,'a','t')
update t set a='b'
update t set b='f'
update t set a=a
update t set a='c', b='t'
delete from t
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logtriga('q')
insert into t values (1,'a','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logtriga()
insert into t values (1,'a','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logtriga('q','kv')
insert into t values (1,'a','t')
update t set a='b'
update t set b='f'
update t set a=a
delete from t
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logtriga('q','','x')
insert into t values (1,'a','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logtriga('q','vvv','x')
insert into t values (1,'a','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logtriga('q','vvvk','x')
insert into t values (1,'a','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logtriga('q','kxz','x')
insert into t values (1,'a','t')
update t set a='q'
update t set id=7
delete from t
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logtriga('q','kvvv','x')
insert into t values (1,'a','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logtriga('q','kkkk','x')
insert into t values (1,'a','t')
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logtriga('q','kkk','x')
insert into t values (1,null,'t')
update t set b='f'
update t set a='f'
delete from t
select * from ev()
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logtriga('q','kvv','a b."C"','x')
insert into t values (2,'a','t')
create or replace trigger j after insert or update or delete on t for each row execute function pgq.logtriga('nope','kvv','x')
insert into t values (3,'a','t')
create or replace trigger j after insert or update or delete on t execute function pgq.logtriga('q','kvv','x')
insert into t values (4,'a','t')
drop trigger j on t
create trigger j after truncate on t execute function pgq.logtriga('q','kvv','x')
truncate t
select * from ev()
create or replace trigger j after truncate on t execute function pgq.logtriga('q','kvv')
truncate t
select * from ev()
drop trigger j on t
create table u(id int primary key, a text, b bool, c int)
alter table u drop column a
create trigger j after insert or update or delete on u for each row execute function pgq.logtriga('q','kvi')
insert into u values (1,'t',3)
update u set b='f'
update u set c=5
create or replace trigger j after insert or update or delete on u for each row execute function pgq.logtriga('q','kvvv')
insert into u values (2,'t',3)
update u set b='f'
update u set c=5
create or replace trigger j after insert or update or delete on u for each row execute function pgq.logtriga('q','kv')
insert into u values (3,'t',3)
update u set b='t'
update u set c=6
select * from ev()
drop table u
create table u(id int primary key, a text, b bool, c int)
create trigger j after insert or update or delete on u for each row execute function pgq.logtriga('q','kvv')
alter table u disable trigger j
alter table u enable always trigger j
set session_replication_role=replica
insert into u values (1)
set session_replication_role=local
insert into u values (2)
reset session_replication_role
insert into u values (3)
select * from ev()
drop table u
reset all
