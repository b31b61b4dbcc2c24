-- A voice that was withdrawn before the file of a language is made is kept while nothing of the recording may be deleted.

-- Deletes the pieces of languages in which nobody interpreted who may be recorded: such a file would be the original. A
-- voice that was withdrawn is kept while nothing of the recording may be deleted.
create or replace function private.drop_silent_languages() returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.recording_language_chunks as c
	using private.recordings as g
	where g.id = c.recording_id and g.state = 'ready' and not exists (
		select from private.recording_voices as v
		where v.recording_id = c.recording_id and v.language = c.language
			and (private.may_record_voice(g.run_id, v.person_id) or private.must_keep_recording(g)))
$$;

-- Gives one language to a process whose file is to be made of its pieces, or made again without a voice: {recording,
-- language, is_new}, or no row. While the picture is to be cut nothing is made again. While nothing of the recording may be
-- deleted, a file is made with the voices that were withdrawn, which nobody hears, and none is made again. One whose process
-- died is given to the next; three tries are enough. Locks the recording first, as sealing does.
create or replace function private.claim_recording_language(p_process text, p_now timestamptz default now())
	returns table (recording uuid, language text, is_new boolean)
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.drop_silent_languages();
	select g.id, l.language, private.is_language_due(l) into recording, language, is_new
	from private.recordings as g
	join private.recording_languages as l on l.recording_id = g.id
	where g.state = 'ready' and l.attempts < 3 and l.held_until <= p_now
		and (private.is_language_due(l)
			or coalesce(l.object_name, l.whole_object_name) is not null
				and private.has_withdrawn_voice(g.id, l.language)
				and not private.is_trim_wanted(g.id) and not private.must_keep_recording(g))
	order by g.started_at, l.language
	limit 1
	for update of g skip locked;
	if not found then return; end if;
	update private.recording_languages as l set
		held_by = p_process,
		held_until = p_now + interval '2 minutes',
		attempts = l.attempts + 1,
		reason = 'interrupted'
	where l.recording_id = recording and l.language = claim_recording_language.language
		and l.attempts < 3 and l.held_until <= p_now;
	-- Nothing, when another process took it since this statement began.
	if not found then return; end if;
	update private.recording_voices as v
	set is_leaving = not private.may_record_voice(g.run_id, v.person_id) and not private.must_keep_recording(g)
	from private.recordings as g
	where g.id = recording and v.recording_id = recording and v.language = claim_recording_language.language;
	return next;
end
$$;

-- The sound of a language is in the store, without the voices that were leaving: `p_object`, and `p_whole` where the
-- recording is trimmed. `p_missing`: for how long nothing came, or null when it was made again. False when it must not be
-- kept: the recording was sealed, deleted or cut meanwhile, a voice that was leaving is held, or another process makes it.
-- Locks the recording first, as sealing does.
create or replace function private.finish_recording_language(p_recording uuid, p_language text, p_process text, p_object text,
	p_whole text, p_missing integer) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
	v_language private.recording_languages;
begin
	select * into v_recording from private.recordings where id = p_recording and state = 'ready' for update;
	if not found then return false; end if;
	select * into v_language from private.recording_languages as l
	where l.recording_id = p_recording and l.language = p_language and l.held_by = p_process
	for update;
	if not found
		or private.must_keep_recording(v_recording) and exists (select from private.recording_voices as v
			where v.recording_id = p_recording and v.language = p_language and v.is_leaving)
		or p_missing is null and (v_language.object_name is null) <> (p_object is null)
		or (v_language.whole_object_name is null) <> (p_whole is null) then
		return false;
	end if;
	if p_object is not null and not private.mark_object_used(p_object)
		or p_whole is not null and not private.mark_object_used(p_whole) then
		return false;
	end if;
	update private.recording_languages as l set object_name = p_object, whole_object_name = p_whole,
		missing_ms = coalesce(p_missing, l.missing_ms), held_by = null, held_until = '-infinity', attempts = 0, reason = ''
	where l.recording_id = p_recording and l.language = p_language;
	perform private.mark_objects_deletable(v_language.object_name, v_language.whole_object_name);
	delete from private.recording_language_chunks as c
	where c.recording_id = p_recording and c.language = p_language;
	delete from private.recording_voices as v
	where v.recording_id = p_recording and v.language = p_language and v.is_leaving;
	perform private.notify_recording(v_recording);
	return true;
end
$$;
