-- Mails with invitations to calendars (RFC 5546, RFC 6047), to the people of a group alone. A mail names ids only; what it
-- says is read when it is sent, as its reader may see it then.

-- Queues a mail about meetings that are not over: to each of today's people of the group, once for each state of them, or
-- to `p_person` alone, who has just joined or left it.
create function private.send_meeting_mails(p_group uuid, p_meetings uuid[], p_person uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_meetings jsonb;
	v_state text;
begin
	select jsonb_agg(m.id order by m.starts_at, m.id), md5(string_agg(m.id || ':' || m.version, ',' order by m.id))
	into v_meetings, v_state
	from private.meetings as m
	where m.id = any (p_meetings) and m.ends_at > now();
	if v_meetings is null then return; end if;
	perform private.enqueue_mail(named.person_id, 'meeting_event', jsonb_build_object('meetings', v_meetings), null,
		case when p_person is null then format('meetings:%s:%s', v_state, named.person_id) end, 9)
	from (
		select x.person_id from private.live_group_people as x where p_person is null and x.group_id = p_group
		union
		select p_person where p_person is not null
	) as named;
end
$$;

-- What a mail that is being sent says, at most 52 meetings: [{method, uid, sequence, start, end, zone, code, group, title,
-- name: of the group, place, link}]. Title, name, place and link are null for a closed meeting, because mails and calendars
-- are shown to others, and for somebody who has left the group. Who left it gets a cancellation of what was sent before.
create function private.claim_meeting_events(p_mail uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'method', case when m.state = 'cancelled' or not now_in.is_in then 'CANCEL' else 'REQUEST' end,
			'uid', m.id,
			'sequence', m.version + (not now_in.is_in)::integer,
			'start', private.iso(m.starts_at),
			'end', private.iso(m.ends_at),
			'zone', m.zone,
			'code', m.code,
			'group', g.code,
			'title', case when told.names then m.title end,
			'name', case when told.names then g.name end,
			'place', case when told.names then m.place end,
			'link', case when told.names then m.link end) order by m.starts_at, m.id), '[]')
	from private.outbox as o
	cross join lateral jsonb_array_elements_text(o.params -> 'meetings') as given (id)
	join private.meetings as m on m.id = given.id::uuid and m.ends_at > now()
	join private.groups as g on g.id = m.group_id
	cross join lateral (select private.is_in_group(o.person_id, m.group_id) as is_in) as now_in
	cross join lateral (select now_in.is_in and private.meeting_level(m) <> 'closed' as names) as told
	where o.id = p_mail
		and o.state = 'sending'
		and o.template = 'meeting_event'
		and (now_in.is_in or exists (
			select from private.outbox as sent
			where sent.person_id = o.person_id
				and sent.template = 'meeting_event'
				and sent.id <> o.id
				and sent.state = 'sent'
				and sent.params -> 'meetings' ? given.id))
$$;
grant execute on function private.claim_meeting_events(uuid) to app_server;

-- Who joins a group is invited to what is planned; who leaves it gets the cancellations.
create function private.mail_planned_meetings() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.send_meeting_mails(new.group_id, array(
		select m.id
		from private.meetings as m
		where m.group_id = new.group_id and m.state = 'planned' and m.ends_at > now()
		order by m.starts_at
		limit 52), new.person_id);
	return null;
end
$$;
create trigger mail_joined after insert on private.group_people for each row
	execute function private.mail_planned_meetings();
create trigger mail_left after update of ended_at on private.group_people for each row
	when (old.ended_at is null and new.ended_at is not null)
	execute function private.mail_planned_meetings();
