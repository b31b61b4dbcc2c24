-- Staff of meetings, and captions in the room of a meeting.

set check_function_bodies = off;

alter table private.meeting_participants add column is_staff boolean not null default false;

create type public.meeting_staff_part as enum ('interpreter', 'captioner');

-- Whom its chairs named, of the group or from outside, for one language each.
create table private.meeting_staff (
	id uuid primary key default gen_random_uuid(),
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	part public.meeting_staff_part not null,
	language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	named_at timestamptz not null default now(),
	unique (meeting_id, person_id, part, language)
);

create index on private.meeting_staff (person_id);

alter table private.meeting_staff enable row level security;

select audit.watch('private.meeting_staff', 'person_id');

-- Captions of what is said in the room. They are deleted ten minutes later, and when the room ends.
create table private.meeting_captions (
	id uuid primary key default gen_random_uuid(),
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	number integer not null check (number > 0),
	words text not null check (length(words) between 1 and 500),
	written_by uuid references public.people (id) on update cascade on delete set null,
	said_at timestamptz not null default clock_timestamp(),
	corrected_at timestamptz,
	unique (meeting_id, language, number),
	constraint words_one_line check (private.is_one_line(words))
);

create index on private.meeting_captions (written_by);

alter table private.meeting_captions enable row level security;

-- Makes one row of two before the merge moves all other rows: who was there under one of the records was there, and the
-- newer answer counts. Nobody is their own alternate. The groups are locked by private.merge_group_people.
create or replace function private.merge_meeting_people(p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.meeting_people as k
	set attended = greatest(k.attended, d.attended),
		answer = newer.answer,
		alternate_id = newer.alternate_id,
		answered_at = newer.answered_at
	from private.meeting_people as d
	cross join lateral (
		select r.answer, r.alternate_id, r.answered_at
		from private.meeting_people as r
		where r.meeting_id = d.meeting_id and r.person_id in (p_keep, p_drop)
		order by r.answered_at desc nulls last
		limit 1
	) as newer
	where k.person_id = p_keep and d.person_id = p_drop and d.meeting_id = k.meeting_id;
	delete from private.meeting_people as d
	where d.person_id = p_drop
		and exists (select from private.meeting_people as k where k.person_id = p_keep and k.meeting_id = d.meeting_id);
	-- Who was removed from a room under one of the records stays removed; tokens of both are for the old LiveKit rooms.
	perform private.rotate_meeting_rooms(r.id)
	from private.meeting_rooms as r
	where r.ended_at is null and 2 = (select count(*) from private.meeting_participants as p
		where p.room_id = r.id and p.person_id in (p_keep, p_drop))
	for update of r;
	update private.meeting_participants as k
	set removed_at = coalesce(k.removed_at, d.removed_at), admitted_at = null, hand_at = null, shares_at = null,
		camera_at = null, breakout = null
	from private.meeting_participants as d
	where k.person_id = p_keep and d.person_id = p_drop and d.room_id = k.room_id and d.removed_at is not null;
	delete from private.meeting_participants as d
	where d.person_id = p_drop
		and exists (select from private.meeting_participants as k where k.person_id = p_keep and k.room_id = d.room_id);
	delete from private.meeting_staff as d
	where d.person_id = p_drop
		and exists (select from private.meeting_staff as k
			where k.person_id = p_keep and k.meeting_id = d.meeting_id and k.part = d.part and k.language = d.language);
	update private.meeting_people as r
	set alternate_id = null
	from private.group_people as x
	where r.person_id in (p_keep, p_drop) and x.id = r.alternate_id and x.person_id in (p_keep, p_drop);
end
$$;

-- A meeting as people of its group see it; null for others. {code, group: {code, name, level}, leads, title, start, end,
-- zone, place, link, level, state, version, has_begun, is_over, is_published, later: how many planned ones of its series
-- follow, items: [{id, title, minutes, presenter: {id, name} | null, note}], papers: [{id, item, name, link, media_type,
-- size}], people (private.meeting_people_json), staff (private.meeting_staff_json),
-- takes_staff: whether staff can be named, room: open | may_open (by the reader) | null, minutes: the newest version
-- that the reader sees, approved: the newest approved one where that is another, decisions: [{id, wording,
-- is_withdrawn}], actions}.
create or replace function public.read_meeting(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'code', m.code,
		'group', jsonb_build_object('code', g.code, 'name', g.name, 'level', g.level, 'is_ended', g.ended_at is not null),
		'leads', private.chairs_group(private.me(), g.id),
		'title', m.title,
		'start', private.iso(m.starts_at),
		'end', private.iso(m.ends_at),
		'zone', m.zone,
		'place', m.place,
		'link', m.link,
		'level', private.meeting_level(m),
		'state', m.state,
		'version', m.version,
		'has_begun', m.starts_at <= now(),
		'is_over', m.ends_at <= now(),
		'is_published', m.published_at is not null,
		'later', (select count(*)
			from private.meetings as x
			where x.series_id = m.series_id and x.state = 'planned' and x.starts_at > m.starts_at),
		'items', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', i.id,
				'title', i.title,
				'minutes', i.minutes,
				'presenter', case when x.id is not null then jsonb_build_object('id', x.id, 'name', q.display_name) end,
				'note', i.note) order by i.rank, i.id), '[]')
			from private.meeting_items as i
			left join private.live_group_people as x on x.id = i.presenter_id
			left join public.people as q on q.id = x.person_id
			where i.meeting_id = m.id),
		'papers', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', p.id,
				'item', p.item_id,
				'name', p.shown_name,
				'link', p.link,
				'media_type', o.media_type,
				'size', o.size) order by p.added_at, p.id), '[]')
			from private.meeting_papers as p
			left join private.stored_objects as o on o.name = p.object_name
			where p.meeting_id = m.id),
		'people', private.meeting_people_json(m),
		'staff', private.meeting_staff_json(m),
		'takes_staff', private.is_meeting_staffed(m),
		'room', case
			when private.is_meeting_room_open((select r from private.meeting_rooms as r where r.meeting_id = m.id)) then 'open'
			when private.may_open_meeting_room(m) then 'may_open' end,
		'minutes', private.minutes_json(private.shown_minutes(m), m.zone),
		'approved', (select private.minutes_json(n, m.zone)
			from private.meeting_minutes as n
			where n.meeting_id = m.id and n.state = 'approved' and n.number <> (private.shown_minutes(m)).number
			order by n.number desc
			limit 1),
		'decisions', (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'wording', d.wording,
				'is_withdrawn', d.withdrawn_at is not null) order by d.created_at, d.id), '[]')
			from private.group_decisions as d
			where d.meeting_id = m.id),
		'actions', (select coalesce(jsonb_agg(private.group_action_json(a, private.leads_group(private.me(), g.id))
				order by a.created_at, a.id), '[]')
			from private.group_actions as a
			where a.meeting_id = m.id))
	from private.meetings as m
	join private.groups as g on g.id = m.group_id
	where m.code = read_meeting.code and private.is_in_group(private.me(), g.id)
$$;

-- Mutes a participant, or with null everybody but hosts who is in the same room as the reader, for hosts. The app mutes them in LiveKit; they may unmute
-- themselves. Answers ok | not_found. Locks the room.
create or replace function public.mute_in_meeting(code text, participant uuid default null) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(mute_in_meeting.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	update private.meeting_participants as p
	set muted_at = clock_timestamp()
	where p.room_id = v.id
		and case
			when participant is not null then p.id = participant
			else not private.hosts_room(v, p.person_id) and not p.is_staff
				and private.meeting_room_number(v, p) = coalesce((select private.meeting_room_number(v, q)
					from private.meeting_participants as q
					where q.room_id = v.id and q.person_id = (select private.me())), 0)
		end;
	if not found and participant is not null then return 'not_found'; end if;
	perform private.publish_event('meeting:' || v.id, 'muted');
	return 'ok';
end
$$;

-- Starts so many breakout rooms for so many minutes, for hosts. With `evenly` everybody who is in the room, but no host,
-- is assigned to one; others are moved by hand. Answers ok | not_found | invalid | conflict (there are some). Locks the
-- room.
create or replace function public.start_breakouts(code text, rooms integer, minutes integer, evenly boolean default true)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(start_breakouts.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if v.breakouts_until > now() then return 'conflict'; end if;
	if rooms is null or rooms not between 2 and 20 or minutes is null or minutes not between 1 and 240 then
		return 'invalid';
	end if;
	perform private.clear_breakouts(v.id);
	update private.meeting_rooms as r
	set breakouts = start_breakouts.rooms, breakouts_until = now() + make_interval(mins => start_breakouts.minutes)
	where r.id = v.id;
	update private.meeting_participants as p
	set breakout = 1 + (x.place - 1) % start_breakouts.rooms, hand_at = null, shares_at = null, camera_at = null
	from (select q.id, row_number() over (order by random()) as place
		from private.meeting_participants as q
		where q.room_id = v.id and q.sid is not null and q.left_at is null and not q.is_staff
			and not private.hosts_room(v, q.person_id)) as x
	where evenly and p.id = x.id;
	perform private.publish_event('meeting:' || v.id, 'breakouts');
	return 'ok';
end
$$;

-- Moves somebody to a breakout room, or with 0 to the room of all, for hosts; hosts visit rooms by moving themselves. The
-- breakout room from which somebody else than a host was moved gets another LiveKit room: they keep a token for the old
-- one. Answers ok (also when they are there already) | not_found | invalid (no such room) | wrong_state (there are none, or
-- their time is over). Locks the room.
create or replace function public.move_to_breakout(code text, participant uuid, number integer) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_meeting_room(move_to_breakout.code, true);
	v_participant private.meeting_participants;
begin
	if v.id is null then return 'not_found'; end if;
	if not coalesce(v.breakouts_until > now(), false) then return 'wrong_state'; end if;
	if move_to_breakout.number is null or move_to_breakout.number not between 0 and v.breakouts then return 'invalid'; end if;
	select p.* into v_participant
	from private.meeting_participants as p
	where p.room_id = v.id and p.id = participant and p.admitted_at is not null and p.removed_at is null
		and not p.is_staff;
	if not found then return 'not_found'; end if;
	if private.meeting_room_number(v, v_participant) = move_to_breakout.number then return 'ok'; end if;
	update private.meeting_participants as p
	set breakout = nullif(move_to_breakout.number, 0), hand_at = null, shares_at = null, camera_at = null
	where p.id = v_participant.id;
	update private.meeting_livekit_rooms as l
	set closed_at = now()
	where l.room_id = v.id and l.closed_at is null
		and l.number = v_participant.breakout and not private.hosts_room(v, v_participant.person_id);
	perform private.publish_event('meeting:' || v.id, 'breakouts');
	return 'ok';
end
$$;

-- The open room of a meeting for its captioner of a language, locked, so that no line is written once it has ended; null for
-- others.
create function private.lock_captioned_room(p_code text, p_language text) returns private.meeting_rooms
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms;
begin
	select r.* into v
	from private.meeting_rooms as r
	join private.meetings as m on m.id = r.meeting_id
	where m.code = p_code
	for update of r;
	if not private.is_meeting_room_open(v)
		or not private.is_meeting_staff(private.me(), v.meeting_id, 'captioner', p_language)
		or exists (select from private.meeting_participants as p
			where p.room_id = v.id and p.person_id = (select private.me()) and p.removed_at is not null) then
		return null;
	end if;
	return v;
end
$$;

-- A line as pages of captions show it, its times in milliseconds since the room was opened.
create function private.meeting_caption_json(p_room private.meeting_rooms, c private.meeting_captions) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', c.id, 'language', c.language, 'number', c.number, 'starts', x.at, 'ends', x.at,
		'words', c.words, 'is_final', true, 'is_corrected', c.corrected_at is not null)
	from (select greatest(0, floor(extract(epoch from c.said_at - p_room.opened_at) * 1000))::bigint as at) as x
$$;

-- The lines of the last ten minutes in a language, or those that were written or corrected after a moment in milliseconds.
create function private.meeting_captions_json(p_room private.meeting_rooms, p_language text, p_after bigint default null)
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(private.meeting_caption_json(p_room, c) order by c.number), '[]')
	from private.meeting_captions as c
	where c.meeting_id = p_room.meeting_id and c.language = p_language
		and c.said_at > now() - interval '10 minutes'
		and (p_after is null or coalesce(c.corrected_at, c.said_at) > to_timestamp(p_after / 1000.0))
$$;

-- The languages in which captioners were named.
create function private.meeting_caption_languages(p_meeting uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(distinct s.language order by s.language), '[]')
	from private.meeting_staff as s
	where s.meeting_id = p_meeting and s.part = 'captioner'
$$;

-- Writes a line. {status: ok | not_found | invalid | too_often (40 lines in ten seconds), number}. Locks the room.
create function public.write_meeting_caption(code text, language text, words text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_captioned_room(write_meeting_caption.code, write_meeting_caption.language);
	v_words text := private.one_line(words);
	v_last integer;
begin
	if v.meeting_id is null then return jsonb_build_object('status', 'not_found'); end if;
	if coalesce(length(v_words), 0) not between 1 and 500 then return jsonb_build_object('status', 'invalid'); end if;
	if (select count(*) from private.meeting_captions as c
		where c.meeting_id = v.meeting_id and c.written_by = (select private.me())
			and c.said_at > clock_timestamp() - interval '10 seconds') >= 40 then
		return jsonb_build_object('status', 'too_often');
	end if;
	select max(c.number) into v_last
	from private.meeting_captions as c
	where c.meeting_id = v.meeting_id and c.language = write_meeting_caption.language;
	insert into private.meeting_captions (meeting_id, language, number, words, written_by)
	values (v.meeting_id, write_meeting_caption.language, coalesce(v_last, 0) + 1, v_words, private.me());
	delete from private.meeting_captions as c
	where c.meeting_id = v.meeting_id and c.said_at < now() - interval '10 minutes';
	perform private.publish_event('meeting:' || v.meeting_id, 'caption');
	return jsonb_build_object('status', 'ok', 'number', coalesce(v_last, 0) + 1);
end
$$;

grant execute on function public.write_meeting_caption(text, text, text) to authenticated;

-- Corrects a line; without words it deletes the line. Answers ok | not_found | invalid. Locks the room.
create function public.correct_meeting_caption(code text, language text, number integer, words text)
	returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_rooms := private.lock_captioned_room(correct_meeting_caption.code, correct_meeting_caption.language);
	v_words text := private.one_line(words);
begin
	if v.meeting_id is null then return 'not_found'; end if;
	if length(v_words) > 500 then return 'invalid'; end if;
	if coalesce(v_words, '') = '' then
		delete from private.meeting_captions as c
		where c.meeting_id = v.meeting_id and c.language = correct_meeting_caption.language
			and c.number = correct_meeting_caption.number;
	else
		update private.meeting_captions as c
		set words = v_words, corrected_at = clock_timestamp()
		where c.meeting_id = v.meeting_id and c.language = correct_meeting_caption.language
			and c.number = correct_meeting_caption.number;
	end if;
	if not found then return 'not_found'; end if;
	perform private.publish_event('meeting:' || v.meeting_id, case when v_words = '' then 'captions' else 'caption' end);
	return 'ok';
end
$$;

grant execute on function public.correct_meeting_caption(text, text, integer, text) to authenticated;

-- The captions of the room of all in a language, for who is in it as one of the group, also those later than `after`
-- (milliseconds, the `read_at` of another reading): {read_at, lines}; null for others, also in breakout rooms.
create function public.read_meeting_captions(code text, language text, after bigint default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('read_at', private.reading_moment(),
		'lines', private.meeting_captions_json(r, read_meeting_captions.language, after))
	from private.meetings as m
	join private.meeting_rooms as r on r.meeting_id = m.id
	join private.meeting_participants as p on p.room_id = m.id and p.person_id = (select private.me())
	where m.code = read_meeting_captions.code and private.meeting_rights(r, p) is not null
		and private.is_in_group(p.person_id, m.group_id) and private.meeting_room_number(r, p) = 0
$$;

grant execute on function public.read_meeting_captions(text, text, bigint) to authenticated;

-- The page of a captioner in one language: private.meeting_staff_room_json with {language, lines}; null for everyone else.
create function public.read_meeting_captioning(code text, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.meeting_staff_room_json(m) || jsonb_build_object(
		'language', read_meeting_captioning.language,
		'lines', (select private.meeting_captions_json(r, read_meeting_captioning.language)
			from private.meeting_rooms as r
			where r.meeting_id = m.id and private.is_meeting_room_open(r)))
	from private.meetings as m
	where m.code = read_meeting_captioning.code and private.is_meeting_staffed(m)
		and private.is_meeting_staff(private.me(), m.id, 'captioner', read_meeting_captioning.language)
$$;

grant execute on function public.read_meeting_captioning(text, text) to authenticated;

-- Ends a room: nobody is there any more, its breakout rooms end, and its messages and captions are deleted. The caller has locked it.
create or replace function private.close_meeting_room(p_room uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.meeting_rooms as r
	set ended_at = now(), breakouts = null, breakouts_until = null
	where r.id = p_room;
	update private.meeting_livekit_rooms as r set closed_at = now() where r.room_id = p_room and r.closed_at is null;
	update private.meeting_participants as p
	set admitted_at = null, hand_at = null, shares_at = null, camera_at = null, breakout = null, left_at = coalesce(p.left_at, now())
	where p.room_id = p_room;
	delete from private.meeting_messages as x where x.room_id = p_room;
	delete from private.meeting_captions as x where x.meeting_id = p_room;
	delete from private.meeting_sign_ins as x where x.room_id = p_room;
	select private.publish_event('meeting:' || p_room, 'room');
$$;

-- `meeting:` is for the people of the group of a meeting, for its staff, and for those who may be in the room of a run.
create or replace function private.may_subscribe_meeting(p_person uuid, p_meeting uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((select private.is_in_group(p_person, m.group_id)
			or private.is_meeting_staffed(m) and private.is_meeting_staff(p_person, m.id)
		from private.meetings as m
		where m.id = p_meeting),
		(select private.may_be_in_room(r, p_person) from private.meeting_rooms as r where r.run_id = p_meeting),
		false)
$$;

-- The reader's own place in the open room of a meeting, locked as by private.lock_meeting_room; null for who was not let
-- in.
create or replace function private.lock_meeting_place(p_code text) returns private.meeting_participants
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms := private.lock_meeting_room(p_code, false);
	v private.meeting_participants;
begin
	select p.* into v
	from private.meeting_participants as p
	where p.room_id = v_room.id and p.person_id = (select private.me())
		and p.admitted_at is not null and p.removed_at is null and not p.is_staff;
	return v;
end
$$;

-- The pass of a person to a room, with a camera place if they want one and one is free: {status: ok | none (they may not be
-- there) | closed (not open) | waiting (for a host) | removed, room, identity, number (of the breakout room), publish[]}.
-- Locks the room, so a pass and an act that removes the same person follow one another: the pass is for a room that the act
-- closes, or there is none.
create or replace function private.room_pass(p_room uuid, p_person uuid, p_auth_session uuid, p_camera boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_room private.meeting_rooms;
	v private.meeting_participants;
	v_asked timestamptz;
	v_name text;
begin
	select * into v_room from private.meeting_rooms as r where r.id = p_room for update;
	if not private.is_meeting_room_open(v_room) then return '{"status": "closed"}'; end if;
	if not private.may_be_in_room(v_room, p_person) then return '{"status": "none"}'; end if;
	v_asked := (select p.asked_at from private.meeting_participants as p
		where p.room_id = v_room.id and p.person_id = p_person);
	insert into private.meeting_participants as p (room_id, person_id, admitted_at)
	values (v_room.id, p_person, case when not v_room.is_locked or private.hosts_room(v_room, p_person) then now() end)
	on conflict (room_id, person_id) do update
		set asked_at = now(), is_staff = false,
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
			then case when private.is_meeting_staff(p.person_id, p_room.meeting_id) then '{}'::text[] end
		when private.is_meeting_room_open(p_room) and p.admitted_at is not null and p.removed_at is null
			and private.may_be_in_room(p_room, p.person_id)
			then array_remove(array[case when private.has_meeting_camera(p_room, p) then 'camera' end, 'microphone',
				case when private.shares_meeting_screen(p_room, p) then 'screen' end], null)
	end
$$;

-- Notes that those attended a meeting whose connection was there during it, not as its staff, unless chairs have decided about them or its
-- minutes are final. The form of the attendance that somebody reads at this moment is out of date then. The caller has
-- locked the meeting.
create or replace function private.note_attendance(p_meeting uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.has_final_minutes(p_meeting) then return; end if;
	insert into private.meeting_people as r (meeting_id, person_id, attended)
	select m.id, p.person_id, true
	from private.meetings as m
	join private.meeting_participants as p on p.room_id = m.id
	where m.id = p_meeting and m.state <> 'cancelled' and not p.is_staff
		and p.sid is not null and p.joined_at < m.ends_at and coalesce(p.left_at, p.seen_at) >= m.starts_at
		and not exists (select from private.meeting_people as x
			where x.meeting_id = m.id and x.person_id = p.person_id and x.attended is not null)
	order by p.person_id
	on conflict (meeting_id, person_id) do update set attended = true where r.attended is null;
	if found then
		update private.meetings as m set version = m.version + 1, updated_at = now() where m.id = p_meeting;
	end if;
end
$$;

-- Who is in a room, and for its hosts who waits and who was removed: {people, waiting, out}.
create or replace function private.meeting_room_people_json(p_room private.meeting_rooms, p_is_host boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	with them as (
		select p as participant, q.display_name, private.meeting_rights(p_room, p) is not null as is_in,
			(p.admitted_at is null or p.removed_at is not null) and private.may_be_in_room(p_room, p.person_id) as is_out
		from private.meeting_participants as p
		join public.people as q on q.id = p.person_id
		where p.room_id = p_room.id and not p.is_staff
	)
	select jsonb_build_object(
		'people', (select coalesce(jsonb_agg(private.meeting_participant_json(p_room, t.participant)
				order by t.display_name, (t.participant).id), '[]')
			from them as t
			where t.is_in),
		'waiting', (select coalesce(jsonb_agg(jsonb_build_object('id', (t.participant).id, 'display_name', t.display_name)
				order by (t.participant).asked_at, (t.participant).id), '[]')
			from them as t
			where p_is_host and t.is_out and (t.participant).admitted_at is null and (t.participant).removed_at is null
				and (t.participant).asked_at > now() - interval '1 minute'),
		'out', (select coalesce(jsonb_agg(jsonb_build_object('id', (t.participant).id, 'display_name', t.display_name)
				order by (t.participant).removed_at, (t.participant).id), '[]')
			from them as t
			where p_is_host and t.is_out and (t.participant).removed_at is not null))
$$;

-- The room of a meeting as the reader sees it; null for who is not of the group. {id, code, group: {code, name}, title,
-- start, end, zone, is_open, may_open, is_host, is_locked, caption_languages, read_at (milliseconds, before anything was read), me, people,
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
	from private.meeting_rooms as r
	join private.meeting_participants as p on p.room_id = r.id and p.person_id = (select private.me())
	where r.id = private.room_of_code(read_meeting_room_parts.code) and private.meeting_rights(r, p) is not null
		and private.may_be_in_room(r, p.person_id)
$$;

-- Whether somebody was named for a meeting; with a part and a language, for these.
create function private.is_meeting_staff(p_person uuid, p_meeting uuid, p_part public.meeting_staff_part default null,
	p_language text default null) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.meeting_staff as s
		where s.meeting_id = p_meeting and s.person_id = p_person
			and (p_part is null or s.part = p_part) and (p_language is null or s.language = p_language))
$$;

-- Whether the staff of a meeting find it: it is planned or held, not over for long, and its group goes on.
create function private.is_meeting_staffed(p private.meetings) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.state <> 'cancelled' and p.ends_at > now() - interval '6 hours'
		and not exists (select from private.groups as g where g.id = p.group_id and g.ended_at is not null)
$$;

-- The staff of a meeting: [{id, display_name, is_me, part, language}].
create function private.meeting_staff_json(p private.meetings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', s.id,
			'display_name', q.display_name,
			'is_me', coalesce(s.person_id = private.me(), false),
			'part', s.part,
			'language', s.language) order by s.part, s.language, lower(q.display_name), s.id), '[]')
	from private.meeting_staff as s
	join public.people as q on q.id = s.person_id
	where s.meeting_id = p.id
$$;

-- Names a person for a part in one language: `entry` of the group, or by `reference`, the code of a person. For chairs and
-- secretaries. Answers ok (also when they were named before) | not_found | invalid (an unknown person, no language, or more
-- than 40) | wrong_state (over, cancelled). Locks the group.
create function public.name_meeting_staff(code text, part public.meeting_staff_part, language text,
	entry uuid default null, reference text default null) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(name_meeting_staff.code, true);
	v_person uuid;
begin
	if v.id is null then return 'not_found'; end if;
	if not private.is_meeting_staffed(v) then return 'wrong_state'; end if;
	if entry is not null then
		select x.person_id into v_person
		from private.live_group_people as x
		where x.id = entry and x.group_id = v.group_id;
	else
		select p.id into v_person
		from public.people as p
		where p.code = upper(btrim(reference)) and p.display_name <> '';
	end if;
	if v_person is null or (select count(*) from private.meeting_staff as s where s.meeting_id = v.id) >= 40 then
		return 'invalid';
	end if;
	insert into private.meeting_staff as s (meeting_id, person_id, part, language)
	values (v.id, v_person, name_meeting_staff.part, name_meeting_staff.language)
	on conflict do nothing;
	perform private.publish_event('meeting:' || v.id, 'staff'), private.publish_event('person:' || v_person, 'rights');
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;

grant execute on function public.name_meeting_staff(text, public.meeting_staff_part, text, uuid, text) to authenticated;

-- Takes a part back. Who is in the room by it alone is removed from it, and their token with them. For chairs and
-- secretaries. Answers ok | not_found. Locks the group, and by its trigger the room.
create function public.remove_meeting_staff(code text, staff uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(remove_meeting_staff.code, true);
begin
	delete from private.meeting_staff as s where s.id = staff and s.meeting_id = v.id;
	return case when found then 'ok' else 'not_found' end;
end
$$;

grant execute on function public.remove_meeting_staff(text, uuid) to authenticated;

-- Who is no longer staff of a meeting leaves its room, unless they are there as one of its group. Locks the room: a pass
-- that is being given at this moment is for the old LiveKit room.
create function private.end_meeting_staff() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform from private.meeting_rooms as r where r.meeting_id = old.meeting_id for update;
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

create trigger end_staff after delete on private.meeting_staff for each row
	execute function private.end_meeting_staff();

-- The pass of an interpreter or captioner to the room of a meeting: as private.meeting_pass, but they wait for nobody, are
-- always in the room of all, and are not among its people. Who is of the group leaves their place among them until they
-- enter again. {status: ok | none | closed | removed (as one of the group), room, identity, number: 0, publish[]}. Locks
-- the room.
create function private.meeting_staff_pass(p_person uuid, p_group text, p_code text, p_auth_session uuid default null)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_meeting uuid;
	v_room private.meeting_rooms;
	v private.meeting_participants;
	v_was_member boolean;
	v_name text;
begin
	select m.id into v_meeting
	from private.meetings as m
	join private.groups as g on g.id = m.group_id
	where m.code = p_code and g.code = p_group and private.is_meeting_staffed(m);
	select * into v_room from private.meeting_rooms as r where r.meeting_id = v_meeting for update;
	if v_meeting is null or not private.is_meeting_staff(p_person, v_meeting) then return '{"status": "none"}'; end if;
	if not private.is_meeting_room_open(v_room) then return '{"status": "closed"}'; end if;
	v_was_member := exists (select from private.meeting_participants as p
		where p.room_id = v_meeting and p.person_id = p_person and not p.is_staff and p.removed_at is null);
	insert into private.meeting_participants as p (room_id, person_id, admitted_at, is_staff)
	values (v_meeting, p_person, now(), true)
	on conflict (room_id, person_id) do update
		set asked_at = now(), is_staff = p.removed_at is null,
			admitted_at = case when p.removed_at is null then coalesce(p.admitted_at, now()) end,
			hand_at = null, shares_at = null, camera_at = null, breakout = null
	returning p.* into v;
	if v.removed_at is not null then return '{"status": "removed"}'; end if;
	v.identity := private.meeting_identity_for(v, p_auth_session);
	insert into private.meeting_livekit_rooms (room_id, number)
	values (v_meeting, 0)
	on conflict (room_id, number) where closed_at is null do nothing;
	select r.name into v_name
	from private.meeting_livekit_rooms as r
	where r.room_id = v_meeting and r.number = 0 and r.closed_at is null;
	if v_was_member then perform private.publish_event('meeting:' || v_meeting, 'people'); end if;
	return jsonb_build_object('status', 'ok', 'room', v_name, 'identity', v.identity, 'number', 0,
		'publish', to_jsonb(private.meeting_rights(v_room, v)));
end
$$;

grant execute on function private.meeting_staff_pass(uuid, text, text, uuid) to app_server;

-- What the pages of the staff show of a meeting and its room: {id, code, group: {code, name}, title, start, end, zone,
-- is_open, is_in_group, people: those who are in the room of all, as private.meeting_participant_json}.
create function private.meeting_staff_room_json(m private.meetings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', m.id,
		'code', m.code,
		'group', jsonb_build_object('code', g.code, 'name', g.name),
		'title', m.title,
		'start', private.iso(m.starts_at),
		'end', private.iso(m.ends_at),
		'zone', m.zone,
		'is_open', coalesce(private.is_meeting_room_open(r), false),
		'is_in_group', private.is_in_group(private.me(), m.group_id),
		'people', (select coalesce(jsonb_agg(private.meeting_participant_json(r, p)
				|| '{"hand": null, "is_me": false}' order by p.id), '[]')
			from private.meeting_participants as p
			where p.room_id = m.id and not p.is_staff and p.sid is not null and p.left_at is null
				and private.meeting_rights(r, p) is not null and private.meeting_room_number(r, p) = 0))
	from private.groups as g
	left join private.meeting_rooms as r on r.meeting_id = m.id
	where g.id = m.group_id
$$;

-- The reader's own code, by which chairs name them, and the meetings for which they were named, the next one first:
-- {reference, meetings: [{code, group, title, start, end, zone, part, language, is_open}]}; null for nobody.
create function public.read_my_meeting_work() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('reference', q.code, 'meetings', (
		select coalesce(jsonb_agg(jsonb_build_object(
				'code', m.code,
				'group', g.code,
				'title', m.title,
				'start', private.iso(m.starts_at),
				'end', private.iso(m.ends_at),
				'zone', m.zone,
				'part', s.part,
				'language', s.language,
				'is_open', coalesce(private.is_meeting_room_open(r), false)) order by m.starts_at, m.id, s.part, s.language), '[]')
		from private.meeting_staff as s
		join private.meetings as m on m.id = s.meeting_id
		join private.groups as g on g.id = m.group_id
		left join private.meeting_rooms as r on r.meeting_id = m.id
		where s.person_id = q.id and private.is_meeting_staffed(m)))
	from public.people as q
	where q.id = (select private.me())
$$;

grant execute on function public.read_my_meeting_work() to authenticated;

insert into private.free_text_columns (table_name, column_name) values ('private.meeting_captions', 'words');
insert into private.retention_rules (table_name, class, summit, people, since, only_if, or_if, sets, remover, with_audit)
values
	('private.meeting_captions', 'unfinished', null, 'array[t.written_by]', 't.said_at', null, null, null, null, true);
insert into private.retention_rules (table_name, class) values ('private.meeting_staff', 'contact');
insert into private.copied_tables (name, section, owner, owner_column, columns, sealed) values
	('private.meeting_staff', 'roles', 'person', 'person_id', '{named_at,part,language}', default);

reset check_function_bodies;
