-- What people may still do about themselves once a Summit is closed, and what they may no longer do to its rows.

create or replace function private.save_registration(p_registration uuid, p_step integer, p_fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' set plan_cache_mode = force_generic_plan
	set enable_seqscan = off as $$
declare
	v_r public.registrations;
	v_faults text[];
begin
	-- An alias concerns all registrations of a person: lock them all, in the order of ids as everywhere.
	if p_step = 4 then
		perform from public.registrations as r
		where r.person_id in (select private.my_people('registration'))
			and r.person_id = (select own.person_id from public.registrations as own where own.id = p_registration)
		order by r.id
		for no key update;
	end if;
	select * into v_r
	from public.registrations as r
	where r.id = p_registration and r.person_id in (select private.my_people('registration'))
	for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if v_r.state in ('declined', 'withdrawn', 'expired') then
		return jsonb_build_object('status', 'closed', 'version', v_r.version);
	end if;
	if jsonb_typeof(p_fields) is distinct from 'object' or p_step is null or p_step not between 1 and 5 then
		return jsonb_build_object('status', 'invalid', 'version', v_r.version, 'faults', jsonb_build_array('step'));
	end if;
	if p_fields ? 'version' and p_fields ->> 'version' <> v_r.version::text then
		return jsonb_build_object('status', 'conflict', 'version', v_r.version);
	end if;
	if v_r.state <> 'draft' and p_step <= 3 then
		return jsonb_build_object('status', 'locked', 'version', v_r.version);
	end if;
	perform private.set_audit_context(v_r.person_id);
	-- Consents, protection, photographs, needs and the contact are the person's, after the Summit too.
	if v_r.state <> 'draft' then perform private.allow_closed_summits(); end if;
	v_faults := case p_step
		when 1 then private.save_identity_step(v_r, p_fields)
		when 2 then private.save_member_step(v_r, p_fields)
		when 3 then private.save_mode_step(v_r, p_fields)
		when 4 then private.save_needs_step(v_r, p_fields)
		else private.save_consents_step(v_r, p_fields) end;
	if v_faults <> '{}' then
		return jsonb_build_object('status', 'invalid', 'version', v_r.version, 'faults', v_faults);
	end if;
	-- One write for all that a step changes of the row: each leaves an entry in the audit.
	update public.registrations as r
	set version = r.version + 1, updated_at = now(),
		languages = case
			when p_step in (1, 3) then private.given_or_present_languages(p_fields, r.languages)
			else r.languages end,
		is_minor = case
			when p_step = 1 and p_fields -> 'is_minor' in ('true', 'false') then (p_fields ->> 'is_minor')::boolean
			else r.is_minor end,
		mode = case when p_step = 3 then (p_fields ->> 'mode')::public.attendance_mode else r.mode end,
		-- The first page already offers protection, which is part of step 4 but does not complete it.
		form_step = case
			when p_step = 4 and not p_fields ? 'access_needs' then r.form_step
			else greatest(r.form_step, p_step + 1) end,
		-- After sending, the code of conduct can be taken back only by withdrawing.
		code_of_conduct_at = case
			when p_step <> 5 or r.state <> 'draft' then r.code_of_conduct_at
			when p_fields -> 'code_of_conduct' = 'true' then coalesce(r.code_of_conduct_at, now())
			when p_fields -> 'code_of_conduct' = 'false' then null
			else r.code_of_conduct_at end
	where r.id = v_r.id
	returning r.* into v_r;
	perform private.notify_registration(v_r);
	return jsonb_build_object('status', 'ok', 'version', v_r.version);
end
$$;

create or replace function public.withdraw_registration(registration uuid, reason text default '') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_refund bigint;
	v_currency text;
	v_by text;
	v_is_closed boolean;
begin
	select * into v_r from public.registrations as r where r.id = registration;
	v_by := case
		when v_r.person_id in (select private.my_people('registration')) then 'self'
		when v_r.state <> 'draft' and private.is_focal_for(v_r) then 'focal_point'
		when v_r.state <> 'draft' and private.has_role(v_r.summit_id, 'registration') then 'organiser'
	end;
	if v_by is null then return jsonb_build_object('status', 'not_found'); end if;
	perform private.lock_modes(v_r.summit_id);
	select * into v_r from public.registrations as r where r.id = registration for no key update;
	if v_r.state in ('declined', 'withdrawn', 'expired') then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	v_is_closed := private.is_summit_closed(v_r.summit_id);
	if v_by = 'self' then perform private.allow_closed_summits(); end if;
	-- The reason of the person is kept only in their registration, which can be erased; the audit keeps that of others.
	perform private.set_audit_context(v_r.person_id, case when v_by <> 'self' then reason end);
	v_refund := private.refunds_of(v_r.id);
	v_currency := private.registration_currency(v_r);
	v_r := private.leave_summit(v_r.id, 'withdrawn', btrim(coalesce(reason, '')),
		case when v_is_closed then 0 else private.refund_percent(v_r.summit_id) end);
	v_refund := private.refunds_of(v_r.id) - v_refund;
	if v_r.submitted_at is not null then
		perform private.mail_about(v_r, 'registration_withdrawn', jsonb_build_object(
			'by', v_by,
			'reason', btrim(coalesce(reason, '')),
			'refund', v_refund,
			'currency', v_currency));
	end if;
	perform private.serve_queues(v_r.summit_id);
	return jsonb_build_object('status', 'ok', 'refund', v_refund, 'currency', v_currency);
end
$$;

create or replace function public.withdraw_file_version(version uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files := private.lock_editable_file(
		(select v.file_id from private.file_versions as v where v.id = version));
begin
	if v_file.id is null then return 'not_found'; end if;
	-- What is published can be taken down at any time.
	perform private.allow_closed_summits();
	if (private.shown_file_version(v_file.id)).id = version then
		update private.file_versions as v set chosen_at = null where v.file_id = v_file.id and v.chosen_at is not null;
	end if;
	update private.file_versions as v set withdrawn_at = now(), chosen_at = null
		where v.id = version and v.withdrawn_at is null;
	perform private.notify_files_changed(v_file.session_id);
	return 'ok';
end
$$;

create or replace function public.remove_session_file(file uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files := private.lock_editable_file(file);
begin
	if v_file.id is null then return 'not_found'; end if;
	-- What is published can be taken down at any time.
	perform private.allow_closed_summits();
	delete from private.session_files as f where f.id = v_file.id;
	perform private.notify_files_changed(v_file.session_id);
	return 'ok';
end
$$;

create or replace function public.publish_session_file(file uuid, publication public.file_publication)
	returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files := private.lock_editable_file(file);
begin
	if v_file.id is null then return 'not_found'; end if;
	if publication = 'stage' then perform private.allow_closed_summits(); end if;
	update private.session_files as f
		set publication = publish_session_file.publication, level = private.level_in_force(f.session_id)
		where f.id = v_file.id;
	perform private.notify_files_changed(v_file.session_id);
	return 'ok';
end
$$;

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

create or replace function private.summit_column(p_table regclass) returns text
language sql stable set search_path = '' as $$
	select a.attname
	from (values
		(1, 'summit_id', null),
		(2, 'registration_id', 'public.registrations'),
		(3, 'session_id', 'public.sessions'),
		(4, 'run_id', 'public.runs'),
		(5, 'proposal_id', 'private.proposals'),
		(6, 'file_id', 'private.session_files'),
		(7, 'page_id', 'private.pages'),
		(8, 'poll_id', 'private.polls'),
		(9, 'question_id', 'private.session_questions'),
		-- Their sessions are in these.
		(10, 'session_id', 'private.session_places'),
		(11, 'session_id', 'public.release_sessions')) as k (place, name, parent)
	join pg_catalog.pg_attribute as a on a.attrelid = p_table and a.attname = k.name and not a.attisdropped
	where k.parent is null
		or exists (select from pg_catalog.pg_constraint as f
			where f.conrelid = p_table and f.confrelid = k.parent::regclass and a.attnum = any (f.conkey))
	order by k.place
	limit 1
$$;

create function private.is_of_closed_summit(p_column text, p_id uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_summit_closed(case p_column
		when 'summit_id' then p_id
		when 'registration_id' then (select r.summit_id from public.registrations as r where r.id = p_id)
		when 'session_id' then (select s.summit_id from public.sessions as s where s.id = p_id)
		when 'run_id' then (select r.summit_id from public.runs as r where r.id = p_id)
		when 'proposal_id' then (select p.summit_id from private.proposals as p where p.id = p_id)
		when 'file_id' then (select f.summit_id from private.session_files as f where f.id = p_id)
		when 'page_id' then (select p.summit_id from private.pages as p where p.id = p_id)
		when 'poll_id' then (select p.summit_id from private.polls as p where p.id = p_id)
		when 'question_id' then (select q.summit_id from private.session_questions as q where q.id = p_id)
	end)
$$;

create or replace function private.refuse_when_closed() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role', '')
			in ('authenticated', 'anon')
		and coalesce(current_setting('app.closed_summits', true), '') <> 'allowed'
		and (tg_op <> 'INSERT' and private.is_of_closed_summit(tg_argv[0], (to_jsonb(old) ->> tg_argv[0])::uuid)
			or tg_op <> 'DELETE' and private.is_of_closed_summit(tg_argv[0], (to_jsonb(new) ->> tg_argv[0])::uuid)) then
		raise exception 'the Summit is closed' using errcode = 'PT423';
	end if;
	if tg_op = 'DELETE' then return old; end if;
	return new;
end
$$;

insert into private.writable_after_closing (table_name, reason)
values
	('private.announcement_readers', 'Reading: which announcements somebody has read.'),
	('private.pushes', 'Reading: announcements that were sent before.'),
	('private.member_import_rows', 'Reading: what an import would do; doing it is refused by its tables.'),
	('private.schedule_import_rows', 'Reading: what an import would do; doing it is refused by its tables.'),
	('private.booth_seats', 'Booths are for open runs, and an interpreter can always leave one.'),
	('private.booth_messages', 'Booths are for open runs, and an interpreter can always leave one.'),
	('private.booth_heartbeats', 'Booths are for open runs, and an interpreter can always leave one.');
select private.close_with_summit();
