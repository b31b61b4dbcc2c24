-- What lies in the store of files: one row for each object, written before the object is, so that neither is left without the other.
-- Names are random and never a person's; the app alone knows them.

create type public.scan_state as enum ('waiting', 'clean', 'unscanned', 'refused', 'failed');

create table private.stored_objects (
	name text primary key check (name ~ '^[a-z0-9]{32}$'),
	media_type text not null,
	size bigint not null check (size > 0),
	sha256 bytea not null check (length(sha256) = 32),
	-- writing: nothing points to it yet. doomed: the store is to drop it. gone: it did. lost: the store has it no longer, by no will of ours.
	state text not null default 'writing' check (state in ('writing', 'kept', 'doomed', 'gone', 'lost')),
	scan public.scan_state not null,
	scan_note text not null default '' check (length(scan_note) <= 200),
	scan_tries integer not null default 0,
	scan_due_at timestamptz not null default now(),
	created_at timestamptz not null default now(),
	changed_at timestamptz not null default now()
);
alter table private.stored_objects enable row level security;
create index on private.stored_objects (state, changed_at) where state in ('writing', 'doomed');
create index on private.stored_objects (scan_due_at) where state = 'kept' and scan in ('waiting', 'failed', 'unscanned');

-- Before the bytes go to the store. The name is the app's secret: whoever can say it has just uploaded it.
create function private.begin_object(p_name text, p_media_type text, p_size bigint, p_sha256 text, p_scan public.scan_state) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.stored_objects (name, media_type, size, sha256, scan) values (p_name, p_media_type, p_size, decode(p_sha256, 'hex'), p_scan)
$$;

-- Points to an object for the first time. False when it is not there to be taken.
create function private.keep_object(p_name text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.stored_objects as o set state = 'kept', changed_at = now() where o.name = p_name and o.state = 'writing';
	return found;
end
$$;

create function private.doom_objects(variadic p_names text[]) returns void
language sql volatile security definer set search_path = '' as $$
	update private.stored_objects as o set state = 'doomed', changed_at = now() where o.name = any (p_names) and o.state <> 'doomed'
$$;

-- What was uploaded and then not wanted.
create function private.abandon_object(p_name text) returns void
language sql volatile security definer set search_path = '' as $$
	update private.stored_objects as o set state = 'doomed', changed_at = now() where o.name = p_name and o.state = 'writing'
$$;

-- What the store may drop: what nothing points to any more, and what was begun and never finished.
create function private.objects_to_erase(p_now timestamptz default now()) returns setof text
language sql stable security definer set search_path = '' as $$
	select o.name from private.stored_objects as o
	where o.state = 'doomed' or o.state = 'writing' and o.changed_at < p_now - interval '2 hours'
	order by o.changed_at limit 200
$$;

-- Their rows go when the store has dropped them, and no earlier. One that was taken in the meantime stays; of what the scanner refused,
-- the row stays beside its version and says why.
create function private.forget_objects(p_names text[], p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.stored_objects as o set state = 'gone', changed_at = p_now where o.name = any (p_names) and o.state = 'doomed'
		and exists (select from private.file_versions as v where v.object_name = o.name);
	delete from private.stored_objects as o where o.name = any (p_names)
		and (o.state = 'doomed' or o.state = 'writing' and o.changed_at < p_now - interval '2 hours');
end
$$;

-- Of the objects that the store has, those that no row names.
create function private.unknown_objects(p_names text[]) returns setof text
language sql stable security definer set search_path = '' as $$
	select given.name from unnest(p_names) as given (name) where not exists (select from private.stored_objects as o where o.name = given.name)
$$;

-- Rows whose object was not among those that the store had when it was looked through.
create function private.missing_objects(p_present text[], p_looked_at timestamptz) returns setof text
language sql stable security definer set search_path = '' as $$
	select o.name from private.stored_objects as o where o.state = 'kept' and o.changed_at < p_looked_at and o.name <> all (p_present)
$$;

create function private.mark_lost_objects(p_names text[]) returns void
language sql volatile security definer set search_path = '' as $$
	update private.stored_objects as o set state = 'lost', changed_at = now() where o.name = any (p_names) and o.state = 'kept'
$$;

grant execute on function private.begin_object(text, text, bigint, text, public.scan_state), private.abandon_object(text),
	private.objects_to_erase(timestamptz), private.forget_objects(text[], timestamptz), private.unknown_objects(text[]),
	private.missing_objects(text[], timestamptz), private.mark_lost_objects(text[]) to app_server;
