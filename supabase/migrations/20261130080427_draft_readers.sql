-- One rule says who sees a session, released or in a draft, so that organisers preview the draft as any reader.

set check_function_bodies = off;

-- What of a reader decides which sessions they see and enter. Of somebody who is not registered all but the person is
-- empty.
create type private.session_reader as (
	person_id uuid,
	registration_id uuid,
	is_registered boolean,
	mode public.attendance_mode,
	category public.registration_category,
	member_id uuid,
	sector public.sector
);

-- A person (null: somebody who is not signed in) as a reader of a Summit, in one row. This and the next two have no
-- settings of their own, so that the planner makes them a part of the statement that asks.
create function private.session_readers(p_person uuid, p_summit uuid) returns setof private.session_reader
language sql stable as $$
	select p_person, r.id, r.id is not null, r.mode, r.category, r.member_id, sm.sector
	from (select) as always
	left join public.registrations as r
		on r.person_id = p_person and r.summit_id = p_summit and r.state = 'confirmed'
	left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
$$;

-- Up to which level a person sees the sessions of a Summit as an organiser, the draft too: an owner sees no closed
-- session. One row; null for all others.
create function private.organiser_levels(p_person uuid, p_summit uuid) returns table (level public.confidentiality)
language sql stable as $$
	select max(case when g.role = 'owner' then 'chatham_house' else 'closed' end::public.confidentiality)
	from private.usable_grants as g
	where g.person_id = p_person
		and (g.summit_id is null or g.summit_id = p_summit)
		and g.role in ('programme', 'stage', 'safeguarding', 'owner')
$$;

-- Whether a reader sees a session of a level. The people of a session see it, released or not, and organisers see it up
-- to their level; all others see it when it is released.
create function private.is_seen(
	p_level public.confidentiality,
	p_takes_part boolean,
	p_organiser_level public.confidentiality,
	p_is_released boolean,
	p_is_registered boolean,
	p_is_listed boolean
) returns boolean
language sql immutable as $$
	select p_takes_part
		or p_level <= p_organiser_level
		or p_is_released and (p_level = 'public' or p_is_registered and (p_level <> 'closed' or p_is_listed))
$$;

-- The sessions of a Summit (or the one given) that a person sees; null: somebody who is not signed in. Every other
-- function of visibility asks this one. Role grants count for this person alone, never for people they act for.
create or replace function private.visible_sessions(p_person uuid, p_summit uuid, p_session uuid default null) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with reader as (
		select each.*, organiser.level as organiser_level
		from private.session_readers(p_person, p_summit) as each,
			private.organiser_levels(p_person, p_summit) as organiser
	), held as (
		select
			s.id,
			greatest(s.level, rs.level) as level,
			rs.session_id is not null and s.state <> 'draft' and u.state <> 'draft' as is_released
		from public.sessions as s
		join public.summits as u on u.id = s.summit_id
		left join public.release_sessions as rs
			on rs.session_id = s.id and rs.release_id = (select private.newest_release(p_summit))
		where s.summit_id = p_summit
			and (p_session is null or s.id = p_session)
	)
	select held.id
	from held, reader
	where private.is_seen(
		held.level,
		exists (
			select
			from public.session_people as sp
			where sp.session_id = held.id and sp.person_id = p_person and sp.state <> 'declined'
		),
		reader.organiser_level,
		held.is_released,
		reader.is_registered,
		private.is_listed(held.id, p_person, reader.member_id, reader.sector, reader.category)
	)
$$;

-- Whether a reader who sees a session may enter it, apart from bars, places and the entry lock; by its live row and the
-- newest release, or (`p_is_draft`) as if the draft were released.
create function private.reader_entitlement(
	p_reader private.session_reader,
	p_session public.sessions,
	p_channel public.access_channel,
	p_is_draft boolean
) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_level public.confidentiality;
	v_audience public.session_audience;
begin
	-- The door always requires an in-person registration, also of people who enter by role.
	if p_channel = 'door' then
		if not p_reader.is_registered then return 'not_registered'; end if;
		if p_reader.mode <> 'in_person' then return 'virtual_at_door'; end if;
		if p_session.attendance = 'online' then return 'online_only'; end if;
		if private.is_re_review_blocking(p_reader.registration_id) then return 'in_review'; end if;
	end if;
	if private.enters_by_role(p_reader.person_id, p_session.id, p_channel) then return 'ok'; end if;
	if p_channel = 'stream' and p_session.attendance = 'hall' then return 'hall_only'; end if;
	v_level := case when p_is_draft then p_session.level else private.level_in_force(p_session.id) end;
	v_audience := case when p_is_draft then p_session.audience else private.audience_in_force(p_session.id) end;
	if v_audience = 'everyone' and v_level = 'public' and p_channel = 'stream' then return 'ok'; end if;
	if not p_reader.is_registered then
		return case when p_reader.person_id is null then 'sign_in' else 'not_registered' end;
	end if;
	if private.is_re_review_blocking(p_reader.registration_id) then return 'in_review'; end if;
	if (v_audience = 'listed' or v_level = 'closed')
		and not private.is_listed(
			p_session.id, p_reader.person_id, p_reader.member_id, p_reader.sector, p_reader.category
		) then
		return 'not_listed';
	end if;
	return 'ok';
end
$$;

-- Whether somebody may enter apart from places and the entry lock. Answers as `entry_decision`, without no_place and
-- locked.
create or replace function private.entry_entitlement(p_person uuid, p_session uuid, p_channel public.access_channel)
	returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_session public.sessions;
	v_reader private.session_reader;
begin
	select * into v_session from public.sessions where id = p_session;
	if not found or not private.can_see(p_person, p_session) then
		return 'not_seen';
	end if;
	if private.has_entry_bar(p_person, p_session) then return 'barred'; end if;
	select * into v_reader from private.session_readers(p_person, v_session.summit_id);
	return private.reader_entitlement(v_reader, v_session, p_channel, false);
end
$$;

-- Whether a release takes a session of the draft in this state. `p_before`: its row in the release before, if any.
create function private.is_releasable(p_session uuid, p_state public.session_state, p_before uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select case p_state
		when 'confirmed' then exists (select from public.slots where slots.session_id = p_session)
		-- A cancelled session stays visible as cancelled, unless it was never released.
		when 'cancelled' then p_before is not null
		else false
	end
$$;

-- Writes the sessions of a release: as the draft has them, or (with choices) as the release before had them except for
-- what was chosen. Answers how many, with choices at least 1.
create or replace function private.freeze_sessions(p_release uuid, p_previous uuid, p_summit uuid, p_choices jsonb) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_count integer;
begin
	-- From the draft: all sessions, or those chosen that the release before does not contain.
	insert into public.release_sessions (
		release_id, session_id, summit_id,
		title, abstract, content_note, links,
		format, format_slug, track, track_slug,
		level, audience, attendance,
		spoken, interpreted, is_recorded, is_break, is_cancelled
	)
	select
		p_release, s.id, p_summit,
		s.title, s.abstract, s.content_note, s.links,
		coalesce(f.name, '{}'), f.slug, coalesce(t.name, '{}'), t.slug,
		s.level, s.audience, s.attendance,
		s.spoken, s.interpreted, s.is_recorded, s.is_break, s.state = 'cancelled'
	from public.sessions as s
	left join public.release_sessions as before on before.release_id = p_previous and before.session_id = s.id
	left join public.formats as f on f.id = s.format_id
	left join public.tracks as t on t.id = s.track_id
	where s.summit_id = p_summit
		and (p_choices is null or before.session_id is null and p_choices ? s.id::text)
		and private.is_releasable(s.id, s.state, before.session_id);
	get diagnostics v_count = row_count;
	if p_choices is null then return v_count; end if;
	-- With choices: all sessions of the release before; only the state can change.
	insert into public.release_sessions (
		release_id, session_id, summit_id,
		title, abstract, content_note, links,
		format, format_slug, track, track_slug,
		level, audience, attendance,
		spoken, interpreted, is_recorded, is_break, is_cancelled
	)
	select
		p_release, before.session_id, p_summit,
		before.title, before.abstract, before.content_note, before.links,
		before.format, before.format_slug, before.track, before.track_slug,
		before.level, before.audience, before.attendance,
		before.spoken, before.interpreted, before.is_recorded, before.is_break,
		case
			when private.takes_from_draft(p_choices, before.session_id, p_previous, 'state') then s.state = 'cancelled'
			else before.is_cancelled
		end
	from public.release_sessions as before
	join public.sessions as s on s.id = before.session_id
	where before.release_id = p_previous;
	return v_count + 1;
end
$$;

-- The sessions of the draft that a role would see if it were released now. Stated from the live rows alone and never
-- wider than `private.visible_sessions`: no closed session in any case, no idea, none without a time.
create or replace function private.previewed_sessions(p_summit uuid, p_role text) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select s.id
	from public.sessions as s
	where s.summit_id = p_summit
		and s.state = 'confirmed'
		and private.is_seen(private.level_in_force(s.id), false, null, true, p_role = 'registered', false)
		and exists (select from public.slots where slots.session_id = s.id)
$$;

-- A session of the draft in the shape of a released one. People are named as everybody sees them, and only where the
-- role reads their names.
create or replace function private.previewed_session(p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', s.id,
		'code', s.code,
		'title', s.title,
		'abstract', s.abstract,
		'content_note', s.content_note,
		'format', coalesce(f.name, '{}'),
		'format_slug', f.slug,
		'track', coalesce(t.name, '{}'),
		'track_slug', t.slug,
		'level', s.level,
		'audience', s.audience,
		'attendance', s.attendance,
		'spoken', s.spoken,
		'interpreted', s.interpreted,
		'is_recorded', s.is_recorded,
		'is_break', s.is_break,
		'is_cancelled', s.state = 'cancelled',
		'host', private.side_event_host(s.id),
		'slots', case
			-- A cancelled session is shown where it was.
			when s.state = 'cancelled' then private.released_session(private.newest_release(s.summit_id), s.id) -> 'slots'
			else (
				select jsonb_agg(slot - 'id')
				from jsonb_array_elements(private.draft_slots(s.id)) as slot
			)
		end,
		'people', (
			select coalesce(
				jsonb_agg(
					jsonb_build_object(
						'code', p.code,
						'display_name', p.display_name,
						'office', p.office,
						'affiliation', p.affiliation,
						'country', p.country,
						'role', sp.role
					)
					order by sp.position, p.display_name
				),
				'[]'
			)
			from public.session_people as sp
			join public.people as p on p.id = sp.person_id
			where sp.session_id = s.id and private.is_named(s.id, sp.person_id, sp.role)
		),
		'run', null
	)
	from public.sessions as s
	left join public.formats as f on f.id = s.format_id
	left join public.tracks as t on t.id = s.track_id
	where s.id = p_session
$$;

-- The reader whom organisers choose for a preview; null for a member that is not at the Summit, or a person whom no
-- session of it names or lists. Of a protected person the member, sector and category are left out: what they would
-- open could be compared, and would tell them.
create function private.chosen_reader(
	p_summit uuid,
	p_person uuid,
	p_member uuid,
	p_is_registered boolean,
	p_sector public.sector,
	p_category public.registration_category,
	p_mode public.attendance_mode
) returns private.session_reader
language plpgsql stable security definer set search_path = '' as $$
declare
	v_reader private.session_reader;
begin
	if p_person is null then
		if p_member is not null then
			select sm.sector into p_sector
			from public.summit_members as sm
			where sm.summit_id = p_summit and sm.member_id = p_member;
			if not found then return null; end if;
		end if;
		v_reader.is_registered := coalesce(p_is_registered, false);
		if v_reader.is_registered then
			v_reader.mode := coalesce(p_mode, 'in_person');
			v_reader.category := p_category;
			v_reader.member_id := p_member;
			v_reader.sector := p_sector;
		end if;
		return v_reader;
	end if;
	if p_person not in (
		select sp.person_id
		from public.session_people as sp
		where sp.summit_id = p_summit and sp.state <> 'declined'
		union all
		select a.person_id
		from public.session_audiences as a
		where a.summit_id = p_summit and a.person_id is not null
	) then
		return null;
	end if;
	select * into v_reader from private.session_readers(p_person, p_summit);
	-- Whether their details wait for a review is for those who accredit.
	v_reader.registration_id := null;
	if exists (select from private.protections as x where x.person_id = p_person) then
		v_reader.category := null;
		v_reader.member_id := null;
		v_reader.sector := null;
	end if;
	return v_reader;
end
$$;

-- The sessions that a reader would see if the draft were released now: those of the release that `private.is_seen` shows
-- them, with the levels and audiences of the draft.
create function private.sessions_if_released(p_summit uuid, p_reader private.session_reader) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select s.id
	from public.sessions as s
	left join public.release_sessions as before
		on before.session_id = s.id and before.release_id = (select private.newest_release(p_summit)),
		private.organiser_levels(p_reader.person_id, p_summit) as organiser
	where s.summit_id = p_summit
		and private.is_releasable(s.id, s.state, before.session_id)
		and private.is_seen(
			s.level,
			exists (
				select
				from public.session_people as sp
				where sp.session_id = s.id and sp.person_id = p_reader.person_id and sp.state <> 'declined'
			),
			organiser.level,
			true,
			p_reader.is_registered,
			private.is_listed(s.id, p_reader.person_id, p_reader.member_id, p_reader.sector, p_reader.category)
		)
$$;

-- The draft as a chosen reader would see it if it were released now, for programme organisers: a visitor; somebody
-- registered, perhaps of a category, a sector or a member; or a person of a session. Each session says whether that
-- reader may enter it. Answers {status: ok | not_allowed | unknown, name: of the person or member, sessions}. Sessions
-- that the organiser does not see are left out.
create function public.preview_draft(
	summit uuid,
	registered boolean default false,
	person uuid default null,
	member uuid default null,
	sector public.sector default null,
	category public.registration_category default null,
	mode public.attendance_mode default null
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_reader private.session_reader := private.chosen_reader(summit, person, member, registered, sector, category, mode);
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_reader.is_registered is null then return jsonb_build_object('status', 'unknown'); end if;
	return jsonb_build_object(
		'status', 'ok',
		'name', coalesce(
			(select p.display_name from public.people as p where p.id = person),
			(select o.name from public.members as o where o.id = member)
		),
		'sessions', (
			select coalesce(
				jsonb_agg(
					private.previewed_session(s.id) || jsonb_build_object(
						'entry', jsonb_build_object(
							'stream', private.reader_entitlement(v_reader, s, 'stream', true),
							'door', private.reader_entitlement(v_reader, s, 'door', true)
						)
					)
					order by (select min(lower(slots.during)) from public.slots where slots.session_id = s.id), s.code
				),
				'[]'
			)
			from public.sessions as s
			where s.id in (select private.sessions_if_released(preview_draft.summit, v_reader))
				and s.id in (select private.visible_sessions(v_me, preview_draft.summit))
		)
	);
end
$$;
grant execute on function public.preview_draft(
	uuid, boolean, uuid, uuid, public.sector, public.registration_category, public.attendance_mode
) to authenticated;

reset check_function_bodies;
