-- Reads one row of the list of speakers, and drops its order by organisation, which no column has.

drop function public.list_speakers(uuid, text, text, integer, integer, text);

-- {total, all, counts: {task: people}, suggestions, rows: [{person_id, code, display_name, office, affiliation,
-- sessions, tasks: {task: {done, asked}}, device, reminded_at, has_mail}]}. `missing` filters by a task, or 'any';
-- `person` is one person's row alone. By name, or `sort`: missing (tasks), with - before it for the reverse. Null for all
-- but programme organisers.
create function public.list_speakers(summit uuid, missing text default null, query text default '',
	row_limit integer default 50, row_offset integer default 0, sort text default '', person uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	with tasks as materialized (
		select * from private.visible_speaker_tasks(summit)
	), speakers as materialized (
		select l.person_id, l.sessions, p.code, p.display_name, p.office, p.affiliation
		from private.visible_speakers(summit) as l
		join public.people as p on p.id = l.person_id
	), fitting as (
		select s.*
		from speakers as s
		where (person is null or s.person_id = person)
			and (missing is null
				or exists (select from tasks as t
					where t.person_id = s.person_id and t.done < t.asked and (missing = 'any' or t.task = missing)))
			and (btrim(query) = ''
				or position(lower(btrim(query)) in lower(s.display_name || ' ' || s.office || ' '
					|| s.affiliation)) > 0)
	)
	select jsonb_build_object('total', (select count(*) from fitting), 'all', (select count(*) from speakers),
		'counts', (select coalesce(jsonb_object_agg(each.task, each.people), '{}')
			from (select t.task, count(*) as people
				from tasks as t
				join speakers as s on s.person_id = t.person_id
				where t.done < t.asked
				group by t.task) as each),
		'suggestions', jsonb_array_length(public.list_text_suggestions(summit))
			+ jsonb_array_length(public.list_co_speaker_suggestions(summit)),
		'rows', (select coalesce(jsonb_agg(jsonb_build_object('person_id', f.person_id, 'code', f.code,
				'display_name', f.display_name, 'office', f.office, 'affiliation', f.affiliation,
				'sessions', f.sessions,
				'tasks', (select coalesce(
						jsonb_object_agg(t.task, jsonb_build_object('done', t.done, 'asked', t.asked)), '{}')
					from tasks as t
					where t.person_id = f.person_id),
				'device', private.device_check_of(summit, f.person_id),
				'reminded_at', (select private.iso(max(r.at))
					from private.speaker_reminders as r
					where r.person_id = f.person_id and r.summit_id = list_speakers.summit),
				'has_mail', exists (select from private.person_addresses as a where a.person_id = f.person_id))
				order by f.place), '[]')
			from (select s.*, row_number() over (
					order by case when sort like '-%' then k.key end desc nulls last,
						case when sort not like '-%' then k.key end, s.display_name, s.person_id) as place
				from fitting as s
				cross join lateral (
					select case ltrim(sort, '-')
						when 'missing' then (
							select to_jsonb(count(*)) from tasks as t where t.person_id = s.person_id and t.done < t.asked)
						else to_jsonb(lower(s.display_name))
					end as key
				) as k
				order by place limit greatest(1, least(row_limit, 200))
				offset greatest(row_offset, 0)) as f))
	where private.has_role(summit, 'programme')
$$;
grant execute on function public.list_speakers(uuid, text, text, integer, integer, text, uuid) to authenticated;
