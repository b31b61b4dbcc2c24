-- Recordings after the run: organisers look at them and publish them, and viewers watch the session again.

-- Whether a recording may be shown to its audience at this level of its session: it is published, the level allows it, and
-- everybody in it still agrees.
create function private.is_recording_shown_at(p_recording private.recordings, p_level public.confidentiality)
	returns boolean
language sql stable
return p_recording.state = 'ready'
	and p_recording.published_at is not null
	and p_level in ('public', 'members')
	and private.all_consent_to_recording(p_recording, true);

-- The same at the level in force today.
create function private.is_recording_shown(p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_recording_shown_at(p_recording, private.level_in_force(p_recording.session_id))
$$;

-- Whether the level at which a recording was made lets somebody watch it. One made for members stays theirs when the session
-- is opened to everybody afterwards.
create function private.reads_recording_level(p_person uuid, p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_recording.level = 'public'
		or exists (select from public.registrations as r
			where r.person_id = p_person and r.summit_id = p_recording.summit_id and r.state = 'confirmed')
		or private.enters_by_role(p_person, p_recording.session_id, 'stream')
$$;

-- Whether somebody may watch a recording: the same people as could be there.
create function private.may_watch_recording(p_person uuid, p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select case when private.reads_recording_level(p_person, p_recording) and private.is_recording_shown(p_recording)
		then private.is_file_audience(p_person, p_recording.session_id) else false end
$$;

-- Whether the reader may look at a recording before it is published: programme organisers, at one that is not sealed.
create function private.may_preview_recording(p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_recording.state = 'ready' and private.may_edit_session(p_recording.session_id)
		and private.level_in_force(p_recording.session_id) in ('public', 'members')
		and private.all_consent_to_recording(p_recording, false)
$$;

-- One recording as viewers see it.
create function private.recording_json(p_recording private.recordings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p_recording.id, 'session', p_recording.session_id,
		'recorded_at', private.iso(p_recording.started_at), 'length_ms', p_recording.length_ms,
		'chapters', private.chapters_of(p_recording.id))
$$;

-- The recordings of a session that this reader may watch.
create function public.session_recordings(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(private.recording_json(g) order by g.started_at), '[]')
	from private.recordings as g
	where g.session_id = session and private.may_watch_recording(private.me(), g)
$$;
grant execute on function public.session_recordings(uuid) to anon, authenticated;

-- The published recordings of a Summit that this reader may watch, oldest first: [{id, session, recorded_at, length_ms,
-- languages: of its captions}].
create function public.list_published_recordings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', g.id,
			'session', g.session_id,
			'recorded_at', private.iso(g.started_at),
			'length_ms', g.length_ms,
			'languages', (select coalesce(jsonb_agg(each.language order by each.language), '[]')
				from (select distinct c.language
					from private.caption_lines as c
					where c.run_id = g.run_id and c.is_kept and c.is_final) as each
				where private.has_captions(g, each.language)))
			order by g.started_at, g.id), '[]')
	from private.recordings as g
	where g.summit_id = list_published_recordings.summit
		and g.published_at is not null
		and private.may_watch_recording((select private.me()), g)
$$;
grant execute on function public.list_published_recordings(uuid) to anon, authenticated;

-- {media_type, size, sha256, copy: {media_type, size, sha256} or null, languages: [{language, media_type, size, sha256,
-- is_left_out}]} of the file, of its copy in MP4 and of its interpreted sound, for everybody who may watch it or look at it. Null for an unknown recording and for one that the reader may not see.
-- Who may have the file may have its copy and its interpreted sound, and nobody else.
create function public.open_recording(summit uuid, recording uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('media_type', o.media_type, 'size', o.size, 'sha256', encode(o.sha256, 'hex'),
		'copy', (
			select jsonb_build_object('media_type', k.media_type, 'size', k.size, 'sha256', encode(k.sha256, 'hex'))
			from private.recording_copies as c
			join private.stored_objects as k on k.name = c.object_name and k.state = 'kept'
			where c.recording_id = g.id
		),
		'languages', private.languages_of_recording(g, private.may_preview_recording(g)))
	from private.recordings as g
	join private.stored_objects as o on o.name = g.object_name and o.state = 'kept'
	where g.id = recording and g.summit_id = summit
		and (private.may_watch_recording(private.me(), g) or private.may_preview_recording(g))
$$;
grant execute on function public.open_recording(uuid, uuid) to anon, authenticated;

-- {language: [{starts, ends, words}]} in milliseconds of the file, for everybody who may watch it or look at it; null
-- for everyone else.
create function public.recording_captions(summit uuid, recording uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select jsonb_object_agg(each.language, private.captions_of_recording(g, each.language))
		from (select distinct c.language from private.caption_lines as c
			where c.run_id = g.run_id and c.is_kept and c.is_final) as each
		where private.has_captions(g, each.language)), '{}')
	from private.recordings as g
	where g.id = recording and g.summit_id = summit
		and (private.may_watch_recording(private.me(), g) or private.may_preview_recording(g))
$$;
grant execute on function public.recording_captions(uuid, uuid) to anon, authenticated;

-- Whether a line of a language was said in what the file holds.
create function private.has_captions(p_recording private.recordings, p_language text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.caption_lines as c
		join public.runs on runs.id = c.run_id
		where c.run_id = p_recording.run_id and c.language = p_language and c.is_kept and c.is_final
			and not int4range(c.starts, c.ends, '[]') && (select private.cut_off(p_recording.id, false))
			and private.was_recorded(p_recording.id, runs.started_at + c.starts * interval '1 millisecond'))
$$;

-- Whether something was said while a recording ran, and not in a pause. Captions of its first words may be some seconds
-- early.
create function private.was_recorded(p_recording uuid, p_said timestamptz) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.recording_parts as p
		where p.recording_id = p_recording
			and p.length_ms > 0
			and p_said >= p.started_at - interval '3 seconds'
			and p_said < p.started_at + p.length_ms * interval '1 millisecond')
$$;

-- The lines of captions that are kept, at their positions in the file. What was said in a pause of the recording, or was
-- cut off, is not in it.
create function private.captions_of_recording(p_recording private.recordings, p_language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('starts', placed.at, 'ends', placed.at + c.ends - c.starts,
		'words', c.words) order by placed.at, c.number), '[]')
	from private.caption_lines as c
	join public.runs on runs.id = c.run_id
	cross join lateral (select runs.started_at + c.starts * interval '1 millisecond' as said) as moment
	cross join lateral (select private.position_in_recording(p_recording.id, moment.said) as at) as placed
	where c.run_id = p_recording.run_id and c.language = p_language and c.is_kept and c.is_final
		and placed.at is not null
		and not int4range(c.starts, c.ends, '[]') && (select private.cut_off(p_recording.id, false))
		and private.was_recorded(p_recording.id, moment.said)
$$;

-- The recordings of a Summit, of the sessions that the reader may edit. A sealed recording is listed so that it can be
-- deleted; it names nobody, neither in chapters nor among those who do not want to be seen.
create function public.list_recordings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'state', g.state, 'reason', g.reason,
		'recorded_at', private.iso(g.started_at),
		'length_ms', g.length_ms,
		'is_published', g.published_at is not null,
		'is_shown', private.is_recording_shown(g),
		'may_look', private.may_preview_recording(g),
		'has_file', g.object_name is not null,
		'trim', private.trim_json(g),
		'languages', private.listed_languages(g),
		'chapters', case when g.state = 'sealed' then '[]' else private.chapters_of(g.id) end,
		'code', s.code,
		'title', s.title,
		'without_consent', case when g.state = 'sealed' then '[]' else (
			select coalesce(jsonb_agg(people.display_name order by people.display_name), '[]')
			from private.recording_people as p
			join public.people on people.id = p.person_id
			where p.recording_id = g.id and not private.may_be_recorded(g.run_id, p.person_id, true)) end)
		order by g.started_at desc), '[]')
	from private.recordings as g
	join public.sessions as s on s.id = g.session_id
	where g.summit_id = summit and private.may_edit_session(s.id)
$$;
grant execute on function public.list_recordings(uuid) to authenticated;

-- A recording whose session the reader may edit, locked; null for any other.
create function private.lock_own_recording(p_recording uuid) returns private.recordings
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	select * into v_recording from private.recordings where id = p_recording for update;
	return case when private.may_edit_session(v_recording.session_id) then v_recording end;
end
$$;

-- Publishes a recording to the session's audience, or takes it back. Locks the recording. Answers ok, not_found,
-- refused (the reader may not look at it), consent (somebody in it does not want to be seen), trimming (it is still to be
-- cut), trimmed (what was cut off would be deleted: `drop_rest` says that the caller knows).
create function public.publish_recording(recording uuid, published boolean, drop_rest boolean default false)
	returns public.recording_publication_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.lock_own_recording(recording);
begin
	if v_recording.id is null then return 'not_found'; end if;
	if published and not private.may_preview_recording(v_recording) then return 'refused'; end if;
	if published and not private.all_consent_to_recording(v_recording, true) then return 'consent'; end if;
	if published and private.is_trim_wanted(v_recording.id) then return 'trimming'; end if;
	if published and not coalesce(drop_rest, false) and exists (
		select from private.recording_trims as t
		where t.recording_id = v_recording.id and t.object_name is not null) then
		return 'trimmed';
	end if;
	update private.recordings set published_at = case when published then now() end
	where id = v_recording.id and (published_at is not null) <> published;
	if published then perform private.drop_untrimmed_files(); end if;
	perform private.notify_recording(v_recording);
	return 'ok';
end
$$;
grant execute on function public.publish_recording(uuid, boolean, boolean) to authenticated;

-- Whether nothing of a recording may be deleted: a legal hold is on recordings or on somebody in it, or a case holds it.
create function private.must_keep_recording(p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_class_held('recordings', p_recording.summit_id, now())
		or private.is_recording_held(p_recording.id)
		or private.people_of_recording(p_recording.id) && private.held_people(now())
$$;

-- Deletes a recording and its file. One that is still being made must be stopped first. Answers ok, not_found, refused,
-- held (by a legal hold on recordings or on somebody in it, or by a case).
create function public.delete_recording(recording uuid) returns public.recording_deletion_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.lock_own_recording(recording);
begin
	if v_recording.id is null then return 'not_found'; end if;
	if v_recording.state in ('wanted', 'running', 'paused') then return 'refused'; end if;
	if private.must_keep_recording(v_recording) then return 'held'; end if;
	delete from private.recordings where id = v_recording.id;
	perform private.notify_recording(v_recording);
	return 'ok';
end
$$;
grant execute on function public.delete_recording(uuid) to authenticated;
