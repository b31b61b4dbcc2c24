-- What integrators read over REST: views whose names carry a version and whose columns never change. Each shows what
-- its reader sees of the newest releases, by the same rules as every page. supabase/README.md documents them.

-- Sessions of the agenda.
create view public.agenda_sessions_v1 with (security_invoker = true) as
	select * from private.agenda_sessions_v1();

create function private.agenda_sessions_v1()
	returns table (
		summit text,
		code text,
		title jsonb,
		abstract jsonb,
		content_note jsonb,
		track jsonb,
		track_slug text,
		format jsonb,
		format_slug text,
		level text,
		audience text,
		attendance text,
		spoken text[],
		interpreted text[],
		is_recorded boolean,
		is_break boolean,
		is_cancelled boolean,
		release integer,
		links jsonb
	)
language sql stable security definer set search_path = '' as $$
	select
		u.slug,
		s.code,
		rs.title::jsonb,
		rs.abstract::jsonb,
		rs.content_note::jsonb,
		rs.track::jsonb,
		rs.track_slug,
		rs.format::jsonb,
		rs.format_slug,
		greatest(rs.level, s.level)::text,
		greatest(rs.audience, s.audience)::text,
		rs.attendance::text,
		rs.spoken,
		rs.interpreted,
		rs.is_recorded and s.is_recorded and greatest(rs.level, s.level) in ('public', 'members'),
		rs.is_break,
		rs.is_cancelled,
		r.number,
		rs.links
	from public.releases as r
	join public.summits as u on u.id = r.summit_id
	join public.release_sessions as rs on rs.release_id = r.id
	join public.sessions as s on s.id = rs.session_id
	where r.id in (select private.current_releases())
		and rs.session_id in (select private.my_visible_sessions())
$$;
grant execute on function private.agenda_sessions_v1() to anon, authenticated;

-- Times of sessions, each with its rooms and the identity of its calendar event.
create view public.agenda_slots_v1 with (security_invoker = true) as
	select * from private.agenda_slots_v1();

create function private.agenda_slots_v1()
	returns table (
		summit text,
		session text,
		event uuid,
		sequence integer,
		starts_at timestamptz,
		ends_at timestamptz,
		rooms jsonb,
		is_cancelled boolean
	)
language sql stable security definer set search_path = '' as $$
	select
		u.slug,
		s.code,
		e.uid,
		e.sequence,
		lower(rl.during),
		upper(rl.during),
		jsonb_agg(jsonb_build_object('slug', rooms.slug, 'name', rooms.name) order by rooms.position, rooms.slug),
		bool_or(rl.is_cancelled)
	from public.releases as r
	join public.summits as u on u.id = r.summit_id
	join public.release_slots as rl on rl.release_id = r.id
	join public.sessions as s on s.id = rl.session_id
	join public.rooms on rooms.id = rl.room_id
	left join private.release_events as e on e.release_id = r.id and e.slot_id = rl.slot_id
	where r.id in (select private.current_releases())
		and rl.session_id in (select private.my_visible_sessions())
	group by u.slug, s.code, e.uid, e.sequence, rl.slot_id, rl.during
$$;
grant execute on function private.agenda_slots_v1() to anon, authenticated;

-- People whom sessions name.
create view public.agenda_people_v1 with (security_invoker = true) as
	select * from private.agenda_people_v1();

create function private.agenda_people_v1()
	returns table (
		summit text,
		session text,
		person text,
		display_name text,
		office text,
		affiliation text,
		country text,
		role text,
		place integer
	)
language sql stable security definer set search_path = '' as $$
	select
		u.slug,
		s.code,
		p.code,
		p.display_name,
		p.office,
		p.affiliation,
		p.country,
		rp.role::text,
		rp.position
	from public.releases as r
	join public.summits as u on u.id = r.summit_id
	join public.release_people as rp on rp.release_id = r.id
	join public.sessions as s on s.id = rp.session_id
	join public.people as p on p.id = rp.person_id
	where r.id in (select private.current_releases())
		and rp.session_id in (select private.my_visible_sessions())
		and private.is_named(rp.session_id, rp.person_id, rp.role)
$$;
grant execute on function private.agenda_people_v1() to anon, authenticated;

grant select on public.agenda_sessions_v1, public.agenda_slots_v1, public.agenda_people_v1 to anon, authenticated;

-- Refuses writes as forbidden. Without these triggers Postgres reports that the view is not updatable, which REST
-- passes on as an error of the server.
create function private.refuse_view_write() returns trigger
language plpgsql set search_path = '' as $$
begin
	raise exception using errcode = 'insufficient_privilege', message = 'This view is read only.';
end
$$;

create trigger read_only
	instead of insert or update or delete on public.agenda_sessions_v1 for each row
	execute function private.refuse_view_write();
create trigger read_only
	instead of insert or update or delete on public.agenda_slots_v1 for each row
	execute function private.refuse_view_write();
create trigger read_only
	instead of insert or update or delete on public.agenda_people_v1 for each row
	execute function private.refuse_view_write();
