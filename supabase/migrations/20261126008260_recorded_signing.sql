-- Whoever signs in a recording is in it: taking the consent back seals it, as for everybody else who is seen.

-- Whether somebody on the stage of a run has agreed to be recorded: people of the session by each of their parts in it, others by
-- what they said when they raised their hand, and interpreters, whose signing is seen, by theirs. `p_publish`: and to others seeing it.
create or replace function private.may_be_recorded(p_run uuid, p_person uuid, p_publish boolean default false) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((select bool_and(sp.consent_record and (sp.consent_publish or not p_publish))
			from public.session_people as sp join public.runs on runs.session_id = sp.session_id
			where runs.id = p_run and sp.person_id = p_person and sp.state <> 'declined' and sp.role not in ('interpreter', 'captioner')),
		exists (select from private.floor_consents as f where f.run_id = p_run and f.person_id = p_person)
			or exists (select from public.session_people as sp join public.runs on runs.session_id = sp.session_id
				where runs.id = p_run and sp.person_id = p_person and sp.state <> 'declined' and sp.role = 'interpreter'
					and sp.consent_record and (sp.consent_publish or not p_publish)))
$$;

-- What the recorder's page shows: {due, room, identity, session, on_stage: those who have agreed, and the hall}; null for a key that opens
-- nothing. Who is of the session may be seen in the hall: as soon as the hall is shown, each of them is in the recording and can take it back;
-- and so is whoever signs.
create or replace function private.recorder_view(p_hash bytea) returns jsonb
language sql volatile security definer set search_path = '' as $$
	with counted as (
		insert into private.recording_people (recording_id, person_id)
		select g.id, p.person_id from private.recording_of_key(p_hash) as g cross join lateral jsonb_array_elements_text(private.drawn_signing(g.run_id, true)) as s (identity)
		join private.run_participants as p on p.run_id = g.run_id and p.identity = s.identity
		where private.is_due(g)
		union
		select g.id, sp.person_id from private.recording_of_key(p_hash) as g join public.session_people as sp on sp.session_id = g.session_id
		where private.is_due(g) and private.records_hall(g.run_id) and sp.state <> 'declined' and sp.role not in ('interpreter', 'captioner')
		on conflict do nothing
	)
	select jsonb_build_object('due', private.is_due(g), 'identity', r.identity,
		'room', case when private.is_due(g) then private.open_room(g.run_id, 'stage') end,
		'staged', (select jsonb_build_object('layout', flow -> 'layout', 'spotlight', flow -> 'spotlight') from private.stage_flow(g.run_id) as flow),
		'title', (select s.title from public.sessions as s where s.id = g.session_id),
		'on_stage', (select coalesce(jsonb_agg(shown), '[]') from jsonb_array_elements(private.named_on_stage(g.run_id)) as shown
			where shown ->> 'role' = 'hall' and private.records_hall(g.run_id)
				or exists (select from private.run_participants as p where p.run_id = g.run_id and p.identity = shown ->> 'identity'
					and private.may_be_recorded(g.run_id, p.person_id))))
	from private.recording_of_key(p_hash) as g join private.recorders as r on r.recording_id = g.id
$$;
