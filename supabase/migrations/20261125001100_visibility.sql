-- Who sees, who enters: two predicates, used by page, search, API, feeds, token, recording, files and door alike.

create function private.newest_release(p_summit uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select id from public.releases where summit_id = p_summit order by number desc limit 1
$$;

-- The level in force: the stricter of what is live and what the newest release says.
create function private.level_in_force(p_session uuid) returns public.confidentiality
language sql stable security definer set search_path = '' as $$
	select greatest(sessions.level, (
		select release_sessions.level from public.release_sessions
		where release_sessions.session_id = sessions.id and release_id = private.newest_release(sessions.summit_id)))
	from public.sessions where sessions.id = p_session
$$;

-- The same for the audience: what an organiser opens in the draft is open from the next release on.
create function private.audience_in_force(p_session uuid) returns public.session_audience
language sql stable security definer set search_path = '' as $$
	select greatest(sessions.audience, (
		select release_sessions.audience from public.release_sessions
		where release_sessions.session_id = sessions.id and release_id = private.newest_release(sessions.summit_id)))
	from public.sessions where sessions.id = p_session
$$;

-- Whether a release may name somebody: interpreters are not named, nor is who has declined since.
create function private.is_named(p_session uuid, p_person uuid, p_role public.session_role) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_role not in ('interpreter', 'captioner') and not exists (select from public.session_people as sp
		where sp.session_id = p_session and sp.person_id = p_person and sp.role = p_role and sp.state = 'declined')
$$;

create function private.is_listed(p_session uuid, p_person uuid, p_member uuid, p_sector public.sector, p_category public.registration_category)
returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.session_audiences as a where a.session_id = p_session
		and (a.person_id = p_person or a.member_id = p_member or a.sector = p_sector or a.category = p_category))
$$;

-- can_see, for a given person (null: a stranger), over a whole Summit or one session of it. Every other function asks this one.
-- Roles count only when the person asks in their own session: feeds and doors pass the person alone.
create function private.seen_sessions(p_person uuid, p_summit uuid, p_session uuid default null) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with reader as (
		select r.id as registration_id, r.category, r.member_id, sm.sector,
			exists (select from public.role_grants as g where g.person_id = p_person and g.ended_at is null
				and (g.summit_id is null or g.summit_id = p_summit) and g.role in ('programme', 'stage', 'safeguarding', 'owner')) as is_organiser,
			exists (select from public.role_grants as g where g.person_id = p_person and g.ended_at is null
				and (g.summit_id is null or g.summit_id = p_summit) and g.role in ('programme', 'stage', 'safeguarding')) as sees_closed
		from (select) as always
		left join public.registrations as r on r.person_id = p_person and r.summit_id = p_summit and r.state = 'confirmed'
		left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	), held as (
		select s.id, greatest(s.level, rs.level) as level, rs.session_id is not null and s.state <> 'draft' and u.state <> 'draft' as is_released
		from public.sessions as s
		join public.summits as u on u.id = s.summit_id
		left join public.release_sessions as rs on rs.session_id = s.id and rs.release_id = private.newest_release(p_summit)
		where s.summit_id = p_summit and (p_session is null or s.id = p_session)
	)
	select held.id from held, reader
	where
		-- People of a session see it, released or not.
		exists (select from public.session_people as sp where sp.session_id = held.id and sp.person_id = p_person and sp.state <> 'declined')
		or (reader.is_organiser and (held.level <> 'closed' or reader.sees_closed))
		or held.is_released and (
			held.level = 'public'
			or held.level in ('members', 'chatham_house') and reader.registration_id is not null
			or held.level = 'closed' and reader.registration_id is not null and private.is_listed(held.id, p_person, reader.member_id, reader.sector, reader.category))
$$;

create function private.can_see(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.seen_sessions(p_person, (select summit_id from public.sessions where id = p_session), p_session))
$$;

create type public.way_in as enum ('door', 'stream');

-- People of a session enter by their role; who runs stages or keeps people safe, every stream.
create function private.enters_by_role(p_person uuid, p_session uuid, p_way public.way_in) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.session_people as sp where sp.session_id = p_session and sp.person_id = p_person and sp.state <> 'declined')
		or p_way = 'stream' and exists (select from public.role_grants as g where g.person_id = p_person and g.ended_at is null and g.role in ('stage', 'safeguarding')
			and (g.summit_id is null or g.summit_id = (select s.summit_id from public.sessions as s where s.id = p_session)))
$$;

-- Whether somebody may be there at all, wherever there is a place: what `entry_of` says but for limited places.
create function private.entitlement_of(p_person uuid, p_session uuid, p_way public.way_in) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_session public.sessions;
	v_registration public.registrations;
	v_sector public.sector;
begin
	select * into v_session from public.sessions where id = p_session;
	if not found or not private.can_see(p_person, p_session) then
		return 'not_seen';
	end if;
	if private.is_kept_out(p_person, p_session) then return 'barred'; end if;
	select * into v_registration from public.registrations
	where person_id = p_person and summit_id = v_session.summit_id and state = 'confirmed';
	-- The door always asks for an in-person registration.
	if p_way = 'door' then
		if v_registration.id is null then return 'not_registered'; end if;
		if v_registration.mode <> 'in_person' then return 'virtual_at_door'; end if;
		if v_session.attendance = 'online' then return 'online_only'; end if;
		if private.is_paused(v_registration.id) then return 'in_review'; end if;
	end if;
	if private.enters_by_role(p_person, p_session, p_way) then
		return 'ok';
	end if;
	if p_way = 'stream' and v_session.attendance = 'hall' then
		return 'hall_only';
	end if;
	if private.audience_in_force(p_session) = 'everyone' and private.level_in_force(p_session) = 'public' and p_way = 'stream' then
		return 'ok';
	end if;
	if v_registration.id is null then
		return case when p_person is null then 'sign_in' else 'not_registered' end;
	end if;
	if private.is_paused(v_registration.id) then return 'in_review'; end if;
	if private.audience_in_force(p_session) = 'listed' or private.level_in_force(p_session) = 'closed' then
		select sector into v_sector from public.summit_members where summit_id = v_registration.summit_id and member_id = v_registration.member_id;
		if not private.is_listed(p_session, p_person, v_registration.member_id, v_sector, v_registration.category) then
			return 'not_listed';
		end if;
	end if;
	return 'ok';
end
$$;

-- can_enter, with the reason when not: ok, not_seen, barred, sign_in, not_registered, not_listed, virtual_at_door, hall_only, online_only,
-- in_review (details changed after accreditation), no_place (places are limited, and this one has none).
create function private.entry_of(p_person uuid, p_session uuid, p_way public.way_in) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_entitled text := private.entitlement_of(p_person, p_session, p_way);
begin
	if v_entitled <> 'ok' or not private.lacks_place(p_person, p_session, p_way) then return v_entitled; end if;
	return case when p_person is null then 'sign_in' else 'no_place' end;
end
$$;

-- Bars: somebody removed from one session or (null) from the whole Summit. Why is for safeguarding.
create table private.entry_bars (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	session_id uuid references public.sessions (id) on delete cascade,
	created_at timestamptz not null default now(),
	created_by uuid references public.people (id) on update cascade on delete set null,
	unique nulls not distinct (summit_id, person_id, session_id)
);
alter table private.entry_bars enable row level security;
create index on private.entry_bars (person_id);
select audit.watch('private.entry_bars', 'person_id');

-- Whether a bar keeps somebody out of a session, whatever else would let them in.
create function private.is_kept_out(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.entry_bars as b join public.sessions as s on s.summit_id = b.summit_id
		where s.id = p_session and b.person_id = p_person and (b.session_id is null or b.session_id = p_session))
$$;

-- The same two, for whoever is signed in (or nobody).
create function public.can_see(session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.can_see((select private.me()), session)
$$;

create function public.can_enter(session uuid, way public.way_in) returns text
language sql stable security definer set search_path = '' as $$
	select private.entry_of((select private.me()), session, way)
$$;

-- Every session that the reader sees, in all Summits they can read: computed once per statement for policies.
create function private.my_seen_sessions() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select seen from public.summits, private.seen_sessions((select private.me()), summits.id) as seen
	where summits.id in (select private.readable_summits())
$$;

-- Newest releases of the readable Summits: what the public, the feeds and the door read.
create function private.current_releases() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select private.newest_release(id) from public.summits where id in (select private.readable_summits())
$$;

-- The draft is for organisers (closed sessions for programme, stage, safeguarding only) and for a session's own people.
create function private.draft_sessions() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select sp.session_id from public.session_people as sp where sp.person_id in (select private.my_people('speaking')) and sp.state <> 'declined'
	union
	select seen from private.summits_with_role('programme', 'stage', 'safeguarding') as s (id), private.seen_sessions((select private.me()), s.id) as seen
$$;

-- Speakers are named where a session names them; a person sees themselves; organisers their people.
create function private.seen_people() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select private.my_people()
	union
	select rp.person_id from public.release_people as rp
	where rp.release_id in (select private.current_releases()) and rp.session_id in (select private.my_seen_sessions())
		and private.is_named(rp.session_id, rp.person_id, rp.role)
	union
	select sp.person_id from public.session_people as sp where sp.session_id in (select private.draft_sessions())
	union
	select r.person_id from public.registrations as r
	where r.summit_id in (select private.summits_with_role('registration', 'finance', 'stage', 'safeguarding'))
$$;

do $$
declare
	v_table text;
begin
	create policy read on public.sessions for select to authenticated using (id in (select private.draft_sessions()));
	create policy add on public.sessions for insert to authenticated with check (summit_id in (select private.summits_with_role('programme')));
	create policy change on public.sessions for update to authenticated using (summit_id in (select private.summits_with_role('programme')) and id in (select private.draft_sessions()))
		with check (summit_id in (select private.summits_with_role('programme')));
	foreach v_table in array array['session_people', 'session_audiences', 'slots'] loop
		execute format('create policy read on public.%I for select to authenticated using (session_id in (select private.draft_sessions()))', v_table);
		-- An owner builds the agenda too, and still sees no closed session, so changes none either.
		execute format('create policy add on public.%I for insert to authenticated with check (summit_id in (select private.summits_with_role(''programme'')) and session_id in (select private.draft_sessions()))', v_table);
		execute format('create policy change on public.%I for update to authenticated using (summit_id in (select private.summits_with_role(''programme'')) and session_id in (select private.draft_sessions()))', v_table);
		execute format('create policy remove on public.%I for delete to authenticated using (summit_id in (select private.summits_with_role(''programme'')) and session_id in (select private.draft_sessions()))', v_table);
		execute format('grant select, insert, update, delete on public.%I to authenticated', v_table);
	end loop;
	create policy read on public.slot_rooms for select to authenticated
		using (slot_id in (select slots.id from public.slots where slots.session_id in (select private.draft_sessions())));
	create policy add on public.slot_rooms for insert to authenticated with check (summit_id in (select private.summits_with_role('programme'))
		and slot_id in (select slots.id from public.slots where slots.session_id in (select private.draft_sessions())));
	create policy change on public.slot_rooms for update to authenticated using (summit_id in (select private.summits_with_role('programme'))
		and slot_id in (select slots.id from public.slots where slots.session_id in (select private.draft_sessions())));
	create policy remove on public.slot_rooms for delete to authenticated using (summit_id in (select private.summits_with_role('programme'))
		and slot_id in (select slots.id from public.slots where slots.session_id in (select private.draft_sessions())));
	grant select, insert, update, delete on public.slot_rooms to authenticated;
	grant select, insert, update on public.sessions to authenticated;

	create policy read on public.releases for select to anon, authenticated using (summit_id in (select private.readable_summits()));
	grant select on public.releases to anon, authenticated;
	-- Organisers add people and place them; what somebody consents to, only they say, in functions.
	revoke insert, update on public.session_people from authenticated;
	grant insert (session_id, summit_id, person_id, role, position, state), update (role, position, state) on public.session_people to authenticated;

	create policy read on public.release_people for select to anon, authenticated
		using (release_id in (select private.current_releases()) and session_id in (select private.my_seen_sessions())
			and private.is_named(session_id, person_id, role));
	grant select on public.release_people to anon, authenticated;
	foreach v_table in array array['release_sessions', 'release_slots'] loop
		execute format('create policy read on public.%I for select to anon, authenticated
			using (release_id in (select private.current_releases()) and session_id in (select private.my_seen_sessions()))', v_table);
		execute format('grant select on public.%I to anon, authenticated', v_table);
	end loop;

	create policy read on public.agenda_marks for select to authenticated using (person_id in (select private.my_people()));
	create policy add on public.agenda_marks for insert to authenticated
		with check (person_id in (select private.my_people()) and session_id in (select private.my_seen_sessions()));
	create policy remove on public.agenda_marks for delete to authenticated using (person_id in (select private.my_people()));
	grant select, insert, delete on public.agenda_marks to authenticated;

	create policy read on public.people for select to anon, authenticated using (id in (select private.seen_people()));
	grant select (id, code, display_name, office, affiliation, country, biography, portrait_path, links) on public.people to anon, authenticated;
	create policy read on public.account_people for select to authenticated using (account_id = (select private.account()));
	grant select on public.account_people to authenticated;
	create policy read on public.person_preferences for select to authenticated using (person_id in (select private.my_people()));
	create policy add on public.person_preferences for insert to authenticated with check (person_id = (select private.me()));
	create policy change on public.person_preferences for update to authenticated using (person_id = (select private.me())) with check (person_id = (select private.me()));
	grant select, insert, update on public.person_preferences to authenticated;
end
$$;
grant execute on function public.can_see(uuid), public.can_enter(uuid, public.way_in) to anon, authenticated;
grant execute on function private.my_seen_sessions(), private.current_releases(), private.seen_people(), private.draft_sessions(),
	private.is_named(uuid, uuid, public.session_role) to anon, authenticated;
grant execute on function private.can_see(uuid, uuid), private.entry_of(uuid, uuid, public.way_in), private.seen_sessions(uuid, uuid, uuid) to app_server;
