-- The checks of the draft that concern sessions, alone and beside others. Severities are in check_settings.sql.

-- Checks of sessions beside others: too many of one track, or two of one member, in parallel.
create function private.checks_of_parallel_sessions(p_summit uuid, p_moves jsonb) returns setof private.check_finding
language sql stable security definer set search_path = '' as $$
	with limits as materialized (
		select private.check_limits_of(p_summit) as l
	),
	placed as materialized (
		select p.slot_id, p.session_id, p.during, s.track_id
		from private.placed_slots(p_summit, p_moves) as p
		join public.sessions as s on s.id = p.session_id and not s.is_break
	),
	staged as materialized (
		select distinct p.slot_id, p.session_id, p.during, r.member_id
		from placed as p
		join public.session_people as sp
			on sp.session_id = p.session_id
			and sp.state <> 'declined'
			and sp.role not in ('interpreter', 'captioner')
		-- The member of somebody with an alias stays hidden too.
		join public.registrations as r
			on r.summit_id = p_summit
			and r.person_id = sp.person_id
			and r.member_id is not null
			and r.state not in ('declined', 'withdrawn', 'expired')
			and not exists (
				select from private.protections as x where x.person_id = r.person_id and x.kind = 'alias'
			)
	)
	select distinct 'track_parallel', sides, jsonb_build_object('track', t.name)
	from placed as p,
		limits,
		public.tracks as t,
		lateral (
			select array_agg(distinct o.session_id order by o.session_id) as sides
			from placed as o
			where o.track_id = p.track_id
				and o.during @> lower(p.during)
		) as beside
	where t.id = p.track_id
		and cardinality(sides) > (l ->> 'track_limit')::integer
	union all
	select distinct
		'member_parallel',
		array[a.session_id, b.session_id],
		jsonb_build_object('member', (select name from public.members where id = a.member_id))
	from staged as a
	join staged as b
		on b.member_id = a.member_id
		and b.session_id > a.session_id
		and b.during && a.during
$$;

-- Checks of single sessions: times outside the Summit, and confirmed sessions that lack a time, people or their
-- confirmation.
create function private.checks_of_single_sessions(p_summit uuid, p_moves jsonb) returns setof private.check_finding
language sql stable security definer set search_path = '' as $$
	with placed as materialized (
		select p.session_id, p.during from private.placed_slots(p_summit, p_moves) as p
	)
	select 'outside_summit', array[p.session_id], jsonb_build_object('start', private.iso(lower(p.during)))
	from placed as p
	join public.summits as u on u.id = p_summit
	-- The last night belongs to the Summit until six in the morning.
	where lower(p.during) < (u.starts_on::timestamp at time zone u.zone)
		or upper(p.during) > ((u.ends_on + 1)::timestamp + interval '6 hours') at time zone u.zone
	union all
	select 'no_slot', array[s.id], '{}'
	from public.sessions as s
	where s.summit_id = p_summit
		and s.state = 'confirmed'
		and s.id not in (select session_id from placed)
	union all
	select 'no_people', array[s.id], '{}'
	from public.sessions as s
	where s.summit_id = p_summit
		and s.state = 'confirmed'
		and not s.is_break
		and not exists (
			select
			from public.session_people as sp
			where sp.session_id = s.id
				and sp.state <> 'declined'
				and sp.role not in ('interpreter', 'captioner')
		)
	union all
	select 'unconfirmed_speaker', array[s.id], jsonb_build_object('people', jsonb_agg(distinct sp.person_id))
	from public.sessions as s
	join public.session_people as sp
		on sp.session_id = s.id
		and sp.state = 'invited'
		and sp.role not in ('interpreter', 'captioner')
	where s.summit_id = p_summit
		and s.state <> 'cancelled'
	group by s.id
$$;
