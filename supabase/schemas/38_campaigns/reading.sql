-- Reading campaigns and what came of them, for the secretariat. Members are named, their people are not.

-- A campaign as JSON, with its results: by round, who unsubscribed by it, and how many of its members have nominated
-- since, where it asks for that.
create function private.campaign_json(c private.campaigns) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', c.id,
		'title', c.title,
		'kind', c.kind,
		'summit', (select jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'zone', s.zone)
			from public.summits as s where s.id = c.summit_id),
		'segment', c.segment,
		'texts', c.texts,
		'original', c.original,
		'page', c.page,
		'state', c.state,
		'version', c.version,
		'send_at', private.iso(c.send_at),
		'reminders', c.reminders,
		'remind_days', c.remind_days,
		'deadline', private.iso(c.deadline),
		'round', c.round,
		'round_at', private.iso(c.round_at),
		'created_at', private.iso(c.created_at),
		'created_by', (select p.display_name from public.people as p where p.id = c.created_by),
		'started_by', (select p.display_name from public.people as p where p.id = c.started_by),
		'ended_at', private.iso(c.ended_at),
		'rounds', (select coalesce(jsonb_agg(jsonb_build_object('round', n.round, 'outcomes', n.outcomes)
				order by n.round), '[]')
			from (
				select k.round, jsonb_object_agg(k.outcome, k.people) as outcomes
				from (select r.round, r.state as outcome, count(*) as people
					from private.campaign_recipients as r where r.campaign_id = c.id group by 1, 2) as k
				group by k.round) as n),
		'can_retry', exists (select
			from private.campaign_recipients as r
			join private.outbox as o on o.id = r.outbox_id
			where r.campaign_id = c.id and r.state = 'failed' and private.may_get_campaign_mail_again(o)),
		'unsubscribed', (select count(*) from private.mail_opt_outs as o where o.campaign_id = c.id),
		'nominated', case when c.segment ->> 'not_nominated' is not null then (
			select jsonb_build_object(
				'members', count(*),
				'since', count(*) filter (
					where private.has_nominated((c.segment ->> 'not_nominated')::uuid, m.member_id)))
			from (select distinct private.kept_member(each.id) as member_id
				from (select distinct x as id
					from private.campaign_recipients as r, unnest(r.member_ids) as x
					where r.campaign_id = c.id and r.round = 1) as each) as m) end)
$$;

-- Campaigns, newest first, with what came of the first mail of each: {total, campaigns: [{id, title, kind, summit, state,
-- send_at, outcomes: {outcome: people}}]}, 200 at most; null for everybody but the secretariat. Without a size, as processes
-- of an earlier release call it, the newest 200 alone, without the total.
create function public.list_campaigns(page_size integer default null, page_start integer default 0) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when page_size is null then shown.campaigns
		else jsonb_build_object('total', (select count(*) from private.campaigns), 'campaigns', shown.campaigns) end
	from (
		select coalesce(jsonb_agg(jsonb_build_object(
				'id', c.id,
				'title', c.title,
				'kind', c.kind,
				'summit', (select jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'zone', s.zone)
					from public.summits as s where s.id = c.summit_id),
				'state', c.state,
				'send_at', private.iso(c.send_at),
				'outcomes', (select coalesce(jsonb_object_agg(n.state, n.people), '{}')
					from (select r.state, count(*) as people
						from private.campaign_recipients as r
						where r.campaign_id = c.id and r.round = 1
						group by r.state) as n)) order by c.created_at desc, c.id), '[]') as campaigns
		from (
			select *
			from private.campaigns as x
			order by x.created_at desc, x.id
			limit greatest(1, least(coalesce(page_size, 200), 200))
			offset greatest(0, page_start)) as c) as shown
	where private.runs_community()
$$;
grant execute on function public.list_campaigns(integer, integer) to authenticated;

-- One campaign, and by member how many of its people got a mail of it: why somebody did not would name them where a
-- member has one. {campaign, members: [{code, name, people, got, has_nominated: boolean | null}]}. Null for everybody but
-- the secretariat.
create function public.read_campaign(campaign uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'campaign', private.campaign_json(c),
		'members', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'code', m.code,
				'name', m.name,
				'people', k.people,
				'got', k.got,
				'has_nominated', case when c.segment ->> 'not_nominated' is not null
					then private.has_nominated((c.segment ->> 'not_nominated')::uuid, m.id) end) order by m.name), '[]')
			from (
				select coalesce(g.kept_id, x) as member_id,
					count(distinct r.person_id) as people,
					count(distinct r.person_id) filter (where r.state = 'sent') as got
				from private.campaign_recipients as r
				cross join lateral unnest(r.member_ids) as x
				left join private.merged_members as g on g.dropped_id = x
				where r.campaign_id = c.id
				group by 1) as k
			join public.members as m on m.id = k.member_id))
	from private.campaigns as c
	where c.id = read_campaign.campaign and private.runs_community()
$$;
grant execute on function public.read_campaign(uuid) to authenticated;

-- What the form offers, for the secretariat: the Summits, the countries and regions of members, and the groups that are
-- not closed. {summits: [{id, slug, name, zone, state}], countries, regions, groups: [{code, name}]}; null for others.
create function public.list_campaign_choices() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'summits', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', s.id, 'slug', s.slug, 'name', s.name, 'zone', s.zone, 'state', s.state)
				order by s.starts_on desc, s.id), '[]')
			from private.real_summits as s where s.state <> 'draft'),
		'countries', array(select distinct sm.country from public.summit_members as sm where sm.country is not null
			order by 1),
		'regions', array(select distinct sm.region from public.summit_members as sm where sm.region <> '' order by 1),
		'groups', (select coalesce(jsonb_agg(jsonb_build_object('code', g.code, 'name', g.name) order by g.code), '[]')
			from private.groups as g where g.level <> 'closed' and g.ended_at is null))
	where private.runs_community()
$$;
grant execute on function public.list_campaign_choices() to authenticated;
