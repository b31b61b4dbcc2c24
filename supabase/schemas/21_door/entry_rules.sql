-- Who may enter: rules that ask the registration at this moment, not what the badge said when it was printed, and what
-- the person at the door sees.

-- Whether a badge admits its holder at a checkpoint, whatever session is on: ok | stop | revoked | not_confirmed |
-- wrong_mode | other_day | in_review | not_here. The night after the last day belongs to it.
create function private.check_door_entry(p_checkpoint public.checkpoints, p_badge public.badges,
	p_registration public.registrations, p_at timestamptz) returns text
language plpgsql stable security definer set search_path = '' as $$
declare
	v_summit public.summits;
begin
	select * into v_summit from public.summits where id = p_badge.summit_id;
	return case
		when exists (select from private.entry_bars
			where person_id = p_registration.person_id and summit_id = v_summit.id and session_id is null)
			then 'stop'
		when p_badge.revoked_at <= p_at then 'revoked'
		when p_registration.state <> 'confirmed' then 'not_confirmed'
		when p_registration.mode <> 'in_person' then 'wrong_mode'
		when (p_at at time zone v_summit.zone)::date < v_summit.starts_on
			or private.door_day(v_summit.id, p_at) > v_summit.ends_on
			then 'other_day'
		when private.is_re_review_blocking(p_registration.id) then 'in_review'
		when p_checkpoint.categories <> '{}' and p_registration.category <> all (p_checkpoint.categories)
			then 'not_here'
		else 'ok' end;
end
$$;

-- The session behind a checkpoint: the one that is on or begins within half an hour, and until when it lasts. An
-- overrunning session is still on behind the doors of its rooms, for an hour at most, so that a forgotten run blocks no
-- room: otherwise people who may not be in it could enter once its time is over, and where nobody is named, those who
-- come then would be. A checkpoint of one session serves that session however early.
create function private.session_at_door(p_checkpoint public.checkpoints, p_at timestamptz, out session uuid,
	out until timestamptz)
language plpgsql stable security definer set search_path = '' as $$
begin
	if p_checkpoint.kind not in ('room', 'session') then return; end if;
	if p_checkpoint.room_id is not null then
		select o.session_id, p_at + interval '1 hour' into session, until
		from private.overrunning_session_at(p_checkpoint, p_at) as o;
		if session is not null then return; end if;
	end if;
	select sl.session_id, upper(sl.during) into session, until
	from public.release_slots as sl
	join public.sessions as s on s.id = sl.session_id
	where sl.release_id = private.newest_release(p_checkpoint.summit_id)
		and not sl.is_cancelled and not s.is_break
		and (sl.room_id = p_checkpoint.room_id or sl.session_id = p_checkpoint.session_id)
		and sl.during && tstzrange(p_at, p_at + interval '30 minutes')
	order by lower(sl.during) limit 1;
	if session is null and p_checkpoint.session_id is not null then
		session := p_checkpoint.session_id;
		until := coalesce(
			(select min(upper(sl.during))
				from public.release_slots as sl
				where sl.release_id = private.newest_release(p_checkpoint.summit_id)
					and sl.session_id = p_checkpoint.session_id and not sl.is_cancelled and upper(sl.during) > p_at),
			p_at + interval '1 hour');
	end if;
end
$$;

-- Whether a person may enter a session in the hall: ok | stop (barred) | not_here.
create function private.check_session_entry(p_person uuid, p_session uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case private.entry_decision(p_person, p_session, 'door')
		when 'ok' then 'ok'
		when 'barred' then 'stop'
		else 'not_here' end
$$;

-- Whether nobody may photograph a person: by their setting, by protection, because they did not consent, or because the
-- guardian of a minor forbids it.
create function private.forbids_photographs(p_person uuid, p_registration uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.person_preferences where person_id = p_person and no_photographs)
		or exists (select from private.protections where person_id = p_person and no_photographs)
		or exists (select from public.consents as c
			join public.consent_items as i on i.id = c.item_id
			where c.registration_id = p_registration and i.key = 'photographs'
				and (c.given_at is null or c.withdrawn_at is not null))
		or exists (select from private.guardian_stage_agreements as a
			join public.registrations as r on r.id = a.registration_id
			where a.registration_id = p_registration and a.forbids_photographs and r.is_minor)
$$;

-- What a person has said about photographs for the whole Summit: 'no' (as above), 'yes' (the consent to photographs);
-- null where neither was said, so that a speaker is asked for each session.
create function private.answered_photographs(p_person uuid, p_summit uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when private.forbids_photographs(p_person, r.id) then 'no'
		when exists (select from public.consents as c
			join public.consent_items as i on i.id = c.item_id
			where c.registration_id = r.id and i.key = 'photographs') then 'yes' end
	from (select) as always
	left join public.registrations as r on r.person_id = p_person and r.summit_id = p_summit
		and r.state not in ('declined', 'withdrawn', 'expired')
$$;

-- The notes on a person that the door sees: signs to act on, never the file behind them.
create function private.door_flags(p_person uuid, p_registration uuid, p_session uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(array_remove(array[
		case when private.forbids_photographs(p_person, p_registration) then 'no_photographs' end,
		case when r.is_minor then 'escort' end,
		case
			when s.id is not null and r.languages <> '{}' and not r.languages && s.spoken
				and r.languages && s.interpreted
				then 'interpreter_set' end,
		case
			when exists (select from public.registration_needs as d
				where d.registration_id = r.id and btrim(d.access_needs) <> '')
				then 'access_need' end], null))
	from public.registrations as r
	left join public.sessions as s on s.id = p_session
	where r.id = p_registration
$$;

-- Where there is room when a place is full: {room} another room of the session that is not full, {stream} its stream,
-- or {}. Also before the session begins.
create function private.find_alternative_room(p_checkpoint public.checkpoints, p_session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(select jsonb_build_object('room', r.name)
			from public.release_slots as sl
			join public.rooms as r on r.id = sl.room_id
			left join public.checkpoints as c on c.room_id = r.id and c.kind = 'room' and c.name is null
			where sl.release_id = private.newest_release(p_checkpoint.summit_id)
				and sl.session_id = p_session and not sl.is_cancelled
				and sl.during && tstzrange(now(), now() + interval '30 minutes')
				and r.id is distinct from p_checkpoint.room_id
				and (r.kind = 'overflow' or r.kind <> 'online' and p_checkpoint.room_id is not null)
				and coalesce(private.count_inside(p_checkpoint.summit_id, r.id::text,
					private.door_day(p_checkpoint.summit_id)) < coalesce(c.capacity, r.capacity), true)
			order by r.kind = 'overflow' desc, lower(sl.during), r.position limit 1),
		(select jsonb_build_object('stream', true)
			from public.sessions as s
			where s.id = p_session and s.attendance <> 'hall'), '{}')
$$;

-- The same for the offline snapshot, from the agenda alone: an offline device cannot know how full another room is.
create function private.find_planned_alternative(p_checkpoint public.checkpoints, p_session uuid, p_during tstzrange)
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		(select jsonb_build_object('room', r.name)
			from public.release_slots as sl
			join public.rooms as r on r.id = sl.room_id
			where sl.release_id = private.newest_release(p_checkpoint.summit_id)
				and sl.session_id = p_session and not sl.is_cancelled and sl.during && p_during
				and r.id is distinct from p_checkpoint.room_id
				and (r.kind = 'overflow' or r.kind <> 'online' and p_checkpoint.room_id is not null)
			order by r.kind = 'overflow' desc, lower(sl.during), r.position limit 1),
		(select jsonb_build_object('stream', true)
			from public.sessions as s
			where s.id = p_session and s.attendance <> 'hall'))
$$;
