-- The interpreted sound of a recording: what the recorder may record of the booths, the pieces that it sends, and the
-- files that are made of them. LiveKit Egress records the picture and the original only.

-- Whether the voice of an interpreter may be in the recordings of a run: they agreed in their booth, and interpret in
-- the session. Somebody under 18 needs the consent of their guardian too.
create function private.may_record_voice(p_run uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.booth_consents as c where c.run_id = p_run and c.person_id = p_person)
		and exists (
			select from public.runs
			join public.session_people as sp on sp.session_id = runs.session_id and sp.person_id = p_person
				and sp.role = 'interpreter' and sp.state <> 'declined'
			where runs.id = p_run and private.guardian_allows(p_person, runs.session_id, 'record'))
$$;

-- Who is on air in the spoken booths of a run now: the language, the identity and the person, who are null where nobody
-- interprets, and whether they may be recorded.
create function private.list_booth_voices(p_run uuid)
	returns table (language text, identity text, person uuid, is_allowed boolean)
language sql stable security definer set search_path = '' as $$
	select l ->> 'language', p.identity, p.person_id, coalesce(private.may_record_voice(p_run, p.person_id), false)
	from jsonb_array_elements(private.run_languages(p_run)) as l
	left join private.run_participants as p on p.run_id = p_run and p.identity = l ->> 'identity'
	where not (l ->> 'is_signed')::boolean
$$;

-- Whether the booths are recorded with what is recorded at this moment: never in a pause, and not by LiveKit Egress.
create function private.are_booths_recorded(p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_recording_due(p_recording)
		and not exists (select from private.egresses as e where e.recording_id = p_recording.id)
$$;

-- [{language, identity}] of the spoken booths of what is recorded now. The identity of an interpreter who has not agreed
-- is null: the original is recorded instead.
create function private.recorded_booths(p_recording private.recordings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', v.language,
		'identity', case when v.is_allowed then v.identity end) order by v.language), '[]')
	from private.list_booth_voices(p_recording.run_id) as v
	where private.are_booths_recorded(p_recording)
$$;

-- Notes whose voice the recorder is told to record, and where somebody interprets who has not agreed. A voice that goes
-- on is one row.
create function private.note_voices(p_recording private.recordings) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_voice record;
begin
	if p_recording.id is null or not private.are_booths_recorded(p_recording) then return; end if;
	for v_voice in
		select v.* from private.list_booth_voices(p_recording.run_id) as v where v.person is not null
	loop
		insert into private.recording_languages (recording_id, language) values (p_recording.id, v_voice.language)
		on conflict do nothing;
		if not v_voice.is_allowed then
			update private.recording_languages as l set is_refused = true
			where l.recording_id = p_recording.id and l.language = v_voice.language and not l.is_refused;
			continue;
		end if;
		update private.recording_voices as o set ended_at = clock_timestamp()
		where o.person_id = v_voice.person and o.id = (
			select max(n.id) from private.recording_voices as n
			where n.recording_id = p_recording.id and n.language = v_voice.language);
		if not found then
			insert into private.recording_voices (recording_id, language, person_id)
			values (p_recording.id, v_voice.language, v_voice.person);
		end if;
	end loop;
end
$$;

-- A part of the picture begins one of each language that the run is interpreted into.
create function private.begin_recorded_languages(p_recording private.recordings) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.recording_languages (recording_id, language)
	select p_recording.id, v.language
	from private.list_booth_voices(p_recording.run_id) as v
	where private.are_booths_recorded(p_recording)
	on conflict do nothing
$$;

-- Stores a piece of a language whose bytes are in the store; `p_starts`: when in the part its first piece begins, in
-- milliseconds. Locks the recording against sealing, and the language. Answers ok, already (it came twice), gap (a piece
-- before it is missing), over.
create function private.add_language_chunk(p_hash bytea, p_part integer, p_language text, p_number integer,
	p_starts integer, p_object text, p_now timestamptz default now()) returns private.recording_chunk_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.find_recording_by_key(p_hash);
	v_last integer;
begin
	select * into v_recording from private.recordings where id = v_recording.id for share;
	if not found or v_recording.state not in ('wanted', 'running', 'paused', 'stopped')
		or not exists (select from private.recording_parts as p
			where p.recording_id = v_recording.id and p.number = p_part
				and (p.ended_at is null or p.ended_at > p_now - interval '20 seconds')) then
		return 'over';
	end if;
	insert into private.recording_languages (recording_id, language)
	select v_recording.id, b.language from private.booths as b
	where b.run_id = v_recording.run_id and b.language = p_language and not b.is_signed
	on conflict do nothing;
	perform from private.recording_languages as l
	where l.recording_id = v_recording.id and l.language = p_language
	for update;
	if not found then return 'over'; end if;
	select coalesce(max(c.number), 0) into v_last from private.recording_language_chunks as c
	where c.recording_id = v_recording.id and c.part = p_part and c.language = p_language;
	if p_number <= v_last then return 'already'; end if;
	if p_number > v_last + 1 then return 'gap'; end if;
	if not private.mark_object_used(p_object) then return 'over'; end if;
	insert into private.recording_language_chunks (recording_id, part, language, number, starts_ms, object_name)
	values (v_recording.id, p_part, p_language, p_number, p_starts, p_object);
	return 'ok';
end
$$;
grant execute on function private.add_language_chunk(bytea, integer, text, integer, integer, text, timestamptz)
	to app_server;

-- Whether a key may send now; asked before the bytes of a piece are read.
create function private.is_recorder_key(p_hash bytea) returns boolean
language sql stable security definer set search_path = '' as $$
	select (private.find_recording_by_key(p_hash)).id is not null
$$;
grant execute on function private.is_recorder_key(bytea) to app_server;

create trigger mark_object_deletable after delete on private.recording_language_chunks for each row
	execute function private.mark_row_object_deletable();

create function private.mark_language_files_deletable() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.mark_objects_deletable(old.object_name, old.whole_object_name);
	return null;
end
$$;
create trigger mark_objects_deletable after delete on private.recording_languages for each row
	execute function private.mark_language_files_deletable();
