-- Live changes, on the day: chosen changes go from the draft, or straight from an organiser's phone, into a new
-- release, and the rest of the draft stays a draft. Everybody concerned is notified at once.

-- What occupies, in the newest release, the rooms that chosen sessions need: [{title}], null where the reader does not
-- see the session.
create function private.find_release_conflicts(p_summit uuid, p_choices jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			distinct jsonb_build_object(
				'title', case when private.can_see(private.me(), rs.session_id) then rs.title end
			)
		),
		'[]'
	)
	from public.slots
	join public.slot_rooms as sr on sr.slot_id = slots.id
	join public.release_slots as held
		on held.release_id = private.newest_release(p_summit)
		and held.room_id = sr.room_id
		and held.during && slots.during
		and not held.is_cancelled
		and held.session_id <> slots.session_id
	join public.release_sessions as rs on rs.release_id = held.release_id and rs.session_id = held.session_id
	where slots.summit_id = p_summit
		and p_choices ? slots.session_id::text
$$;

-- Adds somebody to a session at short notice, `p_one`: {person | name, role}: a person of the Summit, or a new person
-- under the given name, who is invited and may claim the record later (14_speakers/invitations.sql). Answers ok |
-- unknown.
create function private.add_person_live(p_summit uuid, p_session uuid, p_one jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid := private.parse_uuid(p_one ->> 'person');
	v_name text := private.one_line(p_one ->> 'name');
begin
	if v_person is null and length(v_name) between 1 and 120 then
		-- The same name given twice for one session is one person.
		select p.id into v_person
		from public.session_people as sp
		join public.people as p on p.id = sp.person_id
		where sp.session_id = p_session
			and p.display_name = v_name
			and private.is_unclaimed(p.id)
		limit 1;
		if v_person is null then
			insert into public.people (display_name) values (v_name) returning id into v_person;
		end if;
	elsif v_person is null or v_person not in (select private.people_of_summit(p_summit)) then
		return 'unknown';
	end if;
	insert into public.session_people as sp (session_id, summit_id, person_id, role, position)
	values (
		p_session,
		p_summit,
		v_person,
		(p_one ->> 'role')::public.session_role,
		(select count(*) from public.session_people as other where other.session_id = p_session)
	)
	-- Somebody who had declined and comes after all is invited again.
	on conflict on constraint session_people_session_id_person_id_role_key do update
		set state = case sp.state when 'declined' then 'invited' else sp.state end;
	return 'ok';
end
$$;

-- Changes the draft of one session as an organiser does on the phone. `p_edit`: {slots?, state?, without?: [entry of
-- session_people], with?: [{person | name, role}], version}. Answers as `save_session`.
create function private.apply_live_edit(p_summit uuid, p_session uuid, p_edit jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_entry uuid;
	v_one jsonb;
	v_saved jsonb := jsonb_build_object('status', 'ok');
begin
	if p_edit ?| array['slots', 'state'] then
		v_saved := public.save_session(p_summit, p_session, p_edit - array['without', 'with', 'stage_format']);
	end if;
	for v_one in select value from jsonb_array_elements(coalesce(p_edit -> 'with', '[]')) loop
		if private.add_person_live(p_summit, p_session, v_one) <> 'ok' then
			return jsonb_build_object('status', 'unknown');
		end if;
	end loop;
	for v_entry in select value::uuid from jsonb_array_elements_text(coalesce(p_edit -> 'without', '[]')) loop
		if not exists (select from public.session_people as sp where sp.id = v_entry and sp.session_id = p_session)
			or public.change_session_person(v_entry, 'declined') <> 'ok' then
			return jsonb_build_object('status', 'unknown');
		end if;
	end loop;
	return v_saved;
end
$$;

-- Applies one of `changes` (public.publish_live_changes) to the draft. Answers as `save_session`; unknown for a session
-- that is not of this Summit or that the caller may not edit.
create function private.apply_live_change(p_summit uuid, p_change jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session uuid := p_change ->> 'session';
begin
	if not exists (select from public.sessions as s where s.id = v_session and s.summit_id = p_summit)
		or not private.may_edit_session(v_session) then
		return jsonb_build_object('status', 'unknown');
	end if;
	if p_change ? 'edit' then return private.apply_live_edit(p_summit, v_session, p_change -> 'edit'); end if;
	return jsonb_build_object('status', 'ok');
end
$$;

-- Whether a check that blocks publishing fails in one of the chosen sessions, the keys of `p_choices`.
create function private.has_blocked_choice(p_summit uuid, p_choices jsonb) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from jsonb_array_elements(private.blocking_checks(p_summit)) as check_
		where exists (select from jsonb_array_elements_text(check_ -> 'sessions') as id where p_choices ? id)
	)
$$;

-- How many people will be notified of what changed from one release to the next.
create function private.count_people_to_notify(p_summit uuid, p_from uuid, p_to uuid) returns bigint
language sql stable security definer set search_path = '' as $$
	select count(distinct c.person_id)
	from private.pending_agenda_changes as c
	where c.summit_id = p_summit
		and c.session_id in (
			select x.session_id
			from private.changes_between(p_summit, p_from, p_to) as x
			where private.is_notifiable_change(x.kinds)
		)
$$;

-- Publishes `changes`, [{session, kinds: [placement | state | people], edit?}], all or none. Answers {status: ok |
-- not_allowed | invalid | no_release | blocked | nothing_changed | room_taken | conflict | unknown, number, by, id,
-- version, notified: how many people are notified}. Locks the Summit, as publishing does. A refusal inside the block is
-- raised as GS001 with the answer as its detail, which undoes the edits.
create function public.publish_live_changes(summit uuid, changes jsonb, note jsonb default '{}') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_change jsonb;
	v_choices jsonb := '{}';
	v_answer jsonb;
	v_detail text;
	v_previous uuid;
	v_release public.releases;
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	if not private.is_text_map(note)
		or jsonb_typeof(changes) is distinct from 'array'
		or jsonb_array_length(changes) = 0 then
		return jsonb_build_object('status', 'invalid');
	end if;
	perform 1 from public.summits where id = summit for no key update;
	v_previous := private.newest_release(summit);
	if v_previous is null then return jsonb_build_object('status', 'no_release'); end if;
	begin
		for v_change in select * from jsonb_array_elements(changes) loop
			v_answer := private.apply_live_change(summit, v_change);
			if v_answer ->> 'status' <> 'ok' then
				raise exception using errcode = 'GS001', detail = v_answer::text;
			end if;
			v_choices := v_choices || jsonb_build_object(v_change ->> 'session', v_change -> 'kinds');
		end loop;
		-- Blocking checks count only where they concern a chosen session.
		if private.has_blocked_choice(summit, v_choices) then
			raise exception using errcode = 'GS001', detail = '{"status":"blocked"}';
		end if;
		v_release := private.make_release(summit, note, v_choices);
		if not exists (select from private.changes_between(summit, v_previous, v_release.id)) then
			raise exception using errcode = 'GS001', detail = '{"status":"nothing_changed"}';
		end if;
	exception
		when exclusion_violation then
			return jsonb_build_object('status', 'room_taken', 'by', private.find_release_conflicts(summit, v_choices));
		when data_exception or not_null_violation then return jsonb_build_object('status', 'invalid');
		when sqlstate 'GS001' then
			get stacked diagnostics v_detail = pg_exception_detail;
			return v_detail::jsonb;
	end;
	return jsonb_build_object('status', 'ok', 'number', v_release.number,
		'notified', private.count_people_to_notify(summit, v_previous, v_release.id));
end
$$;
grant execute on function public.publish_live_changes(uuid, jsonb, jsonb) to authenticated;

-- The people of a session in the draft who have not declined, [{id, display_name, role}], in their order.
create function private.draft_people_json(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object('id', sp.id, 'display_name', p.display_name, 'role', sp.role)
			order by sp.position, p.display_name
		),
		'[]'
	)
	from public.session_people as sp
	join public.people as p on p.id = sp.person_id
	where sp.session_id = p_session and sp.state <> 'declined'
$$;

-- What can be changed live, {number, sessions: [{id, code, title, version, level, state, is_break, slots, kinds,
-- people}]}: sessions from two hours before `around` to 24 hours after, and those with a change in the draft. Null
-- without the programme role.
create function public.read_live_changes(summit uuid, around timestamptz default now()) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return null; end if;
	return (
		with pending as materialized (
			select
				c.session_id,
				array(
					select kind
					from unnest(c.kinds) as kind
					where kind in ('added', 'moved', 'cancelled', 'restored', 'people')
				) as kinds
			from private.changes_between(summit, private.newest_release(summit), null) as c
		)
		select jsonb_build_object(
			'number', (select number from public.releases where id = private.newest_release(summit)),
			'sessions', coalesce(
				jsonb_agg(
					jsonb_build_object(
						'id', s.id,
						'code', s.code,
						'title', s.title,
						'version', s.version,
						'level', s.level,
						'state', s.state,
						'is_break', s.is_break,
						'slots', private.draft_slots(s.id),
						'kinds', coalesce(to_jsonb(pending.kinds), '[]'),
						'people', private.draft_people_json(s.id)
					)
					order by
						(select min(lower(slots.during)) from public.slots where slots.session_id = s.id) nulls last,
						s.code
				),
				'[]'
			)
		)
		from public.sessions as s
		left join pending on pending.session_id = s.id
		where s.summit_id = summit
			and s.id in (select private.visible_sessions(private.me(), summit))
			and (
				cardinality(pending.kinds) > 0
				or s.state = 'confirmed'
					and exists (
						select
						from public.slots
						where slots.session_id = s.id
							and slots.during && tstzrange(around - interval '2 hours', around + interval '24 hours')
					)
			)
	);
end
$$;
grant execute on function public.read_live_changes(uuid, timestamptz) to authenticated;
