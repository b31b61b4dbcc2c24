-- What readers see of announcements, and the record that they have seen them.

-- One announcement for one reader, in the page's language `p_locale` where it was written in it, else in the language
-- that the reader saved: {id, language, title, body, page, urgent, at, seen}.
create function private.announcement_json(
	p_announcement private.announcements,
	p_reader private.announcement_readers,
	p_locale text
) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p_announcement.id, 'language', chosen.language, 'title', t ->> 'title',
		'body', coalesce(t ->> 'body', ''), 'page', p_announcement.page,
		'urgent', p_announcement.is_urgent, 'at', private.iso(p_announcement.created_at),
		'seen', p_reader.seen_at is not null
	)
	from (
		select case when p_announcement.texts ? p_locale then p_locale else p_reader.locale end as language
	) as chosen
	cross join lateral (select p_announcement.texts -> chosen.language as t) as words
$$;

-- Whether a person may still read an announcement: not once it is withdrawn, nor about a session that they can no
-- longer see (Rule 5).
create function private.may_read_announcement(p_announcement private.announcements, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_announcement.withdrawn_at is null
		and (p_announcement.session_id is null or private.can_see(p_person, p_announcement.session_id))
$$;

-- What a person sees on every page: all that is shown and not dismissed, urgent first; null while the Summit shows
-- nothing to anybody. The call itself records the delivery.
create function private.deliver_announcements(p_person uuid, p_summit uuid, p_locale text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
	-- Every view of a signed-in page asks, and mostly a Summit shows nothing.
	if not exists (select from private.announcements as a
		where a.summit_id = p_summit and a.shown_until > now() and a.withdrawn_at is null)
	then
		return null;
	end if;
	-- People who joined the audience since it was made.
	insert into private.announcement_readers (announcement_id, person_id, locale)
	select a.id, p_person,
		private.group_message_language(
			a.texts, a.original,
			coalesce((select f.locale from public.person_preferences as f where f.person_id = p_person), 'en')
		)
	from private.announcements as a
	where a.summit_id = p_summit
		and a.shown_until > now()
		and a.withdrawn_at is null
		and not exists (
			select from private.announcement_readers as r where r.announcement_id = a.id and r.person_id = p_person
		)
		and p_person in (select private.announcement_recipients(a, p_person))
	on conflict do nothing;
	update private.announcement_readers as r set delivered_at = now()
	from private.announcements as a
	where a.id = r.announcement_id
		and a.summit_id = p_summit
		and a.shown_until > now()
		and private.may_read_announcement(a, p_person)
		and r.person_id = p_person
		and r.delivered_at is null
		and r.closed_at is null;
	return (
		select coalesce(jsonb_agg(
			private.announcement_json(a, r, p_locale) order by a.is_urgent desc, a.created_at desc
		), '[]')
		from private.announcement_readers as r
		join private.announcements as a on a.id = r.announcement_id
		where r.person_id = p_person
			and r.closed_at is null
			and a.summit_id = p_summit
			and a.shown_until > now()
			and private.may_read_announcement(a, p_person)
	);
end
$$;
grant execute on function private.deliver_announcements(uuid, uuid, text) to app_server;

-- The reader's own announcements, earlier ones too, newest first, in the page's language.
create function public.list_my_announcements(summit uuid, language text default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(
		private.announcement_json(a, r, list_my_announcements.language) order by a.created_at desc
	), '[]')
	from private.announcement_readers as r
	join private.announcements as a on a.id = r.announcement_id
	where r.person_id = (select private.me()) and a.summit_id = list_my_announcements.summit
		and private.may_read_announcement(a, r.person_id)
$$;
grant execute on function public.list_my_announcements(uuid, text) to authenticated;

-- Marks announcements as seen. With `away` it dismisses them; an urgent one counts as seen only when it is dismissed.
-- At most 100 a call. Answers how many changed.
create function public.mark_announcements_seen(announcements uuid[], away boolean default false) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_count integer;
begin
	update private.announcement_readers as r
	set
		seen_at = coalesce(r.seen_at, now()), delivered_at = coalesce(r.delivered_at, now()),
		closed_at = case when away then coalesce(r.closed_at, now()) else r.closed_at end
	from private.announcements as a
	where a.id = r.announcement_id
		and r.person_id = v_me
		and r.announcement_id = any (mark_announcements_seen.announcements[1:100])
		and (away or not a.is_urgent)
		and (r.seen_at is null or away and r.closed_at is null);
	get diagnostics v_count = row_count;
	-- Their other open pages drop it too.
	if away and v_count > 0 then perform private.publish_event('person:' || v_me, 'announcement'); end if;
	return v_count;
end
$$;
grant execute on function public.mark_announcements_seen(uuid[], boolean) to authenticated;
