-- Who may change and who gets the files of a session, and which version is shown.

-- What the signed-in account may do with the files of a session: `organiser` and `person` add and change them, `reader`
-- gets them before the audience (people who have not confirmed yet, interpreters and captioners, stage organisers and
-- safeguarding); null: the same as the audience, as for the people of a session whose Summit is archived.
create function private.file_access_of(p_session uuid) returns text
language sql stable security definer set search_path = '' as $$
	with mine as (
		select sp.state = 'confirmed' and sp.role not in ('interpreter', 'captioner') as brings
		from public.session_people as sp
		where sp.session_id = p_session
			and sp.person_id in (select private.my_people('speaking'))
			and sp.state <> 'declined'
			and sp.summit_id not in (select private.archived_summits())
			and not private.has_entry_bar(sp.person_id, p_session)
	)
	select case
		when private.may_edit_session(p_session) then 'organiser'
		when (select bool_or(brings) from mine) then 'person'
		when exists (select from mine)
			or exists (select
				from public.sessions as s
				where s.id = p_session
					and private.has_role(s.summit_id, 'stage', 'safeguarding')
					and private.can_see(private.me(), p_session))
			then 'reader'
	end
$$;

-- Whether a person gets what is published with a session: the session is released, not cancelled by the release, and
-- they may enter it by the door or by stream.
create function private.is_file_audience(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
			from public.sessions as s
			join public.summits as u on u.id = s.summit_id and u.state <> 'draft'
			join public.release_sessions as rs on rs.session_id = s.id
				and rs.release_id = private.newest_release(s.summit_id)
			where s.id = p_session and s.state <> 'draft' and not rs.is_cancelled)
		and (private.entry_decision(p_person, p_session, 'stream') = 'ok'
			or private.entry_decision(p_person, p_session, 'door') = 'ok')
$$;

-- The sessions, among those that a person sees (`p_sessions`), of which one query can tell that they are in the audience:
-- the stream is for everybody, or for people who are registered, and no place, list, lock or bar decides. Lists ask this
-- first, and private.is_file_audience, which asks one session at a time, only about the others. It never says yes where
-- that rule says no.
create function private.sessions_open_to(p_person uuid, p_sessions uuid[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with released as materialized (
		select u.id, u.state, private.newest_release(u.id) as release_id
		from public.summits as u
		where u.state <> 'draft'
	), registered as materialized (
		select r.summit_id
		from public.registrations as r
		join released as u on u.id = r.summit_id and u.state <> 'archived'
		where r.person_id = p_person and r.state = 'confirmed' and not private.is_re_review_blocking(r.id)
	)
	select s.id
	from public.sessions as s
	join released as u on u.id = s.summit_id
	join public.release_sessions as rs on rs.session_id = s.id and rs.release_id = u.release_id and not rs.is_cancelled
	where s.id = any (p_sessions)
		and s.state <> 'draft'
		and s.attendance <> 'hall'
		and (greatest(s.level, rs.level) = 'public'
				and greatest(s.audience, rs.audience) = 'everyone'
				and s.stage_format = 'stage'
			or greatest(s.level, rs.level) <> 'closed'
				and greatest(s.audience, rs.audience) <> 'listed'
				and s.summit_id in (select r.summit_id from registered as r))
		and not exists (select from private.entry_bars as b where b.person_id = p_person and b.summit_id = s.summit_id)
		and not exists (
			select from private.session_places as p
			where p.session_id = s.id and p.online is not null and p.enforced_at_entry = 'both')
		and not exists (
			select
			from public.runs
			join private.run_stage_settings as st on st.run_id = runs.id and st.entry_lock is not null
			where runs.session_id = s.id and runs.state <> 'ended')
$$;

-- Whether a file is open to the audience: published with the session, at the level in force or a stricter one.
create function private.is_file_published(p_file private.session_files) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_file.publication = 'session' and private.level_in_force(p_file.session_id) >= p_file.level
$$;

-- The version of a file that is shown: chosen last, not withdrawn, and scanned where there is a scanner.
create function private.shown_file_version(p_file uuid) returns private.file_versions
language sql stable security definer set search_path = '' as $$
	select v.*
	from private.file_versions as v
	join private.stored_objects as o on o.name = v.object_name
	where v.file_id = p_file
		and v.chosen_at is not null
		and v.withdrawn_at is null
		and o.state = 'kept'
		and o.scan in ('clean', 'unscanned')
	order by v.chosen_at desc, v.number desc
	limit 1
$$;

-- The access of the signed-in account where it may change files, else null. Locks its rows of the session for share,
-- so that a right which is being taken away waits until this is done. An assistant is recorded in the audit with the
-- speaker for whom they act.
create function private.lock_file_access(p_session uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_access text;
	v_person uuid;
begin
	perform from public.session_people as sp
	where sp.session_id = p_session and sp.person_id in (select private.my_people('speaking'))
	order by sp.id
	for share;
	v_access := private.file_access_of(p_session);
	if v_access = 'person' and not exists (select from public.session_people as sp
		where sp.session_id = p_session and sp.person_id = (select private.me()) and sp.state <> 'declined') then
		select sp.person_id into v_person
		from public.session_people as sp
		where sp.session_id = p_session
			and sp.person_id in (select private.my_people('speaking'))
			and sp.state = 'confirmed'
		order by sp.position
		limit 1;
		perform set_config('app.principal', v_person::text, true);
	end if;
	return case when v_access in ('organiser', 'person') then v_access end;
end
$$;

-- A file, locked together with the files of its session, where the signed-in account may change it; else null.
create function private.lock_editable_file(p_file uuid) returns private.session_files
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_file private.session_files;
begin
	select * into v_file from private.session_files as f where f.id = p_file;
	perform pg_advisory_xact_lock(hashtextextended(v_file.session_id::text, 47));
	select * into v_file from private.session_files as f where f.id = p_file for update;
	return case when private.lock_file_access(v_file.session_id) is not null then v_file end;
end
$$;
