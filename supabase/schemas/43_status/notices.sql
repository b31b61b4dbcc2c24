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
			left join private.real_summits as s on s.id = n.summit_id
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
