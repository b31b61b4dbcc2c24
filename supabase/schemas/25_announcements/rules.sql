-- Announcements of the organisers and the stage to those whom they concern: on open pages at once, by push and by mail
-- where asked.

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.announcements', 'registration',
		'{audience,mode,language,is_urgent,by_push,by_mail,shown_until,withdrawn_at}', '{}', '{texts}');

-- Whoever leads a Summit's agenda, registration, stages or safeguarding; about a session only if they may see it.
create function private.may_announce(p_summit uuid, p_session uuid default null) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(p_summit, 'programme', 'registration', 'stage', 'safeguarding')
		and (p_session is null or private.can_see(private.me(), p_session))
$$;

--[was in announcements] Whom an announcement is for at this moment; `p_person`: whether that is one of them. People with a role at the Summit belong to everyone.
--[patch announced_audience] To those of a session belongs whoever is on its list, or has a place in it, also when they marked nothing: nobody else comes to a closed one.
-- As before: whom an announcement is for at this moment; `p_person`: whether that is one of them. People with a role at the Summit belong to everyone.
create function private.announced_people(p_announcement private.announcements, p_person uuid default null)
	returns setof uuid
language sql stable security definer set search_path = '' as $$
	with held as (
		select session_id from public.release_slots as sl
		where p_announcement.audience = 'room' and sl.release_id = private.newest_release(p_announcement.summit_id)
			and sl.room_id = p_announcement.room_id
			and not sl.is_cancelled and sl.during && tstzrange(now(), now() + interval '1 hour')
		union select runs.session_id from public.runs
			where p_announcement.audience = 'room' and runs.room_id = p_announcement.room_id and runs.state <> 'ended'
		union select p_announcement.session_id where p_announcement.session_id is not null
	), heard as (
		select sp.person_id, sp.session_id from public.session_people as sp
		where sp.session_id in (select session_id from held) and sp.state <> 'declined'
		union select marks.person_id, marks.session_id from public.agenda_marks as marks
		where marks.session_id in (select session_id from held) and p_announcement.audience <> 'session_people'
		union select p.person_id, p.session_id from public.presence as p
		where p.session_id in (select session_id from held) and p.left_at is null
			and p_announcement.audience <> 'session_people'
		union select u.person_id, u.session_id from private.session_signups as u
		where u.session_id in (select session_id from held) and u.state = 'placed'
			and p_announcement.audience <> 'session_people'
		union select r.person_id, p_announcement.session_id from public.registrations as r
		left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
		where p_announcement.audience = 'session' and r.summit_id = p_announcement.summit_id and r.state = 'confirmed'
			and (p_person is null or r.person_id = p_person)
			and (select private.audience_in_force(p_announcement.session_id) = 'listed'
				or private.level_in_force(p_announcement.session_id) = 'closed')
			and private.is_listed(p_announcement.session_id, r.person_id, r.member_id, sm.sector, r.category)
	)
	select r.person_id from public.registrations as r
	left join public.person_preferences as f on f.person_id = r.person_id
	where r.summit_id = p_announcement.summit_id and r.state = 'confirmed'
		and p_announcement.audience in ('everyone', 'mode', 'language')
		and (p_person is null or r.person_id = p_person)
		and (p_announcement.mode is null or r.mode = p_announcement.mode)
		and (p_announcement.language is null or coalesce(f.locale, 'en') = p_announcement.language)
	union
	select g.person_id from public.role_grants as g
	where p_announcement.audience = 'everyone' and g.ended_at is null
		and (g.summit_id is null or g.summit_id = p_announcement.summit_id)
		and (p_person is null or g.person_id = p_person)
	union
	select heard.person_id from heard
	where (p_person is null or heard.person_id = p_person) and private.can_see(heard.person_id, heard.session_id)
	union
	-- Whoever is inside by the door, whatever is on there.
	select d.person_id from private.door_periods as d join public.checkpoints as c on c.id = d.checkpoint_id
	where p_announcement.audience = 'room' and c.room_id = p_announcement.room_id and d.left_at is null
		and d.day = private.door_day(p_announcement.summit_id) and (p_person is null or d.person_id = p_person)
$$;

-- Nothing about it leaves by push or mail that names what only few may know of.
create function private.is_discreet(p_announcement private.announcements) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_announcement.session_id is not null
		and private.level_in_force(p_announcement.session_id) in ('chatham_house', 'closed')
$$;
