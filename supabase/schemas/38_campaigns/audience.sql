-- To whom a campaign goes, or would go now. The database alone computes it, each time from the rows of that moment.

-- Whether this is a segment: {recipients: focal_points | people, sectors, regions, countries, standings: [text],
-- took_part: a Summit, not_nominated: a Summit, overdue: boolean, group: a code}. Without standings: active members and observers. A closed
-- group is none, because who belongs to it is for its people alone.
create function private.is_campaign_segment(p_segment jsonb) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_typeof(p_segment) = 'object'
		and length(p_segment::text) <= 8000
		and p_segment ->> 'recipients' in ('focal_points', 'people')
		and p_segment - array['recipients', 'sectors', 'regions', 'countries', 'standings', 'took_part', 'not_nominated',
			'overdue', 'group'] = '{}'
		and not jsonb_path_exists(p_segment, '$.keyvalue() ? (@.key == "sectors" || @.key == "regions"
			|| @.key == "countries" || @.key == "standings").value ? (@.type() != "string")')
		and jsonb_typeof(coalesce(p_segment -> 'overdue', 'false')) = 'boolean'
		and not exists (
			select from unnest(array[p_segment ->> 'took_part', p_segment ->> 'not_nominated']) as named (summit)
			where named.summit is not null and not exists (
				select from public.summits as s where s.id = private.parse_uuid(named.summit) and s.state <> 'draft'))
		and (p_segment ->> 'group' is null or exists (
			select from private.groups as g
			where g.code = p_segment ->> 'group' and g.level <> 'closed')), false)
$$;

-- Whether members leave a segment by what they do, so that reminders to them end: they nominate, or deliver.
create function private.is_passing_segment(p_segment jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select p_segment ->> 'not_nominated' is not null or coalesce((p_segment ->> 'overdue')::boolean, false)
$$;

-- Whether a list of a segment is empty, or has a value.
create function private.segment_has(p_list jsonb, p_value text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_list, '[]') = '[]' or p_list ? coalesce(p_value, '')
$$;

-- Whether a member has nominated somebody at a Summit, and the nomination stands.
create function private.has_nominated(p_summit uuid, p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from public.registrations as r
		where r.summit_id = p_summit
			and r.member_id = p_member
			and r.state in ('nominated', 'accredited', 'awaiting_payment', 'confirmed'))
$$;

-- Whether a member leads a commitment whose date is past and which is not delivered, as its own people see it.
create function private.has_overdue_commitment(p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.commitments as c
		cross join lateral (select private.shown_commitment_version(c.id)) as shown (number)
		where c.member_id = p_member
			and shown.number is not null
			and private.commitment_status(c, shown.number, true) = 'overdue')
$$;

-- The members of a segment, by what they are at their newest Summit that is no draft.
create function private.campaign_members(p_segment jsonb) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with newest as (
		select distinct on (sm.member_id) sm.member_id, sm.standing, sm.sector, sm.region, sm.country
		from public.summit_members as sm
		join private.real_summits as s on s.id = sm.summit_id and s.state <> 'draft'
		order by sm.member_id, s.starts_on desc, s.id
	)
	select n.member_id
	from newest as n
	where private.segment_has(coalesce(nullif(p_segment -> 'standings', '[]'), '["active", "observer"]'), n.standing::text)
		and private.segment_has(p_segment -> 'sectors', n.sector::text)
		and private.segment_has(p_segment -> 'regions', n.region)
		and private.segment_has(p_segment -> 'countries', n.country)
		and (p_segment ->> 'group' is null or exists (
			select from private.group_members as gm
			join private.groups as g on g.id = gm.group_id and g.level <> 'closed' and g.ended_at is null
			where g.code = p_segment ->> 'group' and gm.member_id = n.member_id))
		and (p_segment ->> 'took_part' is null or exists (
			select from public.registrations as r
			where r.summit_id = private.parse_uuid(p_segment ->> 'took_part')
				and r.member_id = n.member_id
				and r.state = 'confirmed'))
		and (p_segment ->> 'not_nominated' is null or exists (
			select from public.summit_members as own
			where own.summit_id = private.parse_uuid(p_segment ->> 'not_nominated')
				and own.member_id = n.member_id
				and own.standing in ('active', 'observer')
				and not private.has_nominated(own.summit_id, own.member_id)))
		and (not coalesce((p_segment ->> 'overdue')::boolean, false) or private.has_overdue_commitment(n.member_id))
$$;

-- The people of members today: the focal points of the newest Summit for which a member has named any and, with
-- `p_all`, the adults who are confirmed for it at a Summit that is not archived.
create function private.people_of_members(p_members uuid[], p_all boolean)
	returns table (person_id uuid, member_id uuid)
language sql stable security definer set search_path = '' as $$
	with named as (
		select distinct on (f.member_id) f.member_id, f.summit_id
		from public.focal_points as f
		join private.real_summits as s on s.id = f.summit_id and s.state <> 'draft'
		where f.member_id = any (p_members)
		order by f.member_id, s.starts_on desc, s.id
	)
	select f.person_id, f.member_id
	from named as n
	join public.focal_points as f on f.member_id = n.member_id and f.summit_id = n.summit_id
	where f.until is null or f.until > now()
	union
	select r.person_id, r.member_id
	from public.registrations as r
	join private.real_summits as s on s.id = r.summit_id and s.state not in ('draft', 'archived')
	where p_all and r.member_id = any (p_members) and r.state = 'confirmed' and not r.is_minor
$$;

-- Everybody whom a segment means, each once, with the members for which they are meant, by name. `mail`: ok, or why
-- they get none: unreachable, or unsubscribed from news.
create function private.campaign_audience(p_segment jsonb, p_kind public.campaign_kind)
	returns table (person_id uuid, member_ids uuid[], locale text, mail text)
language sql stable security definer set search_path = '' as $$
	with meant as (
		select p.person_id, array_agg(m.id order by m.name) as member_ids
		from private.people_of_members(array(select private.campaign_members(p_segment)),
			p_segment ->> 'recipients' = 'people') as p
		join public.members as m on m.id = p.member_id
		group by p.person_id
	)
	select a.person_id, a.member_ids, coalesce(f.locale, 'en'),
		case
			when p_kind = 'news' and exists (select from private.mail_opt_outs as o where o.person_id = a.person_id)
				then 'unsubscribed'
			when not private.is_reachable(a.person_id) then 'unreachable'
			else 'ok'
		end
	from meant as a
	left join public.person_preferences as f on f.person_id = a.person_id
$$;

-- The people of a round: those of the first are whom the segment means today; a reminder goes to them for the members
-- of the first round alone that are still in the segment.
create function private.campaign_round_audience(c private.campaigns, p_round integer)
	returns table (person_id uuid, member_ids uuid[], locale text, mail text)
language sql stable security definer set search_path = '' as $$
	with first as materialized (
		select distinct private.kept_member(x) as id
		from private.campaign_recipients as r, unnest(r.member_ids) as x
		where p_round > 1 and r.campaign_id = c.id and r.round = 1
	)
	select a.person_id, k.member_ids, a.locale, a.mail
	from private.campaign_audience(c.segment, c.kind) as a
	cross join lateral (select case
		when p_round = 1 then a.member_ids
		else array(select x from unnest(a.member_ids) as x where x in (select f.id from first as f)) end) as k (member_ids)
	where k.member_ids <> '{}'
$$;

-- Counts whom a segment means today, for the secretariat, and lists its members: names of people are not among it.
-- {people, reachable, unreachable, unsubscribed, languages: {language: people}, members: [{code, name, country, people}]}.
-- Null for others, and for what is no segment.
create function public.count_campaign(segment jsonb, kind public.campaign_kind) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.runs_community() or not private.is_campaign_segment(count_campaign.segment) then return null; end if;
	return (
		with audience as materialized (
			select * from private.campaign_audience(count_campaign.segment, coalesce(count_campaign.kind, 'service'))
		)
		select jsonb_build_object(
			'people', count(*),
			'reachable', count(*) filter (where a.mail = 'ok'),
			'unreachable', count(*) filter (where a.mail = 'unreachable'),
			'unsubscribed', count(*) filter (where a.mail = 'unsubscribed'),
			'languages', (select coalesce(jsonb_object_agg(l.locale, l.people), '{}')
				from (select x.locale, count(*) as people from audience as x where x.mail = 'ok' group by x.locale) as l),
			'members', (select coalesce(jsonb_agg(jsonb_build_object(
					'code', m.code, 'name', m.name, 'country', m.country, 'people', n.people) order by m.name), '[]')
				from (select each.id, count(x.person_id) as people
					from private.campaign_members(count_campaign.segment) as each (id)
					left join audience as x on each.id = any (x.member_ids)
					group by each.id) as n
				join public.members as m on m.id = n.id))
		from audience as a);
end
$$;
grant execute on function public.count_campaign(jsonb, public.campaign_kind) to authenticated;
