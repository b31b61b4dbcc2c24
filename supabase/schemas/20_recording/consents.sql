-- Delegates who spoke from the floor take their consent back whenever they wish: on stage, and when the session is
-- over.

-- Whether the reader agreed to be recorded in a session when they raised a hand.
create function public.agreed_from_floor(session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.floor_consents as f join public.runs on runs.id = f.run_id
		where runs.session_id = agreed_from_floor.session and f.person_id = private.me())
$$;
grant execute on function public.agreed_from_floor(uuid) to authenticated;

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
grant execute on function public.take_back_floor_consent(uuid) to authenticated;

-- Where nobody is named, nothing is left that says who spoke from the floor: not their consent to be recorded, which
-- has no use there any more, and not the names in what the list of recordings tells of one that was sealed.

create function private.forget_floor_consents() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.floor_consents as f where f.run_id = new.id;
	return null;
end
$$;

create trigger forget_floor_consents after update of level on public.runs for each row
	when (new.level > old.level and new.level in ('chatham_house', 'closed'))
		execute function private.forget_floor_consents();
