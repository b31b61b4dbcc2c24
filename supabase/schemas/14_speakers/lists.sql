-- Speakers as programme organisers see them: who takes part in sessions that they see, how far each is, and a reminder
-- at their word.

create function private.listed_speakers(p_summit uuid) returns table (person_id uuid, sessions jsonb)
language sql stable security definer set search_path = '' as $$
	select sp.person_id,
		jsonb_agg(jsonb_build_object('id', s.id, 'title', s.title, 'role', sp.role, 'state', sp.state, 'level', s.level)
		order by (select min(lower(slots.during)) from public.slots where slots.session_id = s.id) nulls last, s.code)
	from public.session_people as sp join public.sessions as s on s.id = sp.session_id
	where sp.summit_id = p_summit and sp.state <> 'declined' and s.state <> 'cancelled'
		and private.has_role(p_summit, 'programme')
		and s.id in (select private.seen_sessions(private.me(), p_summit))
	group by sp.person_id
$$;

-- One line a person and task; of sessions that the organiser does not see, none.
create function private.listed_tasks(p_summit uuid) returns table (person_id uuid, task text, done bigint, asked bigint)
language sql stable security definer set search_path = '' as $$
	select t.person_id, t.task, count(*) filter (where t.is_done), count(*)
	from private.speaker_tasks(p_summit) as t
	where t.session_id is null or t.session_id in (select private.seen_sessions(private.me(), p_summit))
	group by t.person_id, t.task
$$;

-- {total, counts: {task: people}, settings, rows: [{person_id, code, display_name, office, affiliation, sessions,
-- tasks: {task: {done, asked}}, device, reminded_at, has_mail}]} `missing`: a task, or 'any'. Null for all but
-- programme organisers.
create function public.list_speakers(summit uuid, missing text default null, query text default '', row_limit integer
	default 50, row_offset integer default 0) returns jsonb
language sql stable security definer set search_path = '' as $$
	with tasks as materialized (select * from private.listed_tasks(summit)
	), speakers as materialized (
		select l.person_id, l.sessions, p.code, p.display_name, p.office, p.affiliation
			from private.listed_speakers(summit) as l join public.people as p on p.id = l.person_id
	), fitting as (
		select s.* from speakers as s
		where (missing is null or exists (select from tasks as t
			where t.person_id = s.person_id and t.done < t.asked and (missing = 'any' or t.task = missing)))
			and (btrim(query) = '' or position(lower(btrim(query)) in lower(s.display_name || ' ' || s.office || ' '
				|| s.affiliation)) > 0)
	)
	select jsonb_build_object('total', (select count(*) from fitting), 'all', (select count(*) from speakers),
		'counts', (select coalesce(jsonb_object_agg(each.task, each.people), '{}') from (select t.task,
			count(*) as people from tasks as t join speakers as s on s.person_id = t.person_id where t.done < t.asked
			group by t.task) as each),
		'suggestions',
			jsonb_array_length(public.list_text_suggestions(summit)) + jsonb_array_length(public.list_co_speaker_suggestions(summit)),
		'rows', (select coalesce(jsonb_agg(jsonb_build_object('person_id', f.person_id, 'code', f.code, 'display_name',
			f.display_name, 'office', f.office, 'affiliation', f.affiliation, 'sessions', f.sessions,
				'tasks', (select coalesce(jsonb_object_agg(t.task, jsonb_build_object('done', t.done, 'asked',
					t.asked)), '{}') from tasks as t where t.person_id = f.person_id),
				'device', private.device_check_of(summit, f.person_id),
				'reminded_at', (select private.iso(max(r.at)) from private.speaker_reminders as r
					where r.person_id = f.person_id and r.summit_id = list_speakers.summit),
				'has_mail', exists (select from private.person_addresses as a where a.person_id = f.person_id))
					order by f.display_name, f.person_id), '[]')
			from (select * from fitting order by display_name, person_id limit greatest(1, least(row_limit, 200))
				offset greatest(row_offset, 0)) as f))
	where private.has_role(summit, 'programme')
$$;
grant execute on function public.list_speakers(uuid, text, text, integer, integer) to authenticated;

-- Reminds now of what is missing, each person once a day. {status: ok | not_allowed, mails, people}
create function public.remind_speakers(summit uuid, people uuid[]) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_next record;
	v_mails integer := 0;
	v_sent integer;
	v_people integer := 0;
begin
	if not private.has_role(summit, 'programme') or coalesce(cardinality(people), 0) not between 1 and 500 then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	for v_next in
		select t.person_id,
			jsonb_agg(distinct jsonb_build_object('task', t.task, 'due_at', private.iso(t.due_at))) as tasks
		from private.speaker_tasks(summit) as t
		where t.person_id = any (people) and not t.is_done
			and t.person_id in (select l.person_id from private.listed_speakers(summit) as l)
			and (t.session_id is null or t.session_id in (select private.seen_sessions(private.me(), summit)))
		group by t.person_id order by t.person_id
	loop
		v_sent := private.remind_speaker(v_next.person_id, summit, v_next.tasks, 'now:'
			|| (now() at time zone 'UTC')::date);
		continue when v_sent = 0;
		insert into private.speaker_reminders (person_id, summit_id, task, stage, due_at)
			values (v_next.person_id, summit, 'now', 'now', date_trunc('day', now())) on conflict do nothing;
		v_mails := v_mails + v_sent;
		v_people := v_people + 1;
	end loop;
	if v_people > 0 then
		perform audit.note('speakers.reminded', summit::text, summit, null, jsonb_build_object('rows', v_people));
	end if;
	return jsonb_build_object('status', 'ok', 'mails', v_mails, 'people', v_people);
end
$$;
grant execute on function public.remind_speakers(uuid, uuid[]) to authenticated;
