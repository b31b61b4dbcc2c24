-- Which sessions are open to somebody is told for most of them by one query.

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

create or replace function private.library_recordings(p_person uuid, p_sessions uuid[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with ready as materialized (
		select g.id, g.session_id
		from private.recordings as g
		where g.state = 'ready' and g.published_at is not null and g.session_id = any (p_sessions)
	), open as materialized (
		select seen.session_id
		from private.sessions_open_to(p_person, array(select r.session_id from ready as r)) as seen (session_id)
	)
	select g.id
	from private.recordings as g
	where g.id in (select r.id from ready as r)
		and case when g.level = 'public' and g.session_id in (select o.session_id from open as o)
			then private.is_recording_shown(g)
			else private.may_watch_recording(p_person, g) end
$$;

create or replace function private.library_session_files(p_sessions uuid[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with published as materialized (
		select f.id, f.session_id
		from private.session_files as f
		where f.session_id = any (p_sessions) and private.is_file_published(f)
	), open as materialized (
		select seen.session_id
		from private.sessions_open_to((select private.me()), array(select p.session_id from published as p))
			as seen (session_id)
	), opened as materialized (
		select o.session_id from open as o
		union all
		select s.session_id
		from (
			select distinct p.session_id
			from published as p
			where p.session_id not in (select o.session_id from open as o)) as s
		where private.is_file_audience((select private.me()), s.session_id)
			or private.file_access_of(s.session_id) is not null
	)
	select p.id
	from published as p
	where p.session_id in (select o.session_id from opened as o) and (private.shown_file_version(p.id)).id is not null
$$;
