-- Whoever is called from the floor speaks: they neither turn the slides of the session nor take them away, and see no further ahead in them
-- than all who watch. Slides are shown by whoever may show a screen.
create or replace function private.may_present(p_person uuid, p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.runs where id = p_run and state <> 'ended'
		and (private.may_run(p_person, session_id) or exists (select from private.on_stage(p_run) as s
			join private.run_participants as p on p.id = s.participant_id and p.may_screen where s.person_id = p_person)))
$$;
