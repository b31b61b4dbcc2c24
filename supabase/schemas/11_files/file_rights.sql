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

-- What one query tells of a session and a person: the level in force, and whether the person is in the audience; null
-- where the query cannot tell.
create type private.file_audience as (session_id uuid, level public.confidentiality, is_let_in boolean);

-- Of sessions that a person sees (`p_sessions`), whether they are in the audience, as far as one query can tell: by role, by
-- registration or because the stream is for everybody, where no list, review, bar, lock or limit of places decides. Lists ask
-- this first, and private.is_file_audience, which asks one session at a time, only about the others. It never says other
-- than that rule.
create function private.known_file_audience(p_person uuid, p_sessions uuid[]) returns setof private.file_audience
language sql stable security definer set search_path = '' as $$
	with released as materialized (
		select u.id, u.state, private.newest_release(u.id) as release_id from public.summits as u
	), registered as materialized (
		select r.summit_id, r.mode, private.is_re_review_blocking(r.id) as is_in_review
		from public.registrations as r
		join released as u on u.id = r.summit_id and u.state <> 'archived'
		where r.person_id = p_person and r.state = 'confirmed'
	), staffed as materialized (
		select g.summit_id
		from private.usable_grants as g
		where g.person_id = p_person and g.role in ('stage', 'safeguarding')
	), barred as materialized (
		select b.summit_id from private.entry_bars as b where b.person_id = p_person
	), locked as materialized (
		select runs.session_id
		from private.run_stage_settings as st
		join public.runs on runs.id = st.run_id
		where st.entry_lock is not null and runs.state <> 'ended'
	)
	select s.id, force.level, decided.is_let_in
	from public.sessions as s
	join released as u on u.id = s.summit_id
	left join public.release_sessions as rs on rs.session_id = s.id and rs.release_id = u.release_id
	left join registered as r on r.summit_id = s.summit_id
	cross join lateral (
		select greatest(s.level, rs.level) as level, greatest(s.audience, rs.audience) as audience
		offset 0) as force
	cross join lateral (
		select
			force.level = 'public' and force.audience = 'everyone' and s.stage_format = 'stage' as to_everybody,
			r.summit_id is not null and not r.is_in_review and force.level <> 'closed' and force.audience <> 'listed'
				as to_registered
		offset 0) as open
	cross join lateral (
		select case
			when rs.session_id is null or rs.is_cancelled or s.state = 'draft' or u.state = 'draft' then false
			when s.summit_id in (select b.summit_id from barred as b) or s.id in (select l.session_id from locked as l)
				then null
			when exists (select from staffed as g where g.summit_id is null or g.summit_id = s.summit_id)
				or exists (
					select from public.session_people as sp
					where sp.session_id = s.id and sp.person_id = p_person and sp.state <> 'declined')
				then true
			when r.summit_id is null and (s.attendance = 'hall' or not open.to_everybody) then false
			when s.attendance = 'hall' and r.mode <> 'in_person' then false
			when s.attendance <> 'hall' and (open.to_everybody or open.to_registered) and not exists (
				select from private.session_places as p
				where p.session_id = s.id and p.online is not null and p.enforced_at_entry = 'both') then true
			when s.attendance <> 'online' and open.to_registered and r.mode = 'in_person' and not exists (
				select from private.session_places as p
				where p.session_id = s.id and p.hall is not null and p.enforced_at_entry <> 'none') then true
		end as is_let_in
		offset 0) as decided
	where s.id = any (p_sessions)
$$;

-- Of sessions that the signed-in account sees, those whose files it gets before the audience: those for which
-- private.file_access_of has an answer.
create function private.sessions_with_file_access(p_sessions uuid[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with taking_part as materialized (
		select sp.session_id, sp.person_id
		from public.session_people as sp
		where sp.person_id = any (array(select private.my_people('speaking')))
			and sp.session_id = any (p_sessions)
			and sp.state <> 'declined'
			and sp.summit_id not in (select private.archived_summits())
	)
	select s.id
	from public.sessions as s
	where s.id = any (p_sessions)
		and s.summit_id in (select private.summits_with_role('programme', 'stage', 'safeguarding'))
	union
	select t.session_id from taking_part as t where not private.has_entry_bar(t.person_id, t.session_id)
$$;

-- Whether a file is open to the audience: published with the session, at the level in force or a stricter one.
create function private.is_file_published_at(p_file private.session_files, p_level public.confidentiality) returns boolean
language sql immutable
return p_file.publication = 'session' and p_level >= p_file.level;

-- The same at the level in force today.
create function private.is_file_published(p_file private.session_files) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_file_published_at(p_file, private.level_in_force(p_file.session_id))
$$;

-- The versions of files that may be shown: chosen, not withdrawn, and scanned where there is a scanner. This and the next
-- have no settings of their own, so that the planner makes them a part of the statement that asks.
create function private.showable_file_versions() returns setof private.file_versions
language sql stable as $$
	select v.*
	from private.file_versions as v
	join private.stored_objects as o on o.name = v.object_name
	where v.chosen_at is not null and v.withdrawn_at is null and o.state = 'kept' and o.scan in ('clean', 'unscanned')
$$;

-- The version of a file that is shown: chosen last; no row where there is none.
create function private.shown_file_versions(p_file uuid) returns setof private.file_versions
language sql stable as $$
	select v.*
	from private.showable_file_versions() as v
	where v.file_id = p_file
	order by v.chosen_at desc, v.number desc
	limit 1
$$;

-- The same version, or null.
create function private.shown_file_version(p_file uuid) returns private.file_versions
language sql stable security definer set search_path = '' as $$
	select v from private.shown_file_versions(p_file) as v
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
