-- Schemas, extensions, the role `app_server` and the default privileges.

create schema if not exists extensions;
create schema private;
create schema audit;
create extension if not exists pgcrypto with schema extensions;
create extension if not exists btree_gist with schema extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;

-- The role for work without a signed-in person: webhooks, personal links, limits and jobs. It may run the functions
-- that are granted to it, and reads no table.
do $$
begin
	if not exists (select from pg_roles where rolname = 'app_server') then
		create role app_server nologin noinherit;
	end if;
	execute format('grant app_server to %I', current_user);
end
$$;
revoke create on schema public from public;
revoke all on schema private, audit from public;
grant usage on schema public to anon, authenticated, service_role, app_server;
grant usage on schema private to app_server, authenticated, anon;
grant usage on schema extensions to anon, authenticated, service_role, app_server;

-- Nobody may run a function or read a table that is not granted to them.
alter default privileges revoke execute on functions from public;
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;
