-- The booths of a run: which there are, who works in them, and what is left of them when the run ends.

-- Whether a language is a sign language, by its ISO 639-3 code: those of the larger deaf communities, International
-- Sign, and the group code.
create function private.is_sign_language(p_language text) returns boolean
language sql immutable set search_path = '' as $$
	select split_part(p_language, '-', 1) in (
		'sgn', 'ils', 'ase', 'bfi', 'fsl', 'gsg', 'ssp', 'ise', 'dse', 'vgt', 'sfb', 'psr', 'bzs', 'mfs', 'asq', 'gss',
		'csl', 'jsl', 'kvk', 'ins', 'rsl', 'ukl', 'pso', 'swl', 'dsl', 'nsl', 'fse', 'isg', 'asf', 'nzs', 'sfs', 'tsm',
		'jos', 'ssr', 'aed', 'csn', 'lsp', 'ugy', 'csg')
$$;

-- Whether somebody works in a booth: an interpreter of the session whom a stage manager seated there, or, without such
-- a decision, one who interprets into this language or a variant of it.
create function private.works_in_booth(p_person uuid, p_booth uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.booths as b
		join public.runs on runs.id = b.run_id
		join public.session_people as sp on sp.session_id = runs.session_id and sp.person_id = p_person
			and sp.role = 'interpreter' and sp.state <> 'declined'
		where b.id = p_booth and coalesce(
			(select s.is_seated from private.booth_seats as s where s.booth_id = b.id and s.person_id = p_person),
			exists (select from public.interpreter_languages as l
				where l.person_id = p_person and l.summit_id = runs.summit_id
					and (l.target = b.language or b.language like l.target || '-%'
						or l.target like b.language || '-%'))))
$$;

-- Whether somebody may open the page of a booth: they work in it and may enter the session.
create function private.may_enter_booth(p_person uuid, p_booth uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and private.works_in_booth(p_person, p_booth)
		and private.entry_decision(p_person, runs.session_id, 'stream') = 'ok'
	from private.booths as b
	join public.runs on runs.id = b.run_id
	where b.id = p_booth
$$;

-- Whether somebody may interpret in a booth at this moment: they may open its page, and no host removed them from the room of
-- its workshop.
create function private.may_interpret_in(p_person uuid, p_booth uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.may_enter_booth(p_person, b.id)
		and not (runs.stage_format = 'meeting' and private.was_removed_from_room(runs.id, p_person))
	from private.booths as b
	join public.runs on runs.id = b.run_id
	where b.id = p_booth
$$;

-- Opens a booth for each language that the session of a run is interpreted into.
create function private.open_booths(p_run uuid) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.booths (run_id, language, is_signed)
	select runs.id, language, private.is_sign_language(language)
	from private.hold_open_run(p_run) as runs
	join public.sessions as s on s.id = runs.session_id
	cross join lateral (select distinct unnest(s.interpreted) as language) as each
	where language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'
		and length(language) <= 35
	on conflict (run_id, language) do nothing
$$;

-- When a run is opened.
create function private.open_booths_of_run() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.open_booths(new.id);
	return null;
end
$$;

create trigger open_booths after insert on public.runs for each row execute function private.open_booths_of_run();

-- When a language is added to the session during its run.
create function private.open_booths_of_session() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.open_booths(id), private.publish_event('session:' || session_id, 'stage', id),
		private.publish_event('run:' || id, 'languages', id)
	from public.runs
	where session_id = new.id and state <> 'ended';
	return null;
end
$$;

create trigger open_booths after update of interpreted on public.sessions for each row
	when (new.interpreted is distinct from old.interpreted) execute function private.open_booths_of_session();

-- Opens a booth for a language, or changes one. For those who run the stage. Answers ok | not_found | invalid.
create function public.save_booth(run uuid, language text, is_signed boolean default null,
	hint_minutes integer default 30) returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not coalesce(private.may_run(private.me(), (private.hold_open_run(run)).session_id), false) then
		return 'not_found';
	end if;
	insert into private.booths (run_id, language, is_signed, hint_minutes)
	values (run, save_booth.language, coalesce(save_booth.is_signed, private.is_sign_language(save_booth.language)),
		save_booth.hint_minutes)
	on conflict on constraint booths_run_id_language_key do update set hint_minutes = excluded.hint_minutes,
		is_signed = coalesce(save_booth.is_signed, booths.is_signed);
	perform private.notify_booth(run, true);
	return 'ok';
exception when check_violation or not_null_violation or numeric_value_out_of_range then
	return 'invalid';
end
$$;
grant execute on function public.save_booth(uuid, text, boolean, integer) to authenticated;

-- Closes a booth: its listeners hear the original. For those who run the stage. Answers ok | not_found.
create function public.close_booth(run uuid, language text) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not exists (select from public.runs
		where id = run and state <> 'ended' and private.may_run(private.me(), session_id)) then
		return 'not_found';
	end if;
	delete from private.booths as b where b.run_id = run and b.language = close_booth.language;
	if not found then return 'not_found'; end if;
	perform private.notify_booth(run, true);
	return 'ok';
end
$$;
grant execute on function public.close_booth(uuid, text) to authenticated;

-- Seats an interpreter of the session in a booth whatever their languages are, or removes one from it. A removed
-- interpreter goes off air. For those who run the stage. Answers ok | not_found.
create function public.seat_in_booth(run uuid, language text, person text, seated boolean)
	returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session uuid := (select session_id from public.runs where id = run);
	v_booth private.booths := private.lock_booth(run, seat_in_booth.language);
	v_person uuid;
begin
	if v_booth.id is null or seated is null or not private.may_run(private.me(), v_session) then
		return 'not_found';
	end if;
	select p.id into v_person
	from public.people as p
	join public.session_people as sp on sp.person_id = p.id
	where p.code = seat_in_booth.person and sp.session_id = v_session and sp.role = 'interpreter'
		and sp.state <> 'declined';
	if v_person is null then return 'not_found'; end if;
	insert into private.booth_seats (booth_id, person_id, is_seated) values (v_booth.id, v_person, seated)
	on conflict (booth_id, person_id) do update set is_seated = excluded.is_seated;
	if not seated and exists (select from private.run_participants as p
		where p.id = v_booth.on_air and p.person_id = v_person) then
		perform private.set_on_air(v_booth, null);
	end if;
	perform private.notify_booth(run, true);
	return 'ok';
end
$$;
grant execute on function public.seat_in_booth(uuid, text, text, boolean) to authenticated;

-- After a run nothing is kept of who worked when and of what the interpreters wrote; a raised level deletes the
-- messages at once.
create function private.clear_booths() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.booth_messages as l using private.booths as b where b.id = l.booth_id and b.run_id = new.id;
	if new.state = 'ended' then
		delete from private.booth_heartbeats as w using private.booths as b
			where b.id = w.booth_id and b.run_id = new.id;
		update private.booths set on_air = null, on_air_since = null, offered_at = null
		where run_id = new.id and on_air is not null;
	end if;
	return null;
end
$$;

create trigger clear_booths after update of state, level on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended' or new.level > old.level)
	execute function private.clear_booths();
