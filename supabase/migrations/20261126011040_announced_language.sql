-- An announcement speaks the language of the page that it stands on, where it was written in it; mails and pushes, which stand on no page, the one
-- that their reader saved. What was put away on one device goes from the pages that are open on another.

drop function private.take_announcements(uuid, uuid);
drop function public.my_announcements(uuid);
drop function private.told_announcement(private.announcements, private.announcement_readers);

-- One announcement as its reader is shown it; `p_locale`: the page's language.
create function private.told_announcement(p_announcement private.announcements, p_reader private.announcement_readers, p_locale text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p_announcement.id, 'language', chosen.language, 'title', t ->> 'title', 'body', coalesce(t ->> 'body', ''),
		'page', p_announcement.page, 'urgent', p_announcement.is_urgent, 'at', private.iso(p_announcement.created_at), 'seen', p_reader.seen_at is not null)
	from (select case when p_announcement.texts ? p_locale then p_locale else p_reader.locale end as language) as chosen
	cross join lateral (select p_announcement.texts -> chosen.language as t) as words
$$;

-- What a person has not put away and is shown on every page, urgent first. Asking is being delivered to.
create function private.take_announcements(p_person uuid, p_summit uuid, p_locale text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
	-- Whoever came to belong to them since.
	insert into private.announcement_readers (announcement_id, person_id, locale)
	select a.id, p_person, private.message_language(a.texts, a.original, coalesce((select f.locale from public.person_preferences as f where f.person_id = p_person), 'en'))
	from private.announcements as a
	where a.summit_id = p_summit and a.shown_until > now() and a.withdrawn_at is null
		and not exists (select from private.announcement_readers as r where r.announcement_id = a.id and r.person_id = p_person)
		and p_person in (select private.announced_people(a, p_person))
	on conflict do nothing;
	update private.announcement_readers as r set delivered_at = now() from private.announcements as a
	where a.id = r.announcement_id and a.summit_id = p_summit and a.shown_until > now() and private.may_be_told(a, p_person)
		and r.person_id = p_person and r.delivered_at is null and r.closed_at is null;
	return (select coalesce(jsonb_agg(private.told_announcement(a, r, p_locale) order by a.is_urgent desc, a.created_at desc), '[]')
		from private.announcement_readers as r join private.announcements as a on a.id = r.announcement_id
		where r.person_id = p_person and r.closed_at is null and a.summit_id = p_summit and a.shown_until > now() and private.may_be_told(a, p_person));
end
$$;
grant execute on function private.take_announcements(uuid, uuid, text) to app_server;

-- Their own, those of before too, newest first, in the page's language.
create function public.my_announcements(summit uuid, language text default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(private.told_announcement(a, r, my_announcements.language) order by a.created_at desc), '[]')
	from private.announcement_readers as r join private.announcements as a on a.id = r.announcement_id
	where r.person_id = private.me() and a.summit_id = my_announcements.summit and private.may_be_told(a, r.person_id)
$$;
grant execute on function public.my_announcements(uuid, text) to authenticated;

-- They had these before their eyes; with `away`, they put them away: of an urgent one only that is having read it.
create or replace function public.see_announcements(announcements uuid[], away boolean default false) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_count integer;
begin
	update private.announcement_readers as r set seen_at = coalesce(r.seen_at, now()), delivered_at = coalesce(r.delivered_at, now()),
		closed_at = case when away then coalesce(r.closed_at, now()) else r.closed_at end
	from private.announcements as a
	where a.id = r.announcement_id and r.person_id = v_me and r.announcement_id = any (see_announcements.announcements[1:100])
		and (away or not a.is_urgent) and (r.seen_at is null or away and r.closed_at is null);
	get diagnostics v_count = row_count;
	-- Their other pages show it no more.
	if away and v_count > 0 then perform private.tell('person:' || v_me, 'announcement'); end if;
	return v_count;
end
$$;
