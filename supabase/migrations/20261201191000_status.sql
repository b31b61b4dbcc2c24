-- The status of the site: notices, what was measured of its parts and of requests, and the error budget.

-- The status of the site: notices that organisers write about what does not work, and what was measured of its parts and of
-- requests. Nothing here refers to a reader.

create domain private.site_part as text check (value in ('site', 'sign_in', 'registration', 'stages', 'mail', 'payments'));
create domain private.notice_severity as text check (value in ('info', 'maintenance', 'minor', 'major'));
-- How far those who mend it are.
create domain private.notice_stage as text check (value in ('investigating', 'identified', 'watching', 'resolved'));

create table private.status_notices (
	id uuid primary key default gen_random_uuid(),
	-- Null: of the whole site.
	summit_id uuid references public.summits (id) on delete cascade,
	severity private.notice_severity not null,
	parts text[] not null check (
		parts <@ array['site', 'sign_in', 'registration', 'stages', 'mail', 'payments'] and cardinality(parts) <= 6),
	-- {language: {title, body}}; `original` is the language for readers whose own is missing.
	texts jsonb not null check (jsonb_typeof(texts) = 'object'),
	original text not null check (private.is_interface_language(original)),
	-- Also shown at the top of every page, until the reader dismisses it.
	is_banner boolean not null,
	starts_at timestamptz not null,
	-- Null: until it is resolved.
	ends_at timestamptz check (ends_at > starts_at),
	resolved_at timestamptz,
	-- Taken back: it was a mistake, and is shown nowhere.
	withdrawn_at timestamptz,
	-- The id of the form.
	idempotency_key uuid not null unique,
	created_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now(),
	constraint title_one_line check (private.are_one_line(jsonb_path_query_array(texts, '$.*.title')))
);
create index on private.status_notices (summit_id);
create index on private.status_notices (starts_at);
create index on private.status_notices (created_by);
alter table private.status_notices enable row level security;
select audit.watch('private.status_notices');

-- What became of a notice since, the last one with `resolved`.
create table private.status_updates (
	id uuid primary key default gen_random_uuid(),
	notice_id uuid not null references private.status_notices (id) on delete cascade,
	stage private.notice_stage not null,
	-- {language: text}; may be empty.
	texts jsonb not null check (jsonb_typeof(texts) = 'object'),
	idempotency_key uuid not null unique,
	created_by uuid references public.people (id) on update cascade on delete set null,
	created_at timestamptz not null default now()
);
create index on private.status_updates (notice_id);
create index on private.status_updates (created_by);
alter table private.status_updates enable row level security;
select audit.watch('private.status_updates');

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.status_notices', 'registration',
		'{severity,parts,is_banner,starts_at,ends_at,resolved_at,withdrawn_at}', '{}', '{texts}'),
	('private.status_updates', 'registration', '{stage}', '{}', '{texts}');

-- How many minutes of a day (UTC) a part worked and did not, as the first process that wrote a minute saw it.
create table private.part_days (
	day date not null,
	part private.site_part not null,
	good integer not null default 0 check (good >= 0),
	bad integer not null default 0 check (bad >= 0),
	last_minute timestamptz not null,
	primary key (day, part)
);
alter table private.part_days enable row level security;

-- Requests for pages of an hour, of all processes: how many, how many failed by a fault of the site, how many took longer than
-- a second, and how many took how long: up to 0.1, 0.25, 0.5, 1, 2.5, 5 and 10 seconds, and longer.
create table private.request_hours (
	hour timestamptz primary key,
	requests bigint not null check (requests >= 0),
	failed bigint not null check (failed >= 0),
	slow bigint not null check (slow >= 0),
	times bigint[] not null check (cardinality(times) = 8)
);
alter table private.request_hours enable row level security;

insert into private.retention_rules (table_name, exemption) values
	('private.status_notices', 'agenda'),
	('private.status_updates', 'agenda'),
	('private.part_days', 'technical'),
	('private.request_hours', 'technical');
insert into private.free_text_columns (table_name, column_name) values
	('private.status_notices', 'texts'),
	('private.status_updates', 'texts');
insert into private.writable_after_closing (table_name, reason) values
	('private.status_notices', 'Status: what does not work is said at any time.');

-- What the functions of the status answer about an act.

create domain private.status_update_status as text check (value in ('ok', 'already', 'ended', 'invalid', 'not_allowed'));
create domain private.status_change_status as text check (value in ('ok', 'not_allowed'));

-- Writing notices about what does not work, following them up, and what readers see of them.

-- Organisers of a Summit write about it; owners of the installation also about the whole site (`p_summit` null).
create function private.may_write_status(p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(p_summit, 'programme', 'registration', 'stage')
		and (p_summit is not null or private.has_role(null, 'owner'))
$$;

-- Whether texts by language are in their form: titles of one line where they are asked for, bodies of 1000 characters.
create function private.are_status_texts(p_texts jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select jsonb_typeof(p_texts) = 'object' and not exists (
		select from jsonb_each(p_texts) as t
		where not private.is_interface_language(t.key)
			or jsonb_typeof(t.value) <> 'object'
			or coalesce(length(btrim(t.value ->> 'title')), 0) not between 1 and 120
			or not private.is_one_line(t.value ->> 'title')
			or coalesce(length(btrim(t.value ->> 'body')), 0) > 1000)
$$;

-- Answers the first field that is invalid, or null.
create function private.status_notice_fault(p_written jsonb) returns text
language plpgsql immutable set search_path = '' as $$
declare
	v_starts timestamptz;
begin
	if jsonb_typeof(p_written) is distinct from 'object' or not coalesce(private.are_status_texts(p_written -> 'texts'), false)
	then
		return 'texts';
	end if;
	if p_written ->> 'original' is null or not p_written -> 'texts' ? (p_written ->> 'original') then return 'original'; end if;
	if coalesce(p_written ->> 'severity', '') not in ('info', 'maintenance', 'minor', 'major') then return 'severity'; end if;
	if jsonb_typeof(p_written -> 'parts') is distinct from 'array'
		or not p_written -> 'parts' <@ '["site", "sign_in", "registration", "stages", "mail", "payments"]'
	then
		return 'parts';
	end if;
	v_starts := (p_written ->> 'starts_at')::timestamptz;
	if (p_written ->> 'ends_at')::timestamptz <= coalesce(v_starts, now()) then return 'ends_at'; end if;
	return null;
exception when invalid_datetime_format or datetime_field_overflow then return 'starts_at';
end
$$;

-- Tells open pages and caches that the notices changed: of one Summit, or of all that are open to readers.
create function private.notify_status(p_summit uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.publish_event('site', 'status', p_summit);
	select count(private.publish_event('summit:' || s.id, 'status', null)::text)
	from public.summits as s
	where s.id = p_summit or p_summit is null and s.state <> 'draft'
$$;

-- Writes a notice; `summit` null: about the whole site. `once` is the id of the form. `written`: {texts, original, severity,
-- parts, banner, starts_at: null for now, ends_at}. Answers {status: ok | already | invalid | not_allowed, id, fault}.
create function public.post_status_notice(summit uuid, once uuid, written jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_fault text := private.status_notice_fault(written);
	v_id uuid;
begin
	if not private.may_write_status(post_status_notice.summit) then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_fault is not null or once is null then
		return jsonb_build_object('status', 'invalid', 'fault', coalesce(v_fault, 'once'));
	end if;
	insert into private.status_notices (
		summit_id, severity, parts, texts, original, is_banner, starts_at, ends_at, idempotency_key, created_by
	)
	values (
		post_status_notice.summit, written ->> 'severity', array(select distinct jsonb_array_elements_text(written -> 'parts')),
		written -> 'texts', written ->> 'original', coalesce(written -> 'banner' = 'true', false),
		coalesce((written ->> 'starts_at')::timestamptz, now()), (written ->> 'ends_at')::timestamptz, once, private.actor()
	)
	on conflict (idempotency_key) do nothing
	returning id into v_id;
	if v_id is null then return jsonb_build_object('status', 'already'); end if;
	perform private.notify_status(post_status_notice.summit);
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.post_status_notice(uuid, uuid, jsonb) to authenticated;

-- Adds what became of a notice, with texts by language or with none; `resolved` ends it. Locks the notice, so that it is resolved once.
-- Answers ok | already | ended | invalid | not_allowed.
create function public.update_status_notice(notice uuid, once uuid, new_stage text, texts jsonb)
returns private.status_update_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.status_notices;
begin
	select * into v from private.status_notices as n where n.id = notice for update;
	if not found or v.withdrawn_at is not null or not private.may_write_status(v.summit_id) then return 'not_allowed'; end if;
	if exists (select from private.status_updates as u where u.idempotency_key = once) then return 'already'; end if;
	if v.resolved_at is not null then return 'ended'; end if;
	if once is null or new_stage not in ('investigating', 'identified', 'watching', 'resolved')
		or jsonb_typeof(update_status_notice.texts) is distinct from 'object'
		or exists (
			select from jsonb_each(update_status_notice.texts) as t
			where not private.is_interface_language(t.key) or jsonb_typeof(t.value) <> 'string'
				or length(btrim(t.value #>> '{}')) not between 1 and 1000)
	then
		return 'invalid';
	end if;
	insert into private.status_updates (notice_id, stage, texts, idempotency_key, created_by)
	values (notice, new_stage, update_status_notice.texts, once, private.actor());
	if new_stage = 'resolved' then
		update private.status_notices as n set resolved_at = now() where n.id = notice;
	end if;
	perform private.notify_status(v.summit_id);
	return 'ok';
end
$$;
grant execute on function public.update_status_notice(uuid, uuid, text, jsonb) to authenticated;

-- Shows a notice as a banner, or no longer; or takes it back. Answers ok | not_allowed.
create function public.change_status_notice(notice uuid, banner boolean default null, withdrawn boolean default false)
returns private.status_change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.status_notices;
begin
	select * into v from private.status_notices as n where n.id = notice for update;
	if not found or not private.may_write_status(v.summit_id) then return 'not_allowed'; end if;
	update private.status_notices as n
	set is_banner = coalesce(banner, n.is_banner),
		withdrawn_at = case when withdrawn then coalesce(n.withdrawn_at, now()) else n.withdrawn_at end
	where n.id = notice;
	perform private.notify_status(v.summit_id);
	return 'ok';
end
$$;
grant execute on function public.change_status_notice(uuid, boolean, boolean) to authenticated;

create function private.status_notice_json(p private.status_notices) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id, 'summit_id', p.summit_id, 'severity', p.severity, 'parts', to_jsonb(p.parts), 'texts', p.texts,
		'original', p.original, 'is_banner', p.is_banner, 'starts_at', private.iso(p.starts_at),
		'ends_at', private.iso(p.ends_at), 'resolved_at', private.iso(p.resolved_at),
		'updates', coalesce((
			select jsonb_agg(jsonb_build_object('stage', u.stage, 'texts', u.texts, 'at', private.iso(u.created_at))
				order by u.created_at desc, u.id)
			from private.status_updates as u
			where u.notice_id = p.id), '[]'))
$$;

-- What each process shows to everybody: {notices: those that are coming, that hold, or that ended in the last 14 days, with the
-- name of their Summit, the newest first; days: of each part}. Nothing of a Summit that is a draft.
create function private.read_status() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'notices', coalesce((
			select jsonb_agg(private.status_notice_json(n) || jsonb_build_object('summit_name', s.name)
				order by n.starts_at desc, n.id)
			from private.status_notices as n
			left join public.summits as s on s.id = n.summit_id
			where n.withdrawn_at is null
				and (n.summit_id is null or s.state <> 'draft')
				and coalesce(least(n.resolved_at, n.ends_at), 'infinity') > now() - interval '14 days'), '[]'),
		'days', coalesce((
			select jsonb_agg(jsonb_build_object('day', d.day, 'part', d.part, 'good', d.good, 'bad', d.bad) order by d.day)
			from private.part_days as d
			where d.day > (now() at time zone 'UTC')::date - 14), '[]'))
$$;
grant execute on function private.read_status() to app_server;

-- The notices that organisers of a Summit may change, and those of the whole site: {may_write_site, notices}. Null for everybody
-- else.
create function public.list_status_notices(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'may_write_site', private.may_write_status(null),
		'notices', coalesce((
			select jsonb_agg(private.status_notice_json(n) || jsonb_build_object('may_change', private.may_write_status(n.summit_id))
				order by n.starts_at desc, n.id)
			from (
				select *
				from private.status_notices as o
				where o.withdrawn_at is null and (o.summit_id = list_status_notices.summit or o.summit_id is null)
				order by o.starts_at desc, o.id
				limit 50
			) as n), '[]'))
	where private.may_write_status(list_status_notices.summit)
$$;
grant execute on function public.list_status_notices(uuid) to authenticated;

-- What processes measured of the parts of the site and of requests, and what is left of the error budget.

-- Adds minutes, [{at, parts: {part: whether it worked}}] in their order. A minute that another process wrote counts once.
create function private.record_part_minutes(p_minutes jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	with given as (
		select m.at, p.key as part, p.value = 'true' as works
		from jsonb_to_recordset(p_minutes) as m (at timestamptz, parts jsonb)
		cross join lateral jsonb_each(m.parts) as p
	), counted as (
		select (g.at at time zone 'UTC')::date as day, g.part, count(*) filter (where g.works) as good,
			count(*) filter (where not g.works) as bad, max(g.at) as last_minute
		from given as g
		left join private.part_days as d on d.day = (g.at at time zone 'UTC')::date and d.part = g.part
		where d.last_minute is null or g.at > d.last_minute
		group by 1, 2
	)
	insert into private.part_days as d (day, part, good, bad, last_minute)
	select c.day, c.part, c.good, c.bad, c.last_minute from counted as c order by c.day, c.part
	on conflict (day, part) do update set
		good = d.good + excluded.good, bad = d.bad + excluded.bad, last_minute = excluded.last_minute
	where d.last_minute < excluded.last_minute
$$;
grant execute on function private.record_part_minutes(jsonb) to app_server;

-- Adds requests, [{hour, requests, failed, slow, times}].
create function private.record_requests(p_hours jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.request_hours as h (hour, requests, failed, slow, times)
	select g.hour, g.requests, g.failed, g.slow, g.times
	from jsonb_to_recordset(p_hours) as g (hour timestamptz, requests bigint, failed bigint, slow bigint, times bigint[])
	order by g.hour
	on conflict (hour) do update set
		requests = h.requests + excluded.requests, failed = h.failed + excluded.failed, slow = h.slow + excluded.slow,
		times = array(
			select old.many + new.many
			from unnest(h.times) with ordinality as old (many, place)
			join unnest(excluded.times) with ordinality as new (many, place) using (place)
			order by place)
$$;
grant execute on function private.record_requests(jsonb) to app_server;

-- Forgets what was measured more than 400 days ago.
create function private.clean_status(p_now timestamptz) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.part_days as d where d.day < (p_now at time zone 'UTC')::date - 400;
	delete from private.request_hours as h where h.hour < p_now - interval '400 days'
$$;
grant execute on function private.clean_status(timestamptz) to app_server;

-- Requests of a time: {requests, failed, slow, times}.
create function private.requests_between(p_from timestamptz, p_to timestamptz) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'requests', coalesce(sum(h.requests), 0)::bigint,
		'failed', coalesce(sum(h.failed), 0)::bigint,
		'slow', coalesce(sum(h.slow), 0)::bigint,
		'times', to_jsonb(array[
			coalesce(sum(h.times[1]), 0)::bigint, coalesce(sum(h.times[2]), 0)::bigint, coalesce(sum(h.times[3]), 0)::bigint,
			coalesce(sum(h.times[4]), 0)::bigint, coalesce(sum(h.times[5]), 0)::bigint, coalesce(sum(h.times[6]), 0)::bigint,
			coalesce(sum(h.times[7]), 0)::bigint, coalesce(sum(h.times[8]), 0)::bigint]))
	from private.request_hours as h
	where h.hour >= p_from and h.hour < p_to
$$;

-- How the site answered in the last 30 days and during a Summit, from its first to its last day in the zone of its venue; with
-- each of the last 30 days, and since when there are measures: {since, month, summit, days}. For organisers; null for everybody
-- else.
create function public.read_reliability(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'since', (select private.iso(min(h.hour)) from private.request_hours as h),
		'month', private.requests_between(now() - interval '30 days', 'infinity'),
		'summit', private.requests_between(
			date_trunc('hour', s.starts_on::timestamp at time zone s.zone), (s.ends_on + 1)::timestamp at time zone s.zone),
		'days', (
			select jsonb_agg(
				jsonb_build_object('day', d.day::date) || private.requests_between(
					d.day at time zone 'UTC', (d.day + interval '1 day') at time zone 'UTC')
				order by d.day)
			from generate_series(
				((now() at time zone 'UTC')::date - 29)::timestamp, (now() at time zone 'UTC')::date::timestamp, interval '1 day') as d (day)))
	from public.summits as s
	where s.id = read_reliability.summit and private.has_role(s.id, 'programme', 'registration', 'stage', 'finance')
$$;
grant execute on function public.read_reliability(uuid) to authenticated;
