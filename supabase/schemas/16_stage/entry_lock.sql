-- Raid protection: for one run, hosts let in only who is registered, or only the people of the session. And the notice
-- that is confirmed before entering.

-- Whether the lock of the session's run keeps somebody out who might else watch.
create function private.is_locked_out(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.runs join private.run_stagings as st on st.run_id = runs.id
		where runs.session_id = p_session and runs.state <> 'ended' and st.entry_lock is not null
			and (p_person is null or not private.enters_by_role(p_person, p_session, 'stream')
				and not exists (select from private.run_participants as p
					where p.run_id = runs.id and p.person_id = p_person and p.is_promoted)
				and (st.entry_lock = 'people' or not exists (select from public.registrations as r
					where r.person_id = p_person and r.summit_id = runs.summit_id and r.state = 'confirmed'))))
$$;

--[patch session_first] Whoever holds a session and its run takes the session first, as a raised level does: else the raise, and somebody who writes at that
--[patch session_first] moment, wait for each other, and one of them is refused.
-- Locks the entry of a run, or (null) opens it. Whoever is thereby out is out at once, with every token they kept.
-- Answers ok, already, not_possible, not_found.
create function public.lock_entry(run uuid, to_whom text default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.run_of_mine(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	if to_whom not in ('registered', 'people') then return 'not_possible'; end if;
	perform from public.sessions as s where s.id = v_run.session_id for no key update;
	perform private.staging_of(run);
	update private.run_stagings set entry_lock = to_whom where run_id = run and entry_lock is distinct from to_whom;
	if not found then return 'already'; end if;
	if to_whom is not null then
		perform private.move_run(run);
		-- One press does the whole of it: a chat that was open goes slowly, or is for the people of the session alone.
		perform public.set_participation(v_run.session_id,
			jsonb_build_object('chat', case to_whom when 'people' then 'people' else 'slow' end))
		where (private.participation_of(v_run.session_id)).chat in ('open', 'slow');
		perform private.tell('session:' || v_run.session_id, 'rights', v_run.session_id);
	end if;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;
grant execute on function public.lock_entry(uuid, text) to authenticated;

--[patch forgotten_notices] Who confirmed the notice of a session that names nobody is kept while its run lasts, and at no other time; and what was confirmed
--[patch forgotten_notices] before such a level came is forgotten with it.
-- Confirms for the reader what a session asks at its level of this moment. Answers ok, or why they may not enter.
create function public.confirm_notice(session uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_entry text := private.entry_of(v_me, session, 'stream');
begin
	if v_entry <> 'ok' then return v_entry; end if;
	if v_me is null then return 'sign_in'; end if;
	-- The run cannot end, and forget, between this line and the next.
	perform from public.runs where runs.session_id = session and runs.state <> 'ended' for share;
	if not found and private.is_nameless_level(private.level_in_force(session)) then return 'ok'; end if;
	insert into private.entry_notices as n (session_id, person_id, level)
		values (session, v_me, private.level_in_force(session))
	on conflict (session_id, person_id) do update set level = excluded.level, confirmed_at = now();
	return 'ok';
end
$$;
grant execute on function public.confirm_notice(uuid) to authenticated;

-- Who entered a session that names nobody is forgotten with its run.
create function private.forget_notices() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.entry_notices where session_id = new.session_id;
	return null;
end
$$;

create trigger forget_notices after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended' and new.level in ('chatham_house', 'closed'))
		execute function private.forget_notices();

-- Who confirmed the notice of a session that names nobody is kept while its run lasts, and at no other time; and what
-- was confirmed before such a level came is forgotten with it.

create function private.forget_lower_notices() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.entry_notices as n where n.session_id = new.id and n.level < new.level;
	return null;
end
$$;

create trigger forget_lower_notices after update of level on public.sessions for each row
	when (new.level > old.level and new.level in ('chatham_house', 'closed'))
		execute function private.forget_lower_notices();
