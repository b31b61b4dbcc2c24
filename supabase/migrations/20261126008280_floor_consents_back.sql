-- Delegates who spoke from the floor take their consent back whenever they wish: on stage, and when the session is over.

-- Whether the reader agreed to be recorded in a session when they raised a hand.
create function public.agreed_from_floor(session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.floor_consents as f join public.runs on runs.id = f.run_id
		where runs.session_id = agreed_from_floor.session and f.person_id = private.me())
$$;

-- Every recording that they are in is sealed at once. Answers ok or already.
create function public.take_back_floor_consent(session uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run uuid;
	v_answer text := 'already';
begin
	for v_run in
		select f.run_id from private.floor_consents as f join public.runs on runs.id = f.run_id
		where runs.session_id = take_back_floor_consent.session and f.person_id = private.me()
	loop
		perform private.say_floor_consent(v_run, private.me(), false);
		v_answer := 'ok';
	end loop;
	return v_answer;
end
$$;

grant execute on function public.agreed_from_floor(uuid), public.take_back_floor_consent(uuid) to authenticated;
