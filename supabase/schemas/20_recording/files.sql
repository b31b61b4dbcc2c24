-- Recordings after the run: a look by organisers, publishing, and who may watch again.

-- Everybody in it still agrees to others seeing it.
create function private.all_agree_to(p_recording private.recordings, p_publish boolean) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (select from private.recording_people as p
		where p.recording_id = p_recording.id
			and not private.may_be_recorded(p_recording.run_id, p.person_id, p_publish))
$$;

-- Whether a recording may be shown to its audience: the stricter of what was in force then and is now.
create function private.is_shown(p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_recording.state = 'ready' and p_recording.published_at is not null
		and private.level_in_force(p_recording.session_id) in ('public', 'members')
			and private.all_agree_to(p_recording, true)
$$;

-- The same people as could be there. What was made for members stays theirs when the session is opened to everybody
-- afterwards.
create function private.may_watch_again(p_person uuid, p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_shown(p_recording) and private.is_file_audience(p_person, p_recording.session_id)
		and (p_recording.level = 'public'
			or exists (select from public.registrations as r
				where r.person_id = p_person and r.summit_id = p_recording.summit_id and r.state = 'confirmed')
			or private.enters_by_role(p_person, p_recording.session_id, 'stream'))
$$;

-- Organisers of the programme look at what is not sealed, before they publish it.
create function private.may_look_at(p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_recording.state = 'ready' and private.may_edit_session(p_recording.session_id)
		and private.level_in_force(p_recording.session_id) in ('public', 'members')
			and private.all_agree_to(p_recording, false)
$$;

-- Where a moment lies in the file, in milliseconds; what fell into a break is where it goes on. Null after the end.
create function private.position_in_recording(p_recording uuid, p_at timestamptz) returns integer
language sql stable security definer set search_path = '' as $$
	select min(before + greatest(0, (extract(epoch from p_at - started_at) * 1000)::integer))
	from (select started_at, length_ms, coalesce(sum(length_ms) over (order by number rows
		between unbounded preceding and 1 preceding), 0)::integer as before
		from private.recording_parts where recording_id = p_recording and length_ms > 0) as parts
	where p_at < started_at + length_ms * interval '1 millisecond'
$$;

--[was in recording_files] [{at (milliseconds), kind: began | on_stage | slide, name, page}]. Where several fall together the last one says what is to be seen.
--[patch guardian_stage] Those under 18 on stage: their guardian says whether they may be called there from the floor, and whether they may be recorded. Until
--[patch guardian_stage] the guardian has said so they are not called and not recorded, whatever they say themselves; from the floor they are named nowhere.
-- What a recording is divided by, as far as it lies in it. Names are those of this moment.
create function private.chapters_of(p_recording uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with placed as (
		select distinct on (place.at) place.at, k.kind,
			case when not private.is_unnamed_on(people.id, g.session_id) then people.display_name end as name, k.page
		from private.recording_marks as k
		join private.recordings as g on g.id = k.recording_id
		cross join lateral (select private.position_in_recording(p_recording, k.at) / 1000 * 1000 as at) as place
		left join public.people on people.id = k.person_id
		where k.recording_id = p_recording and place.at is not null
		order by place.at, k.kind = 'began', k.id desc
	), followed as (
		select placed.*, kind = lag(kind) over earlier and name is not distinct
			from lag(name) over earlier and page is not distinct from lag(page) over earlier as is_same
		from placed window earlier as (order by at)
	)
	-- Who left the stage for a moment and came again is named once, and so is a page that was turned back to at once.
	select coalesce(jsonb_agg(jsonb_build_object('at', at, 'kind', kind, 'name', name, 'page', page) order by at), '[]')
		from followed
	where kind = 'began' or not coalesce(is_same, false)
$$;

create function private.recording_json(p_recording private.recordings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p_recording.id, 'session', p_recording.session_id, 'recorded_at',
		private.iso(p_recording.started_at),
		'length_ms', p_recording.length_ms, 'chapters', private.chapters_of(p_recording.id))
$$;

-- What of a session may be watched again, by this reader.
create function public.session_recordings(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(private.recording_json(g) order by g.started_at), '[]')
	from private.recordings as g where g.session_id = session and private.may_watch_again(private.me(), g)
$$;
grant execute on function public.session_recordings(uuid) to anon, authenticated;

-- The bytes, for whoever may watch it or look at it: {recording, media_type, size, sha256}. Null for unknown and unseen
-- alike.
create function public.open_recording(summit uuid, recording uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('recording', g.id, 'media_type', o.media_type, 'size', o.size, 'sha256',
		encode(o.sha256, 'hex'))
	from private.recordings as g join private.stored_objects as o on o.name = g.object_name and o.state = 'kept'
	where g.id = recording and g.summit_id = summit
		and (private.may_watch_again(private.me(), g) or private.may_look_at(g))
$$;
grant execute on function public.open_recording(uuid, uuid) to anon, authenticated;

create function private.object_of_recording(p_recording uuid) returns text
language sql stable security definer set search_path = '' as $$
	select g.object_name from private.recordings as g where g.id = p_recording
$$;
grant execute on function private.object_of_recording(uuid) to app_server;

--[was in recording_files] For organisers of the programme: all of a Summit, of sessions that they see. Sealed ones are named so that they can be deleted.
--[patch forgotten_consents] Where nobody is named, nothing is left that says who spoke from the floor: not their consent to be recorded, which has no use there any
--[patch forgotten_consents] more, and not the names in what the list of recordings tells of one that was sealed.
-- Recordings of a Summit as whoever edits their sessions sees them; of one that is sealed, nobody's name.
create function public.list_recordings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'state', g.state, 'reason', g.reason, 'level', g.level,
		'recorded_at', private.iso(g.started_at),
			'length_ms', g.length_ms, 'is_published', g.published_at is not null, 'is_shown', private.is_shown(g),
				'may_look', private.may_look_at(g),
			'has_file', g.object_name is not null, 'chapters',
				case when g.state = 'sealed' then '[]' else private.chapters_of(g.id) end,
			'code', s.code, 'title', s.title, 'current_level', private.level_in_force(s.id),
			'unwilling', case when g.state = 'sealed' then '[]' else (select coalesce(jsonb_agg(people.display_name
				order by people.display_name), '[]') from private.recording_people as p
				join public.people on people.id = p.person_id
				where p.recording_id = g.id and not private.may_be_recorded(g.run_id, p.person_id, true)) end)
					order by g.started_at desc), '[]')
	from private.recordings as g join public.sessions as s on s.id = g.session_id
	where g.summit_id = summit and private.may_edit_session(s.id)
$$;
grant execute on function public.list_recordings(uuid) to authenticated;

create function private.own_recording(p_recording uuid) returns private.recordings
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	select * into v_recording from private.recordings where id = p_recording for update;
	return case when private.may_edit_session(v_recording.session_id) then v_recording end;
end
$$;

-- Shows it to the session's audience, or to nobody. Answers ok, not_found, consent (somebody does not want to be seen),
-- refused.
create function public.publish_recording(recording uuid, published boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.own_recording(recording);
begin
	if v_recording.id is null then return 'not_found'; end if;
	if published and not private.may_look_at(v_recording) then return 'refused'; end if;
	if published and not private.all_agree_to(v_recording, true) then return 'consent'; end if;
	update private.recordings set published_at = case when published then now() end
		where id = v_recording.id and (published_at is not null) <> published;
	perform private.tell_recording(v_recording);
	return 'ok';
end
$$;
grant execute on function public.publish_recording(uuid, boolean) to authenticated;

-- For good, file and all. What is still being made is stopped first. Answers ok, not_found, refused.
create function public.delete_recording(recording uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.own_recording(recording);
begin
	if v_recording.id is null then return 'not_found'; end if;
	if v_recording.state in ('wanted', 'running', 'paused') then return 'refused'; end if;
	delete from private.recordings where id = v_recording.id;
	perform private.tell_recording(v_recording);
	return 'ok';
end
$$;
grant execute on function public.delete_recording(uuid) to authenticated;

-- Captions under a recording: the lines that may be kept, where they lie in its file.

create function private.captions_of_recording(p_recording private.recordings, p_language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('starts', placed.at, 'ends', placed.at + c.ends - c.starts, 'words',
		c.words) order by placed.at, c.number), '[]')
	from private.caption_lines as c
	join public.runs on runs.id = c.run_id
	cross join lateral (select runs.started_at + c.starts * interval '1 millisecond' as said) as moment
	cross join lateral (select private.position_in_recording(p_recording.id, moment.said) as at) as placed
	where c.run_id = p_recording.run_id and c.language = p_language and c.is_kept and c.is_final
		and placed.at is not null
		-- What was said in a pause of the recording is not in it.
		and exists (select from private.recording_parts as p where p.recording_id = p_recording.id
			and moment.said >= p.started_at - interval '3 seconds'
				and moment.said < p.started_at + p.length_ms * interval '1 millisecond')
$$;

-- {language: [{starts, ends, words}]} in milliseconds of the file, for whoever may watch it or look at it; null for
-- others.
create function public.recording_captions(summit uuid, recording uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((select jsonb_object_agg(each.language, private.captions_of_recording(g, each.language))
		from (select distinct c.language from private.caption_lines as c
			where c.run_id = g.run_id and c.is_kept) as each), '{}')
	from private.recordings as g
	where g.id = recording and g.summit_id = summit
		and (private.may_watch_again(private.me(), g) or private.may_look_at(g))
$$;
grant execute on function public.recording_captions(uuid, uuid) to anon, authenticated;
