-- How announcements reached their readers: counts, the organisers' list, and events about both.

-- Answers {people, delivered, seen, mailed, pushed, push_failed}.
create function private.announcement_counts(p_announcement uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(c) || to_jsonb(sent)
	from (
		select count(*) as people, count(r.delivered_at) as delivered, count(r.seen_at) as seen,
			count(o.id) filter (where o.state = 'sent') as mailed
		from private.announcement_readers as r
		left join private.outbox as o on o.id = r.outbox_id
		where r.announcement_id = p_announcement
	) as c
	cross join (
		select count(distinct ps.person_id) filter (where p.state = 'sent') as pushed,
			count(*) filter (where p.state in ('failed', 'gone')) as push_failed
		from private.pushes as p
		left join private.push_subscriptions as ps on ps.id = p.subscription_id
		where p.announcement_id = p_announcement
	) as sent
$$;

-- The list for organisers who may announce, newest first, with counts and audience; null for everybody else. Those to
-- everybody of a session for those listed have no counts.
create function public.list_announcements(summit uuid) returns jsonb
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

-- Deletes who was in a room or follows a session ten minutes after the announcement ended, and keeps the counts only:
-- nobody needs to know it for longer. Answers how many announcements it closed. The worker calls it.
create function private.erase_announcement_readers() returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
	v_count integer := 0;
begin
	for v_id in
		select a.id from private.announcements as a
		where a.counts is null
			and a.audience in ('room', 'session', 'session_people')
			and least(a.shown_until, a.withdrawn_at) < now() - interval '10 minutes'
		for update skip locked
	loop
		update private.announcements as a set counts = private.announcement_counts(v_id) where a.id = v_id;
		delete from private.outbox as o using private.announcement_readers as r
		where r.announcement_id = v_id and o.id = r.outbox_id and o.state <> 'sending';
		delete from private.announcement_readers as r where r.announcement_id = v_id;
		delete from private.pushes as p where p.announcement_id = v_id;
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;
grant execute on function private.erase_announcement_readers() to app_server;

-- Whether a person may subscribe to the topic `announced` of a Summit. The topic says that something changed and not
-- what, because not all subscribers may know of every closed session.
create function private.may_follow_announcements(p_person uuid, p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.holds_role(p_person, p_summit, 'programme', 'registration', 'stage', 'safeguarding')
$$;

-- An announcement was made, changed or withdrawn.
create function private.notify_announcement_change() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('announced:' || each.summit_id, 'counts')
	from (select distinct changed.summit_id from changed) as each;
	return null;
end
$$;

create trigger notify_announcement_inserted after insert on private.announcements
	referencing new table as changed for each statement execute function private.notify_announcement_change();
create trigger notify_announcement_updated after update on private.announcements
	referencing new table as changed for each statement execute function private.notify_announcement_change();

-- A reader was reached, or a push left.
create function private.notify_announcement_delivery() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('announced:' || each.summit_id, 'counts')
	from (
		select distinct a.summit_id from changed join private.announcements as a on a.id = changed.announcement_id
	) as each;
	return null;
end
$$;

create trigger notify_reader_added after insert on private.announcement_readers
	referencing new table as changed for each statement execute function private.notify_announcement_delivery();
create trigger notify_reader_updated after update on private.announcement_readers
	referencing new table as changed for each statement execute function private.notify_announcement_delivery();
create trigger notify_push_updated after update on private.pushes referencing new table as changed for each statement
	execute function private.notify_announcement_delivery();

-- A mail of an announcement was sent.
create function private.notify_announcement_mailed() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('announced:' || new.summit_id, 'counts');
	return null;
end
$$;

create trigger notify_announcement_mail_sent after update on private.outbox for each row
	when (new.template = 'announcement' and new.state = 'sent' and old.state <> 'sent')
	execute function private.notify_announcement_mailed();
