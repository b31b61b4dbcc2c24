-- Recordings after the run: a look by organisers, publishing, and who may watch again.

-- Everybody in it still agrees to others seeing it.
create function private.all_agree_to(p_recording private.recordings, p_publish boolean) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (select from private.recording_people as p
		where p.recording_id = p_recording.id and not private.may_be_recorded(p_recording.run_id, p.person_id, p_publish))
$$;

-- Whether a recording may be shown to its audience: the stricter of what was in force then and is now.
create function private.is_shown(p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_recording.state = 'ready' and p_recording.published_at is not null
		and private.level_in_force(p_recording.session_id) in ('public', 'members') and private.all_agree_to(p_recording, true)
$$;

-- The same people as could be there. What was made for members stays theirs when the session is opened to everybody afterwards.
create function private.may_watch_again(p_person uuid, p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_shown(p_recording) and private.is_file_audience(p_person, p_recording.session_id)
		and (p_recording.level = 'public'
			or exists (select from public.registrations as r where r.person_id = p_person and r.summit_id = p_recording.summit_id and r.state = 'confirmed')
			or private.enters_by_role(p_person, p_recording.session_id, 'stream'))
$$;

-- Organisers of the programme look at what is not sealed, before they publish it.
create function private.may_look_at(p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_recording.state = 'ready' and private.may_edit_session(p_recording.session_id)
		and private.level_in_force(p_recording.session_id) in ('public', 'members') and private.all_agree_to(p_recording, false)
$$;

-- Where a moment lies in the file, in milliseconds; what fell into a break is where it goes on. Null after the end.
create function private.position_in_recording(p_recording uuid, p_at timestamptz) returns integer
language sql stable security definer set search_path = '' as $$
	select min(before + greatest(0, (extract(epoch from p_at - started_at) * 1000)::integer))
	from (select started_at, length_ms, coalesce(sum(length_ms) over (order by number rows between unbounded preceding and 1 preceding), 0)::integer as before
		from private.recording_parts where recording_id = p_recording and length_ms > 0) as parts
	where p_at < started_at + length_ms * interval '1 millisecond'
$$;

-- [{at (milliseconds), kind: began | on_stage | slide, name, page}]. Where several fall together the last one says what is to be seen.
create function private.chapters_of(p_recording uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with placed as (
		select distinct on (place.at) place.at, k.kind, people.display_name as name, k.page
		from private.recording_marks as k
		cross join lateral (select private.position_in_recording(p_recording, k.at) / 1000 * 1000 as at) as place
		left join public.people on people.id = k.person_id
		where k.recording_id = p_recording and place.at is not null
		order by place.at, k.kind = 'began', k.id desc
	)
	select coalesce(jsonb_agg(jsonb_build_object('at', at, 'kind', kind, 'name', name, 'page', page) order by at), '[]') from placed
$$;

create function private.recording_json(p_recording private.recordings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p_recording.id, 'session', p_recording.session_id, 'recorded_at', private.iso(p_recording.started_at),
		'length_ms', p_recording.length_ms, 'chapters', private.chapters_of(p_recording.id))
$$;

-- What of a session may be watched again, by this reader.
create function public.session_recordings(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(private.recording_json(g) order by g.started_at), '[]')
	from private.recordings as g where g.session_id = session and private.may_watch_again(private.me(), g)
$$;

-- The bytes, for whoever may watch it or look at it: {recording, media_type, size, sha256}. Null for unknown and unseen alike.
create function public.open_recording(summit uuid, recording uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('recording', g.id, 'media_type', o.media_type, 'size', o.size, 'sha256', encode(o.sha256, 'hex'))
	from private.recordings as g join private.stored_objects as o on o.name = g.object_name and o.state = 'kept'
	where g.id = recording and g.summit_id = summit and (private.may_watch_again(private.me(), g) or private.may_look_at(g))
$$;

create function private.object_of_recording(p_recording uuid) returns text
language sql stable security definer set search_path = '' as $$
	select g.object_name from private.recordings as g where g.id = p_recording
$$;
grant execute on function private.object_of_recording(uuid) to app_server;

-- For organisers of the programme: all of a Summit, of sessions that they see. Sealed ones are named so that they can be deleted.
create function public.list_recordings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'state', g.state, 'reason', g.reason, 'level', g.level, 'recorded_at', private.iso(g.started_at),
			'length_ms', g.length_ms, 'is_published', g.published_at is not null, 'is_shown', private.is_shown(g), 'may_look', private.may_look_at(g),
			'has_file', g.object_name is not null, 'chapters', private.chapters_of(g.id),
			'code', s.code, 'title', s.title, 'current_level', private.level_in_force(s.id),
			'unwilling', (select coalesce(jsonb_agg(people.display_name order by people.display_name), '[]') from private.recording_people as p
				join public.people on people.id = p.person_id
				where p.recording_id = g.id and not private.may_be_recorded(g.run_id, p.person_id, true))) order by g.started_at desc), '[]')
	from private.recordings as g join public.sessions as s on s.id = g.session_id
	where g.summit_id = summit and private.may_edit_session(s.id)
$$;

create function private.own_recording(p_recording uuid) returns private.recordings
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	select * into v_recording from private.recordings where id = p_recording for update;
	return case when private.may_edit_session(v_recording.session_id) then v_recording end;
end
$$;

-- Shows it to the session's audience, or to nobody. Answers ok, not_found, consent (somebody does not want to be seen), refused.
create function public.publish_recording(recording uuid, published boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.own_recording(recording);
begin
	if v_recording.id is null then return 'not_found'; end if;
	if published and not private.may_look_at(v_recording) then return 'refused'; end if;
	if published and not private.all_agree_to(v_recording, true) then return 'consent'; end if;
	update private.recordings set published_at = case when published then now() end where id = v_recording.id and (published_at is not null) <> published;
	perform private.tell_recording(v_recording);
	return 'ok';
end
$$;

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

grant execute on function public.session_recordings(uuid), public.open_recording(uuid, uuid) to anon, authenticated;
grant execute on function public.list_recordings(uuid), public.publish_recording(uuid, boolean), public.delete_recording(uuid) to authenticated;
