-- Interpretation in the room of a meeting.

set check_function_bodies = off;

alter table private.meeting_participants
	add column on_air text check (on_air is null or is_staff),
	add column on_air_at timestamptz check ((on_air is null) = (on_air_at is null)),
	add column offered_at timestamptz;
create unique index meeting_one_voice on private.meeting_participants (room_id, on_air) where on_air is not null;

-- Whether somebody is connected to the room of a meeting now.
create function private.is_connected(p private.meeting_participants) returns boolean
language sql immutable set search_path = '' as $$
	select p.sid is not null and p.left_at is null
$$;

-- The languages from which those in the room of all choose: [{language, is_signed, identity (null: nobody interprets now),
-- is_staffed: an interpreter of it is connected}].
create function private.meeting_languages(p_room private.meeting_rooms) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'language', b.language,
			'is_signed', private.is_sign_language(b.language),
			'identity', voice.identity,
			'is_staffed', voice.identity is not null or exists (select
				from private.meeting_staff as s
				join private.meeting_participants as p on p.room_id = s.meeting_id and p.person_id = s.person_id
				where s.meeting_id = p_room.meeting_id and s.part = 'interpreter' and s.language = b.language
					and p.is_staff and private.is_connected(p)))
		order by private.is_sign_language(b.language), b.language), '[]')
	from (select distinct s.language
		from private.meeting_staff as s
		where s.meeting_id = p_room.meeting_id and s.part = 'interpreter') as b
	left join lateral (
		select p.identity
		from private.meeting_participants as p
		where p.room_id = p_room.id and p.on_air = b.language and private.meeting_rights(p_room, p) is not null
	) as voice on true
$$;

-- Pages and LiveKit follow who is on air, whatever changed it.
create function private.publish_meeting_voice() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('meeting:' || new.room_id, 'voice');
	return null;
end
$$;

create trigger publish_voice after update of on_air on private.meeting_participants for each row
	when (old.on_air is distinct from new.on_air) execute function private.publish_meeting_voice();

-- The reader's own place in the open room as an interpreter of a language; null for others, and before they entered the
-- booth. Locks the room, so that of two interpreters who act at once the second sees what the first did.
create function private.lock_meeting_booth(p_code text, p_language text) returns private.meeting_participants
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms;
	v private.meeting_participants;
begin
	select r.* into v_room
	from private.meeting_rooms as r
	join private.meetings as m on m.id = r.meeting_id
	where m.code = p_code
	for update of r;
	select p.* into v
	from private.meeting_participants as p
	where p.room_id = v_room.id and p.person_id = (select private.me()) and p.is_staff
		and private.meeting_rights(v_room, p) is not null
		and private.is_meeting_staff(p.person_id, v_room.meeting_id, 'interpreter', p_language);
	return v;
end
$$;

-- Takes the microphone of a booth: at once when nobody has it, when it was offered, or when its interpreter is not
-- connected. Otherwise `busy`: the partner must offer it. They leave any other booth. Answers ok | already | not_found |
-- busy. Locks the room.
create function public.take_meeting_booth(code text, language text) returns public.booth_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_booth(take_meeting_booth.code, take_meeting_booth.language);
	v_holder private.meeting_participants;
begin
	if v.id is null then return 'not_found'; end if;
	if v.on_air = take_meeting_booth.language then return 'already'; end if;
	select p.* into v_holder
	from private.meeting_participants as p
	where p.room_id = v.room_id and p.on_air = take_meeting_booth.language;
	if v_holder.id is not null and v_holder.offered_at is null and private.is_connected(v_holder)
		and v_holder.removed_at is null then
		return 'busy';
	end if;
	update private.meeting_participants as p
	set on_air = null, on_air_at = null, offered_at = null
	where p.id = v_holder.id;
	update private.meeting_participants as p
	set on_air = take_meeting_booth.language, on_air_at = now(), offered_at = null
	where p.id = v.id;
	return 'ok';
end
$$;

grant execute on function public.take_meeting_booth(text, text) to authenticated;

-- Offers the microphone to the partner, or takes the offer back. Answers ok | already | not_found (also for somebody who is
-- not on air). Locks the room.
create function public.offer_meeting_booth(code text, language text, offered boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_booth(offer_meeting_booth.code, offer_meeting_booth.language);
begin
	if v.id is null or v.on_air is distinct from offer_meeting_booth.language or offered is null then return 'not_found'; end if;
	if (v.offered_at is not null) = offered then return 'already'; end if;
	update private.meeting_participants as p set offered_at = case when offered then now() end where p.id = v.id;
	perform private.publish_event('meeting:' || v.room_id, 'booth');
	return 'ok';
end
$$;

grant execute on function public.offer_meeting_booth(text, text, boolean) to authenticated;

-- Leaves the microphone: listeners hear the original. Answers ok | already | not_found. Locks the room.
create function public.leave_meeting_booth(code text, language text) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_participants := private.lock_meeting_booth(leave_meeting_booth.code, leave_meeting_booth.language);
begin
	if v.id is null then return 'not_found'; end if;
	if v.on_air is distinct from leave_meeting_booth.language then return 'already'; end if;
	update private.meeting_participants as p
	set on_air = null, on_air_at = null, offered_at = null
	where p.id = v.id;
	return 'ok';
end
$$;

grant execute on function public.leave_meeting_booth(text, text) to authenticated;

-- The page of a booth for its interpreters: private.meeting_staff_room_json with {booth, me, languages, own: the languages
-- of the reader's booths}; null for everyone else. Its shape is that of a booth of a run.
create function public.read_meeting_booth(code text, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.meeting_staff_room_json(m) || jsonb_build_object(
		'booth', jsonb_build_object(
			'language', read_meeting_booth.language,
			'is_signed', private.is_sign_language(read_meeting_booth.language),
			'hint_minutes', 30,
			'is_on_air', voice.id is not null,
			'since', private.iso(voice.on_air_at),
			'is_offered', voice.offered_at is not null,
			'people', (select jsonb_agg(jsonb_build_object(
					'code', s.id,
					'display_name', q.display_name,
					'is_of_booth', true,
					'is_here', coalesce(p.is_staff and private.is_connected(p), false),
					'is_on_air', coalesce(p.id = voice.id, false),
					'pairs', '[]'::jsonb) order by q.display_name, s.id)
				from private.meeting_staff as s
				join public.people as q on q.id = s.person_id
				left join private.meeting_participants as p on p.room_id = s.meeting_id and p.person_id = s.person_id
				where s.meeting_id = m.id and s.part = 'interpreter' and s.language = read_meeting_booth.language),
			'lines', '[]'::jsonb),
		'me', jsonb_build_object(
			'code', own.id,
			'identity', mine.identity,
			'is_on_stage', false,
			'is_on_air', coalesce(mine.on_air = read_meeting_booth.language, false)),
		'languages', private.meeting_languages(r),
		'own', (select jsonb_agg(s.language order by s.language)
			from private.meeting_staff as s
			where s.meeting_id = m.id and s.person_id = own.person_id and s.part = 'interpreter'))
	from private.meetings as m
	join private.meeting_staff as own on own.meeting_id = m.id and own.person_id = (select private.me())
		and own.part = 'interpreter' and own.language = read_meeting_booth.language
	left join private.meeting_rooms as r on r.meeting_id = m.id
	left join private.meeting_participants as mine on mine.room_id = m.id and mine.person_id = own.person_id
	left join private.meeting_participants as voice on voice.room_id = m.id and voice.on_air = own.language
	where m.code = read_meeting_booth.code and private.is_meeting_staffed(m)
$$;

grant execute on function public.read_meeting_booth(text, text) to authenticated;

-- Ends a room: nobody is there any more, its breakout rooms end, and its messages and captions are deleted. The caller has locked it.
create or replace function private.close_meeting_room(p_room uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.meeting_rooms as r
	set ended_at = now(), breakouts = null, breakouts_until = null
	where r.id = p_room;
	update private.meeting_livekit_rooms as r set closed_at = now() where r.room_id = p_room and r.closed_at is null;
	update private.meeting_participants as p
	set admitted_at = null, hand_at = null, shares_at = null, camera_at = null, breakout = null, left_at = coalesce(p.left_at, now()),
		on_air = null, on_air_at = null, offered_at = null
	where p.room_id = p_room;
	delete from private.meeting_messages as x where x.room_id = p_room;
	delete from private.meeting_captions as x where x.meeting_id = p_room;
	delete from private.meeting_sign_ins as x where x.room_id = p_room;
	select private.publish_event('meeting:' || p_room, 'room');
$$;

-- The pass of a person to a room, with a camera place if they want one and one is free: {status: ok | none (they may not be
-- there) | closed (not open) | full | waiting (for a host) | removed, room, identity, number (of the breakout room), publish[]}.
-- Locks the room, so a pass and an act that removes the same person follow one another: the pass is for a room that the act
-- closes, or there is none.
create or replace function private.room_pass(p_room uuid, p_person uuid, p_auth_session uuid, p_camera boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms := private.lock_room(p_room);
	v private.meeting_participants;
	v_asked timestamptz;
	v_name text;
begin
	if not private.is_meeting_room_open(v_room) then return '{"status": "closed"}'; end if;
	if not private.may_be_in_room(v_room, p_person) then return '{"status": "none"}'; end if;
	if v_room.run_id is not null then
		if private.room_limit() <= (select count(*) from private.meeting_participants as p
				where p.room_id = v_room.id and p.person_id <> p_person and p.sid is not null and p.left_at is null)
			and not private.hosts_room(v_room, p_person) then
			return '{"status": "full"}';
		end if;
		-- By this row attendance is written, and a bar finds the run.
		perform private.ensure_participant(v_room.run_id, p_person);
	end if;
	v_asked := (select p.asked_at from private.meeting_participants as p
		where p.room_id = v_room.id and p.person_id = p_person);
	insert into private.meeting_participants as p (room_id, person_id, admitted_at)
	values (v_room.id, p_person, case when not v_room.is_locked or private.hosts_room(v_room, p_person) then now() end)
	on conflict (room_id, person_id) do update
		set asked_at = now(), is_staff = false, on_air = null, on_air_at = null, offered_at = null,
			-- Its staff did not wait for a host.
			admitted_at = case when p.removed_at is null
				then coalesce(case when not p.is_staff then p.admitted_at end, excluded.admitted_at) end
	returning p.* into v;
	if v.removed_at is not null then return '{"status": "removed"}'; end if;
	if v.admitted_at is null then
		-- Hosts learn it at once; later requests of the same page only count.
		if coalesce(v_asked < now() - interval '1 minute', true) then
			perform private.publish_event('meeting:' || v_room.id, 'waiting');
		end if;
		return '{"status": "waiting"}';
	end if;
	v.identity := private.meeting_identity_for(v, p_auth_session);
	perform private.set_meeting_camera(v_room, v, p_camera);
	select p.* into v from private.meeting_participants as p where p.id = v.id;
	insert into private.meeting_livekit_rooms (room_id, number)
	values (v_room.id, private.meeting_room_number(v_room, v))
	on conflict (room_id, number) where closed_at is null do nothing;
	select r.name into v_name
	from private.meeting_livekit_rooms as r
	where r.room_id = v_room.id and r.number = private.meeting_room_number(v_room, v) and r.closed_at is null;
	return jsonb_build_object('status', 'ok', 'room', v_name, 'identity', v.identity,
		'number', private.meeting_room_number(v_room, v),
		'publish', to_jsonb(private.meeting_rights(v_room, v)));
end
$$;

-- The tracks that somebody may send in the room of a meeting now; null: they may not be there.
create or replace function private.meeting_rights(p_room private.meeting_rooms, p private.meeting_participants) returns text[]
language sql stable security definer set search_path = '' as $$
	select case
		when p.is_staff and private.is_meeting_room_open(p_room) and p.admitted_at is not null and p.removed_at is null
			then case
				when p.on_air is not null and private.is_meeting_staff(p.person_id, p_room.meeting_id, 'interpreter', p.on_air)
					then array[case when private.is_sign_language(p.on_air) then 'camera' else 'microphone' end]
				when private.is_meeting_staff(p.person_id, p_room.meeting_id) then '{}'::text[]
			end
		when private.is_meeting_room_open(p_room) and p.admitted_at is not null and p.removed_at is null
			and private.may_be_in_room(p_room, p.person_id)
			then array_remove(array[
				case when private.has_meeting_camera(p_room, p) and private.may_use_in_room(p_room, p.person_id, 'camera')
					then 'camera' end,
				case when private.may_use_in_room(p_room, p.person_id, 'microphone') then 'microphone' end,
				case when private.shares_meeting_screen(p_room, p) and private.may_use_in_room(p_room, p.person_id, 'screen')
					then 'screen' end], null)
	end
$$;

-- The room of a run as the reader sees it, as public.read_meeting_room answers that of a meeting; null for who may not be
-- there. With {run: its state and the level in force, session: its code, room: {slug, name}, may: {camera, chat, microphone} of the
-- reader}, and without a group.
create or replace function public.read_run_room(run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with found as (
		select r as room, runs.*, p as own, v.slug, v.name as place, private.stage_session(runs.session_id) as shown,
			s.zone, private.meeting_rights(r, p) is not null as is_in, private.hosts_room(r, private.me()) as is_host
		from private.meeting_rooms as r
		join public.runs on runs.id = r.run_id
		join public.summits as s on s.id = runs.summit_id
		join public.rooms as v on v.id = runs.room_id
		left join private.meeting_participants as p on p.room_id = r.id and p.person_id = (select private.me())
		where r.run_id = read_run_room.run and private.is_meeting_room_open(r)
			and private.may_be_in_room(r, private.me())
	)
	select jsonb_build_object(
		'id', f.id,
		'code', f.id::text,
		'run', jsonb_build_object('state', f.state, 'level', f.shown -> 'level'),
		'session', f.shown -> 'code',
		'room', jsonb_build_object('slug', f.slug, 'name', f.place),
		'title', f.shown -> 'title',
		'start', f.shown -> 'start',
		'end', f.shown -> 'end',
		'zone', f.zone,
		'is_open', true,
		'may_open', false,
		'is_host', f.is_host,
		'is_locked', (f.room).is_locked,
		-- Its captions are those of the run.
		'caption_languages', '[]'::jsonb,
		'languages', '[]'::jsonb,
		'may', jsonb_build_object(
			'camera', private.may_use_in_room(f.room, private.me(), 'camera'),
			'chat', private.may_use_in_room(f.room, private.me(), 'chat'),
			'microphone', private.may_use_in_room(f.room, private.me(), 'microphone')),
		'read_at', private.reading_moment(),
		'me', private.meeting_place_json(f.room, f.own),
		'breakouts', case when f.is_in then private.meeting_breakouts_json(f.room) end,
		'messages', case when f.is_in then private.meeting_messages_json(f.room, f.own) else '[]' end)
		|| case when f.is_in then private.meeting_room_people_json(f.room, f.is_host)
			else '{"people": [], "waiting": [], "out": []}' end
	from found as f
$$;

-- The room of a meeting as the reader sees it; null for who is not of the group. {id, code, group: {code, name}, title,
-- start, end, zone, is_open, may_open, is_host, is_locked, caption_languages, languages (private.meeting_languages), read_at (milliseconds, before anything was read), me, people,
-- messages and breakouts for who is in, waiting and out for hosts who are in}.
create or replace function public.read_meeting_room(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	with found as (
		select m as meeting, r as room, m.*, g.code as group_code, g.name as group_name,
			private.is_meeting_room_open(r) as is_open,
			private.chairs_group(private.me(), m.group_id) as is_host,
			p as own,
			private.meeting_rights(r, p) is not null as is_in
		from private.meetings as m
		join private.groups as g on g.id = m.group_id
		left join private.meeting_rooms as r on r.meeting_id = m.id
		left join private.meeting_participants as p on p.room_id = m.id and p.person_id = (select private.me())
		where m.code = read_meeting_room.code and private.is_in_group(private.me(), m.group_id)
	)
	select jsonb_build_object(
		'id', f.id,
		'code', f.code,
		'group', jsonb_build_object('code', f.group_code, 'name', f.group_name),
		'title', f.title,
		'start', private.iso(f.starts_at),
		'end', private.iso(f.ends_at),
		'zone', f.zone,
		'is_open', f.is_open,
		'may_open', private.may_open_meeting_room(f.meeting),
		'is_host', f.is_host,
		'is_locked', coalesce((f.room).is_locked, false),
		'read_at', private.reading_moment(),
		'me', private.meeting_place_json(f.room, f.own),
		'breakouts', case when f.is_in then private.meeting_breakouts_json(f.room) end,
		'caption_languages', private.meeting_caption_languages(f.id),
		'languages', case when f.is_in then private.meeting_languages(f.room) else '[]' end,
		'messages', case when f.is_in then private.meeting_messages_json(f.room, f.own) else '[]' end)
		|| case when f.is_in then private.meeting_room_people_json(f.room, f.is_host)
			else '{"people": [], "waiting": [], "out": []}' end
	from found as f
$$;

-- Parts of the room, for who is in it; null for others, whose pages read everything. Of parts: people ({people, waiting,
-- out, me, breakouts}), hands ({hands: [{id, at}]}, those that are up), me ({me}), chat ({messages}: all, or those after the
-- one that the page shows last), each where it is named; and read_at.
create or replace function public.read_meeting_room_parts(code text, parts text[], after uuid default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('read_at', private.reading_moment())
		|| case when 'people' = any (parts) then private.meeting_room_people_json(r, private.hosts_room(r, private.me()))
			|| jsonb_build_object('breakouts', private.meeting_breakouts_json(r)) else '{}' end
		|| case when 'people' = any (parts) or 'me' = any (parts)
			then jsonb_build_object('me', private.meeting_place_json(r, p)) else '{}' end
		|| case when 'hands' = any (parts) then jsonb_build_object('hands', (
			select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'at', private.meeting_hand(q))), '[]')
			from private.meeting_participants as q
			where q.room_id = r.id and q.hand_at is not null)) else '{}' end
		|| case when 'chat' = any (parts)
			then jsonb_build_object('messages', private.meeting_messages_json(r, p, after)) else '{}' end
		|| case when 'languages' = any (parts)
			then jsonb_build_object('languages', private.meeting_languages(r)) else '{}' end
	from private.meeting_rooms as r
	join private.meeting_participants as p on p.room_id = r.id and p.person_id = (select private.me())
	where r.id = private.room_of_code(read_meeting_room_parts.code) and private.meeting_rights(r, p) is not null
		and private.may_be_in_room(r, p.person_id)
$$;

-- Who is no longer staff of a meeting leaves its room, unless they are there as one of its group. Locks the room: a pass
-- that is being given at this moment is for the old LiveKit room.
create or replace function private.end_meeting_staff() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform from private.meeting_rooms as r where r.meeting_id = old.meeting_id for update;
	update private.meeting_participants as p
	set on_air = null, on_air_at = null, offered_at = null
	where old.part = 'interpreter' and p.room_id = old.meeting_id and p.person_id = old.person_id
		and p.on_air = old.language;
	if exists (select from private.meeting_participants as p
			where p.room_id = old.meeting_id and p.person_id = old.person_id and p.is_staff)
		and not private.is_meeting_staff(old.person_id, old.meeting_id) then
		perform private.rotate_meeting_rooms(old.meeting_id);
	end if;
	perform private.publish_event('meeting:' || old.meeting_id, 'rights'),
		private.publish_event('meeting:' || old.meeting_id, 'staff'),
		private.publish_event('person:' || old.person_id, 'rights');
	return null;
end
$$;



reset check_function_bodies;
