-- The checks of the draft that concern interpreters. Severities are in check_settings.sql.

-- The languages into which sessions are interpreted and that are not spoken there, and how many people interpret into
-- each from one that is. A language needs two.
create function private.interpreter_needs(p_summit uuid)
	returns table (session_id uuid, language text, people bigint)
language sql stable security definer set search_path = '' as $$
	with interpreting as materialized (
		select sp.session_id, l.target, count(distinct l.person_id) as people
		from public.session_people as sp
		join public.sessions as s on s.id = sp.session_id
		join public.interpreter_languages as l
			on l.person_id = sp.person_id
			and l.summit_id = p_summit
			and l.source = any (s.spoken)
		where sp.summit_id = p_summit
			and sp.role = 'interpreter'
			and sp.state <> 'declined'
		group by sp.session_id, l.target
	)
	select s.id, language, coalesce(i.people, 0)
	from public.sessions as s
	cross join unnest(s.interpreted) as language
	left join interpreting as i on i.session_id = s.id and i.target = language
	where s.summit_id = p_summit
		and not s.is_break
		and language <> all (s.spoken)
$$;

-- Checks of interpreters: fewer than two for a language that is not spoken in the session.
create function private.checks_of_interpreter_pairs(p_summit uuid, p_moves jsonb) returns setof private.check_finding
language sql stable security definer set search_path = '' as $$
	select 'interpreter_pairs', array[n.session_id], jsonb_build_object('language', n.language, 'count', n.people)
	from private.interpreter_needs(p_summit) as n
	where n.session_id in (select p.session_id from private.placed_slots(p_summit, p_moves) as p)
		and n.people < 2
$$;

-- Checks of interpreters: too many minutes without a break of ten minutes, or in one day of the venue.
create function private.checks_of_interpreter_hours(p_summit uuid, p_moves jsonb) returns setof private.check_finding
language sql stable security definer set search_path = '' as $$
	with limits as materialized (
		select (l ->> 'turn_minutes')::integer as turn, (l ->> 'day_minutes')::integer as day, s.zone
		from public.summits as s
		cross join lateral (select private.check_limits_of(s.id) as l) as found
		where s.id = p_summit
	),
	worked as materialized (
		select distinct p.slot_id, p.session_id, p.during, sp.person_id
		from private.placed_slots(p_summit, p_moves) as p
		join public.session_people as sp
			on sp.session_id = p.session_id
			and sp.role = 'interpreter'
			and sp.state <> 'declined'
	),
	stretches as (
		select person_id, range_agg(tstzrange(lower(during), upper(during) + interval '10 minutes')) as joined
		from worked
		group by person_id
	)
	select
		'interpreter_hours',
		array(
			select distinct w.session_id
			from worked as w
			where w.person_id = st.person_id and w.during && stretch
			order by 1
		),
		jsonb_build_object('person', st.person_id, 'kind', 'turn', 'minutes', minutes)
	from stretches as st,
		unnest(st.joined) as stretch,
		limits,
		lateral (select extract(epoch from upper(stretch) - lower(stretch))::integer / 60 - 10 as minutes) as length
	where minutes > turn
	union all
	select
		'interpreter_hours',
		array_agg(distinct w.session_id order by w.session_id),
		jsonb_build_object(
			'person', w.person_id,
			'kind', 'day',
			'minutes', sum(extract(epoch from upper(w.during) - lower(w.during)))::integer / 60
		)
	from worked as w, limits
	group by w.person_id, (lower(w.during) at time zone zone)::date, day
	having sum(extract(epoch from upper(w.during) - lower(w.during)))::integer / 60 > day
$$;
