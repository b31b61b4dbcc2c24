-- Who may announce, and whom an announcement is for.

-- Organisers of a Summit's agenda, registration, stages or safeguarding. Only those who may see a session announce
-- something about it (Rule 5).
create function private.may_announce(p_summit uuid, p_session uuid default null) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(p_summit, 'programme', 'registration', 'stage', 'safeguarding')
		and (p_session is null or private.can_see(private.me(), p_session))
$$;

-- The announcement that a form describes, not yet stored. `target`: {audience, mode, language, room, session}. Null
-- when it names nothing of this Summit.
create function private.build_announcement(p_summit uuid, p_target jsonb) returns private.announcements
language plpgsql stable security definer set search_path = '' as $$
declare
	v private.announcements;
begin
	v.id := gen_random_uuid();
	v.summit_id := p_summit;
	v.audience := (p_target ->> 'audience')::public.announcement_audience;
	if v.audience = 'mode' then v.mode := (p_target ->> 'mode')::public.attendance_mode; end if;
	if v.audience = 'language' then v.language := p_target ->> 'language'; end if;
	if v.audience = 'room' then
		select r.id into v.room_id from public.rooms as r
		where r.id = (p_target ->> 'room')::uuid and r.summit_id = p_summit;
	end if;
	if v.audience in ('session', 'session_people') then
		select s.id into v.session_id from public.sessions as s
		where s.id = (p_target ->> 'session')::uuid and s.summit_id = p_summit;
	end if;
	if v.audience is null
		or v.audience <> 'everyone'
			and coalesce(v.mode::text, v.language, v.room_id::text, v.session_id::text) is null then
		return null;
	end if;
	return v;
exception when invalid_text_representation then return null;
end
$$;

-- The people whom an announcement is for at this moment; with `p_person`, only that person if they are among them.
-- `p_person` is repeated in each part, so that the question about one person does not build the whole list.
-- An announcement for everyone also reaches people with an organiser role. One for a listed or closed session also
-- reaches everybody on its list, even without a star, because nobody else may come.
create function private.announcement_recipients(p_announcement private.announcements, p_person uuid default null)
	returns setof uuid
language sql stable security definer set search_path = '' as $$
	-- The sessions that it is about: those of the room now and within the hour, or the one session.
	with held as (
		select session_id from public.release_slots as sl
		where p_announcement.audience = 'room'
			and sl.release_id = private.newest_release(p_announcement.summit_id)
			and sl.room_id = p_announcement.room_id
			and not sl.is_cancelled
			and sl.during && tstzrange(now(), now() + interval '1 hour')
		union
		select runs.session_id from public.runs
		where p_announcement.audience = 'room' and runs.room_id = p_announcement.room_id and runs.state <> 'ended'
		union
		select p_announcement.session_id
		where p_announcement.session_id is not null
	), heard as (
		-- Their speakers and other roles, stars, viewers, places, and the list of a listed or closed session.
		select sp.person_id, sp.session_id
		from public.session_people as sp
		where sp.session_id in (select session_id from held) and sp.state <> 'declined'
		union
		select marks.person_id, marks.session_id
		from public.agenda_marks as marks
		where marks.session_id in (select session_id from held) and p_announcement.audience <> 'session_people'
		union
		select p.person_id, p.session_id from public.presence as p
		where p.session_id in (select session_id from held)
			and p.left_at is null
			and p_announcement.audience <> 'session_people'
		union
		select u.person_id, u.session_id
		from private.session_signups as u
		where u.session_id in (select session_id from held)
			and u.state = 'placed'
			and p_announcement.audience <> 'session_people'
		union
		select r.person_id, p_announcement.session_id
		from public.registrations as r
		left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
		where p_announcement.audience = 'session'
			and r.summit_id = p_announcement.summit_id
			and r.state = 'confirmed'
			and (p_person is null or r.person_id = p_person)
			and (
				select private.audience_in_force(p_announcement.session_id) = 'listed'
					or private.level_in_force(p_announcement.session_id) = 'closed'
			)
			and private.is_listed(p_announcement.session_id, r.person_id, r.member_id, sm.sector, r.category)
	)
	select r.person_id from public.registrations as r
	left join public.person_preferences as f on f.person_id = r.person_id
	where r.summit_id = p_announcement.summit_id
		and r.state = 'confirmed'
		and p_announcement.audience in ('everyone', 'mode', 'language')
		and (p_person is null or r.person_id = p_person)
		and (p_announcement.mode is null or r.mode = p_announcement.mode)
		and (p_announcement.language is null or coalesce(f.locale, 'en') = p_announcement.language)
	union
	select g.person_id from private.live_grants as g
	where p_announcement.audience = 'everyone'
		and (g.summit_id is null or g.summit_id = p_announcement.summit_id)
		and (p_person is null or g.person_id = p_person)
	union
	select heard.person_id from heard
	where (p_person is null or heard.person_id = p_person) and private.can_see(heard.person_id, heard.session_id)
	union
	-- Everybody inside by the door, whatever session is on.
	select d.person_id from private.door_periods as d
	join public.checkpoints as c on c.id = d.checkpoint_id
	where p_announcement.audience = 'room'
		and c.room_id = p_announcement.room_id
		and d.left_at is null
		and d.day = private.door_day(p_announcement.summit_id)
		and (p_person is null or d.person_id = p_person)
$$;

-- Whether the announcement is about a session that only few may know of. Its text then leaves by neither push nor mail.
create function private.is_confidential_announcement(p_announcement private.announcements) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_announcement.session_id is not null
		and private.level_in_force(p_announcement.session_id) in ('chatham_house', 'closed')
$$;

-- Whether an announcement is for everybody of a session that only those listed attend: how many it reaches would tell
-- organisers how many people a group has that they do not see.
create function private.is_for_listed(p_announcement private.announcements) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_announcement.audience = 'session'
		and (
			private.audience_in_force(p_announcement.session_id) = 'listed'
			or private.level_in_force(p_announcement.session_id) = 'closed'
		)
$$;

-- Answers {status: ok | not_allowed | invalid, people, push, mail}: how many people it would reach now, in all, by push
-- and by mail. Of a session for those listed, its people and those count of whom the organiser can know that it lists
-- them.
create function public.count_announcement_recipients(summit uuid, target jsonb) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v private.announcements := private.build_announcement(count_announcement_recipients.summit, target);
	v_is_for_listed boolean := private.is_for_listed(v);
begin
	if not private.may_announce(count_announcement_recipients.summit, v.session_id) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if v.id is null then return jsonb_build_object('status', 'invalid'); end if;
	return (
		select jsonb_build_object(
			'status', 'ok', 'people', count(*),
			'push', count(*) filter (
				where exists (select from private.push_subscriptions as ps where ps.person_id = each.id)
			),
			'mail', count(*) filter (where private.is_reachable(each.id))
		)
		from private.announcement_recipients(v) as each (id)
		where not v_is_for_listed
			or exists (
				select
				from public.session_people as sp
				where sp.session_id = v.session_id and sp.person_id = each.id and sp.state <> 'declined'
			)
			or private.is_known_listed(v.session_id, each.id, private.me())
	);
end
$$;
grant execute on function public.count_announcement_recipients(uuid, jsonb) to authenticated;
