-- What each speaker still has to do: one list for their own page, for organisers and for reminders.

-- The tasks of one person or of all. `session_id` and `participation_id` are null for tasks that a person does once.
create function private.speaker_tasks(p_summit uuid, p_person uuid default null)
	returns table (person_id uuid, task text, session_id uuid, participation_id uuid, is_done boolean,
		due_at timestamptz)
language sql stable security definer set search_path = '' as $$
	with mine as materialized (
		select sp.id, sp.person_id, sp.session_id, sp.role, sp.state, sp.consents_answered_at, s.abstract, s.level,
			s.attendance, sp.role not in ('interpreter', 'captioner') as speaks,
			s.attendance = 'online'
				or s.attendance = 'hall_and_online'
					and not exists (select from public.registrations as r
						where r.person_id = sp.person_id and r.summit_id = p_summit and r.mode = 'in_person'
							and r.state = 'confirmed') as is_remote
		from public.session_people as sp
		join public.sessions as s on s.id = sp.session_id
		where sp.summit_id = p_summit
			and (p_person is null or sp.person_id = p_person)
			and sp.state <> 'declined' and s.state <> 'cancelled'
	), once as (
		select mine.person_id, bool_or(speaks and state = 'confirmed') as speaks,
			bool_or(state = 'confirmed') as confirmed,
			bool_or(role = 'interpreter' and state = 'confirmed') as interprets,
			bool_or(is_remote and state = 'confirmed' and role <> 'captioner') as is_remote
		from mine
		group by mine.person_id
	)
	select each.*
	from private.speaker_settings_of(p_summit) as due,
		lateral (select mine.person_id, 'answer', mine.session_id, mine.id, mine.state <> 'invited', due.profile_due_at
			from mine
			union all
			-- A person under an alias does not have to write a biography.
			select once.person_id, 'profile', null, null,
				p.display_name <> ''
					and (private.has_alias(p.id) or p.biography <> '{}' and (p.office <> '' or p.affiliation <> '')),
				due.profile_due_at
			from once
			join public.people as p on p.id = once.person_id
			where once.speaks
			union all
			select mine.person_id, 'texts', mine.session_id, mine.id,
				mine.abstract <> '{}'
					or exists (select from private.text_suggestions as g
						where g.session_id = mine.session_id and g.state = 'open'),
				due.texts_due_at
			from mine
			where mine.state = 'confirmed' and mine.role in ('speaker', 'chair', 'moderator')
			union all
			-- Slides count only where the Summit has set a deadline for them.
			select mine.person_id, 'slides', mine.session_id, mine.id,
				(private.count_files(mine.session_id) ->> 'slides')::integer > 0, files.due_at
			from mine, private.file_settings_of(p_summit) as files
			where files.due_at is not null and mine.state = 'confirmed' and mine.role = 'speaker'
			union all
			-- A closed session that is held only in the hall needs no consents.
			select mine.person_id, 'consents', mine.session_id, mine.id, mine.consents_answered_at is not null,
				due.profile_due_at
			from mine
			where mine.state = 'confirmed' and mine.speaks and not (mine.level = 'closed' and mine.attendance = 'hall')
			union all
			select once.person_id, 'availability', null, null,
				exists (select from public.person_availabilities as a
					where a.person_id = once.person_id and a.summit_id = p_summit),
				due.availability_due_at
			from once
			where once.confirmed
			union all
			select once.person_id, 'languages', null, null,
				exists (select from public.interpreter_languages as l
					where l.person_id = once.person_id and l.summit_id = p_summit),
				due.availability_due_at
			from once
			where once.interprets
			union all
			select once.person_id, 'check', null, null,
				exists (select from private.device_checks as c
					where c.person_id = once.person_id and c.summit_id = p_summit and private.is_device_ready(c)),
				due.check_due_at
			from once
			where once.is_remote) as each (person_id, task, session_id, participation_id, is_done, due_at)
$$;

-- [{id, name, is_own, interprets, tasks: [{task, session_id, participation_id, title, is_done, due_at}]}] of the reader
-- and of those whom they assist.
create function public.list_my_speaker_tasks(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.display_name, 'is_own', p.id = private.me(),
		'interprets', exists (select from public.session_people as sp
			where sp.summit_id = list_my_speaker_tasks.summit and sp.person_id = p.id and sp.role = 'interpreter'
				and sp.state <> 'declined'),
		'tasks', (select coalesce(jsonb_agg(jsonb_build_object('task', t.task, 'session_id', t.session_id,
				'participation_id', t.participation_id, 'is_done', t.is_done, 'due_at', private.iso(t.due_at),
				'title', (select s.title from public.sessions as s where s.id = t.session_id))
				order by array_position(
					array['answer', 'profile', 'texts', 'slides', 'consents', 'availability', 'languages', 'check'],
					t.task), t.session_id), '[]')
			from private.speaker_tasks(list_my_speaker_tasks.summit, p.id) as t))
		order by p.id = (select private.me()) desc, p.display_name, p.id), '[]')
	from public.people as p
	where p.id in (select sp.person_id
		from public.session_people as sp
		where sp.summit_id = list_my_speaker_tasks.summit and sp.state <> 'declined'
			and sp.person_id in (select private.my_people('speaking')))
$$;
grant execute on function public.list_my_speaker_tasks(uuid) to authenticated;

-- {zone, is_said, during, pairs, due_at}: when the person is available and, for interpreters, their language pairs.
-- Null for others than the person and their assistants.
create function public.read_own_availability(summit uuid, person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('zone', a.zone, 'is_said', a.person_id is not null,
		'due_at', private.speaker_deadlines(summit) -> 'availability_due_at',
		'during', (select coalesce(
				jsonb_agg(jsonb_build_object('start', private.iso(lower(span)), 'end', private.iso(upper(span)))), '[]')
			from unnest(a.during) as span),
		'pairs', (select coalesce(
				jsonb_agg(jsonb_build_object('source', l.source, 'target', l.target) order by l.source, l.target), '[]')
			from public.interpreter_languages as l
			where l.person_id = person and l.summit_id = read_own_availability.summit))
	from (select) as always
	left join public.person_availabilities as a on a.person_id = person and a.summit_id = read_own_availability.summit
	where private.may_act_for_speaker(summit, person)
$$;
grant execute on function public.read_own_availability(uuid, uuid) to authenticated;
