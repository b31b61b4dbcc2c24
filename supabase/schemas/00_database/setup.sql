-- Schemas, the app_server role, and the few helpers that every later migration uses.

create schema if not exists extensions;
create schema private;
create schema audit;
create extension if not exists pgcrypto with schema extensions;
create extension if not exists btree_gist with schema extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;

-- Works where no person is signed in: webhooks, personal links, limits, jobs. It may run the functions that are
-- granted to it, and reads no table.
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

-- Functions are closed unless granted; the same for tables that later migrations create.
alter default privileges revoke execute on functions from public;
alter default privileges in schema public revoke all on tables from anon, authenticated, service_role;
alter default privileges in schema public revoke all on functions from anon, authenticated, service_role;
alter default privileges in schema public revoke all on sequences from anon, authenticated, service_role;

-- Text that people write, by BCP 47 tag, with "original" naming the author's: {"original":"en","en":"…","fr":"…"}.
create function private.is_text_map(p_map jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case
		when jsonb_typeof(p_map) is distinct from 'object' then false
		when p_map = '{}'::jsonb then true
		else p_map ? (p_map ->> 'original') and not exists (
			select from jsonb_each(p_map) as entry(tag, value)
			where jsonb_typeof(entry.value) <> 'string'
				or (entry.tag <> 'original' and entry.tag !~ '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$'))
	end
$$;
grant execute on function private.is_text_map(jsonb) to public;

create domain public.text_map as jsonb check (private.is_text_map(value));

-- The few zone names are looked up often; pg_timezone_names reads the file system each time.
create table private.time_zones (name text primary key);
alter table private.time_zones enable row level security;
insert into private.time_zones select name from pg_catalog.pg_timezone_names
	where name ~ '^[A-Z]' and name !~ '^(posix|right)/' on conflict do nothing;

create function private.random_code(p_length integer) returns text
language plpgsql volatile set search_path = '' as $$
declare
	alphabet constant text := 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
	bytes bytea := extensions.gen_random_bytes(p_length * 2);
	code text := '';
begin
	-- 16 random bits per letter keep the bias of the modulus under one in two thousand.
	for i in 0 .. p_length - 1 loop
		code := code || substr(alphabet,
			1 + ((get_byte(bytes, i * 2) * 256 + get_byte(bytes, i * 2 + 1)) % length(alphabet)), 1);
	end loop;
	return code;
end
$$;
grant execute on function private.random_code(integer) to app_server, authenticated, service_role;

-- One channel, ids only: {"topic":"summit:…","kind":"seats","id":"…"}.
create function private.tell(p_topic text, p_kind text, p_id uuid default null) returns void
language sql volatile set search_path = '' as $$
	select pg_catalog.pg_notify('news', json_build_object('topic', p_topic, 'kind', p_kind, 'id', p_id)::text)
$$;

create type public.attendance_mode as enum ('in_person', 'virtual');

create type public.sector as enum ('government', 'intergovernmental', 'civil_society', 'private_sector');

create type public.organiser_role as enum ('programme', 'registration', 'finance', 'stage', 'door', 'safeguarding',
	'owner');

create type public.confidentiality as enum ('public', 'members', 'chatham_house', 'closed');

-- Whether the database takes writes, asked by /readyz: a full disk or a read-only database still answers every
-- question.

create table private.heartbeat (
	id boolean primary key default true check (id),
	beat_at timestamptz not null default now()
);
alter table private.heartbeat enable row level security;
alter table private.write_probes enable row level security;
