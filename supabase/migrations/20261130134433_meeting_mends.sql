-- Mends meetings of groups: what calendars hold is written down, approved minutes keep what belongs to them, answers follow the
-- time of a meeting, attendance is of those who were of the group then, and who runs the community does not admit themselves.

set check_function_bodies = off;

alter table private.group_decisions add column written_level public.group_level;
alter table private.group_decisions add constraint wording_length check (length(wording::text) <= 30000);
alter table private.group_actions add column written_level public.group_level;
alter table private.group_actions add constraint task_length check (length(task::text) <= 5000);
alter table private.meetings add constraint title_length check (length(title::text) <= 5000);
alter table private.meeting_items add constraint title_length check (length(title::text) <= 5000);
alter table private.meeting_items add constraint note_length check (length(note::text) <= 20000);
alter table private.meeting_polls add constraint title_length check (length(title::text) <= 5000);

-- What is not approved yet keeps the level of its meeting until then.
update private.group_decisions as d
set written_level = private.meeting_level(m)
from private.meetings as m
where m.id = d.meeting_id
	and not exists (select from private.meeting_minutes as n where n.meeting_id = m.id and n.approved_at >= d.created_at);
update private.group_actions as a
set written_level = private.meeting_level(m)
from private.meetings as m
where m.id = a.meeting_id
	and not exists (select from private.meeting_minutes as n where n.meeting_id = m.id and n.approved_at >= a.created_at);

-- What the calendar of somebody holds of a meeting, as our last mail said (RFC 5546, RFC 6047). It is written when the
-- mail is sent, and outlives the mail, so that a later one has a higher sequence.
create table private.meeting_invitations (
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	meeting_id uuid not null references private.meetings (id) on delete cascade,
	sequence integer not null,
	-- The hash of what the mail said; null: it was a cancellation.
	fingerprint text,
	-- Whether the calendar did not hold the meeting before.
	is_new boolean not null,
	mail_id uuid references private.outbox (id) on delete set null,
	primary key (person_id, meeting_id)
);
create index on private.meeting_invitations (meeting_id);
create index on private.meeting_invitations (mail_id);
alter table private.meeting_invitations enable row level security;

insert into private.retention_rules (table_name, class) values ('private.meeting_invitations', 'contact');
insert into private.not_copied_tables (name, reason)
values ('private.meeting_invitations', 'technical');

drop function public.record_attendance(text, uuid[]);
drop function public.cancel_meeting(text, boolean);
drop trigger refuse_changed_minutes on private.meeting_minutes;

-- Merges two records, once both people of the staff agreed and all is locked (confirm_merge in
-- 02_people/merge_requests.sql). Also locks both at the door, so that nobody is scanned meanwhile. The order of the
-- steps matters.
create or replace function private.merge_people(p_keep uuid, p_drop uuid, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_keep uuid := p_keep;
	v_has_alias boolean := private.has_alias(p_keep) or private.has_alias(p_drop);
	v_column record;
	v_days text[];
begin
	perform private.set_audit_context(p_keep, p_reason);
	perform set_config('app.merging', 'yes', true);
	perform private.merge_protection(p_keep, p_drop);
	perform private.merge_accounts(p_keep, p_drop);
	perform private.merge_watch_list_matches(p_keep, p_drop);
	perform private.merge_connections(p_keep, p_drop);
	perform private.merge_group_people(p_keep, p_drop);
	perform private.merge_meeting_people(p_keep, p_drop);
	-- Days on which both were scanned at doors are computed again after the merge.
	perform private.lock_person_at_door(each.summit_id, each.person_id)
	from (select distinct s.summit_id, s.person_id
		from private.door_scans as s
		where s.person_id in (p_keep, p_drop)
		order by 1, 2) as each;
	v_days := array(select distinct s.summit_id || ' ' || s.day
		from private.door_scans as s
		where s.person_id = p_keep and exists (select from private.door_scans as other
			where other.person_id = p_drop and other.summit_id = s.summit_id and other.day = s.day));
	-- The code of the certificate that goes then says that it was replaced.
	perform private.close_certificate(c.id, 'replaced')
	from private.certificates as c
	join private.certificates as k on k.summit_id = c.summit_id
		and k.kind = c.kind
		and k.person_id = p_keep
		and k.ended_at is null
	where c.person_id = p_drop and c.ended_at is null;
	-- Everything else that refers to the person.
	for v_column in select c.table_name, c.column_name from private.person_references() as c loop
		perform private.repoint_references(v_column.table_name, v_column.column_name, p_keep, p_drop);
	end loop;
	perform private.merge_presence(p_keep, v_days);
	insert into private.former_ids (former_id, person_id) values (p_drop, p_keep);
	delete from public.people as p where p.id = p_drop;
	perform set_config('app.merging', '', true);
	-- With an alias, one of the two ids was known under another name than the one that is left.
	if v_has_alias then v_keep := private.rotate_person_identity(p_keep); end if;
	perform audit.record_event('people.merged', v_keep::text, null, v_keep, jsonb_build_object('dropped', p_drop));
	perform private.publish_event('person:' || person, 'rights') from unnest(array[v_keep, p_drop]) as person;
end
$$;

-- What other nouns have to do each minute.
create or replace function private.sweep_other_nouns(p_now timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.erase_member_imports(p_now);
	perform private.expire_watch_list_entries(p_now);
	perform private.sweep_logistics_answers(p_now);
	perform private.send_information_reminders(p_now);
	perform private.sweep_speakers(p_now);
	perform private.sweep_questions(p_now);
	perform private.send_guardian_requests();
	perform private.sweep_desk_lookups(p_now);
	perform private.send_term_cancellations();
end
$$;

-- Invites an address to a part in a group, until a last day of the term or (null) without end. `address`: {hash,
-- sealed, key_id}, in hexadecimal. Answers ok | not_allowed (also for one's own address while the group has a chair or
-- secretary) | invalid (also when the group has ended) | limited (200 a day for each inviter). A second invitation of an address changes the first; on the same day it sends no second mail.
-- Locks the group.
create or replace function public.invite_to_group(
	code text, part public.group_part, address jsonb, display_name text, member uuid default null,
	until date default null
) returns public.invitation_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_led_group(invite_to_group.code);
	v_name text := private.one_line(display_name);
	v_id uuid;
begin
	if v_group is null or private.has_leader(v_group) and exists (select from private.person_addresses as a
		where a.person_id = (select private.me()) and a.address_hash = decode(address ->> 'hash', 'hex')) then
		return 'not_allowed';
	end if;
	if part is null
		or not private.is_valid_invitee(address, v_name)
		or until < current_date
		or exists (select from private.groups as g where g.id = v_group and g.ended_at is not null) then
		return 'invalid';
	end if;
	if (select count(*) from private.group_invitations as i
		where i.invited_by = (select private.me()) and i.invited_at > now() - interval '1 day') >= 200 then
		return 'limited';
	end if;
	insert into private.group_invitations as i (group_id, part, member_id, until, address_hash, display_name, invited_by)
	values (v_group, part, member, invite_to_group.until, decode(address ->> 'hash', 'hex'), v_name, private.me())
	on conflict (group_id, address_hash) where state = 'open' do update
		set part = excluded.part,
			member_id = excluded.member_id,
			until = excluded.until,
			display_name = excluded.display_name,
			invited_by = excluded.invited_by,
			invited_at = now()
	returning i.id into v_id;
	-- The mail names no group: its subject is read over shoulders, and the group may be closed.
	perform private.enqueue_address_mail('group_invited', decode(address ->> 'sealed', 'hex'), address ->> 'key_id', 'en',
		'{}', null, null, 'group_invitation:' || v_id || ':' || current_date);
	return 'ok';
exception when foreign_key_violation then
	return 'invalid';
end
$$;
grant execute on function public.invite_to_group(text, public.group_part, jsonb, text, uuid, date) to authenticated;

-- Live invitations to the verified addresses of the reader. One's own counts only while nobody is chair or secretary of
-- the group: the address may have become the reader's after the invitation.
create or replace function private.my_group_invitations() returns setof private.group_invitations
language sql stable security definer set search_path = '' as $$
	select i.*
	from private.live_group_invitations as i
	join private.person_addresses as a on a.address_hash = i.address_hash
		and a.verified_at is not null
		and a.person_id = (select private.me())
	where i.invited_by is distinct from (select private.me()) or not private.has_leader(i.group_id)
$$;

-- Makes one entry of two in the same group, before the merge moves all other rows: with the stronger part (chair,
-- secretary, member, alternate), the later term and the organisation of the stronger part. Actions, alternates, items
-- of agendas and answers to meetings that name the dropped entry follow. An entry whose term is over is ended first, so that it replaces none. Locks the groups.
create or replace function private.merge_group_people(p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_keep private.group_people;
	v_drop private.group_people;
begin
	perform from private.groups as g
	where g.id in (select x.group_id from private.group_people as x where x.person_id in (p_keep, p_drop))
	order by g.id
	for update;
	update private.group_people as x
	set ended_at = now()
	where x.person_id in (p_keep, p_drop) and x.ended_at is null and x.until < current_date;
	for v_drop in
		select x.* from private.group_people as x where x.person_id = p_drop and x.ended_at is null
	loop
		select * into v_keep
		from private.group_people as x
		where x.group_id = v_drop.group_id and x.person_id = p_keep and x.ended_at is null;
		continue when not found;
		update private.group_actions as a set owner_id = v_keep.id where a.owner_id = v_drop.id;
		update private.group_people as x set alternate_of = v_keep.id where x.alternate_of = v_drop.id and x.id <> v_keep.id;
		update private.meeting_items as i set presenter_id = v_keep.id where i.presenter_id = v_drop.id;
		update private.meeting_people as r set alternate_id = v_keep.id where r.alternate_id = v_drop.id;
		delete from private.group_people as x where x.id = v_drop.id;
		update private.group_people as x
		set part = least(v_keep.part, v_drop.part),
			member_id = case when v_drop.part < v_keep.part
				then coalesce(v_drop.member_id, v_keep.member_id)
				else coalesce(v_keep.member_id, v_drop.member_id) end,
			-- Only two alternates make an alternate, and nobody is the alternate of themselves.
			alternate_of = case when least(v_keep.part, v_drop.part) = 'alternate'
				then coalesce(x.alternate_of, nullif(v_drop.alternate_of, v_keep.id)) end,
			since = least(v_keep.since, v_drop.since),
			until = case when v_keep.until is not null and v_drop.until is not null
				then greatest(v_keep.until, v_drop.until) end
		where x.id = v_keep.id;
	end loop;
end
$$;

-- Decides on a request, for those who lead the group; on one's own only while nobody is its chair or secretary, because
-- those who run the community are not to admit themselves. Answers ok | already (somebody decided before, or it was taken
-- back) | not_found. Locks the group.
create or replace function public.decide_join_request(request uuid, accept boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_requests;
begin
	select * into v from private.group_requests as r where r.id = request;
	if private.lock_led_group((select g.code from private.groups as g where g.id = v.group_id)) is null
		or v.person_id = private.me() and private.has_leader(v.group_id) then
		return 'not_found';
	end if;
	update private.group_requests as r
	set state = case when accept then 'accepted' else 'declined' end, decided_at = now(), decided_by = private.me()
	where r.id = request and r.state = 'open'
	returning r.* into v;
	if not found then return 'already'; end if;
	if accept then perform private.add_group_person(v.group_id, v.person_id, 'member'); end if;
	return 'ok';
end
$$;
grant execute on function public.decide_join_request(uuid, boolean) to authenticated;

-- Adds an item to the agenda (`item` null, at its end) or changes one. `fields`: {title, minutes, presenter: an entry
-- among the people of the group, note}. At most 60 items. Answers ok | not_found | invalid | wrong_state. Locks the group.
create or replace function public.save_meeting_item(code text, item uuid, fields jsonb) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(save_meeting_item.code, true);
	v_presenter uuid := private.parse_uuid(fields ->> 'presenter');
begin
	if v.id is null then return 'not_found'; end if;
	if v.state = 'cancelled' or private.has_final_minutes(v.id) then return 'wrong_state'; end if;
	if v_presenter is not null and not exists (select from private.live_group_people as x
		where x.id = v_presenter and x.group_id = v.group_id) then
		return 'invalid';
	end if;
	if save_meeting_item.item is null then
		if (select count(*) from private.meeting_items as i where i.meeting_id = v.id) >= 60 then return 'invalid'; end if;
		insert into private.meeting_items (meeting_id, rank, title, minutes, presenter_id, note)
		select v.id, coalesce(max(i.rank), 0) + 1, fields -> 'title', (fields ->> 'minutes')::integer, v_presenter,
			coalesce(fields -> 'note', '{}')
		from private.meeting_items as i
		where i.meeting_id = v.id;
	else
		update private.meeting_items as i
		set title = fields -> 'title',
			minutes = (fields ->> 'minutes')::integer,
			presenter_id = v_presenter,
			note = coalesce(fields -> 'note', '{}')
		where i.id = save_meeting_item.item and i.meeting_id = v.id;
		if not found then return 'not_found'; end if;
	end if;
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.save_meeting_item(text, uuid, jsonb) to authenticated;

-- Moves an item up or down, or removes it with its papers. `act`: up | down | remove. At an end of the list nothing moves.
-- Answers ok | not_found | invalid | wrong_state. Locks the group.
create or replace function public.change_meeting_agenda(code text, item uuid, act text) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(change_meeting_agenda.code, true);
	v_item private.meeting_items;
	v_other private.meeting_items;
begin
	select * into v_item
	from private.meeting_items as i
	where i.id = change_meeting_agenda.item and i.meeting_id = v.id;
	if v_item.id is null then return 'not_found'; end if;
	if v.state = 'cancelled' or private.has_final_minutes(v.id) then return 'wrong_state'; end if;
	if act = 'remove' then
		delete from private.meeting_items as i where i.id = v_item.id;
		return 'ok';
	end if;
	if act is null or act not in ('up', 'down') then return 'invalid'; end if;
	select * into v_other
	from private.meeting_items as i
	where i.meeting_id = v.id and case act when 'up' then i.rank < v_item.rank else i.rank > v_item.rank end
	order by abs(i.rank - v_item.rank)
	limit 1;
	if v_other.id is null then return 'ok'; end if;
	update private.meeting_items as i
	set rank = case i.id when v_item.id then v_other.rank else v_item.rank end
	where i.id in (v_item.id, v_other.id);
	return 'ok';
end
$$;
grant execute on function public.change_meeting_agenda(text, uuid, text) to authenticated;

-- Whether the reader may add a file to a meeting now: {status: ok | not_found | full}. A meeting has at most 60 papers,
-- and the files of a group together at most 2 GB.
create or replace function public.begin_meeting_paper(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('status', case
		when m.id is null or m.state = 'cancelled' or private.has_final_minutes(m.id)
			or not private.chairs_group(private.me(), m.group_id) then 'not_found'
		when (select count(*) from private.meeting_papers as p where p.meeting_id = m.id) >= 60
			or (select coalesce(sum(o.size), 0)
				from private.meeting_papers as p
				join private.meetings as x on x.id = p.meeting_id and x.group_id = m.group_id
				join private.stored_objects as o on o.name = p.object_name) > 2000000000 then 'full'
		else 'ok' end)
	from (select) as always
	left join private.meetings as m on m.code = begin_meeting_paper.code
$$;
grant execute on function public.begin_meeting_paper(text) to authenticated;

-- Adds a paper to a meeting or (`item`) to an item of its agenda: an upload, whose `object` is known to the app alone, which
-- has checked its content and had it scanned, or an address (`link`). While somebody of the group has an alias, an upload gets
-- a neutral name, because the name of a file may contain theirs. Answers as begin_meeting_paper, and invalid. Locks the group.
create or replace function public.add_meeting_paper(
	code text, name text, object text default null, link text default null, item uuid default null
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(add_meeting_paper.code, true);
	v_begun jsonb := public.begin_meeting_paper(add_meeting_paper.code);
begin
	if v_begun ->> 'status' <> 'ok' then return v_begun; end if;
	if add_meeting_paper.item is not null and not exists (select from private.meeting_items as i
		where i.id = add_meeting_paper.item and i.meeting_id = v.id) then
		return '{"status": "not_found"}';
	end if;
	if object is not null and not private.mark_object_used(object) then return '{"status": "invalid"}'; end if;
	insert into private.meeting_papers (meeting_id, item_id, shown_name, object_name, link, added_by)
	values (v.id, add_meeting_paper.item,
		case when object is not null and exists (select from private.live_group_people as x
				where x.group_id = v.group_id and private.has_alias(x.person_id))
			then 'paper' || coalesce(substring(add_meeting_paper.name from '\.[A-Za-z0-9]{1,5}$'), '')
			else add_meeting_paper.name end,
		object, add_meeting_paper.link, private.me());
	return '{"status": "ok"}';
exception when check_violation or not_null_violation then
	return '{"status": "invalid"}';
end
$$;
grant execute on function public.add_meeting_paper(text, text, text, text, uuid) to authenticated;

-- Removes a paper. Answers ok | not_found (also when the minutes are approved). Locks the group.
create or replace function public.remove_meeting_paper(code text, paper uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(remove_meeting_paper.code, true);
begin
	if private.has_final_minutes(v.id) then return 'not_found'; end if;
	delete from private.meeting_papers as p where p.id = remove_meeting_paper.paper and p.meeting_id = v.id;
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.remove_meeting_paper(text, uuid) to authenticated;

-- The entries of those who are invited to a meeting: of the people of the group today; once it has begun, of those who
-- were of the group on its day. One entry of each.
create or replace function private.people_invited(p private.meetings) returns setof private.group_people
language sql stable security definer set search_path = '' as $$
	select distinct on (x.person_id) x.*
	from private.group_people as x
	cross join (select least(p.starts_at, now()) as at) as t
	where x.group_id = p.group_id
		and (x.ended_at is null or x.ended_at > t.at)
		and (x.until is null or x.until >= (t.at at time zone 'UTC')::date)
		and x.since <= (t.at at time zone 'UTC')::date
	order by x.person_id, x.ended_at desc nulls first, x.since desc
$$;

-- Whether an entry is an alternate who may come in place of somebody: their own alternate, or one of nobody in particular.
create or replace function private.may_replace(p_entry uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.live_group_people as x
		left join private.group_people as o on o.id = x.alternate_of
		where x.id = p_entry and x.part = 'alternate' and x.person_id <> p_person and coalesce(o.person_id = p_person, true))
$$;

-- The reader's own answer to a planned meeting that is not over: yes, no, or an alternate in their place, who is that of
-- the reader or of nobody in particular.
-- Answers ok | not_found | invalid | wrong_state. Locks the group.
create or replace function public.answer_meeting(code text, answer public.meeting_answer, alternate uuid default null)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(answer_meeting.code, false);
begin
	if v.id is null then return 'not_found'; end if;
	if v.state <> 'planned' or v.ends_at <= now() then return 'wrong_state'; end if;
	if answer_meeting.answer is null
		or (answer_meeting.answer = 'alternate') <> (answer_meeting.alternate is not null)
		or answer_meeting.alternate is not null and not exists (
			select from private.live_group_people as x
			where x.id = answer_meeting.alternate
				and x.group_id = v.group_id
				and private.may_replace(x.id, private.me())) then
		return 'invalid';
	end if;
	insert into private.meeting_people (meeting_id, person_id, answer, alternate_id, answered_at)
	values (v.id, private.me(), answer_meeting.answer, answer_meeting.alternate, now())
	on conflict (meeting_id, person_id) do update
		set answer = excluded.answer, alternate_id = excluded.alternate_id, answered_at = excluded.answered_at;
	return 'ok';
end
$$;
grant execute on function public.answer_meeting(text, public.meeting_answer, uuid) to authenticated;

-- Records who was there (`present`: entries), of those who were of the group on the day of the meeting, for chairs and
-- secretaries, once the meeting has begun. It is held then. Answers ok | not_found | conflict (changed since `version`) |
-- wrong_state (not begun, cancelled, or its minutes are approved). Locks the group.
create function public.record_attendance(code text, version integer, present uuid[]) returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(record_attendance.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if v.version is distinct from record_attendance.version then return 'conflict'; end if;
	if v.state = 'cancelled' or v.starts_at > now() or private.has_final_minutes(v.id) then return 'wrong_state'; end if;
	insert into private.meeting_people (meeting_id, person_id, attended)
	select v.id, x.person_id, x.id = any (coalesce(present, '{}'))
	from private.people_invited(v) as x
	on conflict (meeting_id, person_id) do update set attended = excluded.attended;
	update private.meetings as m
	set state = 'held', version = m.version + 1, updated_at = now()
	where m.id = v.id;
	return 'ok';
end
$$;
grant execute on function public.record_attendance(text, integer, uuid[]) to authenticated;

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
	end loop;
end
$$;

-- What a mail has to tell of a meeting to its reader, and what their calendar holds after it. Nothing for one whose calendar
-- holds this already. Somebody who wants no invitations, who has left the group, or whose meeting is cancelled gets a
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
		case when told.names then m.place end,
		case when told.names then m.link end
	from private.outbox as o
	cross join lateral jsonb_array_elements_text(o.params -> 'meetings') as given (id)
	join private.meetings as m on m.id = given.id::uuid and m.ends_at > now()
	join private.groups as g on g.id = m.group_id
	left join private.meeting_invitations as i on i.person_id = o.person_id and i.meeting_id = m.id
	left join private.outbox as before on before.id = i.mail_id
	cross join lateral (select private.is_in_group(o.person_id, m.group_id) as is_in) as now_of
	cross join lateral (
		select now_of.is_in and m.state <> 'cancelled' and not exists (select from public.person_preferences as f
			where f.person_id = o.person_id and f.calendar_invitations = 'none') as is_on
	) as now_in
	cross join lateral (select now_of.is_in and private.meeting_level(m) <> 'closed' as names) as told
	cross join lateral (
		select coalesce(i.mail_id = o.id, false) as is_this,
			coalesce(before.state = 'dead', false) as is_lost,
			case when i.mail_id = o.id then i.is_new else i.fingerprint is null end as is_new,
			case when now_in.is_on then md5(jsonb_build_array(m.starts_at, m.ends_at, m.zone, told.names,
				case when told.names then jsonb_build_array(m.title, g.name, m.place, m.link) end)::text) end as fingerprint
	) as said
	where o.id = p_mail
		and o.state = 'sending'
		and o.template = 'meeting_event'
		and (now_in.is_on or i.person_id is not null)
		and (said.is_this or said.is_lost or i.fingerprint is distinct from said.fingerprint)
$$;

-- What a mail that is being sent says: [{method, uid, sequence, is_new: whether the calendar did not hold it before, start,
-- end, zone, code, group, title, name: of the group, place, link, answer: the reader's own}]. It writes down what the
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
		where o.id = p_mail and o.state = 'sending' and o.template = 'meeting_event')
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
			'answer', r.answer) order by m.starts_at, m.id), '[]')
	into v_answer
	from due as d
	join private.meetings as m on m.id = d.meeting_id
	join private.groups as g on g.id = m.group_id
	left join private.meeting_people as r on r.meeting_id = m.id and r.person_id = d.person_id;
	return v_answer;
end
$$;
grant execute on function private.claim_meeting_events(uuid) to app_server;

-- Who joins a group is invited to what is planned; who leaves it gets the cancellations.
create or replace function private.mail_planned_meetings() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.send_meeting_mails(new.group_id, array(
		select m.id
		from private.meetings as m
		where m.group_id = new.group_id and m.state = 'planned' and m.ends_at > now()), new.person_id);
	return null;
end
$$;

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
			and not private.is_in_group(i.person_id, m.group_id)
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

-- When a group ends, what it planned is cancelled and its polls are closed. When it becomes stricter, calendars hide what
-- they showed.
create or replace function private.follow_group_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_all uuid[];
begin
	if old.ended_at is null and new.ended_at is not null then
		update private.meeting_polls as p set state = 'closed' where p.group_id = new.id and p.state = 'open';
	end if;
	with changed as (
		update private.meetings as m
		set state = case when new.ended_at is not null then 'cancelled' else m.state end,
			version = m.version + 1,
			updated_at = now()
		where m.group_id = new.id and m.state = 'planned' and m.starts_at > now()
		returning m.id
	)
	select array_agg(id) into v_all from changed;
	perform private.send_meeting_mails(new.id, v_all);
	return null;
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
	update private.meeting_people as r
	set alternate_id = null
	from private.group_people as x
	where r.person_id in (p_keep, p_drop) and x.id = r.alternate_id and x.person_id in (p_keep, p_drop);
end
$$;

-- An approved version is never changed, except that a late alias replaces a name in it; it goes with its meeting alone.
create or replace function private.refuse_changed_minutes() returns trigger
language plpgsql set search_path = '' as $$
begin
	if tg_op = 'DELETE' then
		if not exists (select from private.meetings as m where m.id = old.meeting_id) then return old; end if;
	elsif coalesce(current_setting('app.renaming', true), '') = 'yes' then
		return new;
	end if;
	raise exception 'Approved minutes are changed by a correction only.' using errcode = 'restrict_violation';
end
$$;

-- Whether the minutes of a meeting are approved and no correction is open. Its agenda, papers and attendance are then
-- final too.
create or replace function private.has_final_minutes(p_meeting uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(bool_and(n.state = 'approved'), false)
	from private.meeting_minutes as n
	where n.meeting_id = p_meeting
$$;

-- Writes the minutes of a meeting that has begun: begins them (`version` 0), or changes the open version. A text that is
-- changed after the last day for comments is a draft again, because nobody could comment on it. Answers ok |
-- not_found | invalid | conflict (changed since `version`) | wrong_state (approved: begin a correction). Locks the group.
create or replace function public.save_minutes(code text, version integer, body jsonb) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(save_minutes.code, true);
	v_open private.meeting_minutes := private.open_minutes(v.id);
	v_is_late boolean := coalesce(v_open.body is distinct from save_minutes.body
		and private.comments_end(v_open.comments_until, v.zone) <= now(), false);
begin
	if v.id is null then return 'not_found'; end if;
	if v.state = 'cancelled' or v.starts_at > now() then return 'wrong_state'; end if;
	if v_open.number is null then
		if exists (select from private.meeting_minutes as n where n.meeting_id = v.id) then return 'wrong_state'; end if;
		if save_minutes.version is distinct from 0 then return 'conflict'; end if;
		insert into private.meeting_minutes (meeting_id, number, body) values (v.id, 1, save_minutes.body);
		update private.meetings as m set state = 'held', updated_at = now() where m.id = v.id and m.state = 'planned';
		return 'ok';
	end if;
	if v_open.version is distinct from save_minutes.version then return 'conflict'; end if;
	update private.meeting_minutes as n
	set body = save_minutes.body,
		state = case when v_is_late then 'draft' else n.state end,
		comments_until = case when not v_is_late then n.comments_until end,
		version = n.version + 1,
		updated_at = now()
	where n.meeting_id = v.id and n.number = v_open.number;
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.save_minutes(text, integer, jsonb) to authenticated;

-- Opens a draft to the people of the group for comments until a later day within a year, or changes that day. Answers
-- ok | not_found | invalid | wrong_state. Locks the group.
create or replace function public.open_minutes_for_comments(code text, until date) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(open_minutes_for_comments.code, true);
	v_open private.meeting_minutes := private.open_minutes(v.id);
	v_today date := (now() at time zone v.zone)::date;
begin
	if v.id is null then return 'not_found'; end if;
	if v_open.number is null then return 'wrong_state'; end if;
	if until is null or until not between v_today + 1 and v_today + 365 then return 'invalid'; end if;
	update private.meeting_minutes as n
	set state = 'comments', comments_until = open_minutes_for_comments.until, updated_at = now()
	where n.meeting_id = v.id and n.number = v_open.number;
	return 'ok';
end
$$;
grant execute on function public.open_minutes_for_comments(text, date) to authenticated;

-- Approves the version that was open for comments, as it was read. What it decided is then read at the level of the
-- meeting or the one at which it was written, whichever is stricter; what was approved before keeps its level. Answers ok | not_found | conflict | wrong_state | too_early. Locks the group.
create or replace function public.approve_minutes(code text, version integer) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(approve_minutes.code, true);
	v_open private.meeting_minutes := private.open_minutes(v.id);
begin
	if v.id is null then return 'not_found'; end if;
	if v_open.state is distinct from 'comments' then return 'wrong_state'; end if;
	if v_open.version is distinct from approve_minutes.version then return 'conflict'; end if;
	if private.comments_end(v_open.comments_until, v.zone) > now() then return 'too_early'; end if;
	update private.meeting_minutes as n
	set state = 'approved', approved_at = now(), approved_by = private.me(), updated_at = now()
	where n.meeting_id = v.id and n.number = v_open.number;
	update private.group_decisions as d
	set level = greatest(d.written_level, private.meeting_level(v)), written_level = null
	where d.meeting_id = v.id and d.written_level is not null;
	update private.group_actions as a
	set level = greatest(a.written_level, private.meeting_level(v)), written_level = null
	where a.meeting_id = v.id and a.written_level is not null;
	return 'ok';
end
$$;
grant execute on function public.approve_minutes(text, integer) to authenticated;

-- Writes into the register what a meeting decided, while its minutes are open. Until they are approved only people of the
-- group read it (level closed). Answers ok | not_found | invalid | wrong_state. Locks the group.
create or replace function public.record_meeting_decision(code text, wording jsonb) returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(record_meeting_decision.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if (private.open_minutes(v.id)).number is null then return 'wrong_state'; end if;
	insert into private.group_decisions (group_id, wording, decided_on, level, meeting_id, written_level)
	values (v.group_id, record_meeting_decision.wording, (v.starts_at at time zone v.zone)::date, 'closed', v.id,
		private.meeting_level(v));
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.record_meeting_decision(text, jsonb) to authenticated;

-- The same for an action; `owner`: an entry among the people of the group, or null.
create or replace function public.add_meeting_action(code text, task jsonb, owner uuid default null, due_on date default null)
	returns public.minutes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(add_meeting_action.code, true);
begin
	if v.id is null then return 'not_found'; end if;
	if (private.open_minutes(v.id)).number is null then return 'wrong_state'; end if;
	if owner is not null and not exists (select from private.live_group_people as x
		where x.id = owner and x.group_id = v.group_id) then
		return 'invalid';
	end if;
	insert into private.group_actions (group_id, task, owner_id, due_on, level, meeting_id, written_level)
	values (v.group_id, add_meeting_action.task, owner, add_meeting_action.due_on, 'closed', v.id,
		private.meeting_level(v));
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.add_meeting_action(text, jsonb, uuid, date) to authenticated;

-- An answer belongs to a time: who answered to a meeting that moves is asked again.
create or replace function private.reset_meeting_answers() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.meeting_people as r
	set answer = null, alternate_id = null, answered_at = null
	where r.meeting_id = new.id and r.answer is not null;
	return null;
end
$$;

-- Changes a planned meeting that has not begun; `fields` as in plan_meeting. With `with_later` also the later planned ones
-- of its series: they move by as much of wall time, get what this one changes, and keep what they have of the rest. Their
-- level only becomes stricter. Answers ok | not_found | invalid | conflict (changed since `version`) | wrong_state. Locks
-- the group.
create or replace function public.change_meeting(code text, version integer, fields jsonb, with_later boolean default false)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(change_meeting.code, true);
	v_new private.meetings;
	v_move interval;
	v_all uuid[];
begin
	if v.id is null then return 'not_found'; end if;
	if v.version is distinct from change_meeting.version then return 'conflict'; end if;
	if v.state <> 'planned' or v.starts_at <= now() then return 'wrong_state'; end if;
	if (fields ->> 'level')::public.group_level < (select g.level from private.groups as g where g.id = v.group_id) then
		return 'invalid';
	end if;
	v_move := (fields ->> 'local')::timestamp - (v.starts_at at time zone v.zone);
	update private.meetings as m
	set title = fields -> 'title',
		zone = fields ->> 'zone',
		starts_at = (fields ->> 'local')::timestamp at time zone (fields ->> 'zone'),
		ends_at = ((fields ->> 'local')::timestamp at time zone (fields ->> 'zone'))
			+ make_interval(mins => (fields ->> 'minutes')::integer),
		place = coalesce(private.one_line(fields ->> 'place'), ''),
		link = nullif(fields ->> 'link', ''),
		level = (fields ->> 'level')::public.group_level,
		version = m.version + 1,
		updated_at = now()
	where m.id = v.id
	returning m.* into v_new;
	with later as (
		select m.id,
			((m.starts_at at time zone m.zone) + v_move)
				at time zone case when v_new.zone <> v.zone then v_new.zone else m.zone end as starts_at
		from private.meetings as m
		where with_later and m.series_id = v.series_id and m.state = 'planned' and m.starts_at > v.starts_at and m.id <> v.id
	), changed as (
		update private.meetings as m
		set title = case when v_new.title <> v.title then v_new.title else m.title end,
			zone = case when v_new.zone <> v.zone then v_new.zone else m.zone end,
			starts_at = later.starts_at,
			ends_at = later.starts_at + case when v_new.ends_at - v_new.starts_at <> v.ends_at - v.starts_at
				then v_new.ends_at - v_new.starts_at else m.ends_at - m.starts_at end,
			place = case when v_new.place <> v.place then v_new.place else m.place end,
			link = case when v_new.link is distinct from v.link then v_new.link else m.link end,
			level = case when v_new.level <> v.level then greatest(m.level, v_new.level) else m.level end,
			version = m.version + 1,
			updated_at = now()
		from later
		where m.id = later.id
		returning m.id
	)
	select array_agg(id) into v_all from changed;
	perform private.send_meeting_mails(v.group_id, v.id || v_all);
	return 'ok';
exception when check_violation or not_null_violation or foreign_key_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.change_meeting(text, integer, jsonb, boolean) to authenticated;

-- Cancels a planned meeting that has not begun; with `with_later` also the later planned ones of its series. A cancelled
-- meeting stays in the list. Answers ok | not_found | conflict (changed since `version`) | wrong_state (begun, held, or
-- cancelled already). Locks the group.
create function public.cancel_meeting(code text, version integer, with_later boolean default false)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(cancel_meeting.code, true);
	v_all uuid[];
begin
	if v.id is null then return 'not_found'; end if;
	if v.state <> 'planned' or v.starts_at <= now() then return 'wrong_state'; end if;
	if v.version is distinct from cancel_meeting.version then return 'conflict'; end if;
	with changed as (
		update private.meetings as m
		set state = 'cancelled', version = m.version + 1, updated_at = now()
		where m.id = v.id
			or with_later and m.series_id = v.series_id and m.state = 'planned' and m.starts_at > v.starts_at
		returning m.id
	)
	select array_agg(id) into v_all from changed;
	perform private.send_meeting_mails(v.group_id, v_all);
	return 'ok';
end
$$;
grant execute on function public.cancel_meeting(text, integer, boolean) to authenticated;

-- Offers two to twenty times to the people of a group, for chairs and secretaries of a group that has not ended. `fields`: as
-- in plan_meeting, with `times`: wall times in the zone, all in the future, in place of `local`. Two wall times of one
-- instant, and one that is given twice, count once. Answers {status: ok, code} or {status: not_found | invalid}. Locks the
-- group.
create or replace function public.open_meeting_poll(code text, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group private.groups;
	v private.meeting_polls;
	v_times integer;
begin
	select * into v_group from private.groups as g where g.code = open_meeting_poll.code for update;
	if v_group.id is null or not private.chairs_group(private.me(), v_group.id) then
		return '{"status": "not_found"}';
	end if;
	if v_group.ended_at is not null
		or (fields ->> 'level')::public.group_level < v_group.level
		or coalesce(jsonb_array_length(fields -> 'times'), 0) not between 2 and 20 then
		return '{"status": "invalid"}';
	end if;
	insert into private.meeting_polls (group_id, title, zone, minutes, place, link, level)
	values (v_group.id, fields -> 'title', fields ->> 'zone', (fields ->> 'minutes')::integer,
		coalesce(private.one_line(fields ->> 'place'), ''), nullif(fields ->> 'link', ''),
		(fields ->> 'level')::public.group_level)
	returning * into v;
	insert into private.meeting_poll_times (poll_id, starts_at)
	select distinct v.id, given.local::timestamp at time zone v.zone
	from jsonb_array_elements_text(fields -> 'times') as given (local)
	where given.local::timestamp at time zone v.zone > now();
	get diagnostics v_times = row_count;
	if v_times < 2 then raise check_violation; end if;
	return jsonb_build_object('status', 'ok', 'code', v.code);
exception when check_violation or not_null_violation or foreign_key_violation or data_exception then
	return '{"status": "invalid"}';
end
$$;
grant execute on function public.open_meeting_poll(text, jsonb) to authenticated;

-- The open polls of a group, for its people: [{code, title, times: how many, needs_answer: whether one of them is in the
-- future and the reader has not voted}]; null for others.
create or replace function public.list_meeting_polls(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select (select coalesce(jsonb_agg(jsonb_build_object(
			'code', p.code,
			'title', p.title,
			'times', (select count(*) from private.meeting_poll_times as t where t.poll_id = p.id),
			'needs_answer', exists (select from private.meeting_poll_times as t where t.poll_id = p.id and t.starts_at > now())
				and not exists (select
					from private.meeting_poll_times as t
					join private.meeting_poll_votes as x on x.time_id = t.id and x.person_id = (select private.me())
					where t.poll_id = p.id)) order by p.created_at, p.id), '[]')
		from private.meeting_polls as p
		where p.group_id = g.id and p.state = 'open')
	from private.groups as g
	where g.code = list_meeting_polls.code and private.is_in_group(private.me(), g.id)
$$;
grant execute on function public.list_meeting_polls(text) to authenticated;

-- The offsets from UTC at an instant, in minutes, of the zones that people of a group have set; none unless three have.
create or replace function private.group_offsets(p_group uuid, p_at timestamptz) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when count(*) >= 3 then jsonb_agg(distinct z.minutes) else '[]' end
	from private.live_group_people as l
	join public.person_preferences as f on f.person_id = l.person_id and f.time_zone is not null
	cross join lateral (
		select (extract(epoch from (p_at at time zone f.time_zone) - (p_at at time zone 'UTC')) / 60)::integer as minutes
	) as z
	where l.group_id = p_group and not private.has_alias(l.person_id)
$$;

-- A poll as people of the group see it; null for others. {code, group: {code, name}, leads, title, zone, minutes, place, state,
-- meeting: the code of the one that was planned, times: [{id, start, end, is_past, own: the reader's vote, yes, if_needed,
-- no: how many of today's people, offsets}], people: [{display_name, is_me, votes: {time: vote}}]}. Who has
-- left the group does not count any more. The offsets of a time are those of the zones that people of the group have set,
-- in minutes. They may tell where somebody is: so they are given only when at least three have set one, and that of
-- somebody under an alias is not among them.
create or replace function public.read_meeting_poll(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'code', p.code,
		'group', jsonb_build_object('code', g.code, 'name', g.name),
		'leads', private.chairs_group(private.me(), g.id),
		'title', p.title,
		'zone', p.zone,
		'minutes', p.minutes,
		'place', p.place,
		'state', p.state,
		'meeting', (select m.code from private.meetings as m where m.id = p.meeting_id),
		'times', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', t.id,
				'start', private.iso(t.starts_at),
				'end', private.iso(t.starts_at + make_interval(mins => p.minutes)),
				'is_past', t.starts_at <= now(),
				'own', (select x.vote
					from private.meeting_poll_votes as x
					where x.time_id = t.id and x.person_id = (select private.me())),
				'yes', counted.yes,
				'if_needed', counted.if_needed,
				'no', counted.no,
				'offsets', private.group_offsets(g.id, t.starts_at)) order by t.starts_at), '[]')
			from private.meeting_poll_times as t
			cross join lateral (
				select count(*) filter (where x.vote = 'yes') as yes,
					count(*) filter (where x.vote = 'if_needed') as if_needed,
					count(*) filter (where x.vote = 'no') as no
				from private.meeting_poll_votes as x
				join private.live_group_people as l on l.person_id = x.person_id and l.group_id = g.id
				where x.time_id = t.id
			) as counted
			where t.poll_id = p.id),
		'people', (select coalesce(jsonb_agg(jsonb_build_object(
				'display_name', q.display_name,
				'is_me', coalesce(q.id = private.me(), false),
				'votes', (select coalesce(jsonb_object_agg(x.time_id, x.vote), '{}')
					from private.meeting_poll_votes as x
					join private.meeting_poll_times as t on t.id = x.time_id and t.poll_id = p.id
					where x.person_id = q.id)) order by l.part, lower(q.display_name), q.code), '[]')
			from private.live_group_people as l
			join public.people as q on q.id = l.person_id
			where l.group_id = g.id))
	from private.meeting_polls as p
	join private.groups as g on g.id = p.group_id
	where p.code = read_meeting_poll.code and private.is_in_group(private.me(), g.id)
$$;
grant execute on function public.read_meeting_poll(text) to authenticated;

-- The people of a meeting: those of the group today, and those who were invited or there and have left it since: [{id:
-- today's entry | null, invited: the entry with which they were invited | null, display_name, part, is_me, may_replace:
-- whether they may come in the reader's place, answer, alternate: name, attended}].
create or replace function private.meeting_people_json(p private.meetings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', x.id,
			'invited', i.id,
			'display_name', q.display_name,
			'part', x.part,
			'is_me', coalesce(q.id = private.me(), false),
			'may_replace', private.may_replace(x.id, private.me()),
			'answer', r.answer,
			'alternate', a.display_name,
			'attended', r.attended) order by x.part nulls last, lower(q.display_name), q.code), '[]')
	from (
		select l.person_id from private.live_group_people as l where l.group_id = p.group_id
		union
		select i.person_id from private.people_invited(p) as i
		union
		select w.person_id from private.meeting_people as w where w.meeting_id = p.id and w.attended
	) as named
	join public.people as q on q.id = named.person_id
	left join private.live_group_people as x on x.group_id = p.group_id and x.person_id = named.person_id
	left join private.people_invited(p) as i on i.person_id = named.person_id
	left join private.meeting_people as r on r.meeting_id = p.id and r.person_id = named.person_id
	left join private.live_group_people as y on y.id = r.alternate_id
	left join public.people as a on a.id = y.person_id
$$;

create trigger mail_term after update of until on private.group_people for each row
	when (old.until is distinct from new.until)
	execute function private.mail_planned_meetings();
create trigger follow_change after update of level, ended_at on private.groups for each row
	when (new.level > old.level or old.ended_at is null and new.ended_at is not null)
	execute function private.follow_group_change();
create trigger refuse_changed_minutes
	before delete or update of body, reason, state, number, approved_at, comments_until, meeting_id
	on private.meeting_minutes for each row
	when (old.state = 'approved') execute function private.refuse_changed_minutes();
create trigger reset_answers after update of starts_at on private.meetings for each row
	when (old.starts_at <> new.starts_at) execute function private.reset_meeting_answers();
