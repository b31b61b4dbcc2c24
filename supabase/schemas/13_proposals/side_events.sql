-- Side events: a focal point asks for one, programme organisers decide, and an accepted one becomes a session.

-- Whether members may ask for side events of a Summit: before it is over.
create function private.takes_side_events(p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select state in ('open', 'live') from public.summits where id = p_summit
$$;

-- The member that organises a session: the one that asked for it as a side event; null for all other sessions.
create function private.side_event_host(p_session uuid) returns text
language sql stable security definer set search_path = '' as $$
	select m.name
	from private.side_events as e
	join public.members as m on m.id = e.member_id
	where e.session_id = p_session
$$;

-- A side event as its member and the organisers read it.
create function private.side_event_json(p private.side_events) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'member', (select jsonb_build_object('id', m.id, 'name', m.name) from public.members as m where m.id = p.member_id),
		'requested_by', (select q.display_name from public.people as q where q.id = p.requested_by),
		'title', p.title,
		'purpose', p.purpose,
		'wished', p.wished,
		'room_needs', p.room_needs,
		'expected', p.expected,
		'languages', p.languages,
		'contact', p.contact,
		'state', p.state,
		'answer', p.answer,
		'version', p.version,
		'created_at', private.iso(p.created_at),
		'session', (
			select jsonb_build_object('id', s.id, 'code', s.code, 'slots', private.session_slots_json(s.id, false))
			from public.sessions as s
			where s.id = p.session_id
		)
	)
$$;

-- {takes, members: [{id, name}], events: [..]}: the members for which the reader is a focal point, and their side
-- events, the newest first.
create function public.my_side_events(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with mine as (
		select f.member_id
		from private.my_focal_members(my_side_events.summit) as f
		where my_side_events.summit not in (select private.archived_summits())
	)
	select jsonb_build_object(
		'takes', private.takes_side_events(my_side_events.summit),
		'members', (
			select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name) order by m.name, m.id), '[]')
			from public.members as m
			where m.id in (select member_id from mine)
		),
		'events', (
			select coalesce(jsonb_agg(private.side_event_json(e) order by e.created_at desc, e.id), '[]')
			from private.side_events as e
			where e.summit_id = my_side_events.summit and e.member_id in (select member_id from mine)
		)
	)
$$;
grant execute on function public.my_side_events(uuid) to authenticated;

-- Asks for a side event of a member (side_event null), or changes one that is not decided yet; an answer to the
-- organisers' question is a request again. `fields`: title, purpose, wished, room_needs, expected, languages, contact.
-- Answers ok | not_found | closed | limited (ten of a member) | conflict (changed since `version`, or decided) |
-- invalid. Locks the delegation, so that the limit holds.
create function public.save_side_event(summit uuid, member uuid, side_event uuid, version integer, fields jsonb)
	returns public.side_event_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_summit uuid := save_side_event.summit;
	v_member uuid := save_side_event.member;
	v public.side_event_state;
	v_typed private.side_events;
begin
	if not exists (select from private.my_focal_members(v_summit) as f where f.member_id = v_member) then
		return 'not_found';
	end if;
	if not private.takes_side_events(v_summit) then return 'closed'; end if;
	perform pg_advisory_xact_lock(hashtextextended('side_events:' || v_summit || v_member, 3));
	perform private.set_focal_audit_context(v_summit, v_member);
	v_typed := jsonb_populate_record(null::private.side_events, fields);
	if side_event is null then
		if (
			select count(*)
			from private.side_events as e
			where e.summit_id = v_summit and e.member_id = v_member and e.state not in ('declined', 'withdrawn')
		) >= 10 then
			return 'limited';
		end if;
		insert into private.side_events (
			summit_id, member_id, requested_by, title, purpose, wished, room_needs, expected, languages, contact
		)
		values (
			v_summit, v_member, private.me(), v_typed.title, v_typed.purpose, v_typed.wished,
			coalesce(v_typed.room_needs, ''), v_typed.expected, v_typed.languages, v_typed.contact
		);
	else
		update private.side_events as e
		set title = v_typed.title,
			purpose = v_typed.purpose,
			wished = v_typed.wished,
			room_needs = coalesce(v_typed.room_needs, ''),
			expected = v_typed.expected,
			languages = v_typed.languages,
			contact = v_typed.contact,
			requested_by = private.me(),
			state = 'requested',
			version = e.version + 1,
			updated_at = now()
		where e.id = side_event
			and e.summit_id = v_summit
			and e.member_id = v_member
			and e.state in ('requested', 'change_asked')
			and e.version = save_side_event.version;
		if not found then return 'conflict'; end if;
	end if;
	perform private.publish_event('organise:' || v_summit, 'proposals');
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.save_side_event(uuid, uuid, uuid, integer, jsonb) to authenticated;

-- Withdraws a request that is not decided. An accepted side event is a session, which organisers cancel. Answers ok |
-- not_found.
create function public.withdraw_side_event(side_event uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.side_events;
begin
	update private.side_events as e
	set state = 'withdrawn', version = e.version + 1, updated_at = now()
	where e.id = side_event
		and e.state in ('requested', 'change_asked')
		and e.member_id in (select f.member_id from private.my_focal_members(e.summit_id) as f)
	returning * into v;
	if not found then return 'not_found'; end if;
	perform private.publish_event('organise:' || v.summit_id, 'proposals');
	return 'ok';
end
$$;
grant execute on function public.withdraw_side_event(uuid) to authenticated;

-- All side events of a Summit, those to decide first; null for all but programme organisers.
create function public.list_side_events(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(private.side_event_json(e) order by e.state <> 'requested', e.created_at, e.id) filter (
			where e.id is not null and (e.session_id is null or private.can_see(private.me(), e.session_id))
		),
		'[]'
	)
	from (select) as always
	left join private.side_events as e on e.summit_id = list_side_events.summit
	where private.has_role(list_side_events.summit, 'programme')
	having private.has_role(list_side_events.summit, 'programme')
$$;
grant execute on function public.list_side_events(uuid) to authenticated;

-- The format of side events of a Summit; it is made with the first that is accepted.
create function private.side_event_format(p_summit uuid, p_name jsonb) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	insert into public.formats (summit_id, slug, name, minutes)
	values (p_summit, 'side-event', p_name, 60)
	on conflict (summit_id, slug) do nothing;
	select f.id into v_id from public.formats as f where f.summit_id = p_summit and f.slug = 'side-event';
	return v_id;
end
$$;

-- Decides on a requested side event: accepted (with `place`, {start, end, rooms: [slug]}, and `format`, the name that the
-- format gets when it is made), declined or change_asked (each with words). An accepted one is a confirmed session of
-- the draft, for those registered. Its focal point is told by mail. Answers {status: ok | not_found | conflict (decided
-- or changed since `version`) | no_words | room_taken | invalid}. Locks the draft, then the side event.
create function public.decide_side_event(
	side_event uuid, version integer, state public.side_event_state, words text default '', place jsonb default null,
	format jsonb default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_state public.side_event_state := decide_side_event.state;
	v_words text := btrim(coalesce(decide_side_event.words, ''));
	v private.side_events;
	v_saved jsonb;
begin
	select * into v from private.side_events as e where e.id = side_event;
	if v.id is null or not private.has_role(v.summit_id, 'programme') then
		return jsonb_build_object('status', 'not_found');
	end if;
	if v_state is null or v_state not in ('accepted', 'declined', 'change_asked') or length(v_words) > 2000 then
		return jsonb_build_object('status', 'invalid');
	end if;
	if v_state <> 'accepted' and v_words = '' then return jsonb_build_object('status', 'no_words'); end if;
	perform private.lock_draft(v.summit_id);
	select * into v from private.side_events as e where e.id = side_event for update;
	if v.state not in ('requested', 'change_asked') or v.version is distinct from decide_side_event.version then
		return jsonb_build_object('status', 'conflict');
	end if;
	if v_state = 'accepted' then
		v_saved := public.save_session(v.summit_id, null, jsonb_build_object(
			'title', v.title,
			'abstract', v.purpose,
			'format_id', private.side_event_format(v.summit_id, format),
			'level', 'members',
			'attendance', 'hall',
			'spoken', v.languages,
			'state', 'confirmed',
			'slots', jsonb_build_array(place)
		));
		if v_saved ->> 'status' <> 'ok' then return v_saved - 'id'; end if;
	end if;
	update private.side_events as e
	set state = v_state,
		answer = v_words,
		session_id = (v_saved ->> 'id')::uuid,
		decided_by = private.me(),
		decided_at = now(),
		version = e.version + 1,
		updated_at = now()
	where e.id = v.id;
	if v.requested_by is not null then
		perform private.enqueue_mail(
			v.requested_by,
			case v_state
				when 'accepted' then 'side_event_accepted'
				when 'declined' then 'side_event_declined'
				else 'side_event_change_asked'
			end,
			jsonb_build_object(
				'title', v.title,
				'reason', v_words,
				'starts_at', place ->> 'start'),
			v.summit_id);
		perform private.publish_event('person:' || v.requested_by, 'rights');
	end if;
	perform private.publish_event('organise:' || v.summit_id, 'proposals');
	return jsonb_build_object('status', 'ok');
exception when check_violation or not_null_violation or data_exception then
	return jsonb_build_object('status', 'invalid');
end
$$;
grant execute on function public.decide_side_event(uuid, integer, public.side_event_state, text, jsonb, jsonb) to authenticated;
