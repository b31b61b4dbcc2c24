-- Minutes of a certificate: of two sessions at a time, one followed in the hall and one on the phone, each minute counts once. A night at
-- the door is of the day before it.
create or replace function private.taken_part(p_summit uuid, p_person uuid) returns table (minutes bigint, sessions bigint, days bigint)
language sql stable security definer set search_path = '' as $$
	with attended as materialized (select a.session_id, a.minutes from private.attended(p_summit, p_person) as a where a.minutes > 0
	), periods as (
		select unnest(range_agg(within)) as period from (
			select tstzrange(p.entered_at, greatest(p.entered_at, coalesce(p.left_at, now())))
				* case when p.run_id is null then tstzrange(null, null) else tstzrange(runs.started_at, greatest(runs.started_at, coalesce(runs.ended_at, now()))) end as within
			from public.presence as p left join public.runs on runs.id = p.run_id
			where p.person_id = p_person and p.session_id in (select a.session_id from attended as a) and (p.run_id is null or runs.started_at is not null)
				and not private.is_nameless(p.run_id)) as clipped
		where not isempty(within)
	)
	select (select coalesce(round(sum(extract(epoch from upper(period) - lower(period))) / 60.0), 0)::bigint from periods),
		(select count(*) from attended as a where a.minutes >= 10),
		(select count(distinct private.door_day(p_summit, p.entered_at)) from public.presence as p
			where p.summit_id = p_summit and p.person_id = p_person
				and (p.session_id is null and p.kind = 'door' or p.session_id in (select a.session_id from attended as a)))
$$;
