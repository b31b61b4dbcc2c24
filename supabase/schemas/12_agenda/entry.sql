-- Who may enter a session (Rule 5): the only place that decides it. Stream tokens, pages and doors all ask
-- `private.entry_decision` or `can_enter`. The entry lock of a run is in 16_stage/entry_lock.sql and is asked here. Who
-- may see is in visibility.sql.

-- Whether somebody is barred from a session or its whole Summit. A bar overrides everything that would admit them.
create function private.has_entry_bar(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from private.entry_bars as b
		join public.sessions as s on s.summit_id = b.summit_id
		where s.id = p_session
			and b.person_id = p_person
			and (b.session_id is null or b.session_id = p_session)
	)
$$;

-- Whether somebody enters by role: the people of a session in both ways; for stage and safeguarding every stream.
create function private.enters_by_role(p_person uuid, p_session uuid, p_channel public.access_channel) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
			select
			from public.session_people as sp
			where sp.session_id = p_session and sp.person_id = p_person and sp.state <> 'declined'
		)
		or p_channel = 'stream'
			and exists (
				select
				from private.usable_grants as g
				where g.person_id = p_person
					and g.role in ('stage', 'safeguarding')
					and (
						g.summit_id is null
						or g.summit_id = (select s.summit_id from public.sessions as s where s.id = p_session)
					)
			)
$$;

-- Whether entering requires a place (sign_up.sql) that somebody does not have: a limit in the hall applies at the door,
-- a limit online in the stream. A place in the hall also opens the stream, so that its holder can listen to the
-- interpretation on a phone.
create function private.lacks_place(p_person uuid, p_session uuid, p_channel public.access_channel) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from private.session_places as p
		where p.session_id = p_session
			and case p_channel
				when 'door' then p.hall is not null and p.enforced_at_entry <> 'none'
				else p.online is not null and p.enforced_at_entry = 'both'
			end
			and not exists (
				select
				from private.session_signups as u
				where u.session_id = p_session
					and u.person_id = p_person
					and u.state = 'placed'
					and (u.channel = 'hall' or p_channel = 'stream')
			)
			and not private.enters_by_role(p_person, p_session, p_channel)
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
	-- In a meeting people are seen by name: it is for those who are registered.
	if v_audience = 'everyone' and v_level = 'public' and p_channel = 'stream' and p_session.stage_format = 'stage' then
		return 'ok';
	end if;
	if not p_reader.is_registered then
		return case when p_reader.person_id is null then 'sign_in' else 'not_registered' end;
	end if;
	if private.is_re_review_blocking(p_reader.registration_id) then return 'in_review'; end if;
	if (v_audience = 'listed' or v_level = 'closed')
		and not private.is_listed(
			p_session.id, p_reader.person_id, p_reader.member_id, p_reader.sector, p_reader.category,
			case when p_is_draft then private.me() end
		) then
		return 'not_listed';
	end if;
	return 'ok';
end
$$;

-- Whether somebody may enter apart from places and the entry lock. Answers as `entry_decision`, without no_place and
-- locked.
create function private.entry_entitlement(p_person uuid, p_session uuid, p_channel public.access_channel)
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

-- Whether somebody may enter a session now. Answers ok | not_seen | barred | sign_in | not_registered | not_listed |
-- virtual_at_door | hall_only | online_only | in_review (details changed after accreditation) | no_place (places are
-- limited, and this person has none) | locked (the hosts of the run restrict who enters for now).
create function private.entry_decision(p_person uuid, p_session uuid, p_channel public.access_channel)
	returns public.entry_status
language plpgsql stable security definer set search_path = '' as $$
declare
	v_entitled text := private.entry_entitlement(p_person, p_session, p_channel);
begin
	if v_entitled <> 'ok' then return v_entitled; end if;
	if private.lacks_place(p_person, p_session, p_channel) then
		return case when p_person is null then 'sign_in' else 'no_place' end;
	end if;
	return case
		when p_channel = 'stream' and private.is_locked_out(p_person, p_session) then 'locked'
		else 'ok'
	end;
end
$$;
grant execute on function private.entry_decision(uuid, uuid, public.access_channel) to app_server;

-- The same for the reader.
create function public.can_enter(session uuid, channel public.access_channel) returns public.entry_status
language sql stable security definer set search_path = '' as $$
	select private.entry_decision((select private.me()), session, channel)
$$;
grant execute on function public.can_enter(uuid, public.access_channel) to anon, authenticated;

-- The session that still runs in the room of a checkpoint after its planned time, and when that time was over. The door
-- keeps admitting by the rules of that session: nobody enters a session only because its time is over, and after a
-- session that names nobody began, later entries are not named either. When the agenda has begun the next session, only
-- a session that names nobody continues so. After an hour the rule ends: a run that hosts forgot to end closes no room.
create function private.overrunning_session_at(p_checkpoint public.checkpoints, p_at timestamptz)
	returns table (session_id uuid, ended timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
	return query
	select runs.session_id, upper(sl.during)
	from public.release_slots as sl
	join public.runs on runs.session_id = sl.session_id
	where sl.release_id = private.newest_release(p_checkpoint.summit_id)
		and sl.room_id = p_checkpoint.room_id
		and not sl.is_cancelled
		and upper(sl.during) <= p_at
		and upper(sl.during) > p_at - interval '1 hour'
		and runs.started_at <= p_at
		and coalesce(runs.ended_at, 'infinity') > p_at
		and (
			private.level_in_force(runs.session_id) not in ('public', 'members')
			or not exists (
				select
				from public.release_slots as other
				where other.release_id = sl.release_id
					and other.room_id = sl.room_id
					and not other.is_cancelled
					and other.during @> p_at
			)
		)
	order by upper(sl.during) desc
	limit 1;
end
$$;
