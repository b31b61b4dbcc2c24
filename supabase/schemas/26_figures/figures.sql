-- Figures of registrations: exact for registration organisers; released figures, with small groups left out, for
-- everybody else.

-- Returns how small a group may be named at a Summit, 5 by default.
create function private.smallest_group(p_summit uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select coalesce((select s.smallest_group from public.figure_settings as s where s.summit_id = p_summit), 5)
$$;

-- Returns each registration with what it is counted by. Protected people and minors are guarded: released figures count
-- them in totals only.
create function private.figure_registrations(p_summit uuid)
	returns table (state public.registration_state, mode text, category text, sector text, region text, country text,
		is_guarded boolean, sent_on date, confirmed_on date, is_to_decide boolean)
language sql stable security definer set search_path = '' as $$
	select r.state, r.mode::text, r.category::text, coalesce(sm.sector, asked.sector)::text,
		nullif(sm.region, ''), coalesce(p.country, sm.country)::text,
		r.is_minor or exists (select from private.protections as x where x.person_id = r.person_id),
		(r.submitted_at at time zone s.zone)::date,
		case when r.state = 'confirmed' then (r.state_since at time zone s.zone)::date end,
		private.is_registration_to_decide(r)
	from public.summits as s
	join public.registrations as r on r.summit_id = s.id
	join public.people as p on p.id = r.person_id
	left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	left join public.member_requests as asked on asked.registration_id = r.id and asked.state = 'open'
	where s.id = p_summit
$$;

-- Returns the counts of the confirmed that a release is made of. Its families are groups within a total: sectors within the
-- delegates, countries within their region.
create function private.outward_figures(p_summit uuid)
	returns table (dimension text, family text, value text, count bigint)
language sql stable security definer set search_path = '' as $$
	select own.dimension, own.family, own.value, count(*)
	from private.figure_registrations(p_summit) as r
	cross join lateral (
		select case when not r.is_guarded then nullif(private.region_of(r.country), '') end as region) as placed
	cross join lateral (values
		('total', '', ''),
		('mode', '', r.mode),
		('category', '', case when not r.is_guarded then r.category end),
		('sector', case when not r.is_guarded and r.category = 'delegate' then 'delegate' end, r.sector),
		('region', '', placed.region),
		('country', placed.region, r.country)) as own (dimension, family, value)
	where r.state = 'confirmed' and own.family is not null
	group by own.dimension, own.family, own.value
$$;

-- Returns the exact figures for registration organisers, null for everybody else: {smallest_group, groups: [{dimension,
-- value, begun, review, decide (of these), payment, confirmed, ended}], days: [{day, sent, confirmed}], outward:
-- [{dimension, family, value, count}]}; a value of null is not stated. `outward`: see
-- outward_figures.
create function public.read_figures(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with rows as materialized (
		select *
		from private.figure_registrations(read_figures.summit)
		where private.has_role(read_figures.summit, 'registration')
	), groups as (
		select own.dimension, own.value,
			count(*) filter (where r.state = 'draft') as begun,
			count(*) filter (where r.is_to_decide) as decide,
			count(*) filter (where r.state in ('submitted', 'nominated', 'accredited')) as review,
			count(*) filter (where r.state = 'awaiting_payment') as payment,
			count(*) filter (where r.state = 'confirmed') as confirmed,
			count(*) filter (where r.state in ('declined', 'withdrawn', 'expired')) as ended
		from rows as r, lateral (values
			('mode', r.mode),
			('sector', r.sector),
			('region', r.region),
			('country', r.country),
			('category', r.category),
			('state', r.state::text)) as own (dimension, value)
		group by own.dimension, own.value
	), days as (
		select day,
			count(*) filter (where kind = 'sent') as sent,
			count(*) filter (where kind = 'confirmed') as confirmed
		from (
			select r.sent_on as day, 'sent' as kind from rows as r
			union all select r.confirmed_on, 'confirmed' from rows as r) as each
		where day is not null
		group by day
	)
	select jsonb_build_object(
		'smallest_group', private.smallest_group(read_figures.summit),
		'groups', (select coalesce(jsonb_agg(to_jsonb(g)), '[]') from groups as g),
		'days', (select coalesce(jsonb_agg(to_jsonb(d) order by d.day), '[]') from days as d),
		'outward', (select coalesce(jsonb_agg(to_jsonb(o)), '[]') from private.outward_figures(read_figures.summit) as o))
	where private.has_role(read_figures.summit, 'registration')
$$;
grant execute on function public.read_figures(uuid) to authenticated;

-- An owner sets how small a group may be named, 3 to 50. Returns ok, invalid or not_allowed.
create function public.save_smallest_group(summit uuid, smallest integer) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(save_smallest_group.summit, 'owner') then return 'not_allowed'; end if;
	if smallest is null or smallest not between 3 and 50 then return 'invalid'; end if;
	insert into public.figure_settings (summit_id, smallest_group)
	values (save_smallest_group.summit, smallest)
	on conflict (summit_id) do update set smallest_group = excluded.smallest_group;
	return 'ok';
end
$$;
grant execute on function public.save_smallest_group(uuid, integer) to authenticated;

-- Releases figures that the app made from `outward` after release number `after` (0: the first). Refuses figures with a
-- group below the smallest one. Locks the settings, so that releases and the threshold change one after the other.
-- Returns {status: ok | stale (another release came first) | invalid | not_allowed, number}.
create function public.release_figures(summit uuid, after integer, content jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_summit uuid := release_figures.summit;
	v_content jsonb := release_figures.content;
	v_smallest integer;
	v_last integer;
begin
	if not private.has_role(v_summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	insert into public.figure_settings (summit_id) values (v_summit) on conflict do nothing;
	select s.smallest_group into v_smallest
	from public.figure_settings as s
	where s.summit_id = v_summit
	for update;
	select coalesce(max(f.number), 0) into v_last from public.figure_releases as f where f.summit_id = v_summit;
	if v_last is distinct from release_figures.after then
		return jsonb_build_object('status', 'stale', 'number', v_last);
	end if;
	if jsonb_typeof(v_content) is distinct from 'object'
		or v_content -> 'threshold' is distinct from to_jsonb(v_smallest)
		or pg_column_size(v_content) >= 200000
		or exists (
			select from jsonb_path_query(v_content, '$.**.count') as found (count)
			where jsonb_typeof(count) <> 'number' or (count #>> '{}')::numeric < v_smallest) then
		return jsonb_build_object('status', 'invalid');
	end if;
	insert into public.figure_releases (summit_id, number, content) values (v_summit, v_last + 1, v_content);
	return jsonb_build_object('status', 'ok', 'number', v_last + 1);
end
$$;
grant execute on function public.release_figures(uuid, integer, jsonb) to authenticated;
