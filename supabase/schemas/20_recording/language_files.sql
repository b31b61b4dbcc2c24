-- The files of the languages of a recording: made of its pieces once the picture is there, made again without a voice that
-- was withdrawn, cut with the picture, and given to those who may have the picture.

-- Whether somebody's voice is in the sound of a language who does not agree any more: nobody gets it until it is taken out.
create function private.has_withdrawn_voice(p_recording uuid, p_language text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.recording_voices as v
		join private.recordings as g on g.id = v.recording_id
		where v.recording_id = p_recording and v.language = p_language
			and not private.may_record_voice(g.run_id, v.person_id))
$$;

-- Whether somebody interprets in the sound of a language who may be recorded: without a voice it would be the original.
create function private.has_recorded_voice(p_recording private.recordings, p_language text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.recording_voices as v
		where v.recording_id = p_recording.id and v.language = p_language
			and private.may_record_voice(p_recording.run_id, v.person_id))
$$;

-- Whether the pieces of a language wait to be made into its file.
create function private.is_language_due(p_language private.recording_languages) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_language.attempts < 3 and exists (
		select from private.recording_language_chunks as c
		where c.recording_id = p_language.recording_id and c.language = p_language.language)
$$;

-- Whether a process makes a file of a language, or is to make one of its pieces: the recording is cut after that.
create function private.has_language_work(p_recording uuid, p_now timestamptz) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.recording_languages as l
		where l.recording_id = p_recording
			and (private.is_language_due(l) or l.held_by is not null and l.held_until > p_now))
$$;

-- The voices that are to be taken out of a language, in milliseconds of everything that was recorded. The recorder learns
-- with a delay of up to some seconds who is on air.
create function private.list_leaving_voices(p_recording uuid, p_language text)
	returns table (from_ms integer, until_ms integer)
language sql stable security definer set search_path = '' as $$
	with parts as (
		select p.started_at, p.length_ms, coalesce(sum(p.length_ms) over (
			order by p.number rows between unbounded preceding and 1 preceding), 0)::integer as before
		from private.recording_parts as p
		where p.recording_id = p_recording and p.length_ms > 0
	), spans as (
		select v.started_at - interval '2 seconds' as starts, v.ended_at + interval '8 seconds' as ends
		from private.recording_voices as v
		where v.recording_id = p_recording and v.language = p_language and v.is_leaving
	)
	select p.before + greatest(0, (extract(epoch from s.starts - p.started_at) * 1000)::integer),
		p.before + least(p.length_ms, (extract(epoch from s.ends - p.started_at) * 1000)::integer)
	from spans as s
	join parts as p on s.ends > p.started_at
		and s.starts < p.started_at + p.length_ms * interval '1 millisecond'
	order by 1
$$;
grant execute on function private.list_leaving_voices(uuid, text) to app_server;

-- Deletes the pieces of languages in which nobody interpreted who may be recorded: such a file would be the original. A
-- voice that was withdrawn is kept while nothing of the recording may be deleted.
create function private.drop_silent_languages() returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.recording_language_chunks as c
	using private.recordings as g
	where g.id = c.recording_id and g.state = 'ready' and not exists (
		select from private.recording_voices as v
		where v.recording_id = c.recording_id and v.language = c.language
			and (private.may_record_voice(g.run_id, v.person_id) or private.must_keep_recording(g)))
$$;

-- Deletes the files of languages whose last voice was withdrawn. While nothing of the recording may be deleted they are kept,
-- and nobody hears them. Only for these are holds looked up, because this runs every few seconds. Locks the recordings
-- first, as sealing does.
create function private.drop_voiceless_languages(p_now timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
	v_language private.recording_languages;
begin
	for v_recording in
		select g.* from private.recordings as g
		where g.state = 'ready' and exists (
			select from private.recording_languages as l
			where l.recording_id = g.id and coalesce(l.object_name, l.whole_object_name) is not null
				and not private.has_recorded_voice(g, l.language))
	loop
		continue when private.must_keep_recording(v_recording);
		perform from private.recordings as g
		where g.id = v_recording.id and g.state = 'ready' and not private.is_trim_wanted(g.id)
		for update skip locked;
		continue when not found;
		for v_language in
			select l.* from private.recording_languages as l
			where l.recording_id = v_recording.id and coalesce(l.object_name, l.whole_object_name) is not null
				and l.held_until <= p_now and not private.has_recorded_voice(v_recording, l.language)
			for update
		loop
			-- Voices that went with a deleted person were not refused.
			update private.recording_languages as l set object_name = null, whole_object_name = null,
				is_refused = l.is_refused or exists (select from private.recording_voices as v
					where v.recording_id = l.recording_id and v.language = l.language)
			where l.recording_id = v_language.recording_id and l.language = v_language.language;
			perform private.mark_objects_deletable(v_language.object_name, v_language.whole_object_name);
			delete from private.recording_voices as v
			where v.recording_id = v_language.recording_id and v.language = v_language.language;
			perform private.notify_recording(v_recording);
		end loop;
	end loop;
end
$$;

-- Gives one language to a process whose file is to be made of its pieces, or made again without a voice: {recording,
-- language, is_new}, or no row. While the picture is to be cut nothing is made again. While nothing of the recording may be
-- deleted, a file is made with the voices that were withdrawn, which nobody hears, and none is made again. One whose process
-- died is given to the next; three tries are enough. Locks the recording first, as sealing does.
create function private.claim_recording_language(p_process text, p_now timestamptz default now())
	returns table (recording uuid, language text, is_new boolean)
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.drop_silent_languages();
	perform private.drop_voiceless_languages(p_now);
	select g.id, l.language, private.is_language_due(l) into recording, language, is_new
	from private.recordings as g
	join private.recording_languages as l on l.recording_id = g.id
	where g.state = 'ready' and l.attempts < 3 and l.held_until <= p_now
		and (private.is_language_due(l)
			or coalesce(l.object_name, l.whole_object_name) is not null
				and private.has_withdrawn_voice(g.id, l.language) and private.has_recorded_voice(g, l.language)
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
grant execute on function private.claim_recording_language(text, timestamptz) to app_server;

-- The pieces of a language in order: the part, where it begins in everything that was recorded and how long it is, when in
-- it the first piece begins, all in milliseconds, and the object.
create function private.list_language_chunks(p_recording uuid, p_language text)
	returns table (part integer, before_ms integer, length_ms integer, starts_ms integer, object text)
language sql stable security definer set search_path = '' as $$
	select p.number, p.before, p.length_ms,
		first_value(c.starts_ms) over (partition by p.number order by c.number), c.object_name
	from (
		select o.number, o.length_ms, coalesce(sum(o.length_ms) over (
			order by o.number rows between unbounded preceding and 1 preceding), 0)::integer as before
		from private.recording_parts as o
		where o.recording_id = p_recording and o.length_ms > 0) as p
	join private.recording_language_chunks as c on c.recording_id = p_recording and c.part = p.number
		and c.language = p_language
	order by p.number, c.number
$$;
grant execute on function private.list_language_chunks(uuid, text) to app_server;

-- The pictures of a recording with the sound of a language: the file, and the whole one where it is trimmed. `sound` is null
-- where there is none yet; `starts_ms` is where the file begins in everything that was recorded.
create function private.list_language_files(p_recording uuid, p_language text)
	returns table (is_whole boolean, picture text, sound text, starts_ms integer)
language sql stable security definer set search_path = '' as $$
	select false, g.object_name, l.object_name, coalesce(t.starts_ms, 0)
	from private.recordings as g
	join private.recording_languages as l on l.recording_id = g.id and l.language = p_language
	left join private.recording_trims as t on t.recording_id = g.id
	where g.id = p_recording
	union all
	select true, t.object_name, l.whole_object_name, t.whole_starts_ms
	from private.recording_trims as t
	join private.recording_languages as l on l.recording_id = t.recording_id and l.language = p_language
	where t.recording_id = p_recording and t.object_name is not null and l.whole_object_name is not null
$$;
grant execute on function private.list_language_files(uuid, text) to app_server;

-- The process still works on it. False when another process makes it.
create function private.hold_recording_language(p_recording uuid, p_language text, p_process text,
	p_now timestamptz default now()) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.recording_languages as l set held_until = p_now + interval '2 minutes'
	where l.recording_id = p_recording and l.language = p_language and l.held_by = p_process
		and exists (select from private.recordings as g where g.id = p_recording and g.state = 'ready');
	return found;
end
$$;
grant execute on function private.hold_recording_language(uuid, text, text, timestamptz) to app_server;

-- The sound of a language is in the store, without the voices that were leaving: `p_object`, and `p_whole` where the
-- recording is trimmed. `p_missing`: for how long nothing came, or null when it was made again. False when it must not be
-- kept: the recording was sealed, deleted or cut meanwhile, a voice that was leaving is held, or another process makes it.
-- Locks the recording first, as sealing does.
create function private.finish_recording_language(p_recording uuid, p_language text, p_process text, p_object text,
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
grant execute on function private.finish_recording_language(uuid, text, text, text, text, integer) to app_server;

-- This try failed; the next is five minutes later, and after the third there is none. One that ended with its process does
-- not count, and the next process begins at once.
create function private.fail_recording_language(
	p_recording uuid, p_language text, p_process text, p_reason text, p_now timestamptz default now()
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.recording_languages as l set
		held_by = null,
		reason = p_reason,
		attempts = l.attempts - case when p_reason = 'interrupted' then 1 else 0 end,
		held_until = case when p_reason = 'interrupted' or l.attempts >= 3 then '-infinity'
			else p_now + interval '5 minutes' end
	where l.recording_id = p_recording and l.language = p_language and l.held_by = p_process;
	if found then
		perform private.notify_recording(g) from private.recordings as g where g.id = p_recording;
	end if;
end
$$;
grant execute on function private.fail_recording_language(uuid, text, text, text, timestamptz) to app_server;

-- The languages of a recording that are cut with it.
create function private.list_languages_to_cut(p_recording uuid) returns table (language text, object text)
language sql stable security definer set search_path = '' as $$
	select l.language, l.object_name from private.recording_languages as l
	where l.recording_id = p_recording and l.object_name is not null
	order by l.language
$$;
grant execute on function private.list_languages_to_cut(uuid) to app_server;

-- The picture was cut: `p_cut` has the shorter file of each language. One that could not be cut has none until the trim is
-- undone. The caller has locked the recording.
create function private.cut_languages(p_recording uuid, p_cut jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	update private.recording_languages as l
	set whole_object_name = l.object_name,
		object_name = case when private.mark_object_used(p_cut ->> l.language) then p_cut ->> l.language end
	where l.recording_id = p_recording and l.object_name is not null
$$;

-- The trim of the picture was undone. The caller has locked the recording.
create function private.restore_languages(p_recording uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.mark_objects_deletable(l.object_name) from private.recording_languages as l
	where l.recording_id = p_recording and l.whole_object_name is not null and l.object_name is not null;
	update private.recording_languages as l set object_name = l.whole_object_name, whole_object_name = null
	where l.recording_id = p_recording and l.whole_object_name is not null;
end
$$;

-- What was cut off is deleted for ever. The caller has locked the trim.
create function private.drop_whole_languages(p_recording uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.mark_objects_deletable(l.whole_object_name) from private.recording_languages as l
	where l.recording_id = p_recording and l.whole_object_name is not null;
	update private.recording_languages as l set whole_object_name = null
	where l.recording_id = p_recording and l.whole_object_name is not null;
end
$$;

-- [{language, media_type, size, sha256, is_left_out}] of a recording, for those who may have its picture; what organisers
-- leave out is for those alone who look at it before it is published. A language without a voice is none.
create function private.languages_of_recording(p_recording private.recordings, p_previews boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', l.language, 'media_type', o.media_type, 'size', o.size,
		'sha256', encode(o.sha256, 'hex'), 'is_left_out', l.is_left_out) order by l.language), '[]')
	from private.recording_languages as l
	join private.stored_objects as o on o.name = l.object_name and o.state = 'kept'
	where l.recording_id = p_recording.id and (p_previews or not l.is_left_out)
		and not private.has_withdrawn_voice(p_recording.id, l.language)
		and private.has_recorded_voice(p_recording, l.language)
$$;

-- The stored object of a language. The caller has asked `public.open_recording` who may have it.
create function private.object_of_recording_language(p_recording uuid, p_language text) returns text
language sql stable security definer set search_path = '' as $$
	select l.object_name from private.recording_languages as l
	where l.recording_id = p_recording and l.language = p_language
$$;
grant execute on function private.object_of_recording_language(uuid, text) to app_server;

-- [{language, state, missing_ms, is_refused, is_left_out}] of the languages that a recording was interpreted into, for
-- organisers. recording: it is not over. waiting: its file is being made. ready. leaving: a voice that was withdrawn is
-- being taken out. refused: nobody who interpreted agrees. silent: nobody interpreted. failed: it has no file.
create function private.listed_languages(p_recording private.recordings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', l.language,
		'state', case
			when p_recording.state in ('wanted', 'running', 'paused') then 'recording'
			when p_recording.state = 'stopped' or private.is_language_due(l) then 'waiting'
			when l.object_name is not null and private.has_withdrawn_voice(p_recording.id, l.language) then 'leaving'
			when l.object_name is not null and private.has_recorded_voice(p_recording, l.language) then 'ready'
			when private.has_recorded_voice(p_recording, l.language) then 'failed'
			when l.is_refused or exists (select from private.recording_voices as v
				where v.recording_id = l.recording_id and v.language = l.language) then 'refused'
			else 'silent' end,
		'missing_ms', l.missing_ms, 'is_refused', l.is_refused, 'is_left_out', l.is_left_out)
		order by l.language), '[]')
	from private.recording_languages as l
	where l.recording_id = p_recording.id and p_recording.state not in ('sealed', 'failed')
$$;

-- Leaves a language out of a recording, before or after it is published, or puts it in again. For those who may edit the
-- session. Answers ok, already, not_found.
create function public.leave_out_language(recording uuid, language text, is_left_out boolean)
	returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.lock_own_recording(recording);
begin
	if v_recording.id is null or leave_out_language.is_left_out is null
		or not exists (select from private.recording_languages as l
			where l.recording_id = v_recording.id and l.language = leave_out_language.language) then
		return 'not_found';
	end if;
	update private.recording_languages as l set is_left_out = leave_out_language.is_left_out
	where l.recording_id = v_recording.id and l.language = leave_out_language.language
		and l.is_left_out <> leave_out_language.is_left_out;
	if not found then return 'already'; end if;
	perform private.notify_recording(v_recording);
	return 'ok';
end
$$;
grant execute on function public.leave_out_language(uuid, text, boolean) to authenticated;
