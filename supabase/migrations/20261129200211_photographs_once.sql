-- Photographs are asked once: the consent of a Summit is the answer for its sessions too, and giving it takes back an earlier wish.

-- What a person has said about photographs for the whole Summit: 'no' (as above), 'yes' (the consent to photographs);
-- null where neither was said, so that a speaker is asked for each session.
create or replace function private.answered_photographs(p_person uuid, p_summit uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when private.forbids_photographs(p_person, r.id) then 'no'
		when exists (select from public.consents as c
			join public.consent_items as i on i.id = c.item_id
			where c.registration_id = r.id and i.key = 'photographs') then 'yes' end
	from (select) as always
	left join public.registrations as r on r.person_id = p_person and r.summit_id = p_summit
		and r.state not in ('declined', 'withdrawn', 'expired')
$$;

-- The people of a session who may be on its stage, in the running order, and what each wants: 'no' (their setting,
-- their consent, or their answer for this session), 'unanswered' (nothing was said about this session or the Summit),
-- 'yes'.
create or replace function private.list_stage_wishes(p_session uuid)
	returns table (place integer, person_id uuid, role public.session_role, wish text)
language sql stable security definer set search_path = '' as $$
	select row_number() over (order by min(sp.position), min(sp.role), sp.person_id)::integer, sp.person_id, min(sp.role),
		case
			when private.forbids_photographs(sp.person_id, r.id) then 'no'
			when bool_or(sp.consent_photo) then 'yes'
			when bool_and(sp.consents_answered_at is null)
				then coalesce(private.answered_photographs(
					sp.person_id, (select s.summit_id from public.sessions as s where s.id = p_session)), 'unanswered')
			else 'no' end
	from public.session_people as sp
	left join public.registrations as r on r.person_id = sp.person_id and r.summit_id = sp.summit_id
		and r.state not in ('declined', 'withdrawn', 'expired')
	where sp.session_id = p_session and sp.state <> 'declined' and sp.role not in ('interpreter', 'captioner')
	group by sp.person_id, r.id
$$;

-- The sessions of the signed-in person and of those whom they assist, with co-speakers, slots and the open run. Slots
-- are those of the newest release; a session that is not released yet shows its draft slots and `is_released` false.
create or replace function public.my_participations(summit uuid) returns jsonb
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
					where other.session_id = mine.session_id and other.state <> 'declined'),
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

-- Saves the consent for each purpose; one that is withdrawn ends from now on. Publishing needs a recording, so it is
-- saved only together with `record`. Photographs are asked once: an answer for the whole Summit is the answer here too.
-- Answers ok | declined | not_found.
create or replace function public.save_participation_consents(participation uuid, live boolean, record boolean, publish boolean,
	photo boolean) returns public.participation_consent_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row public.session_people := private.lock_own_participation(participation);
begin
	if v_row.id is null then return 'not_found'; end if;
	if v_row.state = 'declined' then return 'declined'; end if;
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

-- Step 5, the consents, each by itself; save_registration keeps the code of conduct with the registration. `language` is
-- that of the page, and `shown` has the fingerprint of each text that it showed: where the text has changed since, the
-- person did not read what they would agree to (fault `reworded`).
create or replace function private.save_consents_step(p_r public.registrations, p jsonb) returns text[]
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_consents jsonb := case when jsonb_typeof(p -> 'consents') = 'object' then p -> 'consents' else '{}' end;
	v_shown jsonb := case when jsonb_typeof(p -> 'shown') = 'object' then p -> 'shown' else '{}' end;
begin
	if v_consents = '{}' then return '{}'; end if;
	if exists (
		select from jsonb_each(v_consents) as given
		where given.value not in ('true', 'false')
			or not exists (
				select from public.consent_items as i
				where i.summit_id = p_r.summit_id and i.id = private.parse_uuid(given.key))) then
		return array['consents'];
	end if;
	-- After sending, a required consent is withdrawn only by withdrawing the registration.
	if p_r.state <> 'draft' and exists (
		select from jsonb_each(v_consents) as given
		join public.consent_items as i on i.id = private.parse_uuid(given.key)
		where i.is_required and given.value = 'false') then
		return array['consents'];
	end if;
	perform set_config('app.language', coalesce(p ->> 'language', ''), true);
	-- Keep the first moment of giving, and of withdrawing, unless the consent or its text changes. What the guardian of a
	-- minor withdrew stays withdrawn.
	insert into public.consents as c (registration_id, person_id, item_id, given_at)
	select p_r.id, p_r.person_id, private.parse_uuid(given.key), case when given.value = 'true' then now() end
	from jsonb_each(v_consents) as given
	on conflict (registration_id, item_id) do update
	set given_at = case
			when c.withdrawn_by_guardian_at is not null and p_r.is_minor then c.given_at
			when excluded.given_at is not null and c.given_at is not null and c.withdrawn_at is null
				and private.is_agreed_text_current(c) then c.given_at
			else coalesce(excluded.given_at, c.given_at) end,
		withdrawn_at = case
			when c.withdrawn_by_guardian_at is not null and p_r.is_minor then c.withdrawn_at
			when excluded.given_at is null and c.given_at is not null then coalesce(c.withdrawn_at, now()) end,
		withdrawn_by_guardian_at = case when p_r.is_minor then c.withdrawn_by_guardian_at end;
	-- Photographs are asked once: who consents to them takes back an earlier wish. A protection stays.
	if p_r.person_id = private.me() and exists (
		select from public.consents as c
		join public.consent_items as i on i.id = c.item_id and i.key = 'photographs'
		where c.registration_id = p_r.id and c.given_at = now() and c.withdrawn_at is null) then
		update public.person_preferences as f set no_photographs = false, updated_at = now()
		where f.person_id = p_r.person_id and f.no_photographs;
	end if;
	if exists (
		select from public.consents as c
		join jsonb_each_text(v_shown) as shown on private.parse_uuid(shown.key) = c.item_id
		where c.registration_id = p_r.id and c.given_at = now() and c.withdrawn_at is null
			and shown.value is distinct from private.agreed_text_fingerprint(c)) then
		return array['reworded'];
	end if;
	return '{}';
end
$$;
