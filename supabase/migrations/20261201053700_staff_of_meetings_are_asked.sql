-- Who is named as staff of a meeting is asked, and gets mails and invitations to calendars; one language is one booth.

set check_function_bodies = off;

create type public.meeting_staff_state as enum ('invited', 'accepted', 'declined');

-- The language of a booth or of captions of a meeting: the languages of the site as it knows them, others without a region. fr and
-- fr-FR would be two booths.
create function private.booth_language(p_tag text) returns text
language sql immutable set search_path = '' as $$
	select case
		when split_part(x.tag, '-', 1) = 'sgn' then x.tag
		when private.is_interface_language(split_part(x.tag, '-', 1)) then split_part(x.tag, '-', 1)
		else regexp_replace(x.tag, '-([A-Z]{2}|[0-9]{3})(?=-|$)', '', 'g') end
	from (select private.canonical_language(p_tag) as tag) as x
$$;

-- Two spellings of one language become one booth: its interpreters leave the microphone of the other.
update private.meeting_participants as p
set on_air = null, on_air_at = null, offered_at = null
where p.on_air <> private.booth_language(p.on_air);
delete from private.meeting_staff as s
where exists (select from private.meeting_staff as k
	where k.meeting_id = s.meeting_id and k.person_id = s.person_id and k.part = s.part and k.id <> s.id
		and private.booth_language(k.language) = private.booth_language(s.language)
		and (k.named_at, k.id) < (s.named_at, s.id));
update private.meeting_staff as s
set language = private.booth_language(s.language)
where s.language <> private.booth_language(s.language);

-- Those who were named before keep what they had.
alter table private.meeting_staff
	-- Whether they said that they work there: the room opens for them once they have accepted.
	add column state public.meeting_staff_state not null default 'invited',
	add column answered_at timestamptz,
	add constraint one_booth check (language = private.booth_language(language));
update private.meeting_staff set state = 'accepted', answered_at = named_at;
alter table private.meeting_staff add constraint answered check ((answered_at is null) = (state = 'invited'));

drop function public.leave_meeting_staff(uuid);


-- Deletes a mail that was to carry invitations only, when another mail carried them in the meantime.
create or replace function private.drop_empty_invitation_mail(p_id uuid, p_claim uuid) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.outbox
	where id = p_id and claim_id = p_claim and state = 'sending' and template in ('calendar_event', 'meeting_event', 'meeting_work')
$$;
grant execute on function private.drop_empty_invitation_mail(uuid, uuid) to app_server;

-- Queues mails about meetings that are not over, 52 in each: to each of today's people of the group who has an address,
-- once for each state of the meetings, or to `p_person` alone, who has just joined or left it.
create or replace function private.send_meeting_mails(p_group uuid, p_meetings uuid[], p_person uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_part record;
begin
	for v_part in
		select jsonb_agg(m.id order by m.starts_at, m.id) as meetings,
			md5(string_agg(m.id || ':' || m.version, ',' order by m.id)) as state
		from (
			select x.*, (row_number() over (order by x.starts_at, x.id) - 1) / 52 as part
			from private.meetings as x
			where x.id = any (p_meetings) and x.ends_at > now()
		) as m
		group by m.part
		order by m.part
	loop
		perform private.enqueue_mail(named.person_id, 'meeting_event', jsonb_build_object('meetings', v_part.meetings), null,
			case when p_person is null then format('meetings:%s:%s', v_part.state, named.person_id) end, 9)
		from (
			select x.person_id from private.live_group_people as x where p_person is null and x.group_id = p_group
			union
			select p_person where p_person is not null
		) as named
		where exists (select from private.person_addresses as a where a.person_id = named.person_id and a.is_primary);
		-- Its staff from outside the group.
		perform private.enqueue_mail(s.person_id, 'meeting_work',
			jsonb_build_object('meetings', jsonb_agg(s.meeting_id order by s.meeting_id)), null,
			format('meeting_work:%s:%s', v_part.state, s.person_id), 9)
		from (select distinct x.meeting_id, x.person_id
			from private.meeting_staff as x
			where p_person is null and x.state <> 'declined' and v_part.meetings ? x.meeting_id::text
				and not private.is_in_group(x.person_id, p_group)) as s
		where exists (select from private.person_addresses as a where a.person_id = s.person_id and a.is_primary)
		group by s.person_id;
	end loop;
end
$$;

-- Queues a mail to somebody who was named for a meeting, was removed, or has declined; what it says is read when it is sent. At
-- most 30 in a day reach one person.
create function private.send_work_mail(p_meeting uuid, p_person uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.enqueue_mail(p_person, 'meeting_work', jsonb_build_object('meetings', jsonb_build_array(p_meeting)), null,
		null, 9)
	from private.meetings as m
	where m.id = p_meeting and m.ends_at > now()
		and exists (select from private.person_addresses as a where a.person_id = p_person and a.is_primary)
		and 30 > (select count(*) from private.outbox as o
			where o.person_id = p_person and o.template = 'meeting_work' and o.created_at > now() - interval '1 day')
$$;

-- What a mail about the work of its reader says, while it is sent: [{title, name: of the group, start, end, zone, is_off: it is
-- cancelled, parts: [{part, language, is_signed, state}]}], without parts where they were removed. Title and name are null for a
-- closed meeting, and for who has no part any more.
create function private.read_work_mail(p_mail uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'title', case when told.names then m.title end,
			'name', case when told.names then g.name end,
			'start', private.iso(m.starts_at),
			'end', private.iso(m.ends_at),
			'zone', m.zone,
			'is_off', m.state = 'cancelled',
			'parts', (select coalesce(jsonb_agg(jsonb_build_object('part', s.part, 'language', s.language,
					'is_signed', private.is_sign_language(s.language), 'state', s.state) order by s.part, s.language), '[]')
				from private.meeting_staff as s
				where s.meeting_id = m.id and s.person_id = o.person_id and s.state <> 'declined'))
		order by m.starts_at, m.id), '[]')
	from private.outbox as o
	cross join lateral jsonb_array_elements_text(o.params -> 'meetings') as given (id)
	join private.meetings as m on m.id = given.id::uuid and m.ends_at > now()
	join private.groups as g on g.id = m.group_id
	cross join lateral (select private.meeting_level(m) <> 'closed'
		and private.is_named_for_meeting(o.person_id, m.id) as names) as told
	where o.id = p_mail and o.state = 'sending' and o.template = 'meeting_work'
$$;
grant execute on function private.read_work_mail(uuid) to app_server;

-- What a mail has to tell of a meeting to its reader, and what their calendar holds after it. Nothing for one whose calendar
-- holds this already. Its staff is invited as the people of the group are, without the place and the link; who is both has one
-- entry. Somebody who wants no invitations, who has left the group, or whose meeting is cancelled gets a
-- cancellation of what was sent before. A retry of a mail says the same again; a mail that was given up (`dead`) counts as
-- not sent, but its sequence is not used again. Title, name, place and link are null for a closed meeting, because mails
-- and calendars are shown to others, and in a cancellation for somebody who has left.
create or replace function private.due_meeting_events(p_mail uuid) returns table (
	meeting_id uuid, is_off boolean, is_new boolean, sequence integer, fingerprint text, title jsonb, name jsonb,
	place text, link text
)
language sql stable security definer set search_path = '' as $$
	select m.id, not now_in.is_on, said.is_new,
		case
			when i.person_id is null then m.version
			when said.is_this and i.fingerprint is not distinct from said.fingerprint then i.sequence
			else greatest(m.version, i.sequence + 1)
		end,
		said.fingerprint,
		case when told.names then m.title end,
		case when told.names then g.name end,
		case when told.places then m.place end,
		case when told.places then m.link end
	from private.outbox as o
	cross join lateral jsonb_array_elements_text(o.params -> 'meetings') as given (id)
	join private.meetings as m on m.id = given.id::uuid and m.ends_at > now()
	join private.groups as g on g.id = m.group_id
	left join private.meeting_invitations as i on i.person_id = o.person_id and i.meeting_id = m.id
	left join private.outbox as before on before.id = i.mail_id
	cross join lateral (select private.is_in_group(o.person_id, m.group_id) as is_in,
		private.is_named_for_meeting(o.person_id, m.id) as works) as now_of
	cross join lateral (
		select (now_of.is_in or now_of.works) and m.state <> 'cancelled' and not exists (select from public.person_preferences as f
			where f.person_id = o.person_id and f.calendar_invitations = 'none') as is_on
	) as now_in
	cross join lateral (select (now_of.is_in or now_of.works) and private.meeting_level(m) <> 'closed' as names,
		now_of.is_in and private.meeting_level(m) <> 'closed' as places) as told
	cross join lateral (
		select coalesce(i.mail_id = o.id, false) as is_this,
			coalesce(before.state = 'dead', false) as is_lost,
			case when i.mail_id = o.id then i.is_new else i.fingerprint is null end as is_new,
			case when now_in.is_on then md5(jsonb_build_array(m.starts_at, m.ends_at, m.zone, told.names,
				case when told.names then jsonb_build_array(m.title, g.name, case when told.places then m.place end,
					case when told.places then m.link end) end)::text) end as fingerprint
	) as said
	where o.id = p_mail
		and o.state = 'sending'
		and o.template in ('meeting_event', 'meeting_work')
		and (now_in.is_on or i.person_id is not null)
		and (said.is_this or said.is_lost or i.fingerprint is distinct from said.fingerprint)
$$;

-- What a mail that is being sent says: [{method, uid, sequence, is_new: whether the calendar did not hold it before, start,
-- end, zone, code, group, title, name: of the group, place, link, is_in_group: the reader finds its page, answer: the reader's
-- own, also as its staff}]. It writes down what the
-- calendar holds then. Locks the group, so that of somebody who leaves it at the same time a cancellation follows.
create or replace function private.claim_meeting_events(p_mail uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_answer jsonb;
begin
	perform from private.groups as g
	where g.id in (select m.group_id
		from private.outbox as o
		cross join lateral jsonb_array_elements_text(o.params -> 'meetings') as given (id)
		join private.meetings as m on m.id = given.id::uuid
		where o.id = p_mail and o.state = 'sending' and o.template in ('meeting_event', 'meeting_work'))
	order by g.id
	for update;
	with due as materialized (
		select d.*, o.person_id
		from private.outbox as o
		cross join private.due_meeting_events(p_mail) as d
		where o.id = p_mail
	), written as (
		insert into private.meeting_invitations (person_id, meeting_id, sequence, fingerprint, is_new, mail_id)
		select d.person_id, d.meeting_id, d.sequence, d.fingerprint, d.is_new, p_mail
		from due as d
		on conflict (person_id, meeting_id) do update
			set sequence = excluded.sequence,
				fingerprint = excluded.fingerprint,
				is_new = excluded.is_new,
				mail_id = excluded.mail_id
	)
	select coalesce(jsonb_agg(jsonb_build_object(
			'method', case when d.is_off then 'CANCEL' else 'REQUEST' end,
			'uid', m.id,
			'sequence', d.sequence,
			'is_new', d.is_new,
			'start', private.iso(m.starts_at),
			'end', private.iso(m.ends_at),
			'zone', m.zone,
			'code', m.code,
			'group', g.code,
			'title', d.title,
			'name', d.name,
			'place', d.place,
			'link', d.link,
			'is_in_group', private.is_in_group(d.person_id, m.group_id),
			'answer', coalesce(r.answer, case when private.is_meeting_staff(d.person_id, m.id) then 'yes'::public.meeting_answer end)) order by m.starts_at, m.id), '[]')
	into v_answer
	from due as d
	join private.meetings as m on m.id = d.meeting_id
	join private.groups as g on g.id = m.group_id
	left join private.meeting_people as r on r.meeting_id = m.id and r.person_id = d.person_id;
	return v_answer;
end
$$;
grant execute on function private.claim_meeting_events(uuid) to app_server;

-- Queues the cancellations for those whose term is over, which nobody ends. Runs each minute.
create or replace function private.send_term_cancellations() returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_next record;
begin
	for v_next in
		select i.person_id, m.group_id, array_agg(m.id) as meetings
		from private.meeting_invitations as i
		join private.meetings as m on m.id = i.meeting_id and m.state = 'planned' and m.ends_at > now()
		where i.fingerprint is not null
			and not private.is_in_group(i.person_id, m.group_id) and not private.is_named_for_meeting(i.person_id, m.id)
			and not exists (select from private.outbox as o
				where o.person_id = i.person_id
					and o.template = 'meeting_event'
					and o.state in ('queued', 'sending')
					and o.params -> 'meetings' ? m.id::text)
		group by i.person_id, m.group_id
		order by i.person_id, m.group_id
		limit 200
	loop
		perform private.send_meeting_mails(v_next.group_id, v_next.meetings, v_next.person_id);
	end loop;
end
$$;

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
		camera_at = null, breakout = null, on_air = null, on_air_at = null, offered_at = null
	from private.meeting_participants as d
	where k.person_id = p_keep and d.person_id = p_drop and d.room_id = k.room_id and d.removed_at is not null;
	delete from private.meeting_participants as d
	where d.person_id = p_drop
		and exists (select from private.meeting_participants as k where k.person_id = p_keep and k.room_id = d.room_id);
	-- An answer of one of the two records is that of the person.
	update private.meeting_staff as k
	set state = d.state, answered_at = d.answered_at
	from private.meeting_staff as d
	where k.person_id = p_keep and d.person_id = p_drop and k.meeting_id = d.meeting_id and k.part = d.part
		and k.language = d.language and k.state = 'invited' and d.state <> 'invited';
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

-- Those of the room of a meeting.
create or replace function private.named_languages(p_room private.meeting_rooms) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'language', b.language,
			'is_signed', private.is_sign_language(b.language),
			'identity', voice.identity,
			'is_staffed', voice.identity is not null or exists (select
				from private.meeting_staff as s
				join private.meeting_participants as p on p.room_id = s.meeting_id and p.person_id = s.person_id
				where s.meeting_id = p_room.meeting_id and s.part = 'interpreter' and s.language = b.language
					and s.state = 'accepted' and p.is_staff and private.is_connected(p)
					-- Who interprets into another language is not in this booth.
					and coalesce(p.on_air = b.language, true)))
		order by private.is_sign_language(b.language), b.language), '[]')
	from (select distinct s.language
		from private.meeting_staff as s
		where s.meeting_id = p_room.meeting_id and s.part = 'interpreter' and s.state = 'accepted') as b
	left join lateral (
		select p.identity
		from private.meeting_participants as p
		where p.room_id = p_room.id and p.on_air = b.language and private.meeting_rights(p_room, p) is not null
	) as voice on true
$$;

-- The page of a booth for its interpreters: private.meeting_staff_room_json with {booth, me, languages, own: the languages
-- of the reader's booths}; null for everyone else. Who was removed from the room reads nothing of who is there. Its shape is that of a booth of a run.
create or replace function public.read_meeting_booth(code text, language text) returns jsonb
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
				where s.meeting_id = m.id and s.part = 'interpreter' and s.language = read_meeting_booth.language
					and s.state = 'accepted'
					and (s.id = own.id or mine.removed_at is null)),
			'lines', '[]'::jsonb),
		'me', jsonb_build_object(
			'code', own.id,
			'identity', mine.identity,
			'is_on_stage', false,
			'is_on_air', coalesce(mine.on_air = read_meeting_booth.language, false)),
		'languages', case when mine.removed_at is null then private.meeting_languages(r) else '[]' end,
		'own', (select jsonb_agg(s.language order by s.language)
			from private.meeting_staff as s
			where s.meeting_id = m.id and s.person_id = own.person_id and s.part = 'interpreter'
				and s.state = 'accepted'))
	from private.meetings as m
	join private.meeting_staff as own on own.meeting_id = m.id and own.person_id = (select private.me())
		and own.part = 'interpreter' and own.language = read_meeting_booth.language and own.state = 'accepted'
	left join private.meeting_rooms as r on r.meeting_id = m.id
	left join private.meeting_participants as mine on mine.room_id = m.id and mine.person_id = own.person_id
	left join private.meeting_participants as voice on voice.room_id = m.id and voice.on_air = own.language
		and mine.removed_at is null
	where m.code = read_meeting_booth.code and private.is_meeting_staffed(m)
$$;
grant execute on function public.read_meeting_booth(text, text) to authenticated;

-- The languages in which captioners have accepted to write.
create or replace function private.meeting_caption_languages(p_meeting uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(distinct s.language order by s.language), '[]')
	from private.meeting_staff as s
	where s.meeting_id = p_meeting and s.part = 'captioner' and s.state = 'accepted'
$$;

-- The staff that is connected to a room: [{id: of the part in a meeting, of the participant in a workshop, display_name, part,
-- language}], with each of their parts. All who are there know who hears them.
create or replace function private.meeting_room_staff_json(p_room private.meeting_rooms) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', s.id,
			'display_name', q.display_name,
			'part', s.part,
			'language', s.language,
			'is_signed', s.is_signed)
		order by lower(q.display_name), q.id, s.part, s.language), '[]')
	from private.meeting_participants as p
	join public.people as q on q.id = p.person_id
	cross join lateral (
		select n.id, n.part, n.language, private.is_sign_language(n.language) as is_signed
		from private.meeting_staff as n
		where n.meeting_id = p.room_id and n.person_id = p.person_id and n.state = 'accepted'
		union all
		select p.id, 'interpreter', b.language, b.is_signed
		from private.booths as b
		where b.run_id = p.room_id and private.works_in_booth(p.person_id, b.id)) as s
	where p.room_id = p_room.id and p.is_staff and private.is_connected(p)
		and private.meeting_rights(p_room, p) is not null
$$;

-- Whether somebody has accepted to work at a meeting; with a part and a language, these.
create or replace function private.is_meeting_staff(p_person uuid, p_meeting uuid, p_part public.meeting_staff_part default null,
	p_language text default null) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.meeting_staff as s
		where s.meeting_id = p_meeting and s.person_id = p_person and s.state = 'accepted'
			and (p_part is null or s.part = p_part) and (p_language is null or s.language = p_language))
$$;

-- Whether somebody is asked to work at a meeting, or has accepted it.
create function private.is_named_for_meeting(p_person uuid, p_meeting uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.meeting_staff as s
		where s.meeting_id = p_meeting and s.person_id = p_person and s.state <> 'declined')
$$;

-- The staff of a meeting: [{id, display_name, is_me, part, language, is_signed, state}]. Only its chairs and secretaries read who
-- has not answered, and who has declined.
create or replace function private.meeting_staff_json(p private.meetings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', s.id,
			'display_name', q.display_name,
			'is_me', coalesce(s.person_id = private.me(), false),
			'part', s.part,
			'language', s.language,
			'is_signed', private.is_sign_language(s.language),
			'state', s.state)
		order by s.part, s.language, lower(q.display_name), s.id), '[]')
	from private.meeting_staff as s
	join public.people as q on q.id = s.person_id
	where s.meeting_id = p.id
		and (s.state = 'accepted' or s.person_id = (select private.me()) or private.chairs_group(private.me(), p.group_id))
$$;

-- Asks a person to take a part in one language: `entry` of the group, or by `reference`, the code of a person. They get a mail, also
-- when they are asked again after they declined; who names themselves has accepted. For chairs and secretaries. Answers ok (also
-- when they were named before) | not_found | invalid (an unknown person, no language, or more than 40) | wrong_state (over,
-- cancelled). Locks the group.
create or replace function public.name_meeting_staff(code text, part public.meeting_staff_part, language text,
	entry uuid default null, reference text default null) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(name_meeting_staff.code, true);
	v_person uuid;
	v_language text := private.booth_language(name_meeting_staff.language);
	v_is_me boolean;
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
	if v_person is null or v_language is null then return 'invalid'; end if;
	if exists (select from private.meeting_staff as s
		where s.meeting_id = v.id and s.person_id = v_person and s.part = name_meeting_staff.part
			and s.language = v_language and s.state <> 'declined') then
		return 'ok';
	end if;
	if (select count(*) from private.meeting_staff as s where s.meeting_id = v.id) >= 40 then return 'invalid'; end if;
	v_is_me := v_person = private.me();
	insert into private.meeting_staff as s (meeting_id, person_id, part, language, state, answered_at)
	values (v.id, v_person, name_meeting_staff.part, v_language,
		case when v_is_me then 'accepted' else 'invited' end::public.meeting_staff_state, case when v_is_me then now() end)
	on conflict on constraint meeting_staff_meeting_id_person_id_part_language_key do update
		set named_at = now(), state = excluded.state, answered_at = excluded.answered_at;
	perform private.publish_event('meeting:' || v.id, 'staff'), private.publish_event('person:' || v_person, 'rights');
	if not v_is_me then perform private.send_work_mail(v.id, v_person); end if;
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.name_meeting_staff(text, public.meeting_staff_part, text, uuid, text) to authenticated;

-- Takes a part back, and tells who had it by mail unless they had declined it. Who is in the room by it alone is removed from it,
-- and their token with them. For chairs and secretaries. Answers ok | not_found. Locks the group, and by its trigger the room.
create or replace function public.remove_meeting_staff(code text, staff uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(remove_meeting_staff.code, true);
	v_staff private.meeting_staff;
begin
	delete from private.meeting_staff as s where s.id = staff and s.meeting_id = v.id returning s.* into v_staff;
	if v_staff.id is null then return 'not_found'; end if;
	if v_staff.state <> 'declined' and v_staff.person_id <> private.me() then
		perform private.send_work_mail(v.id, v_staff.person_id);
	end if;
	return 'ok';
end
$$;
grant execute on function public.remove_meeting_staff(text, uuid) to authenticated;

-- Accepts or declines a part for which the reader was named; a part that was accepted is given back by declining it. Their
-- calendar follows by mail. Answers ok (also when they had answered so before) | not_found (also: the meeting is over or
-- cancelled). Locks the room.
create function public.answer_meeting_staff(staff uuid, accepts boolean) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meeting_staff;
	v_state public.meeting_staff_state := case when accepts then 'accepted' else 'declined' end;
begin
	perform from private.meeting_rooms as r
	where r.meeting_id = (select s.meeting_id from private.meeting_staff as s where s.id = answer_meeting_staff.staff)
	for update;
	select s.* into v
	from private.meeting_staff as s
	join private.meetings as m on m.id = s.meeting_id and private.is_meeting_staffed(m)
	where s.id = answer_meeting_staff.staff and s.person_id = (select private.me())
	for update of s;
	if v.id is null or accepts is null then return 'not_found'; end if;
	if v.state = v_state then return 'ok'; end if;
	update private.meeting_staff as s set state = v_state, answered_at = now() where s.id = v.id;
	perform private.publish_event('meeting:' || v.meeting_id, 'staff'),
		private.publish_event('person:' || v.person_id, 'rights');
	if not accepts then perform private.send_work_mail(v.meeting_id, v.person_id); end if;
	return 'ok';
end
$$;
grant execute on function public.answer_meeting_staff(uuid, boolean) to authenticated;

-- The reader's own code, by which chairs name them, and the meetings for which they were named and did not decline, the next one
-- first: {reference, meetings: [{id: of their part, code, group, name: of the group, title, start, end, zone, part, language,
-- is_signed, state, is_open}]}; null for nobody.
create or replace function public.read_my_meeting_work() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('reference', q.code, 'meetings', (
		select coalesce(jsonb_agg(jsonb_build_object(
				'id', s.id,
				'code', m.code,
				'group', g.code,
				'name', g.name,
				'title', m.title,
				'start', private.iso(m.starts_at),
				'end', private.iso(m.ends_at),
				'zone', m.zone,
				'part', s.part,
				'language', s.language,
				'is_signed', private.is_sign_language(s.language),
				'state', s.state,
				'is_open', s.state = 'accepted' and coalesce(private.is_meeting_room_open(r), false))
				order by m.starts_at, m.id, s.part, s.language), '[]')
		from private.meeting_staff as s
		join private.meetings as m on m.id = s.meeting_id
		join private.groups as g on g.id = m.group_id
		left join private.meeting_rooms as r on r.meeting_id = m.id
		where s.person_id = q.id and s.state <> 'declined' and private.is_meeting_staffed(m)))
	from public.people as q
	where q.id = (select private.me())
$$;
grant execute on function public.read_my_meeting_work() to authenticated;



drop trigger end_staff on private.meeting_staff;
create trigger end_staff after delete on private.meeting_staff for each row
	when (old.state = 'accepted')
	execute function private.end_meeting_staff();
create trigger end_declined_staff after update of state on private.meeting_staff for each row
	when (old.state = 'accepted' and new.state <> 'accepted')
	execute function private.end_meeting_staff();

update private.copied_tables set columns = '{named_at,part,language,state,answered_at}' where name = 'private.meeting_staff';
