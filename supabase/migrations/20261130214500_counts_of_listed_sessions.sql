-- What organisers are told of a session for those listed says nothing of the people of groups that they do not see: not
-- the preview of a release, nor the counts of an announcement.
set check_function_bodies = off;

-- Whether the audience of a session lists somebody who is registered, as far as an organiser can know: of its groups
-- those count that the organiser sees.
create or replace function private.is_known_listed(p_session uuid, p_person uuid, p_organiser uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from public.sessions as s
		join public.registrations as r
			on r.summit_id = s.summit_id and r.person_id = p_person and r.state = 'confirmed'
		left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
		where s.id = p_session
			and private.is_listed(s.id, p_person, r.member_id, sm.sector, r.category, p_organiser)
	)
$$;

-- Who would be notified if the draft were published now, by the changes that the reader sees: each with the number of
-- their changed sessions, whether they speak in one, and `by`: mail, page (they want no mail) or unreachable (they have
-- no address). Who only marked a closed session counts if the reader can know that it lists them.
create or replace function private.preview_recipients(p_summit uuid, p_newest uuid, p_reader uuid)
	returns table (display_name text, is_speaking boolean, sessions bigint, by text)
language sql stable security definer set search_path = '' as $$
	with seen as materialized (
		select private.visible_sessions(p_reader, p_summit) as id
	), notified as materialized (
		select c.session_id, private.level_in_force(c.session_id) as level
		from private.changes_between(p_summit, p_newest, null) as c
		where private.is_notifiable_change(c.kinds)
			and c.session_id in (select id from seen)
	), who as (
		select a.person_id, bool_or(a.is_speaking) as is_speaking, count(distinct a.session_id) as sessions
		from private.affected_people(p_summit, p_newest, null) as a
		join notified on notified.session_id = a.session_id
		where a.is_speaking
			or notified.level <> 'closed'
			or private.is_known_listed(a.session_id, a.person_id, p_reader)
		group by a.person_id
	)
	select
		p.display_name,
		who.is_speaking,
		who.sessions,
		case
			when coalesce(
				(select f.agenda_changes from public.person_preferences as f where f.person_id = p.id), 'mail'
			) = 'page' then 'page'
			when exists (select from private.person_addresses as a where a.person_id = p.id) then 'mail'
			else 'unreachable'
		end
	from who
	join public.people as p on p.id = who.person_id
$$;

-- Whether an announcement is for everybody of a session that only those listed attend: how many it reaches would tell
-- organisers how many people a group has that they do not see.
create or replace function private.is_for_listed(p_announcement private.announcements) returns boolean
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
create or replace function public.count_announcement_recipients(summit uuid, target jsonb) returns jsonb
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

-- Makes an announcement. `once` is the id of the form, so that a form sent twice makes one announcement; one that was
-- sent at another Summit is invalid. `written`: {texts, original, page, urgent, push, mail, minutes}. Answers {status:
-- ok | already | nobody | invalid | not_allowed, id, people: null to everybody of a session for those listed, fault}.
create or replace function public.announce(summit uuid, once uuid, target jsonb, written jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.announcements := private.build_announcement(announce.summit, target);
	v_fault text := private.announcement_fault(written);
	v_people integer;
begin
	if not private.may_announce(announce.summit, v.session_id) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if v.id is null or v_fault is not null or once is null then
		return jsonb_build_object('status', 'invalid', 'fault', coalesce(v_fault, 'audience'));
	end if;
	v.texts := written -> 'texts';
	v.original := written ->> 'original';
	insert into private.announcements (
		id, summit_id, audience, mode, language, room_id, session_id, texts, original, page, is_urgent,
		by_push, by_mail, shown_until, idempotency_key, created_by
	)
	values (
		v.id, v.summit_id, v.audience, v.mode, v.language, v.room_id, v.session_id, v.texts, v.original,
		nullif(written ->> 'page', ''), coalesce(written -> 'urgent' = 'true', false),
		coalesce(written -> 'push' = 'true', false), coalesce(written -> 'mail' = 'true', false),
		now() + (written ->> 'minutes')::integer * interval '1 minute', once, private.actor()
	)
	on conflict (idempotency_key) do nothing
	returning * into v;
	if not found then
		return coalesce(
			(
				select jsonb_build_object('status', 'already', 'id', a.id)
				from private.announcements as a
				where a.idempotency_key = once and a.summit_id = announce.summit
			),
			jsonb_build_object('status', 'invalid', 'fault', 'once')
		);
	end if;
	insert into private.announcement_readers (announcement_id, person_id, locale)
	select v.id, each.id, private.group_message_language(v.texts, v.original, coalesce(f.locale, 'en'))
	from private.announcement_recipients(v) as each (id)
	left join public.person_preferences as f on f.person_id = each.id;
	get diagnostics v_people = row_count;
	if v_people = 0 then
		delete from private.announcements as a where a.id = v.id;
		return jsonb_build_object('status', 'nobody');
	end if;
	if v.by_push then perform private.queue_pushes(v); end if;
	if v.by_mail then perform private.mail_announcement(v); end if;
	perform private.notify_announcement(v);
	return jsonb_build_object(
		'status', 'ok', 'id', v.id, 'people', case when not private.is_for_listed(v) then v_people end
	);
end
$$;
grant execute on function public.announce(uuid, uuid, jsonb, jsonb) to authenticated;

-- The list for organisers who may announce, newest first, with counts and audience; null for everybody else. Those to
-- everybody of a session for those listed have no counts.
create or replace function public.list_announcements(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when private.may_announce(list_announcements.summit) then (
			select coalesce(jsonb_agg(
				jsonb_build_object(
					'id', a.id, 'audience', a.audience, 'mode', a.mode, 'language', a.language,
					'room', (select rooms.name from public.rooms where rooms.id = a.room_id),
					'session', (select s.title from public.sessions as s where s.id = a.session_id),
					'texts', a.texts, 'original', a.original, 'urgent', a.is_urgent, 'push', a.by_push,
					'mail', a.by_mail, 'at', private.iso(a.created_at),
					'until', private.iso(a.shown_until), 'withdrawn_at', private.iso(a.withdrawn_at),
					'by', (select p.display_name from public.people as p where p.id = a.created_by),
					'people', 0
				) || case
					when private.is_for_listed(a) then jsonb_build_object(
						'people', null, 'delivered', null, 'seen', null, 'mailed', null, 'pushed', null, 'push_failed', 0
					)
					else coalesce(a.counts, private.announcement_counts(a.id))
				end order by a.created_at desc
			), '[]')
			from private.announcements as a
			where a.summit_id = list_announcements.summit
				and (a.session_id is null or private.can_see(private.me(), a.session_id))
		)
	end
$$;
grant execute on function public.list_announcements(uuid) to authenticated;

reset check_function_bodies;
