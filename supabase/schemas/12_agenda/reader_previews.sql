-- Previews of the draft in the console: as any reader would see it if it were released now. Links are in
-- draft_previews.sql.

-- The reader whom organisers choose for a preview; null for a member that is not at the Summit, or a person whom no
-- session that the organiser sees names or lists. Of a protected person the member, sector and category are left out:
-- what they would open could be compared, and would tell them.
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
		where sp.summit_id = p_summit
			and sp.state <> 'declined'
			and sp.session_id in (select private.visible_sessions(private.me(), p_summit))
		union all
		select a.person_id
		from public.session_audiences as a
		where a.summit_id = p_summit
			and a.person_id is not null
			and a.session_id in (select private.visible_sessions(private.me(), p_summit))
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
-- them, with the levels and audiences of the draft. Of groups those count that the organiser sees: a preview tells
-- nobody who is of the others.
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
			private.is_listed(
				s.id, p_reader.person_id, p_reader.member_id, p_reader.sector, p_reader.category, (select private.me())
			)
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
