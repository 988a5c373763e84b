-- Rights are given when the schema is installed or upgraded.
select pgq.grant_roles();
