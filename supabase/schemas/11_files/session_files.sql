-- Slides and handouts of a session, every upload a version of its own; and who may have them.

-- An object goes with the last row that points to it.
create function private.doom_object_of_version() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.doom_objects(old.object_name);
	return null;
end
$$;

create trigger doom_object after delete on private.file_versions for each row
	execute function private.doom_object_of_version();

-- How the signed-in account stands to the files of a session: organiser and person bring and change them, reader has
-- them too; null: as the audience. Whoever has not confirmed yet, interpreters and captioners prepare with them.
create function private.file_standing(p_session uuid) returns text
language sql stable security definer set search_path = '' as $$
	with mine as (
		select sp.state = 'confirmed' and sp.role not in ('interpreter', 'captioner') as brings
		from public.session_people as sp
		where sp.session_id = p_session and sp.person_id in (select private.my_people('speaking'))
			and sp.state <> 'declined'
			and not private.is_kept_out(sp.person_id, p_session)
	)
	select case
		when private.may_edit_session(p_session) then 'organiser'
		when (select bool_or(brings) from mine) then 'person'
		when exists (select from mine) or exists (select from public.sessions as s where s.id = p_session
			and private.has_role(s.summit_id, 'stage', 'safeguarding') and private.can_see(private.me(), p_session))
				then 'reader' end
$$;

-- Whether somebody gets what is published with a session: it is released and held, and they may enter by the door or on
-- line.
create function private.is_file_audience(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.sessions as s
		join public.summits as u on u.id = s.summit_id and u.state <> 'draft'
		join public.release_sessions as rs on rs.session_id = s.id
			and rs.release_id = private.newest_release(s.summit_id)
		where s.id = p_session and s.state = 'confirmed' and not rs.is_cancelled)
		and (private.entry_of(p_person, p_session, 'stream') = 'ok'
			or private.entry_of(p_person, p_session, 'door') = 'ok')
$$;

-- Whether a published file is open to the audience at the level in force.
create function private.is_published(p_file private.session_files) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_file.publication = 'session' and private.level_in_force(p_file.session_id) >= p_file.level
$$;

-- The version that is shown: chosen last, not withdrawn, and looked at where there is a scanner.
create function private.shown_version(p_file uuid) returns private.file_versions
language sql stable security definer set search_path = '' as $$
	select v.* from private.file_versions as v join private.stored_objects as o on o.name = v.object_name
	where v.file_id = p_file and v.chosen_at is not null and v.withdrawn_at is null and o.state = 'kept'
		and o.scan in ('clean', 'unscanned')
	order by v.chosen_at desc, v.number desc limit 1
$$;

create function private.file_settings_of(p_summit uuid) returns private.file_settings
language sql stable security definer set search_path = '' as $$
	select coalesce(f, row(p_summit, null, 50, 20)::private.file_settings)
	from (select) as always left join private.file_settings as f on f.summit_id = p_summit
$$;

create function private.tell_files(p_session uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.tell('session:' || p_session, 'files', p_session);
	perform private.tell('organise:' || (select s.summit_id from public.sessions as s where s.id = p_session), 'files');
end
$$;

-- Bringing, changing and withdrawing files of a session.

-- Whether an upload may begin, so that nobody sends 50 MB in vain. Answers {status: ok | not_found | full, bytes}.
create function public.begin_session_file(session uuid, kind public.file_kind, file uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when private.file_standing(s.id) is null or private.file_standing(s.id) = 'reader'
			or file is not null and not exists (select from private.session_files as f where f.id = file
				and f.session_id = s.id
				and f.kind = begin_session_file.kind) then jsonb_build_object('status', 'not_found')
		when (select count(*) from private.session_files as f where f.session_id = s.id) >= 30 and file is null
			or (select count(*) from private.file_versions as v where v.file_id = file) >= 100
				then jsonb_build_object('status', 'full')
		else jsonb_build_object('status', 'ok', 'bytes',
			1000000 * case kind when 'slides' then settings.slides_mb else settings.handouts_mb end) end
	from (select) as always left join public.sessions as s on s.id = session
	left join lateral private.file_settings_of(s.summit_id) as settings on true
$$;
grant execute on function public.begin_session_file(uuid, public.file_kind, uuid) to authenticated;

-- Whoever acts for a speaker is named with them in the audit; what is taken from somebody meanwhile waits until this is
-- done.
create function private.hold_file_standing(p_session uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_standing text;
	v_person uuid;
begin
	perform from public.session_people as sp
	where sp.session_id = p_session and sp.person_id in (select private.my_people('speaking')) order by sp.id for share;
	v_standing := private.file_standing(p_session);
	if v_standing = 'person' and not exists (select from public.session_people as sp
		where sp.session_id = p_session and sp.person_id = private.me() and sp.state <> 'declined') then
		select sp.person_id into v_person from public.session_people as sp
		where sp.session_id = p_session and sp.person_id in (select private.my_people('speaking'))
			and sp.state = 'confirmed' order by sp.position limit 1;
		perform set_config('app.principal', v_person::text, true);
	end if;
	return case when v_standing in ('organiser', 'person') then v_standing end;
end
$$;

-- Where one of its people goes by another name, what a file is called says nothing of them.
create function private.name_of_file(p_session uuid, p_kind public.file_kind, p_number integer, p_name text)
	returns text
language sql stable security definer set search_path = '' as $$
	select case when private.has_alias(private.me()) or exists (select from public.session_people as sp
			where sp.session_id = p_session and sp.state <> 'declined' and private.has_alias(sp.person_id))
		then p_kind || '-' || p_number || coalesce(substring(p_name from '\.[A-Za-z0-9]{1,5}$'), '') else p_name end
$$;

-- What was uploaded becomes a file of the session, or the next version of one. `object` is known to the app alone,
-- which has looked at it. Answers {status: ok | not_found | full, file, version, number, late}.
create function public.add_session_file(session uuid, object text, name text, kind public.file_kind,
	publication public.file_publication default 'stage',
	language text default null, file uuid default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files;
	v_version private.file_versions;
	v_summit uuid := (select s.summit_id from public.sessions as s where s.id = session);
	v_number integer;
	v_begun jsonb;
begin
	perform pg_advisory_xact_lock(hashtextextended(session::text, 47));
	if private.hold_file_standing(session) is null then return jsonb_build_object('status', 'not_found'); end if;
	v_begun := public.begin_session_file(session, kind, file);
	if v_begun ->> 'status' <> 'ok' then return v_begun; end if;
	if not private.keep_object(object) then return jsonb_build_object('status', 'not_found'); end if;
	if file is null then
		insert into private.session_files (session_id, summit_id, kind, publication, level)
		values (session, v_summit, kind, publication, private.level_in_force(session)) returning * into v_file;
	else
		select * into v_file from private.session_files as f where f.id = file;
	end if;
	v_number := (select coalesce(max(v.number), 0) + 1 from private.file_versions as v where v.file_id = v_file.id);
	insert into private.file_versions (file_id, number, object_name, shown_name, language, is_late, uploaded_by)
	values (v_file.id, v_number, object, private.name_of_file(session, v_file.kind, v_number, name), language,
		coalesce((private.file_settings_of(v_summit)).due_at < now(), false), private.me())
	returning * into v_version;
	perform private.tell('outbox', 'file', v_version.id);
	perform private.tell_files(session);
	return jsonb_build_object('status', 'ok', 'file', v_file.id, 'version', v_version.id, 'number', v_number, 'late',
		v_version.is_late);
end
$$;
grant execute on function public.add_session_file(uuid, text, text, public.file_kind, public.file_publication, text,
	uuid) to authenticated;

-- The file that a version belongs to, locked, where the signed-in account may change it.
create function private.own_file(p_file uuid) returns private.session_files
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files;
begin
	select * into v_file from private.session_files as f where f.id = p_file;
	perform pg_advisory_xact_lock(hashtextextended(v_file.session_id::text, 47));
	select * into v_file from private.session_files as f where f.id = p_file for update;
	return case when private.hold_file_standing(v_file.session_id) is not null then v_file end;
end
$$;

-- Withdraws a version. When it was the one shown, none is shown until another is chosen. Answers ok or not_found.
create function public.withdraw_file_version(version uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files := private.own_file((select v.file_id from private.file_versions as v
		where v.id = version));
begin
	if v_file.id is null then return 'not_found'; end if;
	if (private.shown_version(v_file.id)).id = version then
		update private.file_versions as v set chosen_at = null where v.file_id = v_file.id and v.chosen_at is not null;
	end if;
	update private.file_versions as v set withdrawn_at = now(), chosen_at = null
		where v.id = version and v.withdrawn_at is null;
	perform private.tell_files(v_file.session_id);
	return 'ok';
end
$$;
grant execute on function public.withdraw_file_version(uuid) to authenticated;

-- Shows an older version again, a withdrawn one too. Answers ok, not_found or refused (its content was).
create function public.restore_file_version(version uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files := private.own_file((select v.file_id from private.file_versions as v
		where v.id = version));
begin
	if v_file.id is null then return 'not_found'; end if;
	if exists (select from private.file_versions as v join private.stored_objects as o on o.name = v.object_name
		where v.id = version and (o.scan = 'refused' or o.state <> 'kept')) then return 'refused'; end if;
	update private.file_versions as v set chosen_at = clock_timestamp(), withdrawn_at = null where v.id = version;
	perform private.tell_files(v_file.session_id);
	return 'ok';
end
$$;
grant execute on function public.restore_file_version(uuid) to authenticated;

-- For the stage only, or with the session; at the level that is in force now. Answers ok or not_found.
create function public.publish_session_file(file uuid, publication public.file_publication) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files := private.own_file(file);
begin
	if v_file.id is null then return 'not_found'; end if;
	update private.session_files as f
		set publication = publish_session_file.publication, level = private.level_in_force(f.session_id)
		where f.id = v_file.id;
	perform private.tell_files(v_file.session_id);
	return 'ok';
end
$$;
grant execute on function public.publish_session_file(uuid, public.file_publication) to authenticated;

-- Removes a file with all its versions, for good. Answers ok or not_found.
create function public.remove_session_file(file uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files := private.own_file(file);
begin
	if v_file.id is null then return 'not_found'; end if;
	delete from private.session_files as f where f.id = v_file.id;
	perform private.tell_files(v_file.session_id);
	return 'ok';
end
$$;
grant execute on function public.remove_session_file(uuid) to authenticated;

-- Answers ok | not_allowed | invalid | late (after the end of the Summit).
create function public.save_file_settings(summit uuid, due_at timestamptz, slides_mb integer, handouts_mb integer)
	returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	if coalesce(slides_mb, 0) not between 1 and 100 or coalesce(handouts_mb, 0) not between 1 and 100 then
		return 'invalid';
	end if;
	if private.is_after_end(summit, save_file_settings.due_at) then return 'late'; end if;
	insert into private.file_settings (summit_id, due_at, slides_mb, handouts_mb)
		values (summit, save_file_settings.due_at, save_file_settings.slides_mb, save_file_settings.handouts_mb)
	on conflict (summit_id) do update
		set due_at = excluded.due_at, slides_mb = excluded.slides_mb, handouts_mb = excluded.handouts_mb;
	perform private.tell('organise:' || summit, 'files');
	return 'ok';
end
$$;
grant execute on function public.save_file_settings(uuid, timestamptz, integer, integer) to authenticated;

-- Reading the files of a session: its people and organisers all versions, everyone else what is published and theirs to
-- have.

create function private.version_json(p_version private.file_versions, p_shown uuid, p_standing text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p_version.id, 'number', p_version.number, 'name', p_version.shown_name,
		'media_type', o.media_type,
		'size', o.size, 'language', p_version.language, 'uploaded_at', private.iso(p_version.uploaded_at),
		'by', (select p.display_name from public.people as p where p.id = p_version.uploaded_by),
		'is_late', p_version.is_late, 'is_withdrawn', p_version.withdrawn_at is not null, 'is_shown',
			coalesce(p_version.id = p_shown, false),
		'state', case when o.state = 'lost' then 'lost' else o.scan::text end,
		'tries', o.scan_tries, 'note', case when p_standing = 'organiser' then o.scan_note else '' end)
	from private.stored_objects as o where o.name = p_version.object_name
$$;

-- Answers {standing, due_at, slides_mb, handouts_mb, level, is_cancelled, files: [...]}; null for whoever has no part
-- in the session.
create function public.session_files(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('standing', own.standing, 'due_at', private.iso(settings.due_at), 'slides_mb',
		settings.slides_mb, 'handouts_mb', settings.handouts_mb,
		'level', private.level_in_force(s.id), 'is_cancelled', s.state = 'cancelled',
		'files', (select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind, 'publication', f.publication,
				'is_open', private.is_published(f), 'versions', versions.list) order by f.kind, f.created_at), '[]')
			from private.session_files as f
			cross join lateral (select (private.shown_version(f.id)).id) as shown (id)
			cross join lateral (select coalesce(jsonb_agg(private.version_json(v, shown.id, own.standing)
				order by v.number desc), '[]') as list
				from private.file_versions as v
				where v.file_id = f.id and (own.standing <> 'reader' or v.id = shown.id)) as versions
			where f.session_id = s.id and (own.standing <> 'reader' or shown.id is not null)))
	from public.sessions as s
	cross join lateral private.file_settings_of(s.summit_id) as settings
	cross join lateral (select private.file_standing(s.id)) as own (standing)
	where s.id = session and own.standing is not null
$$;
grant execute on function public.session_files(uuid) to authenticated;

-- What is published with a session, for whoever may have it: [{id, name, kind, media_type, size, language}].
create function public.session_documents(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'name', v.shown_name, 'kind', f.kind, 'media_type',
		o.media_type,
		'size', o.size, 'language', v.language) order by f.kind, f.created_at), '[]')
	from private.session_files as f
	cross join lateral private.shown_version(f.id) as v
	join private.stored_objects as o on o.name = v.object_name
	where f.session_id = session and private.is_published(f)
		and (private.file_standing(session) is not null or private.is_file_audience(private.me(), session))
$$;
grant execute on function public.session_documents(uuid) to anon, authenticated;

-- The version that the reader gets of a file: the one shown, or by its number any that was looked at, for who has all
-- of them.
create function private.readable_version(p_file uuid, p_number integer) returns private.file_versions
language sql stable security definer set search_path = '' as $$
	select v.* from private.session_files as f
	cross join lateral (select private.file_standing(f.session_id)) as own (standing)
	join private.file_versions as v on v.file_id = f.id
	join private.stored_objects as o on o.name = v.object_name and o.state = 'kept' and o.scan in ('clean', 'unscanned')
	where f.id = p_file and case
		when v.id = (private.shown_version(f.id)).id and p_number is null or p_number = v.number
			and v.id = (private.shown_version(f.id)).id
			then own.standing is not null or private.is_published(f)
				and private.is_file_audience(private.me(), f.session_id)
		else p_number = v.number and own.standing in ('organiser', 'person') end
$$;

-- Answers {version, name, media_type, size, sha256}, or null for unknown and unseen alike.
create function public.open_session_file(summit uuid, file uuid, number integer default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('version', v.id, 'name', v.shown_name, 'media_type', o.media_type, 'size', o.size,
		'sha256', encode(o.sha256, 'hex'))
	from private.session_files as f
	cross join lateral private.readable_version(f.id, open_session_file.number) as v
	join private.stored_objects as o on o.name = v.object_name
	where f.id = file and f.summit_id = summit and v.id is not null
$$;
grant execute on function public.open_session_file(uuid, uuid, integer) to anon, authenticated;

-- Where the bytes of a version lie; only the app asks.
create function private.object_of_version(p_version uuid) returns text
language sql stable security definer set search_path = '' as $$
	select v.object_name from private.file_versions as v where v.id = p_version
$$;
grant execute on function private.object_of_version(uuid) to app_server;

-- Withdrawn and refused ones do not count.
create function private.count_files(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('slides', count(*) filter (where f.kind = 'slides'), 'handouts',
		count(*) filter (where f.kind = 'handout'))
	from private.session_files as f
	where f.session_id = p_session
		and exists (select from private.file_versions as v join private.stored_objects as o on o.name = v.object_name
		where v.file_id = f.id and v.withdrawn_at is null and o.state = 'kept' and o.scan <> 'refused')
$$;

-- How many files each session has in which the reader takes part: {due_at, sessions: {id: {slides,
-- handouts}}}.
create function public.session_file_counts(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('due_at', private.iso((private.file_settings_of(summit)).due_at),
		'sessions', coalesce(jsonb_object_agg(mine.session_id, private.count_files(mine.session_id)), '{}'))
	from (select distinct sp.session_id from public.session_people as sp
		where sp.summit_id = summit and sp.state <> 'declined'
			and sp.person_id in (select private.my_people('speaking'))) as mine
$$;
grant execute on function public.session_file_counts(uuid) to authenticated;

-- For organisers of the programme: {due_at, slides_mb, handouts_mb, sessions: [{id, code, title, start, slides,
-- handouts, late, waiting, failed, refused}]}; null for others. Sessions that they do not see are not counted either.
create function public.list_session_files(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('due_at', private.iso(settings.due_at), 'slides_mb', settings.slides_mb, 'handouts_mb',
		settings.handouts_mb,
		'sessions', (select coalesce(jsonb_agg(private.count_files(s.id)
			|| jsonb_build_object('id', s.id, 'code', s.code, 'title', s.title, 'level', s.level,
				'start', (select private.iso(min(lower(sl.during))) from public.slots as sl where sl.session_id = s.id),
				'late', found.late, 'waiting', found.waiting, 'failed', found.failed, 'refused', found.refused)
				order by (select min(lower(sl.during)) from public.slots as sl where sl.session_id = s.id) nulls last,
					s.code), '[]')
			from public.sessions as s
			cross join lateral (select coalesce(bool_or(v.is_late), false) as late,
				count(*) filter (where o.scan = 'waiting') as waiting,
					count(*) filter (where o.scan = 'failed' or o.state = 'lost') as failed,
						count(*) filter (where o.scan = 'refused') as refused
				from private.session_files as f
					join private.file_versions as v on v.file_id = f.id and v.withdrawn_at is null
				join private.stored_objects as o on o.name = v.object_name where f.session_id = s.id) as found
			where s.summit_id = summit and s.state <> 'cancelled' and not s.is_break
				and s.id in (select private.seen_sessions(private.me(), summit))))
	from private.file_settings_of(summit) as settings
	where private.has_role(summit, 'programme')
$$;
grant execute on function public.list_session_files(uuid) to authenticated;
