-- The sessions of a speaker: what they see of each, their answer to the invitation, and their consents, one for each
-- purpose.

-- [{start, end, rooms: [{slug, name}]}]: when and where a session takes place, in the newest release or in the draft.
create function private.session_slots_json(p_session uuid, p_released boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	with placed as (
		select rs.during, rs.room_id
		from public.release_slots as rs
		where p_released and rs.session_id = p_session
			and rs.release_id = (select private.newest_release(s.summit_id)
				from public.sessions as s
				where s.id = p_session)
		union all
		select slots.during, sr.room_id
		from public.slots
		left join public.slot_rooms as sr on sr.slot_id = slots.id
		where not p_released and slots.session_id = p_session
	)
	select coalesce(jsonb_agg(slot order by slot ->> 'start'), '[]')
	from (select jsonb_build_object('start', private.iso(lower(placed.during)),
			'end', private.iso(upper(placed.during)),
			'rooms', coalesce(jsonb_agg(jsonb_build_object('slug', rooms.slug, 'name', rooms.name)
				order by rooms.position, rooms.slug) filter (where rooms.id is not null), '[]')) as slot
		from placed
		left join public.rooms on rooms.id = placed.room_id
		group by placed.during) as each
$$;

-- The sessions of the signed-in person and of those whom they assist, with co-speakers, slots and the open run. Slots
-- are those of the newest release; a session that is not released yet shows its draft slots and `is_released` false.
-- Once the Summit is archived, sessions that were not public name nobody else.
create function public.my_participations(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with mine as (
		select sp.*, s.code, s.title, s.abstract, s.content_note, s.level, s.attendance, s.spoken, s.interpreted,
			s.is_recorded, s.state as session_state,
			exists (select from public.release_sessions as rs
				where rs.release_id = private.newest_release(summit) and rs.session_id = s.id) as is_released
		from public.session_people as sp
		join public.sessions as s on s.id = sp.session_id
		where sp.summit_id = summit
			and sp.person_id in (select private.my_people('speaking'))
			and sp.state <> 'declined'
			and summit in (select private.readable_summits()
				union
				select summit_id
				from public.session_people
				where person_id in (select private.my_people('speaking')))
	), listed as (
		select mine.position,
			jsonb_build_object('id', mine.id, 'person_id', mine.person_id,
				'person', (select me.display_name from public.people as me where me.id = mine.person_id),
				'is_own', mine.person_id = private.me(), 'session_id', mine.session_id, 'code', mine.code,
				'title', mine.title, 'abstract', mine.abstract, 'content_note', mine.content_note,
				'level', private.level_in_force(mine.session_id), 'attendance', mine.attendance, 'spoken', mine.spoken,
				'interpreted', mine.interpreted, 'is_recorded', mine.is_recorded,
				'is_cancelled', mine.session_state = 'cancelled', 'is_released', mine.is_released, 'role', mine.role,
				'state', mine.state,
				'consents', jsonb_build_object('live', mine.consent_live, 'record', mine.consent_record,
					'publish', mine.consent_publish, 'photo', mine.consent_photo),
				'consents_said', mine.consents_answered_at is not null,
				'photographs', private.answered_photographs(mine.person_id, mine.summit_id), 'is_near',
					private.is_near_session_time(mine.session_id),
				'slots', private.session_slots_json(mine.session_id, mine.is_released),
				'people', (select coalesce(jsonb_agg(jsonb_build_object('display_name', p.display_name,
						'office', p.office, 'affiliation', p.affiliation, 'role', other.role, 'state', other.state,
						'is_me', other.id = mine.id)
						order by other.position, p.display_name), '[]')
					from public.session_people as other
					join public.people as p on p.id = other.person_id
					where other.session_id = mine.session_id and other.state <> 'declined'
						and (other.id = mine.id or private.level_in_force(mine.session_id) = 'public' or not exists (
							select from public.summits as u where u.id = mine.summit_id and u.state = 'archived'))),
				'run', (select jsonb_build_object('state', runs.state, 'room', rooms.slug)
					from public.runs
					join public.rooms on rooms.id = runs.room_id
					where runs.session_id = mine.session_id and runs.state <> 'ended')) as participation
		from mine
	)
	select coalesce(jsonb_agg(participation
		order by participation #>> '{slots,0,start}' nulls last, participation ->> 'code', position), '[]')
	from listed
$$;
grant execute on function public.my_participations(uuid) to authenticated;

-- The participation, locked, if the signed-in person may decide on it; null otherwise. For whom they act goes into the
-- audit.
create function private.lock_own_participation(p_participation uuid) returns public.session_people
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row public.session_people;
begin
	select * into v_row
	from public.session_people
	where id = p_participation and person_id in (select private.my_people('speaking')) for update;
	if v_row.person_id is distinct from private.me() then
		perform set_config('app.principal', coalesce(v_row.person_id::text, ''), true);
	end if;
	return v_row;
end
$$;

-- Accepts or declines a part in a session; accepting begins the registration. Answers ok | already | declined (only an
-- organiser can invite again) | cancelled | not_found.
create function public.answer_participation(participation uuid, accept boolean)
	returns public.participation_answer_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row public.session_people := private.lock_own_participation(participation);
	v_wanted public.participation_state := case when accept then 'confirmed' else 'declined' end;
begin
	if v_row.id is null then return 'not_found'; end if;
	if v_row.state = v_wanted then return 'already'; end if;
	if v_row.state = 'declined' then return 'declined'; end if;
	if accept and exists (select from public.sessions where id = v_row.session_id and state = 'cancelled') then
		return 'cancelled';
	end if;
	-- Declining withdraws every consent.
	update public.session_people
	set state = v_wanted, consent_live = consent_live and accept, consent_record = consent_record and accept,
		consent_publish = consent_publish and accept, consent_photo = consent_photo and accept,
		consents_answered_at = case when accept then consents_answered_at end
	where id = v_row.id;
	if accept then perform private.start_registration_for_part(v_row.person_id, v_row.session_id, v_row.role); end if;
	perform private.publish_event('person:' || v_row.person_id, 'rights', v_row.session_id);
	perform private.publish_event('session:' || v_row.session_id, 'people', v_row.session_id);
	perform private.publish_event('organise:' || v_row.summit_id, 'people');
	return 'ok';
end
$$;
grant execute on function public.answer_participation(uuid, boolean) to authenticated;

-- Saves the consent for each purpose; one that is withdrawn ends from now on. Publishing needs a recording, so it is
-- saved only together with `record`. Photographs are asked once: an answer for the whole Summit is the answer here too.
-- Answers ok | declined | not_found.
create function public.save_participation_consents(participation uuid, live boolean, record boolean, publish boolean,
	photo boolean) returns public.participation_consent_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row public.session_people := private.lock_own_participation(participation);
begin
	if v_row.id is null then return 'not_found'; end if;
	if v_row.state = 'declined' then return 'declined'; end if;
	-- What was published with a consent goes when it is withdrawn, after the Summit too.
	perform private.allow_closed_summits();
	update public.session_people
	set consent_live = coalesce(live, false), consent_record = coalesce(record, false),
		consent_publish = coalesce(publish, false) and coalesce(record, false),
		consent_photo = case private.answered_photographs(v_row.person_id, v_row.summit_id)
			when 'yes' then true
			when 'no' then false
			else coalesce(photo, false) end,
		consents_answered_at = now()
	where id = v_row.id;
	perform private.publish_event('session:' || v_row.session_id, 'people', v_row.session_id);
	return 'ok';
end
$$;
grant execute on function public.save_participation_consents(uuid, boolean, boolean, boolean, boolean) to authenticated;
