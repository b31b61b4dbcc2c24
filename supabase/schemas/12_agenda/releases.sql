-- Publishing: freezing the draft (or chosen changes of it, live_changes.sql) into a release.

-- A release is immutable.
create function private.refuse_release_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	-- Except for the id of a person: a merge of two people, or a new id under an alias, rewrites it.
	if tg_op = 'UPDATE' and tg_table_name = 'release_people' and current_setting('app.merging', true) = 'yes' then
		return new;
	end if;
	-- And for a name that a protected person no longer bears: it is removed from the texts of releases too.
	if tg_op = 'UPDATE' and tg_table_name = 'release_sessions' and current_setting('app.renaming', true) = 'yes' then
		return new;
	end if;
	raise exception 'a release is never changed' using errcode = 'insufficient_privilege';
end
$$;

create trigger release_sessions_fixed
	before update on public.release_sessions for each row
	execute function private.refuse_release_change();
create trigger release_slots_fixed
	before update on public.release_slots for each row
	execute function private.refuse_release_change();
create trigger release_people_fixed
	before update on public.release_people for each row
	execute function private.refuse_release_change();

-- Freezing. `p_choices` is {session: [placement | state | people]}, what a live change takes from the draft; null takes
-- the whole draft.

-- Whether the new release takes a part of a session from the draft. A session that the release before does not contain
-- (`p_before` null) is taken whole.
create function private.takes_from_draft(p_choices jsonb, p_session uuid, p_before uuid, p_what text) returns boolean
language sql immutable set search_path = '' as $$
	select p_choices is null
		or p_choices ? p_session::text
			and (p_before is null or p_choices -> p_session::text ? p_what)
$$;

-- Whether a release takes a session of the draft in this state. `p_before`: its row in the release before, if any.
create function private.is_releasable(p_session uuid, p_state public.session_state, p_before uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select case p_state
		when 'confirmed' then exists (select from public.slots where slots.session_id = p_session)
		-- A cancelled session stays visible as cancelled, unless it was never released.
		when 'cancelled' then p_before is not null
		else false
	end
$$;

-- Writes the sessions of a release: as the draft has them, or (with choices) as the release before had them except for
-- what was chosen. Answers how many, with choices at least 1.
create function private.freeze_sessions(p_release uuid, p_previous uuid, p_summit uuid, p_choices jsonb) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_count integer;
begin
	-- From the draft: all sessions, or those chosen that the release before does not contain.
	insert into public.release_sessions (
		release_id, session_id, summit_id,
		title, abstract, content_note, links,
		format, format_slug, track, track_slug,
		level, audience, attendance,
		spoken, interpreted, is_recorded, is_break, is_cancelled
	)
	select
		p_release, s.id, p_summit,
		s.title, s.abstract, s.content_note, s.links,
		coalesce(f.name, '{}'), f.slug, coalesce(t.name, '{}'), t.slug,
		s.level, s.audience, s.attendance,
		s.spoken, s.interpreted, s.is_recorded, s.is_break, s.state = 'cancelled'
	from public.sessions as s
	left join public.release_sessions as before on before.release_id = p_previous and before.session_id = s.id
	left join public.formats as f on f.id = s.format_id
	left join public.tracks as t on t.id = s.track_id
	where s.summit_id = p_summit
		and (p_choices is null or before.session_id is null and p_choices ? s.id::text)
		and private.is_releasable(s.id, s.state, before.session_id);
	get diagnostics v_count = row_count;
	if p_choices is null then return v_count; end if;
	-- With choices: all sessions of the release before; only the state can change.
	insert into public.release_sessions (
		release_id, session_id, summit_id,
		title, abstract, content_note, links,
		format, format_slug, track, track_slug,
		level, audience, attendance,
		spoken, interpreted, is_recorded, is_break, is_cancelled
	)
	select
		p_release, before.session_id, p_summit,
		before.title, before.abstract, before.content_note, before.links,
		before.format, before.format_slug, before.track, before.track_slug,
		before.level, before.audience, before.attendance,
		before.spoken, before.interpreted, before.is_recorded, before.is_break,
		case
			when private.takes_from_draft(p_choices, before.session_id, p_previous, 'state') then s.state = 'cancelled'
			else before.is_cancelled
		end
	from public.release_sessions as before
	join public.sessions as s on s.id = before.session_id
	where before.release_id = p_previous;
	return v_count + 1;
end
$$;

-- Writes the times and rooms of the sessions of a release, in one statement: the exclusion constraint sees two sessions
-- that swap rooms only when both are written.
create function private.freeze_slots(p_release uuid, p_previous uuid, p_summit uuid, p_choices jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	with own as (
		select
			rs.session_id,
			rs.is_cancelled,
			not rs.is_cancelled
				and (
					private.takes_from_draft(p_choices, rs.session_id, before.release_id, 'placement')
					-- A restored session takes its placement from the draft: the old one may be given to another.
					or before.is_cancelled
				) as is_drafted
		from public.release_sessions as rs
		left join public.release_sessions as before
			on before.release_id = p_previous and before.session_id = rs.session_id
		where rs.release_id = p_release
	)
	insert into public.release_slots (release_id, session_id, room_id, slot_id, summit_id, during, is_cancelled)
	select p_release, own.session_id, slot_rooms.room_id, slots.id, p_summit, slots.during, false
	from own
	join public.slots on slots.session_id = own.session_id
	join public.slot_rooms on slot_rooms.slot_id = slots.id
	where own.is_drafted
	union all
	-- A cancelled session is shown where it was.
	select p_release, own.session_id, before.room_id, before.slot_id, p_summit, before.during, own.is_cancelled
	from own
	join public.release_slots as before on before.release_id = p_previous and before.session_id = own.session_id
	where not own.is_drafted
$$;

-- Writes the people of the sessions of a release. Locks them first (for key share): the id of somebody who takes an
-- alias at this moment changes, and must not change between reading and writing it.
create function private.freeze_people(p_release uuid, p_previous uuid, p_summit uuid, p_choices jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform
	from public.people as p
	where p.id in (select sp.person_id from public.session_people as sp where sp.summit_id = p_summit)
		or p.id in (select rp.person_id from public.release_people as rp where rp.release_id = p_previous)
	order by p.id
	for key share;
	insert into public.release_people (release_id, session_id, person_id, role, position)
	select p_release, sp.session_id, sp.person_id, sp.role, sp.position
	from public.session_people as sp
	join public.release_sessions as rs on rs.release_id = p_release and rs.session_id = sp.session_id
	left join public.release_sessions as before
		on before.release_id = p_previous and before.session_id = sp.session_id
	where sp.state <> 'declined'
		and private.takes_from_draft(p_choices, sp.session_id, before.release_id, 'people')
	union all
	select p_release, before.session_id, before.person_id, before.role, before.position
	from public.release_people as before
	where before.release_id = p_previous
		and not private.takes_from_draft(p_choices, before.session_id, p_previous, 'people')
		and exists (
			select
			from public.release_sessions as rs
			where rs.release_id = p_release and rs.session_id = before.session_id
		);
end
$$;

-- Makes the next release and notifies readers; null when it would contain nothing. The caller has locked the Summit.
-- Raises exclusion_violation when chosen changes need a room that the rest of the release occupies.
create function private.make_release(p_summit uuid, p_note jsonb, p_choices jsonb default null) returns public.releases
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_release public.releases;
	v_previous uuid := private.newest_release(p_summit);
begin
	insert into public.releases (summit_id, number, note, released_by, is_live_change)
	values (
		p_summit,
		(select coalesce(max(number), 0) + 1 from public.releases where summit_id = p_summit),
		p_note,
		private.me(),
		p_choices is not null
	)
	returning * into v_release;
	if private.freeze_sessions(v_release.id, v_previous, p_summit, p_choices) = 0 then
		delete from public.releases where id = v_release.id;
		return null;
	end if;
	perform private.freeze_slots(v_release.id, v_previous, p_summit, p_choices);
	perform private.freeze_people(v_release.id, v_previous, p_summit, p_choices);
	perform private.schedule_agenda_digests(v_release, v_previous);
	perform private.notify_note_changes(p_summit, v_previous, v_release.id);
	perform private.publish_event('summit:' || p_summit, 'release');
	perform private.publish_event('site', 'changed');
	return v_release;
end
$$;

-- Publishes the draft in one transaction. `expected` is the number of the newest release that the organiser saw.
-- Answers {status: ok | not_allowed | invalid_note | blocked | published_meanwhile | nothing_to_release, number, …}.
-- Locks the Summit, so that two organisers who publish at once come one after the other.
create function public.publish_release(summit uuid, note jsonb default '{}', expected integer default null)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_newest public.releases;
	v_checks jsonb;
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	if not private.is_text_map(note) then return jsonb_build_object('status', 'invalid_note'); end if;
	-- No key update: transactions that only refer to the Summit do not wait.
	perform 1 from public.summits where id = summit for no key update;
	select * into v_newest from public.releases where id = private.newest_release(summit);
	if expected is not null and expected is distinct from coalesce(v_newest.number, 0) then
		return jsonb_build_object(
			'status', 'published_meanwhile',
			'number', v_newest.number,
			'released_at', v_newest.released_at,
			'by', (select display_name from public.people where id = v_newest.released_by)
		);
	end if;
	v_checks := private.blocking_checks(summit);
	if jsonb_array_length(v_checks) > 0 then return jsonb_build_object('status', 'blocked', 'checks', v_checks); end if;
	v_newest := private.make_release(summit, note);
	if v_newest.id is null then return jsonb_build_object('status', 'nothing_to_release'); end if;
	return jsonb_build_object('status', 'ok', 'number', v_newest.number);
end
$$;
grant execute on function public.publish_release(uuid, jsonb, integer) to authenticated;
