-- Bounces are kept with the address, because the mails that they tell of are deleted; what came back is not sent again in
-- bulk. Notices keep the level of their group. Meetings cannot be moved to where nobody could change them, and one that
-- was planned for a wrong year can be cancelled. Requests to join end with the group. Announcements that were taken back
-- send no mail. Reminders of surveys are listed without their reader.

alter table private.person_addresses add column unreachable_since timestamptz;
alter table private.group_notices add column level public.group_level not null default 'closed';

-- What groups are today is the best that is known of the notices before.
update private.group_notices as n set level = g.level from private.groups as g where g.id = n.group_id;
update private.person_addresses as a
set unreachable_since = o.since
from (
	select x.person_id, max(x.created_at) as last, min(x.created_at) as since
	from private.outbox as x
	where x.state = 'dead' and x.last_error ~ '^(BOUNCED|COMPLAINED)'
	group by x.person_id) as o
where a.person_id = o.person_id and a.is_primary and a.created_at < o.last;

-- Whether a mail that ended with this error came back for good, or was reported as spam.
create function private.was_returned(p_error text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_error ~ '^(BOUNCED|COMPLAINED)', false)
$$;

-- Records that a sent mail bounced for good (`p_kind` bounced) or that its reader reported it as spam (complained): it is
-- dead, and its reader unreachable for messages of organisers until they have another address, or an organiser sends it
-- again. The address remembers it, because the mail is deleted earlier. `p_code` is the status of the reporting server, "5.1.1", or ''. Answers ok, also for the same report again, and
-- unknown for a mail that is not there or was not sent in the last 30 days.
create or replace function private.save_mail_bounce(p_id uuid, p_kind text, p_code text default '') returns public.mail_bounce_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_mail private.outbox;
	v_error text := btrim(upper(p_kind) || ' ' || p_code);
begin
	if p_kind not in ('bounced', 'complained') or p_code !~ '^(5\.[0-9]{1,3}\.[0-9]{1,3})?$' then return 'unknown'; end if;
	select * into v_mail from private.outbox where id = p_id for update;
	if not found or v_mail.sent_at is null or v_mail.sent_at < now() - interval '30 days' then return 'unknown'; end if;
	if v_mail.state = 'dead' then return 'ok'; end if;
	if v_mail.state <> 'sent' then return 'unknown'; end if;
	update private.outbox set state = 'dead', last_error = v_error where id = p_id;
	-- One that is newer than the mail is another address.
	update private.person_addresses as a set unreachable_since = now()
	where a.person_id = v_mail.person_id
		and a.is_primary
		and a.created_at < v_mail.created_at
		and a.unreachable_since is null;
	if v_mail.summit_id is not null then
		perform private.publish_event('organise:' || v_mail.summit_id, 'mail', p_id);
	end if;
	return 'ok';
end
$$;
grant execute on function private.save_mail_bounce(uuid, text, text) to app_server;

-- Whether a mail that ended with this error was refused for its address.
create function private.was_refused(p_error text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_error ~ '^EENVELOPE 5[0-9]{2}$', false)
$$;

-- Whether mail reaches a person: they have an address, no mail to it bounced or was reported as spam, and no server has
-- refused it for good since mail last got through. A server that refuses us, our sender or a text says nothing of the
-- address; one that accepts a mail says nothing of a bounce that comes later.
create or replace function private.is_reachable(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.person_addresses as a
		where a.person_id = p_person
			and a.is_primary
			and a.unreachable_since is null
			and not exists (select
				from private.outbox as o
				where o.person_id = p_person
					and o.state = 'dead'
					and o.created_at > a.created_at
					and private.was_refused(o.last_error)
					and not exists (select
						from private.outbox as later
						where later.person_id = p_person and later.state = 'sent' and later.sent_at > o.created_at)))
$$;

-- Whether the list of mails leaves out the reader of one: it would tell more than that they got a mail. Who is reminded of
-- a survey has not answered it, and so all others have.
create function private.hides_mail_reader(p_mail uuid, p_template text) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_template = 'survey_reminder' or private.reveals_attendance(p_mail)
$$;

-- The mails of one state, for registration organisers; the reader is named by the display record alone.
-- {status: ok | not_allowed, counts: {state: mails}, returned: how many of the dead ones came back or were reported as
-- spam, oldest_due_at, rows: [{id, template, locale, attempts, last_error,
-- created_at, send_after, sent_at, display_name}]}
create or replace function public.list_mail(
	summit uuid, state public.mail_state default 'dead', row_limit integer default 50, row_offset integer default 0
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.has_role(list_mail.summit, 'registration') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	return jsonb_build_object(
		'status', 'ok',
		'counts', (select coalesce(jsonb_object_agg(c.state, c.count), '{}')
			from (
				select o.state, count(*)
				from private.outbox as o
				where o.summit_id = list_mail.summit and not private.is_unlisted_mail(o.template)
				group by o.state
			) as c),
		'returned', (select count(*)
			from private.outbox as o
			where o.summit_id = list_mail.summit
				and not private.is_unlisted_mail(o.template)
				and o.state = 'dead'
				and private.was_returned(o.last_error)),
		'oldest_due_at', (select min(o.created_at)
			from private.outbox as o
			where o.summit_id = list_mail.summit
				and not private.is_unlisted_mail(o.template)
				and o.state = 'queued'
				and o.send_after <= now()),
		'rows', (select coalesce(jsonb_agg(to_jsonb(r) order by r.created_at desc, r.id), '[]')
			from (
				select o.id, o.template, o.locale, o.attempts, o.last_error, o.created_at, o.send_after, o.sent_at,
					case when not private.hides_mail_reader(o.id, o.template) then p.display_name end as display_name
				from private.outbox as o
				left join public.people as p on p.id = o.person_id
				where o.summit_id = list_mail.summit
					and not private.is_unlisted_mail(o.template)
					and o.state = list_mail.state
				order by o.created_at desc, o.id
				limit least(greatest(row_limit, 1), 200)
				offset greatest(row_offset, 0)
			) as r));
end
$$;
grant execute on function public.list_mail(uuid, public.mail_state, integer, integer) to authenticated;

-- Sends a dead mail again, also one that came back: its reader counts as reachable until it comes back again. Answers ok,
-- not_allowed or wrong_state.
create or replace function public.retry_mail(mail uuid) returns public.step_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_mail private.outbox;
begin
	select * into v_mail from private.outbox where id = mail for update;
	if not found or v_mail.summit_id is null or not private.has_role(v_mail.summit_id, 'registration') then
		return 'not_allowed';
	end if;
	if v_mail.state <> 'dead' then return 'wrong_state'; end if;
	update private.outbox set state = 'queued', attempts = 0, last_error = null, send_after = now() where id = mail;
	update private.person_addresses as a set unreachable_since = null
	where private.was_returned(v_mail.last_error) and a.person_id = v_mail.person_id and a.unreachable_since is not null;
	perform audit.record_event('private.outbox', mail::text, v_mail.summit_id, v_mail.person_id,
		jsonb_build_object('retried', v_mail.template));
	perform private.publish_event('outbox', 'mail', mail);
	perform private.publish_event('organise:' || v_mail.summit_id, 'mail', mail);
	return 'ok';
end
$$;
grant execute on function public.retry_mail(uuid) to authenticated;

-- Sends the dead mails of the Summit again, for instance after a mail server was away, but those that came back or were
-- reported as spam: an organiser sends each of these by itself. Those that nobody lists are sent too, since nobody else
-- could. The answer counts the listed ones, as if there were no others; the audit counts all.
create or replace function public.retry_dead_mail(summit uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_mail private.outbox;
	v_count integer := 0;
	v_all integer := 0;
begin
	if not private.has_role(retry_dead_mail.summit, 'registration') then return 0; end if;
	for v_mail in
		update private.outbox as o set state = 'queued', attempts = 0, last_error = null, send_after = now()
		where o.summit_id = retry_dead_mail.summit and o.state = 'dead' and not private.was_returned(o.last_error)
		returning o.*
	loop
		v_all := v_all + 1;
		v_count := v_count + (not private.is_unlisted_mail(v_mail.template))::integer;
		perform private.publish_event('outbox', 'mail', v_mail.id);
	end loop;
	if v_all > 0 then
		perform audit.record_event('private.outbox', '', retry_dead_mail.summit, null,
			jsonb_build_object('retried', v_all));
	end if;
	if v_count > 0 then perform private.publish_event('organise:' || retry_dead_mail.summit, 'mail'); end if;
	return v_count;
end
$$;
grant execute on function public.retry_dead_mail(uuid) to authenticated;

-- Declines the open requests to join a group, and tells those who asked.
create function private.decline_join_requests(p_group uuid) returns void
language sql volatile security definer set search_path = '' as $$
	with declined as (
		update private.group_requests as r
		set state = 'declined', decided_at = now(), decided_by = private.me()
		where r.group_id = p_group and r.state = 'open'
		returning r.*
	)
	select private.enqueue_group_mail(d.person_id, 'group_join_declined', p_group, '{}', 'group_join_decided:' || d.id)
	from declined as d
$$;

-- Changes what create_group wrote; `is_ended` ends the group or opens it again. Who asked to join a group that ends or
-- becomes closed is declined, while the mail may still name it. Answers ok | not_found | invalid | conflict (changed
-- since `version`). Locks the group.
create or replace function public.change_group(code text, version integer, fields jsonb) returns public.group_change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_led_group(change_group.code);
begin
	if v_group is null then return 'not_found'; end if;
	if exists (select
		from private.groups as g
		where g.id = v_group
			and g.version = change_group.version
			and ((fields ->> 'is_ended')::boolean
				or g.level <> 'closed' and (fields ->> 'level')::public.group_level = 'closed')) then
		perform private.decline_join_requests(v_group);
	end if;
	update private.groups as g
	set name = fields -> 'name',
		purpose = fields -> 'purpose',
		level = (fields ->> 'level')::public.group_level,
		takes_requests = (fields ->> 'takes_requests')::boolean,
		ended_at = case when (fields ->> 'is_ended')::boolean then coalesce(g.ended_at, now()) end,
		version = g.version + 1,
		updated_at = now()
	where g.id = v_group and g.version = change_group.version;
	if not found then return 'conflict'; end if;
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.change_group(text, integer, jsonb) to authenticated;

-- Sends a notice to today's people of a group. `once`: an id that the form made. Answers ok (also when it was sent with
-- this id before) | not_found | invalid (also when the group has ended) | limited (20 a day for each group). Locks the
-- group.
create or replace function public.send_group_notice(code text, once uuid, subject jsonb, body jsonb)
returns public.group_notice_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_group uuid := private.lock_led_group(send_group_notice.code);
begin
	if v_group is null then return 'not_found'; end if;
	if exists (select from private.group_notices as n where n.id = once and n.group_id = v_group) then return 'ok'; end if;
	if exists (select from private.groups as g where g.id = v_group and g.ended_at is not null) then return 'invalid'; end if;
	if (select count(*) from private.group_notices as n
		where n.group_id = v_group and n.sent_at > now() - interval '1 day') >= 20 then
		return 'limited';
	end if;
	insert into private.group_notices (id, group_id, subject, body, sent_by, level)
	select once, g.id, send_group_notice.subject, send_group_notice.body, private.me(), g.level
	from private.groups as g
	where g.id = v_group;
	perform private.enqueue_group_mail(x.person_id, 'group_notice', v_group,
		jsonb_build_object('subject', send_group_notice.subject, 'body', send_group_notice.body),
		format('group_notice:%s:%s', once, x.person_id))
	from private.live_group_people as x
	where x.group_id = v_group;
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation or not_null_violation or data_exception or unique_violation then
	return 'invalid';
end
$$;
grant execute on function public.send_group_notice(text, uuid, jsonb, jsonb) to authenticated;

-- The last 100 notices of a group, newest first, for its people, and for those who run the community without being of it:
-- these read none of a closed group, and none that was sent while it was closed. Null for others. [{id, subject, body,
-- sent_at, display_name: of the sender | null}].
create or replace function public.list_group_notices(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select (select coalesce(jsonb_agg(jsonb_build_object(
				'id', n.id,
				'subject', n.subject,
				'body', n.body,
				'sent_at', private.iso(n.sent_at),
				'display_name', p.display_name) order by n.sent_at desc, n.id), '[]')
			from (select x.* from private.group_notices as x
				where x.group_id = g.id and (reader.is_in_group or greatest(x.level, g.level) <> 'closed')
				order by x.sent_at desc, x.id limit 100) as n
			left join public.people as p on p.id = n.sent_by)
	from private.groups as g
	cross join lateral (select private.is_in_group((select private.me()), g.id)) as reader (is_in_group)
	where g.code = list_group_notices.code
		and (reader.is_in_group or private.leads_group((select private.me()), g.id))
$$;
grant execute on function public.list_group_notices(text) to authenticated;

-- Decides on a request, for those who lead the group; on one's own only while nobody is its chair or secretary, because
-- those who run the community are not to admit themselves. Who asked gets a mail. Answers ok | already (somebody decided before, or it was taken
-- back) | not_found. Locks the group.
create or replace function public.decide_join_request(request uuid, accept boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_requests;
begin
	select * into v from private.group_requests as r where r.id = request;
	if private.lock_led_group((select g.code from private.groups as g where g.id = v.group_id)) is null
		or v.person_id = (select private.me()) and private.has_leader(v.group_id) then
		return 'not_found';
	end if;
	update private.group_requests as r
	set state = case when accept then 'accepted' else 'declined' end, decided_at = now(), decided_by = private.me()
	where r.id = request
		and r.state = 'open'
		and not (accept and exists (select from private.groups as g where g.id = r.group_id and g.ended_at is not null))
	returning r.* into v;
	if not found then return 'already'; end if;
	if accept then perform private.add_group_person(v.group_id, v.person_id, 'member'); end if;
	perform private.enqueue_group_mail(v.person_id, case when accept then 'group_join_accepted' else 'group_join_declined' end,
		v.group_id, '{}', 'group_join_decided:' || v.id);
	return 'ok';
end
$$;
grant execute on function public.decide_join_request(uuid, boolean) to authenticated;

-- Changes a planned meeting that has not begun; `fields` as in plan_meeting. With `with_later` also the later planned ones
-- of its series: they move by as much of wall time, get what this one changes, and keep what they have of the rest. Their
-- level only becomes stricter. Answers ok | not_found | invalid (also when one would have begun) | conflict (changed since
-- `version`) | wrong_state. Locks the group.
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
	-- Nobody is told of a meeting that is over, and nobody could change it any more.
	if exists (select from private.meetings as m where m.id = any (v.id || v_all) and m.starts_at <= now()) then
		raise check_violation;
	end if;
	perform private.send_meeting_mails(v.group_id, v.id || v_all);
	return 'ok';
exception when check_violation or not_null_violation or foreign_key_violation or data_exception then
	return 'invalid';
end
$$;
grant execute on function public.change_meeting(text, integer, jsonb, boolean) to authenticated;

-- Whether a planned meeting can be cancelled: it has not begun, or it is over and left nothing, no minutes, no attendance
-- and no live room, as one that was planned for a wrong year.
create function private.is_cancellable(p private.meetings) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.state = 'planned'
		and (p.starts_at > now()
			or p.ends_at <= now()
				and not exists (select from private.meeting_minutes as x where x.meeting_id = p.id)
				and not exists (select from private.meeting_people as x where x.meeting_id = p.id and x.attended is not null)
				and not exists (select from private.meeting_rooms as x where x.meeting_id = p.id))
$$;

-- Cancels a meeting (private.is_cancellable); with `with_later` also the later ones of its series. A cancelled meeting
-- stays in the list. Answers ok | not_found | conflict (changed since `version`) | wrong_state (begun, held, or cancelled
-- already). Locks the group.
create or replace function public.cancel_meeting(code text, version integer, with_later boolean default false)
	returns public.meeting_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.meetings := private.lock_meeting(cancel_meeting.code, true);
	v_all uuid[];
begin
	if v.id is null then return 'not_found'; end if;
	if not private.is_cancellable(v) then return 'wrong_state'; end if;
	if v.version is distinct from cancel_meeting.version then return 'conflict'; end if;
	with changed as (
		update private.meetings as m
		set state = 'cancelled', version = m.version + 1, updated_at = now()
		where m.id = v.id
			or with_later and m.series_id = v.series_id and m.starts_at > v.starts_at and private.is_cancellable(m)
		returning m.id
	)
	select array_agg(id) into v_all from changed;
	perform private.send_meeting_mails(v.group_id, v_all);
	return 'ok';
end
$$;
grant execute on function public.cancel_meeting(text, integer, boolean) to authenticated;

-- A meeting as people of its group see it; null for others. {code, group: {code, name, level}, leads, title, start, end,
-- zone, place, link, level, state, version, has_begun, is_over, is_cancellable, is_published, later: how many planned ones
-- of its series follow, items: [{id, title, minutes, presenter: {id, name} | null, note}], papers: [{id, item, name, link, media_type,
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
		'is_cancellable', private.is_cancellable(m),
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
grant execute on function public.read_meeting(text) to authenticated;

-- Sends what is due: the mail of each announcement whose time came in the last two days, and a reminder of each commitment
-- that runs, and of which nothing was announced, reported or reminded for the months that the settings say. It stops by
-- itself once it is delivered or withdrawn. A scheduled job calls it; answers how many commitments were reminded of.
create or replace function private.send_commitment_mails() returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.commitments;
	v_number integer;
	v_count integer := 0;
begin
	for c in
		select x.*
		from private.commitments as x
		where x.state <> 'withdrawn' and exists (
			select from private.commitment_announcements() as s
			where s.commitment_id = x.id and s.effective_at between now() - interval '2 days' and now())
	loop
		perform private.send_announcement_mails(c);
	end loop;
	for c in
		select x.*
		from private.commitments as x
		where x.state <> 'withdrawn'
			-- Null before the first announcement, which is then no candidate.
			and (
				select greatest(max(s.effective_at),
					(select max(r.written_at) from private.commitment_reports as r where r.commitment_id = x.id),
					(select max(r.sent_at) from private.commitment_reminders as r where r.commitment_id = x.id))
				from private.commitment_announcements() as s
				where s.commitment_id = x.id and s.effective_at <= now())
				<= now() - make_interval(months => (select s.remind_months from private.commitment_settings as s))
		order by x.id
		for update skip locked
	loop
		v_number := private.shown_commitment_version(c.id);
		continue when v_number is null or private.commitment_status(c, v_number, true) in ('delivered', 'withdrawn');
		insert into private.commitment_reminders (commitment_id) values (c.id) on conflict do nothing;
		perform private.enqueue_mail(f, 'commitment_reminder', jsonb_build_object('code', c.code, 'title', v.title,
			'due_on', v.due_on), c.summit_id, format('commitment_reminder:%s:%s:%s', c.id, now()::date, f))
		from private.commitment_versions as v
		cross join private.focal_points_of_commitment(c.id, v_number) as f
		where v.commitment_id = c.id and v.number = v_number;
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;
grant execute on function private.send_commitment_mails() to app_server;

-- Makes a scheduled campaign a draft again (`revise`), stops one (`cancel`: what no server has accepted never goes, and no
-- reminder follows), queues its failed mails again (`retry`), or deletes a draft (`delete`).
create or replace function public.control_campaign(campaign uuid, action text) returns public.campaign_act_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.campaigns;
	v_count integer;
begin
	select * into c from private.campaigns as x where x.id = control_campaign.campaign for update;
	if not found or not private.runs_community() then return 'not_found'; end if;
	if not coalesce(action = 'revise' and c.state = 'scheduled'
		or action = 'cancel' and (c.state in ('scheduled', 'sending')
			or c.state = 'sent' and private.is_campaign_busy(c.id))
		or action = 'retry' and c.state in ('sending', 'sent')
		or action = 'delete' and c.state = 'draft', false) then
		return 'wrong_state';
	end if;
	if action = 'delete' then
		delete from private.campaigns as x where x.id = c.id;
	elsif action = 'revise' then
		update private.campaigns as x set state = 'draft', send_at = null, version = x.version + 1 where x.id = c.id;
	elsif action = 'retry' then
		with again as (
			update private.outbox as o set state = 'queued', attempts = 0, last_error = null, send_after = now()
			from private.campaign_recipients as r
			where r.campaign_id = c.id and r.state = 'failed' and o.id = r.outbox_id and private.may_get_campaign_mail_again(o)
			returning o.id
		)
		select count(private.publish_event('outbox', 'mail', a.id)) into v_count from again as a;
	else
		perform private.recall_campaign_mails(c.id, null, 'cancelled');
		update private.campaigns as x set state = 'cancelled', ended_at = now(), version = x.version + 1
		where x.id = c.id;
	end if;
	return 'ok';
end
$$;
grant execute on function public.control_campaign(uuid, text) to authenticated;

-- Whether a mail of a campaign that failed may be sent again: not one that came back, was reported as spam, or was refused
-- for its address.
create function private.may_get_campaign_mail_again(o private.outbox) returns boolean
language sql immutable set search_path = '' as $$
	select o.state = 'dead' and not private.was_returned(o.last_error) and not private.was_refused(o.last_error)
$$;

-- A campaign as JSON, with its results: by round, who unsubscribed by it, and how many of its members have nominated
-- since, where it asks for that.
create or replace function private.campaign_json(c private.campaigns) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', c.id,
		'title', c.title,
		'kind', c.kind,
		'summit', (select jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'zone', s.zone)
			from public.summits as s where s.id = c.summit_id),
		'segment', c.segment,
		'texts', c.texts,
		'original', c.original,
		'page', c.page,
		'state', c.state,
		'version', c.version,
		'send_at', private.iso(c.send_at),
		'reminders', c.reminders,
		'remind_days', c.remind_days,
		'deadline', private.iso(c.deadline),
		'round', c.round,
		'round_at', private.iso(c.round_at),
		'created_at', private.iso(c.created_at),
		'created_by', (select p.display_name from public.people as p where p.id = c.created_by),
		'started_by', (select p.display_name from public.people as p where p.id = c.started_by),
		'ended_at', private.iso(c.ended_at),
		'rounds', (select coalesce(jsonb_agg(jsonb_build_object('round', n.round, 'outcomes', n.outcomes)
				order by n.round), '[]')
			from (
				select k.round, jsonb_object_agg(k.outcome, k.people) as outcomes
				from (select r.round, r.state as outcome, count(*) as people
					from private.campaign_recipients as r where r.campaign_id = c.id group by 1, 2) as k
				group by k.round) as n),
		'can_retry', exists (select
			from private.campaign_recipients as r
			join private.outbox as o on o.id = r.outbox_id
			where r.campaign_id = c.id and r.state = 'failed' and private.may_get_campaign_mail_again(o)),
		'unsubscribed', (select count(*) from private.mail_opt_outs as o where o.campaign_id = c.id),
		'nominated', case when c.segment ->> 'not_nominated' is not null then (
			select jsonb_build_object(
				'members', count(*),
				'since', count(*) filter (
					where private.has_nominated((c.segment ->> 'not_nominated')::uuid, m.member_id)))
			from (select distinct private.kept_member(each.id) as member_id
				from (select distinct x as id
					from private.campaign_recipients as r, unnest(r.member_ids) as x
					where r.campaign_id = c.id and r.round = 1) as each) as m) end)
$$;

-- Keeps what came of a mail with its recipient, because the mail itself is deleted earlier. Who reports news as spam wants
-- no more of them.
create or replace function private.note_campaign_result() returns trigger
language plpgsql volatile security definer set search_path = '' as $$
begin
	if new.state = 'dead' and new.last_error ~ '^COMPLAINED' then
		insert into private.mail_opt_outs (person_id, campaign_id)
		select r.person_id, r.campaign_id
		from private.campaign_recipients as r
		join private.campaigns as c on c.id = r.campaign_id and c.kind = 'news'
		where r.outbox_id = new.id
		on conflict do nothing;
	end if;
	update private.campaign_recipients as r
	set state = case new.state when 'sent' then 'sent' when 'dead' then 'failed' else 'queued' end
	where r.outbox_id = new.id and r.state in ('queued', 'sent', 'failed');
	return null;
end
$$;
