-- The page of a guardian about one minor: everything here that concerns the minor, and nothing about anybody else.
-- Concerns are not on it, because a guardian can be the subject of one. Only the guardian in person reads it: an
-- assistant of the guardian has no right here.

-- The minor's registration, if the reader is its guardian at this moment: they consented, take part as an adult, and
-- the Summit is not archived. Once the minor is of age, names another guardian or leaves, there is no row.
create function private.my_ward(p_registration uuid) returns setof public.registrations
language sql stable security definer set search_path = '' rows 1 as $$
	select r.*
	from public.registrations as r
	join public.registrations as g on g.id = r.guardian_id and g.summit_id = r.summit_id
	join public.summits as u on u.id = r.summit_id and u.state <> 'archived'
	where r.id = p_registration and r.is_minor and r.guardian_consent_at is not null
		and r.state not in ('declined', 'withdrawn', 'expired')
		and g.person_id = (select private.me()) and not g.is_minor
		and g.state not in ('declined', 'withdrawn', 'expired')
$$;

-- What the minor agreed to, item by item: [{item_id, key, label, detail, is_required, given_at, withdrawn_at,
-- by_guardian, is_current}], in the words that were agreed to.
create function private.ward_consents(r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'item_id', i.id,
				'key', i.key,
				'label', coalesce(nullif(c.agreed_label::jsonb, '{}'), i.label),
				'detail', coalesce(nullif(c.agreed_detail::jsonb, '{}'), i.detail),
				'is_required', i.is_required,
				'given_at', private.iso(c.given_at),
				'withdrawn_at', private.iso(c.withdrawn_at),
				'by_guardian', c.withdrawn_by_guardian_at is not null,
				'is_current', coalesce(c.given_at is not null and private.is_agreed_text_current(c), false)
			)
			order by i.position, i.id
		),
		'[]'
	)
	from public.consent_items as i
	left join public.consents as c on c.item_id = i.id and c.registration_id = r.id
	where i.summit_id = r.summit_id
$$;

-- The released sessions that the minor marked or takes part in. Of a session that the guardian may not see, only its
-- level and times: enough to know when the minor is somewhere, and nothing of what it is.
create function private.ward_sessions(r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'level', private.level_in_force(s.id),
				'slots', case
					when seen.is_seen then placed.slots
					else (select jsonb_agg(each - 'rooms' || '{"rooms": []}') from jsonb_array_elements(placed.slots) as each)
				end,
				'session', case when seen.is_seen then jsonb_build_object(
					'code', s.code,
					'title', shown.session -> 'title',
					'content_note', shown.session -> 'content_note',
					'is_cancelled', rs.is_cancelled,
					'live_since', (select private.iso(runs.started_at)
						from public.runs
						where runs.session_id = s.id and runs.state in ('live', 'paused')),
					'role', (select min(sp.role)
						from public.session_people as sp
						where sp.session_id = s.id and sp.person_id = r.person_id and sp.state <> 'declined')
				) end
			)
			order by placed.slots #>> '{0,start}', s.id
		),
		'[]'
	)
	from (
		select m.session_id from public.agenda_marks as m where m.person_id = r.person_id
		union
		select sp.session_id
		from public.session_people as sp
		where sp.person_id = r.person_id and sp.state <> 'declined'
	) as own
	join public.sessions as s on s.id = own.session_id and s.summit_id = r.summit_id
	join public.release_sessions as rs
		on rs.session_id = s.id and rs.release_id = private.newest_release(r.summit_id)
	cross join lateral (select private.can_see((select private.me()), s.id) as is_seen) as seen
	cross join lateral (select private.stage_session(s.id) as session) as shown
	cross join lateral (select private.session_slots_json(s.id, true) as slots) as placed
	where private.can_see(r.person_id, s.id) and jsonb_array_length(placed.slots) > 0
$$;

-- Today at the door, {is_inside, came_at, left_at}: of the building alone, never of a room. Null before they came.
create function private.ward_at_the_door(r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'is_inside', bool_or(d.left_at is null),
		'came_at', private.iso(min(d.entered_at)),
		'left_at', case when not bool_or(d.left_at is null) then private.iso(max(d.left_at)) end)
	from private.door_periods as d
	where d.person_id = r.person_id and d.summit_id = r.summit_id and d.place = 'building'
		and d.day = private.door_day(r.summit_id)
	having count(*) > 0
$$;

-- The questions that the minor sent under their name, the newest first: [{body, state, asked_at, title}]. In sessions
-- that name nobody nothing says who asked, here either. Minors have no chat.
create function private.ward_questions(r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(
		jsonb_build_object('body', q.body, 'state', q.state, 'asked_at', private.iso(q.asked_at),
			'title', case when private.can_see((select private.me()), q.session_id)
				then private.stage_session(q.session_id) -> 'title' end)
		order by q.asked_at desc, q.id), '[]')
	from private.session_questions as q
	where q.person_id = r.person_id and q.summit_id = r.summit_id
$$;

-- Who acts for the minor here: [{display_name, scope, until}].
create function private.ward_assistants(r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(
		jsonb_build_object('display_name', p.display_name, 'scope', a.scope, 'until', private.iso(a.until))
		order by p.display_name, p.id), '[]')
	from public.account_people as a
	join public.account_people as own on own.account_id = a.account_id and own.relation = 'self'
	join public.people as p on p.id = own.person_id
	where a.person_id = r.person_id and a.relation <> 'self' and (a.until is null or a.until > now())
$$;

-- Everything that concerns a minor, for their guardian: {registration_id, reference, display_name, state, mode,
-- consented_at, stage: {on_stage, recorded, agreed_at} | null, is_photo_forbidden: in force, forbids_photographs: the
-- guardian's own wish, has_emergency_contact, consents, sessions, door, questions, assistants}; null for everybody
-- else.
create function public.read_ward(registration uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'registration_id', r.id,
		'reference', r.reference,
		'display_name', p.display_name,
		'state', r.state,
		'mode', r.mode,
		'consented_at', private.iso(r.guardian_consent_at),
		'stage', (
			select jsonb_build_object('on_stage', a.on_stage, 'recorded', a.recorded,
				'agreed_at', private.iso(a.agreed_at))
			from private.guardian_stage_agreements as a
			where a.registration_id = r.id and a.guardian_id = r.guardian_id),
		'is_photo_forbidden', private.forbids_photographs(r.person_id, r.id),
		'forbids_photographs', exists (
			select from private.guardian_stage_agreements as a
			where a.registration_id = r.id and a.forbids_photographs),
		'has_emergency_contact', exists (select from private.emergency_contacts as e where e.registration_id = r.id),
		'consents', private.ward_consents(r),
		'sessions', private.ward_sessions(r),
		'door', private.ward_at_the_door(r),
		'questions', private.ward_questions(r),
		'assistants', private.ward_assistants(r))
	from private.my_ward(read_ward.registration) as r
	join public.people as p on p.id = r.person_id
$$;
grant execute on function public.read_ward(uuid) to authenticated;

-- The emergency contact of the minor, {status: ok | none | protected (the minor has an alias) | not_found,
-- contact_sealed (hex), key_id}. Each opening is written to the audit before it is answered.
create function public.read_ward_emergency_contact(registration uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_contact private.emergency_contacts;
begin
	select * into v_r from private.my_ward(read_ward_emergency_contact.registration);
	if v_r.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if private.has_alias(v_r.person_id) then return jsonb_build_object('status', 'protected'); end if;
	select * into v_contact from private.emergency_contacts as e where e.registration_id = v_r.id;
	if not found then return jsonb_build_object('status', 'none'); end if;
	perform audit.record_event('emergency_contact.read', v_r.id::text, v_r.summit_id, v_r.person_id, '{}');
	return jsonb_build_object('status', 'ok', 'contact_sealed', encode(v_contact.contact_sealed, 'hex'),
		'key_id', v_contact.key_id);
end
$$;
grant execute on function public.read_ward_emergency_contact(uuid) to authenticated;

-- The minor's registration, locked, if the reader is still its guardian then; null otherwise.
create function private.lock_my_ward(p_registration uuid) returns public.registrations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	if not exists (select from private.my_ward(p_registration)) then return null; end if;
	perform from public.registrations as r where r.id = p_registration for no key update;
	select * into v_r from private.my_ward(p_registration);
	if v_r.id is not null then perform private.set_audit_context(v_r.person_id); end if;
	return v_r;
end
$$;

-- Withdraws a consent of the minor, or (`given`) takes back what the guardian withdrew. A guardian agrees to nothing
-- that the minor did not agree to. Locks the registration. Answers ok | not_found | not_given (the minor never agreed,
-- or withdrew it themselves) | required (only with the registration) | reworded (the text changed since).
create function public.set_ward_consent(registration uuid, item uuid, given boolean)
	returns public.ward_consent_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := private.lock_my_ward(registration);
	v_c public.consents;
begin
	if v_r.id is null or given is null then return 'not_found'; end if;
	if exists (select from public.consent_items as i where i.id = item and i.summit_id = v_r.summit_id and i.is_required)
		then
		return 'required';
	end if;
	select * into v_c from public.consents as c where c.registration_id = v_r.id and c.item_id = item for update;
	if v_c.given_at is null or v_c.withdrawn_at is not null and v_c.withdrawn_by_guardian_at is null then
		return 'not_given';
	end if;
	if given = (v_c.withdrawn_at is null) then return 'ok'; end if;
	if given and not private.is_agreed_text_current(v_c) then return 'reworded'; end if;
	update public.consents as c
	set withdrawn_at = case when not given then now() end,
		withdrawn_by_guardian_at = case when not given then now() end
	where c.id = v_c.id;
	perform private.notify_registration(v_r);
	return 'ok';
end
$$;
grant execute on function public.set_ward_consent(uuid, uuid, boolean) to authenticated;

-- The guardian's own wish about photographs, beside that of the minor: nobody photographs the minor while one of them
-- forbids it. Locks the registration. Answers ok | not_found.
create function public.set_ward_photographs(registration uuid, forbidden boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations := private.lock_my_ward(registration);
begin
	if v_r.id is null or forbidden is null then return 'not_found'; end if;
	-- What another guardian allowed does not become this one's word.
	insert into private.guardian_stage_agreements as a
		(registration_id, guardian_id, on_stage, recorded, forbids_photographs)
	values (v_r.id, v_r.guardian_id, false, false, forbidden)
	on conflict (registration_id) do update
	set guardian_id = excluded.guardian_id,
		on_stage = a.on_stage and a.guardian_id = excluded.guardian_id,
		recorded = a.recorded and a.guardian_id = excluded.guardian_id,
		forbids_photographs = excluded.forbids_photographs;
	perform private.notify_registration(v_r);
	return 'ok';
end
$$;
grant execute on function public.set_ward_photographs(uuid, boolean) to authenticated;

-- Tells the pages of the camera crew that a wish changed.
create function private.notify_guardian_photographs() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('organise:' || r.summit_id, 'photographs')
	from public.registrations as r
	where r.id = new.registration_id;
	return null;
end
$$;

create trigger notify_guardian_photographs after insert or update of forbids_photographs
	on private.guardian_stage_agreements for each row
	execute function private.notify_guardian_photographs();
