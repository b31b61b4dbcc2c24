-- What a legal hold kept of captions is deleted when it ends; holds are looked up for what waits to be deleted alone; and
-- messages of booths of meetings have a period.

set check_function_bodies = off;

create index caption_lines_left_out on private.caption_lines (run_id) where not is_kept;

-- Deletes the lines of runs that have ended which a hold kept and nobody reads, and who was on stage where no line is
-- left, once nothing keeps them any more. Locks the runs first, as a raised level does.
create function private.drop_held_captions() returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
begin
	for v_run in
		select runs.* from public.runs
		where runs.state = 'ended'
			and (runs.id in (select c.run_id from private.caption_lines as c where not c.is_kept)
				or runs.level in ('chatham_house', 'closed')
					and exists (select from private.caption_people as p where p.run_id = runs.id))
	loop
		continue when private.must_keep_transcript(v_run);
		perform from public.runs where runs.id = v_run.id for update skip locked;
		continue when not found;
		delete from private.caption_lines as c where c.run_id = v_run.id and not c.is_kept;
		delete from private.caption_people as p
		where p.run_id = v_run.id
			and not exists (select from private.caption_lines as c where c.run_id = v_run.id);
	end loop;
end
$$;

-- The recordings that wait to be made into a file, for one process at a time. The last piece has eight seconds to come. Also
-- deletes pieces of recordings, and lines of captions, that are kept for no hold any more.
create or replace function private.claim_recordings_to_finish(p_process text, p_now timestamptz default now()) returns setof uuid
language sql volatile security definer set search_path = '' as $$
	select private.drop_sealed_pieces();
	select private.drop_held_captions();
	update private.recorders as r set held_by = p_process, held_until = p_now + interval '30 minutes'
	from private.recordings as g
	where g.id = r.recording_id and g.state = 'stopped' and g.stopped_at < p_now - interval '8 seconds'
		and r.held_until < p_now
		and exists (select from private.recording_chunks as c where c.recording_id = g.id)
	returning g.id
$$;

-- Deletes the files of languages whose last voice was withdrawn. While nothing of the recording may be deleted they are kept,
-- and nobody hears them. Only for these are holds looked up, because this runs every few seconds. Locks the recordings
-- first, as sealing does.
create or replace function private.drop_voiceless_languages(p_now timestamptz) returns void
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

-- Deletes the pieces of recordings, and of their languages, that are sealed or have failed: they never become files. While
-- nothing of such a recording may be deleted they are kept, and are deleted when the hold ends. Of one recording, or (null)
-- of all.
create or replace function private.drop_sealed_pieces(p_recording uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	for v_recording in
		select g.* from private.recordings as g
		where g.state in ('sealed', 'failed') and g.id = coalesce(p_recording, g.id)
			and (exists (select from private.recording_chunks as c where c.recording_id = g.id)
				or exists (select from private.recording_language_chunks as c where c.recording_id = g.id))
	loop
		continue when private.must_keep_recording(v_recording);
		delete from private.recording_chunks as c where c.recording_id = v_recording.id;
		delete from private.recording_language_chunks as c where c.recording_id = v_recording.id;
	end loop;
end
$$;

-- A message of the booth of a meeting, which belongs to no Summit, goes as other messages of its room do, should the room
-- not have been closed.
create function private.is_meeting_line_due(p_line private.booth_messages, p_now timestamptz) returns boolean
language sql stable as $$
	select p_line.room_id is not null
		and p_line.said_at <= p_now - make_interval(days => private.retention_days('unfinished', null, p_now))
$$;

update private.retention_rules set or_if = 'private.is_meeting_line_due(t, $2)' where table_name = 'private.booth_messages';

reset check_function_bodies;
