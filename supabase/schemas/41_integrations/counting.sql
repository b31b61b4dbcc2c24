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

-- How many people attended each session that everybody sees, in whole groups of the smallest size that may be named, and
-- for how many minutes on average, to five minutes, by the code of the session; null for a group below the smallest one.
-- Who asks again and again learns nothing of a single person who came or left between.
create function private.api_presence_counts(p_hash bytea, p_after text, p_most integer) returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'presence') as k
	cross join lateral (select private.smallest_group(k.summit_id) as unit) as u
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select y.code collate "C" as key, jsonb_build_object(
				'session', y.code,
				'people', private.suppress_small_count(k.summit_id, counted.people) - counted.people % u.unit,
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
				select count(*) as people, (round(avg(m.minutes) / 5) * 5)::integer as minutes
				from (
					select private.attended_minutes(each.person_id, y.id) as minutes
					from (select distinct p.person_id from public.presence as p where p.session_id = y.id) as each) as m
				where m.minutes > 0) as counted) as x) as page
$$;
grant execute on function private.api_presence_counts(bytea, text, integer) to app_server;
