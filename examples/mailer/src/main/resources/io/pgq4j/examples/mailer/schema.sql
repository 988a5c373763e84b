create schema if not exists mailer;
create table if not exists mailer.mailq (sender text, recipient text, subject text, body text);
create or replace trigger mailq before insert on mailer.mailq
  for each row execute function pgq.jsontriga('mailer', 'SKIP');
