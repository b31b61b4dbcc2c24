-- Keys by which other systems read a Summit over /api/v1, and check in.

-- What the functions of this folder answer about an act.

-- Making a key. Too many: the Summit has twenty that can be used.
create domain public.api_key_status as text check (value in ('ok', 'not_allowed', 'invalid', 'too_many'));

-- Whether a key may be used now. Not entitled: its maker is no owner any more.
create domain private.api_key_state as text check (value in ('ok', 'revoked', 'expired', 'not_entitled'));

-- Keys by which other systems read a Summit over /api/v1, what each was used for, and the answers that a repeated request
-- gets again. Only the hash of a key is stored. Nothing here is readable through the data API.

-- What a key may be used for. Those before `members` read what every visitor reads; from `registration_rows` on they
-- concern single people.
create type public.api_scope as enum ('agenda', 'sessions', 'speakers', 'commitments', 'documents', 'members', 'registrations',
	'presence', 'registration_rows', 'presence_rows', 'check_in');

create table private.api_keys (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	-- The system that uses it: "Website of the Alliance".
	name text not null check (length(btrim(name)) between 1 and 80),
	scopes public.api_scope[] not null check (cardinality(scopes) between 1 and 20 and array_position(scopes, null) is null),
	-- SHA-256.
	key_hash bytea not null unique check (length(key_hash) = 32),
	-- The last characters, by which owners recognise a key.
	hint text not null check (hint ~ '^[A-Za-z0-9_-]{4}$'),
	-- The owner who made it. A key is refused as soon as its maker is no owner of the Summit any more.
	made_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null,
	revoked_at timestamptz,
	revoked_by uuid references public.people (id) on update cascade on delete set null,
	check (expires_at > created_at and expires_at <= created_at + interval '366 days'),
	constraint name_one_line check (private.is_one_line(name))
);
create index on private.api_keys (summit_id);
create index on private.api_keys (made_by);
create index on private.api_keys (revoked_by);
alter table private.api_keys enable row level security;
select audit.watch('private.api_keys', '', 'key_hash');
insert into private.audited_tables (name, area, shown) values
	('private.api_keys', 'settings', '{name,scopes,expires_at,revoked_at}'),
	('api_keys.read', 'settings', '{scope}');

-- When a key was last used for a scope, to the minute, and when the audit last noted it.
create table private.api_key_uses (
	api_key_id uuid not null references private.api_keys (id) on delete cascade,
	scope public.api_scope not null,
	last_used_at timestamptz not null default now(),
	noted_at timestamptz,
	primary key (api_key_id, scope)
);
alter table private.api_key_uses enable row level security;

-- How many requests a key made in its last minute.
create table private.api_key_windows (
	api_key_id uuid primary key references private.api_keys (id) on delete cascade,
	begun_at timestamptz not null,
	requests integer not null check (requests > 0)
);
alter table private.api_key_windows enable row level security;

-- What a request that changes something was answered, for a day: the same Idempotency-Key gets it again. The answer names
-- nobody; names are read live.
create table private.api_answers (
	api_key_id uuid not null references private.api_keys (id) on delete cascade,
	idempotency_key text not null check (idempotency_key ~ '^[!-~]{1,255}$'),
	-- SHA-256 of what was asked.
	request_hash bytea not null check (length(request_hash) = 32),
	answer jsonb,
	made_at timestamptz not null default now(),
	primary key (api_key_id, idempotency_key)
);
create index on private.api_answers (made_at);
alter table private.api_answers enable row level security;

-- Who may use a key: asked by each function of this folder, so that no request gets more than its key has. All of them are
-- called by the app, which has checked nothing but the form of what was sent.

-- Whether a key may be used now. No key outlives the right of its maker, who can still sign in and is an owner of the
-- Summit. `private.holds_role` asks others than the caller for no passkey, and here nobody is signed in.
create function private.state_of_api_key(k private.api_keys) returns private.api_key_state
language sql stable security definer set search_path = '' as $$
	select case
		when k.revoked_at is not null then 'revoked'
		when k.expires_at <= now() then 'expired'
		when not exists (
			select from private.live_grants as g
			where g.person_id = k.made_by and g.role = 'owner' and (g.summit_id is null or g.summit_id = k.summit_id))
			or not exists (
				select
				from public.account_people as a
				join auth.users as u on u.id = a.account_id
				where a.person_id = k.made_by
					and a.relation = 'self'
					and u.deleted_at is null
					and (u.banned_until is null or u.banned_until <= now()))
			then 'not_entitled'
		else 'ok' end
$$;

-- The key with this hash, if it may be used now for a scope; no row otherwise.
create function private.usable_api_key(p_hash bytea, p_scope public.api_scope) returns setof private.api_keys
language sql stable security definer set search_path = '' as $$
	select k.*
	from private.api_keys as k
	where k.key_hash = p_hash and p_scope = any (k.scopes) and private.state_of_api_key(k) = 'ok'
$$;

-- How many requests a key may make in a minute.
create function private.api_rate() returns integer
language sql immutable
return 600;

-- Begins a request: counts it, and says whether it may go on. {status: ok | unknown | revoked | expired | not_entitled |
-- limited | wrong_scope; but for an unknown key: rate, left (in this minute), reset (seconds until the next), and when ok:
-- summit (its id), key: {name, scopes, expires_at, summit}}. `p_scope` null: any key will do. A key that reads rows of
-- people is noted in the audit, once an hour for each scope. Locks the row that counts, for this call alone.
create function private.begin_api_request(p_hash bytea, p_scope public.api_scope default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_key private.api_keys;
	v_state text;
	v_window private.api_key_windows;
	v_count jsonb;
begin
	select * into v_key from private.api_keys as k where k.key_hash = p_hash;
	if not found then return jsonb_build_object('status', 'unknown'); end if;
	insert into private.api_key_windows as w (api_key_id, begun_at, requests)
	values (v_key.id, date_trunc('minute', clock_timestamp()), 1)
	on conflict (api_key_id) do update set
		begun_at = greatest(w.begun_at, excluded.begun_at),
		requests = case when w.begun_at < excluded.begun_at then 1 else least(w.requests + 1, private.api_rate() + 1) end
	returning * into v_window;
	v_count := jsonb_build_object(
		'rate', private.api_rate(),
		'left', greatest(private.api_rate() - v_window.requests, 0),
		'reset', greatest(ceil(extract(epoch from v_window.begun_at + interval '1 minute' - clock_timestamp())), 1)::integer);
	v_state := private.state_of_api_key(v_key);
	if v_state <> 'ok' then return v_count || jsonb_build_object('status', v_state); end if;
	if v_window.requests > private.api_rate() then return v_count || jsonb_build_object('status', 'limited'); end if;
	if p_scope is not null then
		if not p_scope = any (v_key.scopes) then return v_count || jsonb_build_object('status', 'wrong_scope'); end if;
		insert into private.api_key_uses as u (api_key_id, scope) values (v_key.id, p_scope)
		on conflict (api_key_id, scope) do update set last_used_at = now()
			where u.last_used_at < now() - interval '1 minute';
		if p_scope in ('registration_rows', 'presence_rows') then
			update private.api_key_uses as u set noted_at = now()
			where u.api_key_id = v_key.id
				and u.scope = p_scope
				and (u.noted_at is null or u.noted_at < now() - interval '1 hour');
			if found then
				perform set_config('app.actor', v_key.made_by::text, true);
				perform audit.record_event('api_keys.read', v_key.id::text, v_key.summit_id, null,
					jsonb_build_object('scope', p_scope));
			end if;
		end if;
	end if;
	return v_count || (
		select jsonb_build_object('status', 'ok', 'summit', s.id, 'key', jsonb_build_object(
			'name', v_key.name,
			'scopes', v_key.scopes,
			'expires_at', private.iso(v_key.expires_at),
			'summit', jsonb_build_object('slug', s.slug, 'name', s.name, 'state', s.state, 'starts_on', s.starts_on,
				'ends_on', s.ends_on, 'zone', s.zone)))
		from public.summits as s
		where s.id = v_key.summit_id);
end
$$;
grant execute on function private.begin_api_request(bytea, public.api_scope) to app_server;

-- How many rows a page has: what was asked for, between 1 and 200.
create function private.api_page_size(p_most integer) returns integer
language sql immutable
return least(greatest(coalesce(p_most, 50), 1), 200);

-- A page of rows that were read with one more than it holds: {items, next: the key of its last row, null on the last page}.
-- Rows without a value are passed over.
create function private.api_page(p_keys text[], p_items jsonb[], p_size integer) returns jsonb
language sql immutable set search_path = '' as $$
	select jsonb_build_object(
		'items', coalesce(to_jsonb(array_remove(p_items[1:p_size], null)), '[]'),
		'next', case when cardinality(p_keys) > p_size then p_keys[p_size] end)
$$;

-- Owners make, list and revoke the keys of their Summit.

-- How many keys of a Summit can be used at once.
create function private.api_key_limit() returns integer
language sql immutable
return 20;

-- Makes a key; only the hash of it comes here, with its last characters. Two owners at once come one after the other, so
-- that there are never more keys than the limit.
create function public.make_api_key(
	summit uuid, name text, scopes public.api_scope[], days integer, key_hash text, hint text
) returns public.api_key_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'owner') then return 'not_allowed'; end if;
	perform private.require_confirmation();
	if coalesce(key_hash, '') !~ '^[0-9a-f]{64}$' or coalesce(days, 0) not between 1 and 366 then return 'invalid'; end if;
	perform pg_advisory_xact_lock(hashtextextended('api_keys:' || summit, 0));
	if (select count(*)
		from private.api_keys as k
		where k.summit_id = summit and k.revoked_at is null and k.expires_at > now()) >= private.api_key_limit() then
		return 'too_many';
	end if;
	insert into private.api_keys (summit_id, name, scopes, key_hash, hint, made_by, expires_at)
	values (
		summit, private.one_line(make_api_key.name),
		array(select distinct each from unnest(make_api_key.scopes) as each order by each),
		decode(make_api_key.key_hash, 'hex'), make_api_key.hint, private.me(), now() + days * interval '1 day');
	return 'ok';
exception when check_violation or not_null_violation then return 'invalid';
end
$$;
grant execute on function public.make_api_key(uuid, text, public.api_scope[], integer, text, text) to authenticated;

-- Revokes a key: its next request is refused.
create function public.revoke_api_key(api_key uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.api_keys as k
	set revoked_at = now(), revoked_by = private.me()
	where k.id = api_key and k.revoked_at is null and private.has_role(k.summit_id, 'owner');
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.revoke_api_key(uuid) to authenticated;

-- The keys of a Summit, the newest first: [{id, name, hint, scopes, by, created_at, expires_at, last_used_at, state}]; []
-- for all but owners.
create function public.list_api_keys(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', k.id,
		'name', k.name,
		'hint', k.hint,
		'scopes', k.scopes,
		'by', by.display_name,
		'created_at', private.iso(k.created_at),
		'expires_at', private.iso(k.expires_at),
		'last_used_at', (select private.iso(max(u.last_used_at)) from private.api_key_uses as u where u.api_key_id = k.id),
		'state', private.state_of_api_key(k)) order by k.created_at desc, k.id), '[]')
	from private.api_keys as k
	left join public.people as by on by.id = k.made_by
	where k.summit_id = list_api_keys.summit and private.has_role(k.summit_id, 'owner')
$$;
grant execute on function public.list_api_keys(uuid) to authenticated;

-- What every visitor reads of a Summit, by key: its published agenda, sessions and speakers, its commitments, and the
-- documents of the library. Each function asks for a key with its scope (null without), and then what a visitor sees: nobody
-- is signed in, so the two predicates of visibility decide as for the public pages. Pages follow each other by the key of the
-- row: rows that come or go between two pages shift none of the others.

-- The times of the agenda in their order, {release: {number, released_at}, items: [{session, event, starts_at, ends_at, rooms,
-- is_cancelled}], next}.
create function private.api_agenda(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer || jsonb_build_object('release', (
		select jsonb_build_object('number', r.number, 'released_at', private.iso(r.released_at))
		from public.releases as r
		join public.summits as s on s.id = r.summit_id and s.state <> 'draft'
		where r.id = private.newest_release(k.summit_id)))
	from private.usable_api_key(p_hash, 'agenda') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select y.key, y.item
			from (
				select (private.iso(lower(rl.during)) || '/' || s.code || '/' || rl.slot_id) collate "C" as key,
					jsonb_build_object(
						'session', s.code,
						'event', e.uid,
						'starts_at', private.iso(lower(rl.during)),
						'ends_at', private.iso(upper(rl.during)),
						'rooms', jsonb_agg(jsonb_build_object('slug', o.slug, 'name', o.name) order by o.position, o.slug),
						'is_cancelled', bool_or(rl.is_cancelled)) as item
				from public.release_slots as rl
				join public.sessions as s on s.id = rl.session_id
				join public.rooms as o on o.id = rl.room_id
				left join private.release_events as e on e.release_id = rl.release_id and e.slot_id = rl.slot_id
				where rl.release_id = private.newest_release(k.summit_id)
					and rl.session_id in (select private.visible_sessions(null, k.summit_id))
				group by rl.slot_id, rl.during, s.code, e.uid) as y
			where y.key > coalesce(p_after, '')
			order by y.key
			limit private.api_page_size(p_most) + 1) as x) as page
$$;
grant execute on function private.api_agenda(bytea, text, integer) to app_server;

-- The sessions by their code.
create function private.api_sessions(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'sessions') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select s.code collate "C" as key, jsonb_build_object(
				'code', s.code,
				'title', rs.title,
				'abstract', rs.abstract,
				'content_note', rs.content_note,
				'track', rs.track,
				'track_slug', rs.track_slug,
				'format', rs.format,
				'format_slug', rs.format_slug,
				'attendance', rs.attendance,
				'spoken', rs.spoken,
				'interpreted', rs.interpreted,
				'is_recorded', rs.is_recorded and s.is_recorded,
				'is_break', rs.is_break,
				'is_cancelled', rs.is_cancelled,
				'links', rs.links,
				'people', (
					select coalesce(jsonb_agg(jsonb_build_object('code', p.code, 'role', rp.role)
						order by rp.position, p.code), '[]')
					from public.release_people as rp
					join public.people as p on p.id = rp.person_id
					where rp.release_id = rs.release_id
						and rp.session_id = s.id
						and private.is_named(s.id, rp.person_id, rp.role))) as item
			from public.release_sessions as rs
			join public.sessions as s on s.id = rs.session_id
			where rs.release_id = private.newest_release(k.summit_id)
				and rs.session_id in (select private.visible_sessions(null, k.summit_id))
				and s.code collate "C" > coalesce(p_after, '')
			order by 1
			limit private.api_page_size(p_most) + 1) as x) as page
$$;
grant execute on function private.api_sessions(bytea, text, integer) to app_server;

-- The people whom these sessions name, as everybody is shown them today, by their code.
create function private.api_speakers(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'speakers') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select p.code collate "C" as key, jsonb_build_object(
				'code', p.code,
				'display_name', p.display_name,
				'office', p.office,
				'affiliation', p.affiliation,
				'country', p.country,
				'biography', p.biography,
				'links', p.links,
				'sessions', jsonb_agg(jsonb_build_object('session', s.code, 'role', rp.role) order by s.code, rp.role)) as item
			from public.release_people as rp
			join public.people as p on p.id = rp.person_id
			join public.sessions as s on s.id = rp.session_id
			where rp.release_id = private.newest_release(k.summit_id)
				and rp.session_id in (select private.visible_sessions(null, k.summit_id))
				and private.is_named(rp.session_id, rp.person_id, rp.role)
				and p.code collate "C" > coalesce(p_after, '')
			group by p.id
			order by 1
			limit private.api_page_size(p_most) + 1) as x) as page
$$;
grant execute on function private.api_speakers(bytea, text, integer) to app_server;

-- The commitments that were made for the Summit and announced to everybody, by their code.
create function private.api_commitments(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'commitments') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select y.code collate "C" as key, jsonb_build_object(
				'code', y.code,
				'title', y.words -> 'title',
				'summary', y.words -> 'summary',
				'beneficiaries', y.words -> 'beneficiaries',
				'indicator', y.words -> 'indicator',
				'unit', y.words -> 'unit',
				'baseline', y.words -> 'baseline',
				'target', y.words -> 'target',
				'due_on', y.words -> 'due_on',
				'theme', y.words -> 'theme',
				'countries', y.words -> 'countries',
				'budget', y.words -> 'budget',
				'currency', y.words -> 'currency',
				'member', (y.words -> 'member') - 'id',
				'partners', (
					select coalesce(jsonb_agg(partner - 'id' order by place), '[]')
					from jsonb_array_elements(y.words -> 'partners') with ordinality as each (partner, place)),
				'session', y.words #> '{session,code}',
				'status', y.status,
				'is_verified', y.is_verified,
				'announced_at', private.iso(y.announced_at),
				'value', y.value,
				'reported_at', private.iso(y.reported_at),
				'withdrawn_at', private.iso(y.withdrawn_at)) as item
			from (
				select c.code, c.withdrawn_at, a.status, a.is_verified, a.announced_at, a.value, a.reported_at,
					private.commitment_text_json(c, a.number) as words
				from private.announced_commitments() as a
				join private.commitments as c on c.id = a.id
				where c.summit_id = k.summit_id and c.code collate "C" > coalesce(p_after, '')
				order by c.code collate "C"
				limit private.api_page_size(p_most) + 1) as y) as x) as page
$$;
grant execute on function private.api_commitments(bytea, text, integer) to app_server;

-- The documents that everybody may read today, by their code. The library outlives Summits, so each key reads all of them.
create function private.api_documents(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'documents') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select y.code collate "C" as key,
				y.words - array['level', 'group', 'embargo_until', 'note', 'ties'] || jsonb_build_object(
					'members', (
						select coalesce(jsonb_agg(jsonb_build_object('code', member -> 'code', 'name', member -> 'name',
							'is_author', member -> 'is_author') order by place), '[]')
						from jsonb_array_elements(y.words #> '{ties,members}') with ordinality as each (member, place)),
					'sessions', (
						select coalesce(jsonb_agg(jsonb_build_object('code', session -> 'code', 'summit', session -> 'summit')
							order by place), '[]')
						from jsonb_array_elements(y.words #> '{ties,sessions}') with ordinality as each (session, place)),
					'commitments', (
						select coalesce(jsonb_agg(tied -> 'code' order by place), '[]')
						from jsonb_array_elements(y.words #> '{ties,commitments}') with ordinality as each (tied, place))) as item
			from (
				select z.code, private.library_version_json(w) as words
				from (
					select i.id, i.code, max(r.number) as number
					from private.readable_publications(null) as r
					join private.library_items as i on i.id = r.item_id
					where i.code collate "C" > coalesce(p_after, '')
					group by i.id
					order by i.code collate "C"
					limit private.api_page_size(p_most) + 1) as z
				join private.library_versions as w on w.item_id = z.id and w.number = z.number) as y) as x) as page
$$;
grant execute on function private.api_documents(bytea, text, integer) to app_server;

-- What organisers read of a Summit without people, by key: its members, and how many registrations and attendances there are.

-- The members of the Summit by their code, as they count for it.
create function private.api_members(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'members') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select m.code collate "C" as key, jsonb_build_object(
				'code', m.code,
				'name', m.name,
				'sector', sm.sector,
				'country', sm.country,
				'region', sm.region,
				'website', m.website,
				'standing', sm.standing) as item
			from public.summit_members as sm
			join public.members as m on m.id = sm.member_id
			where sm.summit_id = k.summit_id and m.code collate "C" > coalesce(p_after, '')
			order by 1
			limit private.api_page_size(p_most) + 1) as x) as page
$$;
grant execute on function private.api_members(bytea, text, integer) to app_server;

-- How many registrations there are in each mode and state, without drafts: {unit, counts: [{mode, state, count}]}. Whole groups
-- of the smallest size that may be named, so that nobody is a group of their own; a key that reads the rows gets exact
-- numbers (unit 1).
create function private.api_registration_counts(p_hash bytea) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('unit', u.unit, 'counts', (
		select coalesce(jsonb_agg(jsonb_build_object('mode', c.mode, 'state', c.state, 'count', c.count - c.count % u.unit)
			order by c.mode, c.state), '[]')
		from (
			select r.mode, r.state, count(*) as count
			from public.registrations as r
			where r.summit_id = k.summit_id and r.state <> 'draft'
			group by r.mode, r.state) as c
		where c.count >= u.unit))
	from private.usable_api_key(p_hash, 'registrations') as k
	cross join lateral (
		select case when 'registration_rows' = any (k.scopes) then 1 else private.smallest_group(k.summit_id) end as unit) as u
$$;
grant execute on function private.api_registration_counts(bytea) to app_server;

-- How many people attended each session that everybody sees, and for how many minutes on average, by the code of the
-- session; null for a group below the smallest one.
create function private.api_presence_counts(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'presence') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select y.code collate "C" as key, jsonb_build_object(
				'session', y.code,
				'people', private.suppress_small_count(k.summit_id, counted.people),
				'minutes', case
					when private.suppress_small_count(k.summit_id, counted.people) > 0 then counted.minutes end) as item
			from (
				select s.id, s.code
				from public.sessions as s
				where s.id in (select private.visible_sessions(null, k.summit_id))
					and exists (select from public.runs as r where r.session_id = s.id and r.started_at is not null)
					and s.code collate "C" > coalesce(p_after, '')
				order by s.code collate "C"
				limit private.api_page_size(p_most) + 1) as y
			cross join lateral (
				select count(*) as people, round(avg(m.minutes))::integer as minutes
				from (
					select private.attended_minutes(each.person_id, y.id) as minutes
					from (select distinct p.person_id from public.presence as p where p.session_id = y.id) as each) as m
				where m.minutes > 0) as counted) as x) as page
$$;
grant execute on function private.api_presence_counts(bytea, text, integer) to app_server;

-- Rows of people, by key: registrations and attendance, with the names under which everybody is shown them. Under-18s are in
-- no row, and nothing sealed, no address, need or answer is.

-- The registrations by their reference, without drafts.
create function private.api_registrations(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'registration_rows') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select r.reference collate "C" as key, jsonb_build_object(
				'reference', r.reference,
				'category', r.category,
				'mode', r.mode,
				'state', r.state,
				'state_since', private.iso(r.state_since),
				'submitted_at', private.iso(r.submitted_at),
				'member', case when m.id is not null then jsonb_build_object('code', m.code, 'name', m.name) end,
				'person', jsonb_build_object('display_name', p.display_name, 'office', p.office, 'affiliation', p.affiliation,
					'country', p.country)) as item
			from public.registrations as r
			join public.people as p on p.id = r.person_id
			left join public.members as m on m.id = r.member_id
			where r.summit_id = k.summit_id
				and r.state <> 'draft'
				and not r.is_minor
				and r.reference collate "C" > coalesce(p_after, '')
			order by 1
			limit private.api_page_size(p_most) + 1) as x) as page
$$;
grant execute on function private.api_registrations(bytea, text, integer) to app_server;

-- Who attended which session, in minutes, by the codes of both; for sessions at a level that names people, and that the
-- maker of the key sees. Minutes are computed for the page alone.
create function private.api_attendance(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'presence_rows') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select y.key, case when m.minutes > 0 then jsonb_build_object(
				'session', y.session,
				'person', jsonb_build_object('code', y.code, 'display_name', y.display_name, 'affiliation', y.affiliation),
				'minutes', m.minutes) end as item
			from (
				select (s.code || '/' || p.code) collate "C" as key, s.id as session_id, s.code as session, p.id as person_id, p.code,
					p.display_name, p.affiliation
				from (select distinct a.session_id, a.person_id
					from public.presence as a
					where a.summit_id = k.summit_id and a.session_id is not null) as each
				join public.sessions as s on s.id = each.session_id
				join public.people as p on p.id = each.person_id
				where s.id in (select private.visible_sessions(k.made_by, k.summit_id))
					and private.level_in_force(s.id) in ('public', 'members')
					and not exists (
						select from public.registrations as r
						where r.summit_id = k.summit_id and r.person_id = p.id and r.is_minor)
					and (s.code || '/' || p.code) collate "C" > coalesce(p_after, '')
				order by 1
				limit private.api_page_size(p_most) + 1) as y
			cross join lateral (select private.attended_minutes(y.person_id, y.session_id) as minutes) as m) as x) as page
$$;
grant execute on function private.api_attendance(bytea, text, integer) to app_server;

-- Checking in by key, by the rules of the door itself. The maker of the key acts, and must still hold the right to: each scan
-- names them, as it names whoever holds a device.

-- Whether the maker of a key may admit people now.
create function private.may_check_in_by_key(k private.api_keys) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.holds_role(k.made_by, k.summit_id, 'door', 'registration')
		and not exists (
			select from private.entry_bars as b
			where b.person_id = k.made_by and b.summit_id = k.summit_id and b.session_id is null)
$$;

-- The checkpoints at which a key may check in, [{id, kind, name, room (its slug), session (its code)}]; without those of
-- single sessions that name nobody. Null without such a key.
create function private.api_checkpoints(p_hash bytea) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_key private.api_keys;
begin
	select * into v_key from private.usable_api_key(p_hash, 'check_in');
	if v_key.id is null or not private.may_check_in_by_key(v_key) then return null; end if;
	if not private.is_summit_closed(v_key.summit_id) then perform private.ensure_checkpoints(v_key.summit_id); end if;
	return jsonb_build_object('items', (
		select coalesce(jsonb_agg(jsonb_build_object(
			'id', c.id,
			'kind', c.kind,
			'name', coalesce(c.name, o.name),
			'room', o.slug,
			'session', s.code) order by c.position, c.kind, c.id), '[]')
		from public.checkpoints as c
		left join public.rooms as o on o.id = c.room_id
		left join public.sessions as s on s.id = c.session_id
		where c.summit_id = v_key.summit_id
			and c.ended_at is null
			and (s.id is null or private.level_in_force(s.id) in ('public', 'members'))), 'next', null);
end
$$;
grant execute on function private.api_checkpoints(bytea) to app_server;

-- Checks a badge at a checkpoint (null: the first entrance), by its id, after the app has checked the signature of its
-- code, or by its printed code. `p_refused`: why the app refuses the code. {status: ok | refused (the key) | not_allowed (its
-- maker) | closed (the Summit) | key_reused (for another request) | no_checkpoint; with ok: answer, scan, checkpoint, since,
-- display_name, is_repeated}. The same idempotency key gets the same answer for a day; a second request with it waits for
-- the first. Nothing is kept of a request that the key did not allow.
create function private.api_check_in(
	p_hash bytea, p_idempotency_key text, p_request_hash bytea, p_badge uuid, p_badge_code text, p_refused text,
	p_checkpoint uuid, p_direction text
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_key private.api_keys;
	v_checkpoint public.checkpoints;
	v_before private.api_answers;
	v_badge uuid;
	v_found jsonb;
	v_answer jsonb;
begin
	select * into v_key from private.usable_api_key(p_hash, 'check_in');
	if v_key.id is null then return jsonb_build_object('status', 'refused'); end if;
	if not private.may_check_in_by_key(v_key) then return jsonb_build_object('status', 'not_allowed'); end if;
	delete from private.api_answers as a where a.api_key_id = v_key.id and a.made_at < now() - interval '1 day';
	insert into private.api_answers (api_key_id, idempotency_key, request_hash)
	values (v_key.id, p_idempotency_key, p_request_hash)
	on conflict do nothing;
	if not found then
		select * into v_before
		from private.api_answers as a
		where a.api_key_id = v_key.id and a.idempotency_key = p_idempotency_key;
		if v_before.request_hash is distinct from p_request_hash then return jsonb_build_object('status', 'key_reused'); end if;
		return v_before.answer || jsonb_build_object('is_repeated', true, 'display_name', (
			select p.display_name
			from private.door_scans as s
			join public.people as p on p.id = s.person_id
			where s.id = private.parse_uuid(v_before.answer ->> 'scan') and s.answer <> 'revoked'));
	end if;
	perform set_config('app.actor', v_key.made_by::text, true);
	if private.is_summit_closed(v_key.summit_id) then
		v_answer := jsonb_build_object('status', 'closed');
	else
		perform private.ensure_checkpoints(v_key.summit_id);
		select * into v_checkpoint
		from public.checkpoints as c
		where c.summit_id = v_key.summit_id
			and c.ended_at is null
			and case when p_checkpoint is null then c.kind = 'entrance' else c.id = p_checkpoint end
		order by c.position, c.id
		limit 1;
		v_badge := case when p_refused is null then private.find_badge(v_key.summit_id, p_badge, p_badge_code) end;
		if v_checkpoint.id is null then
			v_answer := jsonb_build_object('status', 'no_checkpoint');
		else
			v_found := case
				when p_refused is not null then jsonb_build_object('answer', p_refused)
				when v_badge is null then '{"answer": "unknown"}'
				else private.process_scan(v_checkpoint, v_badge, jsonb_build_object('direction', p_direction)) end;
			v_answer := jsonb_build_object(
				'status', 'ok',
				'answer', v_found -> 'answer',
				'scan', v_found -> 'scan',
				'checkpoint', v_checkpoint.id,
				'since', v_found -> 'since',
				'is_repeated', false);
		end if;
	end if;
	update private.api_answers as a set answer = v_answer
	where a.api_key_id = v_key.id and a.idempotency_key = p_idempotency_key;
	return v_answer || jsonb_build_object('display_name', v_found -> 'display_name');
end
$$;
grant execute on function private.api_check_in(bytea, text, bytea, uuid, text, text, uuid, text) to app_server;

insert into private.free_text_columns (table_name, column_name) values ('private.api_keys', 'name');
insert into private.not_copied_tables (name, reason) values ('private.api_keys', 'staff');
insert into private.writable_after_closing (table_name, reason)
values ('private.api_keys', 'Access that a person or an organiser can end at any time.');
insert into private.retention_rules (table_name, class, summit, since)
values
	('private.api_keys', 'unfinished', 't.summit_id', 'coalesce(t.revoked_at, t.expires_at)'),
	('private.api_answers', 'unfinished', null, 't.made_at');
insert into private.retention_rules (table_name, class)
values ('private.api_key_uses', 'unfinished'), ('private.api_key_windows', 'unfinished');
select private.close_with_summit();
