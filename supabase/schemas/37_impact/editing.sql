-- Writing and releasing the impact report, by programme organisers and owners of the Summit.

-- The draft as its organisers read it: {version, texts, targets, may_release (the Summit is closed), releases: [{number,
-- released_at, released_by, reason, figures (the number of the figures that it repeats; null: none)}], the newest first};
-- null for everybody else.
create function public.read_impact_draft(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'version', coalesce(d.version, 0),
		'texts', coalesce(d.texts, '{}'),
		'targets', coalesce(d.targets, '{}'),
		'may_release', s.state in ('closed', 'archived'),
		'releases', (
			select coalesce(jsonb_agg(jsonb_build_object('number', r.number, 'released_at', private.iso(r.released_at),
				'released_by', (select p.display_name from public.people as p where p.id = r.released_by),
				'reason', r.reason, 'figures', r.content -> 'figures') order by r.number desc), '[]')
			from private.impact_releases as r
			where r.summit_id = s.id and r.content is not null))
	from public.summits as s
	left join private.impact_drafts as d on d.summit_id = s.id
	where s.id = read_impact_draft.summit and private.has_role(s.id, 'programme')
$$;
grant execute on function public.read_impact_draft(uuid) to authenticated;

-- The draft, locked, made when it is not there yet.
create function private.lock_impact_draft(p_summit uuid) returns private.impact_drafts
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.impact_drafts;
begin
	insert into private.impact_drafts (summit_id, version) values (p_summit, 0) on conflict do nothing;
	select * into v from private.impact_drafts as d where d.summit_id = p_summit for update;
	return v;
end
$$;

-- Changes texts and targets: {texts: {place: text map}, targets: {indicator: number, or null to remove it}}; what is not
-- named stays. Answers {status: ok | not_found | invalid | conflict (another change since `version`), version}. Locks the
-- draft.
create function public.save_impact_draft(summit uuid, version integer, changes jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.impact_drafts;
begin
	if not private.has_role(save_impact_draft.summit, 'programme') then
		return jsonb_build_object('status', 'not_found');
	end if;
	v := private.lock_impact_draft(save_impact_draft.summit);
	if v.version is distinct from save_impact_draft.version then return jsonb_build_object('status', 'conflict'); end if;
	update private.impact_drafts as d
	set texts = d.texts || coalesce(changes -> 'texts', '{}'),
		targets = jsonb_strip_nulls(d.targets || coalesce(changes -> 'targets', '{}')),
		version = d.version + 1
	where d.summit_id = v.summit_id
	returning * into v;
	return jsonb_build_object('status', 'ok', 'version', v.version);
exception when check_violation or data_exception or not_null_violation then
	return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.save_impact_draft(uuid, integer, jsonb) to authenticated;

-- Freezes the words of the draft as the release after number `after` (0: the first); a later one needs a reason. The app
-- adds the numbers at once (complete_impact_release): until then nobody reads it, and the next attempt replaces it. Answers
-- {status: ok | not_found | conflict (the draft changed since `version`) | stale (another release came first) | invalid |
-- wrong_state (the Summit is not closed), release}. Locks the draft, so that releases come one after the other.
create function public.begin_impact_release(summit uuid, version integer, after integer, reason text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.impact_drafts;
	v_last integer;
	v_id uuid;
begin
	if not private.has_role(begin_impact_release.summit, 'programme') then
		return jsonb_build_object('status', 'not_found');
	end if;
	if not exists (
		select from public.summits as s
		where s.id = begin_impact_release.summit and s.state in ('closed', 'archived')) then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	v := private.lock_impact_draft(begin_impact_release.summit);
	if v.version is distinct from begin_impact_release.version then return jsonb_build_object('status', 'conflict'); end if;
	select coalesce(max(r.number), 0) into v_last
	from private.impact_releases as r
	where r.summit_id = v.summit_id and r.content is not null;
	if v_last is distinct from begin_impact_release.after then return jsonb_build_object('status', 'stale'); end if;
	if (v_last > 0) <> (btrim(coalesce(begin_impact_release.reason, '')) <> '') then
		return jsonb_build_object('status', 'invalid');
	end if;
	delete from private.impact_releases as r where r.summit_id = v.summit_id and r.content is null;
	insert into private.impact_releases (summit_id, number, texts, targets, reason, released_by)
	values (v.summit_id, v_last + 1, v.texts, v.targets, btrim(coalesce(begin_impact_release.reason, '')), private.actor())
	returning id into v_id;
	return jsonb_build_object('status', 'ok', 'release', v_id);
exception when check_violation then
	return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.begin_impact_release(uuid, integer, integer, text) to authenticated;

-- Adds the numbers to a release that was begun, once. Answers ok | stale (it has its numbers already, or another attempt
-- replaced it) | changed (meanwhile the smallest group, the released figures, or the report of the edition before with
-- which they are compared, became another). Raises for a number of people below the smallest group. Locks the release,
-- and the settings of the figures as a release of figures does. For the app alone, which made the numbers.
create function private.complete_impact_release(p_release uuid, p_content jsonb)
	returns public.impact_completion_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.impact_releases;
	v_before jsonb := nullif(p_content -> 'before', 'null');
begin
	if exists (
		select from jsonb_path_query(p_content, '$.indicators[*] ? (@.of_people == true).**.value') as found (number)
		where jsonb_typeof(number) = 'number'
			and (number #>> '{}')::numeric < (p_content ->> 'threshold')::numeric) then
		raise exception 'a small group is named' using errcode = 'check_violation';
	end if;
	select * into v from private.impact_releases as r where r.id = p_release and r.content is null for update;
	if v.id is null then return 'stale'; end if;
	insert into public.figure_settings (summit_id) values (v.summit_id) on conflict do nothing;
	perform from public.figure_settings as s where s.summit_id = v.summit_id for update;
	if (p_content ->> 'threshold')::integer is distinct from private.smallest_group(v.summit_id)
		or (p_content ->> 'figures')::integer is distinct from (
			select max(f.number) from public.figure_releases as f where f.summit_id = v.summit_id) then
		return 'changed';
	end if;
	-- Only what was released about the edition before is compared with.
	if v_before is not null and not exists (
		select from private.impact_releases as b
		where b.summit_id = (v_before ->> 'id')::uuid
			and b.number = (v_before ->> 'number')::integer
			and b.content -> 'indicators' = v_before -> 'indicators') then
		return 'changed';
	end if;
	update private.impact_releases as r set content = p_content where r.id = v.id;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function private.complete_impact_release(uuid, jsonb) to app_server;
