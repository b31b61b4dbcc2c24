-- The emergency button: whoever runs a session, and safeguarding, raises its level at once. What raising does (moving
-- the run to a new room, sealing the recording, naming nobody) are the triggers of `public.sessions`, in this one
-- transaction.

-- Raises to `chatham_house` or `closed`, with everything that such a level forbids switched off. A session that is
-- closed keeps its own list of who may come; without one, its people alone are left. Answers ok, already, not_found.
-- The audit says who and that it was an emergency.
create function public.raise_level_in_emergency(session uuid, level public.confidentiality) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session public.sessions;
begin
	select * into v_session from public.sessions as s where s.id = session for no key update;
	if not found or level not in ('chatham_house', 'closed') then return 'not_found'; end if;
	if not (private.may_run(private.me(), v_session.id)
		or private.has_role(v_session.summit_id, 'safeguarding') and private.can_see(private.me(), v_session.id))
			then return 'not_found'; end if;
	if v_session.level >= level then return 'already'; end if;
	perform set_config('app.reason', 'emergency', true);
	update public.sessions as s set level = raise_level_in_emergency.level, is_recorded = false,
		audience = case when raise_level_in_emergency.level = 'closed' then 'listed'
			when s.audience = 'everyone' then 'registered' else s.audience::text end::public.session_audience
	where s.id = v_session.id;
	-- What can be recorded at no level any more is not left to a trigger that looks at levels alone.
	perform private.seal_recording(g.id, 'level') from private.recordings as g
		where g.session_id = v_session.id and g.state in ('wanted', 'running', 'paused', 'stopped');
	return 'ok';
end
$$;
grant execute on function public.raise_level_in_emergency(uuid, public.confidentiality) to authenticated;

-- Lowering a level opens nothing that was made before: what was written, asked, voted on or said at a stricter level
-- stays with those who could be there then, in the same run and after it.

-- The strictest level at which somebody who may enter now could have been there, too.
create function private.heard_level(p_person uuid, p_session uuid) returns public.confidentiality
language sql stable security definer set search_path = '' as $$
	select greatest(private.level_in_force(s.id), case
		when p_person is null then 'public'
		when private.enters_by_role(p_person, s.id, 'stream') or private.may_run(p_person, s.id) then 'closed'
		when r.id is null then 'public'
		when private.is_listed(s.id, p_person, r.member_id, sm.sector, r.category) then 'closed'
		else 'chatham_house' end::public.confidentiality)
	from public.sessions as s
	left
		join public.registrations as r on r.person_id = p_person and r.summit_id = s.summit_id and r.state = 'confirmed'
	left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	where s.id = p_session
$$;

create function private.note_level_made() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	new.level := private.level_in_force(coalesce((to_jsonb(new) ->> 'session_id')::uuid,
		(select runs.session_id from public.runs where runs.id = (to_jsonb(new) ->> 'run_id')::uuid)));
	return new;
end
$$;

create trigger note_level before insert on private.messages for each row execute function private.note_level_made();
create trigger note_level before insert on private.session_questions for each row
	execute function private.note_level_made();
create trigger note_level before insert on private.polls for each row execute function private.note_level_made();
create trigger note_level before insert on private.caption_lines for each row
	execute function private.note_level_made();

-- Raising a level raises what there is.
create function private.raise_made_levels() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.messages as x set level = new.level where x.session_id = new.id and x.level < new.level;
	update private.session_questions as x set level = new.level where x.session_id = new.id and x.level < new.level;
	update private.polls as x set level = new.level where x.session_id = new.id and x.level < new.level;
	update private.caption_lines as x set level = new.level from public.runs
		where runs.id = x.run_id and runs.session_id = new.id and x.level < new.level;
	return null;
end
$$;

-- Whoever holds a session and its run takes the session first, as a raised level does: else the raise, and somebody who
-- writes at that moment, wait for each other, and one of them is refused.

create trigger raise_what_was_made after update of level on public.sessions for each row
	when (new.level > old.level) execute function private.raise_made_levels();
