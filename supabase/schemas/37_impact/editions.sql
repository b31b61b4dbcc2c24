-- Editions side by side, from what was released about each, and how registrations came in.

-- How many registrations were sent on each day before the Summit began: [{before, sent}], the first day first; `before`
-- is negative once it had begun. Null for those who do not work on its registrations, and once their deletion has begun:
-- what is left would be too few.
create function private.registration_pace(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((
			select jsonb_agg(jsonb_build_object('before', d.before, 'sent', d.sent) order by d.before desc)
			from (
				select s.starts_on - r.sent_on as before, count(*) as sent
				from private.figure_registrations(s.id) as r
				where r.sent_on is not null
				group by s.starts_on - r.sent_on) as d), '[]')
	from public.summits as s
	where s.id = p_summit
		and private.has_role(s.id, 'registration')
		and not exists (
			select from private.begun_deletions as b where b.summit_id = s.id and b.class = 'registrations')
$$;

-- The editions that can be compared with a Summit, itself included, the latest first and at most twelve: [{slug, name,
-- starts_on, is_own, is_before (see edition_before), today (days before it begins, on the clock of its venue), pace,
-- figures: {number, content} (what was last released), indicators (of the last impact report; null: none was released)}];
-- for `pace` see registration_pace. Null for others than registration organisers of the Summit. Drafts of others are left
-- out.
create function public.compare_editions(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_agg(jsonb_build_object(
		'slug', e.slug,
		'name', e.name,
		'starts_on', e.starts_on,
		'is_own', e.id = compare_editions.summit,
		'is_before', e.is_before,
		'today', e.starts_on - (now() at time zone e.zone)::date,
		'pace', private.registration_pace(e.id),
		'figures', (
			select jsonb_build_object('number', f.number, 'content', f.content)
			from public.figure_releases as f
			where f.summit_id = e.id
			order by f.number desc
			limit 1),
		'indicators', (
			select r.content -> 'indicators'
			from private.impact_releases as r
			where r.summit_id = e.id and r.content is not null
			order by r.number desc
			limit 1)) order by e.starts_on desc, e.slug)
	from (
		select s.*, coalesce(s.id = private.edition_before(compare_editions.summit), false) as is_before
		from public.summits as s
		where s.id = compare_editions.summit
			or s.id in (select e.id from private.real_summits as e where e.state <> 'draft')
		order by s.id <> compare_editions.summit, is_before desc, s.starts_on desc, s.slug
		limit 12) as e
	where private.has_role(compare_editions.summit, 'registration')
	having count(*) > 0
$$;
grant execute on function public.compare_editions(uuid) to authenticated;
