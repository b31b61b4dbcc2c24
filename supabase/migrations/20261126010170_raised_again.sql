-- A level that was raised, lowered and is raised once more in one run takes effect each time: the run, which is never lowered, moves again,
-- and what was written by name in between names nobody.
create function private.raise_again() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	-- Those of a lower level are raised, and moved, by the trigger after this one.
	for v_run in select runs.id from public.runs where runs.session_id = new.id and runs.state <> 'ended' and runs.level >= new.level order by runs.id loop
		if new.level in ('chatham_house', 'closed') then
			update private.messages as x set author = private.asker_hash(x.session_id, x.person_id), person_id = null where x.run_id = v_run and x.person_id is not null;
			delete from private.hands as h where h.run_id = v_run and h.state not in ('waiting', 'called');
			delete from private.floor_consents as f where f.run_id = v_run;
		end if;
		perform private.move_run(v_run);
	end loop;
	return null;
end
$$;
create trigger raise_again after update of level on public.sessions for each row
	when (new.level > old.level) execute function private.raise_again();
