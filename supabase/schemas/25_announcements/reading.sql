-- What somebody is told, that they were, and what organisers see of it.

--[was in reading_announcements] One announcement as its reader is shown it.
--[patch announced_language] An announcement speaks the language of the page that it stands on, where it was written in it; mails and pushes, which stand on no page, the one
--[patch announced_language] that their reader saved. What was put away on one device goes from the pages that are open on another.
-- One announcement as its reader is shown it; `p_locale`: the page's language.
create function private.told_announcement(p_announcement private.announcements, p_reader private.announcement_readers,
	p_locale text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p_announcement.id, 'language', chosen.language, 'title', t ->> 'title', 'body',
		coalesce(t ->> 'body', ''),
		'page', p_announcement.page, 'urgent', p_announcement.is_urgent, 'at', private.iso(p_announcement.created_at),
			'seen', p_reader.seen_at is not null)
	from (select case when p_announcement.texts ? p_locale then p_locale else p_reader.locale end as language) as chosen
	cross join lateral (select p_announcement.texts -> chosen.language as t) as words
$$;

-- Of a session that somebody may see no more, they are told nothing more.
create function private.may_be_told(p_announcement private.announcements, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_announcement.withdrawn_at is null
		and (p_announcement.session_id is null or private.can_see(p_person, p_announcement.session_id))
$$;

--[was in reading_announcements] What a person has not put away and is shown on every page, urgent first. Asking is being delivered to.
--[patch announced_language] An announcement speaks the language of the page that it stands on, where it was written in it; mails and pushes, which stand on no page, the one
--[patch announced_language] that their reader saved. What was put away on one device goes from the pages that are open on another.
-- What a person has not put away and is shown on every page, urgent first. Asking is being delivered to.
create function private.take_announcements(p_person uuid, p_summit uuid, p_locale text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
	-- Whoever came to belong to them since.
	insert into private.announcement_readers (announcement_id, person_id, locale)
	select a.id, p_person, private.message_language(a.texts, a.original,
		coalesce((select f.locale from public.person_preferences as f where f.person_id = p_person), 'en'))
	from private.announcements as a
	where a.summit_id = p_summit and a.shown_until > now() and a.withdrawn_at is null
		and not exists (select from private.announcement_readers as r
			where r.announcement_id = a.id and r.person_id = p_person)
		and p_person in (select private.announced_people(a, p_person))
	on conflict do nothing;
	update private.announcement_readers as r set delivered_at = now() from private.announcements as a
	where a.id = r.announcement_id and a.summit_id = p_summit and a.shown_until > now()
		and private.may_be_told(a, p_person)
		and r.person_id = p_person and r.delivered_at is null and r.closed_at is null;
	return (select coalesce(jsonb_agg(private.told_announcement(a, r, p_locale)
		order by a.is_urgent desc, a.created_at desc), '[]')
		from private.announcement_readers as r join private.announcements as a on a.id = r.announcement_id
		where r.person_id = p_person and r.closed_at is null and a.summit_id = p_summit and a.shown_until > now()
			and private.may_be_told(a, p_person));
end
$$;
grant execute on function private.take_announcements(uuid, uuid, text) to app_server;

--[was in reading_announcements] Their own, those of before too, newest first.
--[patch announced_language] An announcement speaks the language of the page that it stands on, where it was written in it; mails and pushes, which stand on no page, the one
--[patch announced_language] that their reader saved. What was put away on one device goes from the pages that are open on another.
-- Their own, those of before too, newest first, in the page's language.
create function public.my_announcements(summit uuid, language text default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(private.told_announcement(a, r, my_announcements.language) order by a.created_at desc),
		'[]')
	from private.announcement_readers as r join private.announcements as a on a.id = r.announcement_id
	where r.person_id = private.me() and a.summit_id = my_announcements.summit and private.may_be_told(a, r.person_id)
$$;
grant execute on function public.my_announcements(uuid, text) to authenticated;

--[patch announced_language] An announcement speaks the language of the page that it stands on, where it was written in it; mails and pushes, which stand on no page, the one
--[patch announced_language] that their reader saved. What was put away on one device goes from the pages that are open on another.
-- They had these before their eyes; with `away`, they put them away: of an urgent one only that is having read it.
create function public.see_announcements(announcements uuid[], away boolean default false) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_count integer;
begin
	update private.announcement_readers as r
		set seen_at = coalesce(r.seen_at, now()), delivered_at = coalesce(r.delivered_at, now()),
		closed_at = case when away then coalesce(r.closed_at, now()) else r.closed_at end
	from private.announcements as a
	where a.id = r.announcement_id and r.person_id = v_me
		and r.announcement_id = any (see_announcements.announcements[1:100])
		and (away or not a.is_urgent) and (r.seen_at is null or away and r.closed_at is null);
	get diagnostics v_count = row_count;
	-- Their other pages show it no more.
	if away and v_count > 0 then perform private.tell('person:' || v_me, 'announcement'); end if;
	return v_count;
end
$$;
grant execute on function public.see_announcements(uuid[], boolean) to authenticated;

create function private.announcement_counts(p_announcement uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(c) || to_jsonb(sent) from (
		select count(*) as people, count(r.delivered_at) as delivered, count(r.seen_at) as seen,
			count(o.id) filter (where o.state = 'sent') as mailed
		from private.announcement_readers as r left join private.outbox as o on o.id = r.outbox_id
			where r.announcement_id = p_announcement) as c
	cross join (select count(distinct ps.person_id) filter (where p.state = 'sent') as pushed,
		count(*) filter (where p.state in ('failed', 'gone')) as push_failed
		from private.pushes as p left join private.push_subscriptions as ps on ps.id = p.subscription_id
			where p.announcement_id = p_announcement) as sent
$$;

-- Who was in a room or follows a session is nobody's to know for longer than they are told something: when it is over
-- the counts are kept.
create function private.forget_announced() returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
	v_count integer := 0;
begin
	for v_id in select a.id from private.announcements as a
		where a.counts is null and a.audience in ('room', 'session', 'session_people')
		and least(a.shown_until, a.withdrawn_at) < now() - interval '10 minutes' for update skip locked loop
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
grant execute on function private.forget_announced() to app_server;

-- For those who may announce, newest first: with how many it is for and how it reached them. Null for whoever may not.
create function public.list_announcements(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when private.may_announce(list_announcements.summit) then (
		select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'audience', a.audience, 'mode', a.mode, 'language',
			a.language,
			'room', (select rooms.name from public.rooms where rooms.id = a.room_id), 'session',
				(select s.title from public.sessions as s where s.id = a.session_id),
			'texts', a.texts, 'original', a.original, 'urgent', a.is_urgent, 'push', a.by_push, 'mail', a.by_mail,
			'at', private.iso(a.created_at), 'until', private.iso(a.shown_until), 'withdrawn_at',
				private.iso(a.withdrawn_at),
			'by', (select p.display_name from public.people as p where p.id = a.created_by),
			'people', 0) || coalesce(a.counts, private.announcement_counts(a.id)) order by a.created_at desc), '[]')
		from private.announcements as a
		where a.summit_id = list_announcements.summit
			and (a.session_id is null or private.can_see(private.me(), a.session_id))) end
$$;
grant execute on function public.list_announcements(uuid) to authenticated;

-- What was announced, by news: whom it reached changes with each reader, and those who may announce hear that it did.
-- They are told that something changed and not what: of a closed session not all of them may know.

create function private.hears_announced(p_person uuid, p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.holds_role(p_person, p_summit, 'programme', 'registration', 'stage', 'safeguarding')
$$;

create function private.tell_announced() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.tell('announced:' || each.summit_id, 'counts')
		from (select distinct changed.summit_id from changed) as each;
	return null;
end
$$;

create trigger tell_announced_made after insert on private.announcements referencing new table as changed
	for each statement execute function private.tell_announced();
create trigger tell_announced_changed after update on private.announcements referencing new table as changed
	for each statement execute function private.tell_announced();

-- Of readers, and of what was pushed to their devices.
create function private.tell_reached() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.tell('announced:' || each.summit_id, 'counts') from (select distinct a.summit_id
		from changed join private.announcements as a on a.id = changed.announcement_id) as each;
	return null;
end
$$;

create trigger tell_reached_made after insert on private.announcement_readers referencing new table as changed
	for each statement execute function private.tell_reached();
create trigger tell_reached_changed after update on private.announcement_readers referencing new table as changed
	for each statement execute function private.tell_reached();
create trigger tell_reached_pushed after update on private.pushes referencing new table as changed for each statement
	execute function private.tell_reached();

create function private.tell_mailed() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.tell('announced:' || new.summit_id, 'counts');
	return null;
end
$$;

create trigger tell_announced_mailed after update on private.outbox for each row
	when (new.template = 'announcement' and new.state = 'sent' and old.state <> 'sent')
		execute function private.tell_mailed();
