-- Digests: whoever a change concerns is told of it once, in one mail for all that changes within a quarter of an hour.
-- What a person was last told of a session is compared with what is so when the mail goes out: what was taken back in
-- between is not mentioned.

-- Whom a session concerns: its people of then and now, and who has it in their agenda.
create function private.concerned_people(p_summit uuid, p_previous uuid, p_next uuid)
	returns table (session_id uuid, person_id uuid, is_speaking boolean)
language sql stable security definer set search_path = '' as $$
	select rp.session_id, rp.person_id, true from public.release_people as rp
		where rp.release_id in (p_previous, p_next)
	union
	select sp.session_id, sp.person_id, true from public.session_people as sp
		where p_next is null and sp.summit_id = p_summit and sp.state <> 'declined'
	union
	select m.session_id, m.person_id, false
		from public.agenda_marks as m join public.sessions as s on s.id = m.session_id where s.summit_id = p_summit
$$;

-- A corrected text is no reason to write to anybody.
create function private.is_told(p_kinds text[]) returns boolean
language sql immutable set search_path = '' as $$
	select p_kinds && array['added', 'cancelled', 'restored', 'moved', 'renamed', 'people', 'details']
$$;

-- Called by whoever makes a release. Digests that are being written are done first, or see this release whole.
create function private.note_concerns(p_release public.releases, p_previous uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('agenda_digests:' || p_release.summit_id, 6));
	with told as materialized (
		select distinct who.person_id, c.session_id
		from private.changes_between(p_release.summit_id, p_previous, p_release.id) as c
		join private.concerned_people(p_release.summit_id, p_previous,
			p_release.id) as who on who.session_id = c.session_id
		where private.is_told(c.kinds)
	), noted as (
		insert into private.agenda_concerns (person_id, session_id, summit_id, told_release)
		select told.person_id, told.session_id, p_release.summit_id, p_previous from told
		on conflict do nothing
	)
	insert into private.agenda_digests (person_id, summit_id, due_at)
	select distinct told.person_id, p_release.summit_id,
		case when p_release.is_now then now() else now() + interval '15 minutes' end from told
	-- The quarter of an hour began with the first; on the day nobody waits for its end.
	on conflict (person_id, summit_id) do update set due_at = least(agenda_digests.due_at, excluded.due_at);
	if p_release.is_now then perform private.tell('outbox', 'digest', p_release.id); end if;
end
$$;

create function private.places_in_words(p_summit uuid, p_places jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(place || jsonb_build_object('rooms',
		(select coalesce(jsonb_agg(rooms.name order by rooms.position, rooms.slug), '[]') from public.rooms
		where rooms.summit_id = p_summit and place -> 'rooms' ? rooms.slug)) order by n), '[]')
	from jsonb_array_elements(p_places) with ordinality as each (place, n)
$$;

-- What somebody is told of sessions that they knew at a release: what they may see today, and are still concerned with.
-- It names nobody.
create function private.told_changes(p_person uuid, p_summit uuid, p_told uuid, p_sessions uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('code', s.code, 'kinds', c.kinds, 'title',
		coalesce(c.after, c.before) -> 'title',
			'title_before', case when 'renamed' = any (c.kinds) then c.before -> 'title' end,
			'places', private.places_in_words(p_summit, coalesce(c.after, c.before) -> 'places'),
			'places_before',
				case when 'moved' = any (c.kinds) then private.places_in_words(p_summit, c.before -> 'places') end,
			'details', case when 'details' = any (c.kinds) then c.after -> 'details' end, 'speaking',
				speaking.is_speaking)
			order by coalesce(c.after, c.before) #>> '{places,0,start}' nulls last, s.code), '[]')
	from private.changes_between(p_summit, p_told, private.newest_release(p_summit), p_sessions) as c
	join public.sessions as s on s.id = c.session_id
	cross join lateral (select exists (select from public.session_people as sp
		where sp.session_id = s.id and sp.person_id = p_person and sp.state <> 'declined') as is_speaking) as speaking
	where private.is_told(c.kinds) and private.can_see(p_person, s.id)
		and private.may_read_version(p_person, s.id, greatest(c.level, s.level))
		and (speaking.is_speaking or exists (select from public.release_people as rp
			where rp.release_id = p_told and rp.session_id = s.id and rp.person_id = p_person)
			or exists (select from public.agenda_marks as m where m.person_id = p_person and m.session_id = s.id))
$$;

-- Tells one person what is to be told, and forgets that it was. Answers whether a mail was queued.
create function private.send_digest(p_person uuid, p_summit uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_changes jsonb;
	v_release public.releases;
begin
	select * into v_release from public.releases where id = private.newest_release(p_summit);
	select coalesce(jsonb_agg(each order by each #>> '{places,0,start}' nulls last, each ->> 'code'),
		'[]') into v_changes
	from (select told_release, array_agg(session_id) as sessions from private.agenda_concerns
		where person_id = p_person and summit_id = p_summit group by told_release) as known
	cross join lateral jsonb_array_elements(private.told_changes(p_person, p_summit, known.told_release,
		known.sessions)) as each;
	delete from private.agenda_concerns where person_id = p_person and summit_id = p_summit;
	delete from private.agenda_digests where person_id = p_person and summit_id = p_summit;
	if jsonb_array_length(v_changes) = 0
		or not exists (select from private.person_addresses as a where a.person_id = p_person)
		or (select agenda_changes from public.person_preferences where person_id = p_person) = 'page' then
		-- Their calendar is another matter.
		return private.send_calendar(p_person, p_summit);
	end if;
	return private.enqueue_mail(p_person, 'agenda_changes',
		jsonb_build_object('release', v_release.number, 'now', v_release.is_now, 'calendar', true,
		'changes', (select jsonb_agg(e order by n) from jsonb_array_elements(v_changes) with ordinality as x (e, n)
			where n <= 40),
		'more', greatest(jsonb_array_length(v_changes) - 40, 0)), p_summit,
		'agenda:' || p_person || ':' || v_release.id, case when v_release.is_now then 3 else 9 end) is not null;
end
$$;

-- Writes the digests that are due, some at a time, each whole or not at all. Answers how many people were looked at.
create function private.send_digests(p_limit integer default 100) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
	v_person uuid;
	v_count integer := 0;
begin
	for v_summit in select distinct summit_id from private.agenda_digests where due_at <= now() order by summit_id loop
		-- Before any row: no release is made between reading what is so and forgetting that it was to be told.
		perform pg_advisory_xact_lock_shared(hashtextextended('agenda_digests:' || v_summit, 6));
		for v_person in select d.person_id from private.agenda_digests as d
			where d.summit_id = v_summit and d.due_at <= now()
			order by d.due_at, d.person_id limit p_limit - v_count for update skip locked loop
			perform private.send_digest(v_person, v_summit);
			v_count := v_count + 1;
		end loop;
	end loop;
	return v_count;
end
$$;
grant execute on function private.send_digests(integer) to app_server;

-- What publishing now would change, and who would be told of it. {status: ok | not_allowed, number, changes, checks,
-- people, told: {mail, page, unreachable}}
create function public.preview_release(summit uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_newest uuid := private.newest_release(summit);
	v_me uuid := private.me();
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	return (with seen as materialized (select private.seen_sessions(v_me, summit) as id
	), told as materialized (
		select c.session_id from private.changes_between(summit, v_newest, null) as c
			where private.is_told(c.kinds) and c.session_id in (select id from seen)
	), who as (
		select person_id, bool_or(is_speaking) as is_speaking, count(distinct session_id) as sessions
		from private.concerned_people(summit, v_newest, null) where session_id in (select session_id from told)
			group by person_id
	), people as materialized (
		select p.display_name, who.is_speaking, who.sessions, case
			when coalesce((select f.agenda_changes from public.person_preferences as f where f.person_id = p.id),
				'mail') = 'page' then 'page'
			when exists (select from private.person_addresses as a where a.person_id = p.id) then 'mail'
				else 'unreachable' end as by
		from who join public.people as p on p.id = who.person_id
	)
	select jsonb_build_object('status', 'ok', 'number', (select number from public.releases where id = v_newest),
		'released_at', (select released_at from public.releases where id = v_newest),
		'changes', private.shown_changes(v_me, summit, v_newest, null), 'checks',
			(select coalesce(jsonb_agg(jsonb_build_object('code', check_ ->> 'code', 'sessions',
			(select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'title', s.title)), '[]')
				from public.sessions as s where check_ -> 'sessions' ? s.id::text))), '[]')
			from jsonb_array_elements(private.blocking_checks(summit)) as check_),
		'told', jsonb_build_object('speakers', (select count(*) from people where is_speaking), 'delegates',
			(select count(*) from people where not is_speaking),
			'mail', (select count(*) from people where by = 'mail'), 'page',
				(select count(*) from people where by = 'page'),
			'unreachable', (select count(*) from people where by = 'unreachable')),
		'people', (select coalesce(jsonb_agg(to_jsonb(each) order by each.is_speaking desc, each.display_name), '[]')
			from (select * from people order by is_speaking desc, display_name limit 500) as each)));
end
$$;
grant execute on function public.preview_release(uuid) to authenticated;

-- By mail, or only on the page. Answers ok or not_allowed.
create function public.choose_agenda_news(how text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null or how is null or how not in ('mail', 'page') then return 'not_allowed'; end if;
	insert into public.person_preferences (person_id, agenda_changes) values (v_me, how)
	on conflict (person_id) do update set agenda_changes = excluded.agenda_changes, updated_at = now();
	return 'ok';
end
$$;
grant execute on function public.choose_agenda_news(text) to authenticated;
