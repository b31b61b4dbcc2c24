-- Digests: a person whom a change of the agenda concerns is notified once, in one mail for all changes within a quarter
-- of an hour. What they last knew of each session is compared with what is released when the mail is written, so that a
-- change which was reverted in between is not mentioned.

-- Whom the sessions of a Summit concern: their people in the two releases, without a next release also in the draft,
-- and everybody who marked them.
create function private.affected_people(p_summit uuid, p_previous uuid, p_next uuid)
	returns table (session_id uuid, person_id uuid, is_speaking boolean)
language sql stable security definer set search_path = '' as $$
	select rp.session_id, rp.person_id, true
	from public.release_people as rp
	where rp.release_id in (p_previous, p_next)
	union
	select sp.session_id, sp.person_id, true
	from public.session_people as sp
	where p_next is null
		and sp.summit_id = p_summit
		and sp.state <> 'declined'
	union
	select m.session_id, m.person_id, false
	from public.agenda_marks as m
	join public.sessions as s on s.id = m.session_id
	where s.summit_id = p_summit
$$;

-- Whether a change of these kinds is worth a notification: a content note is, a corrected text is not.
create function private.is_notifiable_change(p_kinds text[]) returns boolean
language sql immutable set search_path = '' as $$
	select p_kinds && array['added', 'cancelled', 'restored', 'moved', 'renamed', 'people', 'details', 'note']
$$;

-- Records whom a new release concerns, and when their digests are due. The exclusive lock waits for digests that are
-- being written (`send_digests` holds it shared): each of them sees this release whole or not at all.
create function private.schedule_agenda_digests(p_release public.releases, p_previous uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform pg_advisory_xact_lock(hashtextextended('agenda_digests:' || p_release.summit_id, 6));
	with notified as materialized (
		select distinct who.person_id, c.session_id
		from private.changes_between(p_release.summit_id, p_previous, p_release.id) as c
		join private.affected_people(p_release.summit_id, p_previous, p_release.id) as who
			on who.session_id = c.session_id
		where private.is_notifiable_change(c.kinds)
	), noted as (
		insert into private.pending_agenda_changes (person_id, session_id, summit_id, known_release_id)
		select notified.person_id, notified.session_id, p_release.summit_id, p_previous
		from notified
		on conflict do nothing
	)
	insert into private.agenda_digests (person_id, summit_id, due_at)
	select distinct
		notified.person_id,
		p_release.summit_id,
		case when p_release.is_live_change then now() else now() + interval '15 minutes' end
	from notified
	-- The quarter of an hour begins with the first change; a live change ends it at once.
	on conflict (person_id, summit_id) do update set due_at = least(agenda_digests.due_at, excluded.due_at);
	if p_release.is_live_change then perform private.publish_event('outbox', 'digest', p_release.id); end if;
end
$$;

-- Placements with the names of their rooms instead of slugs.
create function private.places_with_room_names(p_summit uuid, p_places jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			place || jsonb_build_object('rooms', (
				select coalesce(jsonb_agg(rooms.name order by rooms.position, rooms.slug), '[]')
				from public.rooms
				where rooms.summit_id = p_summit and place -> 'rooms' ? rooms.slug
			))
			order by n
		),
		'[]'
	)
	from jsonb_array_elements(p_places) with ordinality as each (place, n)
$$;

-- The changes of sessions since the release that a person knows, for their mail: of sessions that they may see today
-- and that still concern them. It names nobody.
create function private.digest_changes(p_person uuid, p_summit uuid, p_release_read uuid, p_sessions uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'code', s.code,
				'kinds', c.kinds,
				'title', coalesce(c.after, c.before) -> 'title',
				'title_before', case when 'renamed' = any (c.kinds) then c.before -> 'title' end,
				'places', private.places_with_room_names(p_summit, coalesce(c.after, c.before) -> 'places'),
				'places_before', case
					when 'moved' = any (c.kinds) then private.places_with_room_names(p_summit, c.before -> 'places')
				end,
				'details', case when 'details' = any (c.kinds) then c.after -> 'details' end,
				'note', case when 'note' = any (c.kinds) then c.after -> 'texts' -> 1 end,
				'speaking', speaking.is_speaking
			)
			order by coalesce(c.after, c.before) #>> '{places,0,start}' nulls last, s.code
		),
		'[]'
	)
	from private.changes_between(p_summit, p_release_read, private.newest_release(p_summit), p_sessions) as c
	join public.sessions as s on s.id = c.session_id
	cross join lateral (
		select exists (
			select
			from public.session_people as sp
			where sp.session_id = s.id and sp.person_id = p_person and sp.state <> 'declined'
		) as is_speaking
	) as speaking
	where private.is_notifiable_change(c.kinds)
		and private.can_see(p_person, s.id)
		and private.may_read_version(p_person, s.id, greatest(c.level, s.level))
		and (
			speaking.is_speaking
			or exists (
				select
				from public.release_people as rp
				where rp.release_id = p_release_read and rp.session_id = s.id and rp.person_id = p_person
			)
			or exists (select from public.agenda_marks as m where m.person_id = p_person and m.session_id = s.id)
		)
$$;

-- Queues the digest of one person and deletes what it reported. Answers whether a mail was queued. A person without a
-- change to report, without an address, or who prefers the page, still gets their calendar invitations.
create function private.send_digest(p_person uuid, p_summit uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_changes jsonb;
	v_release public.releases;
begin
	select * into v_release from public.releases where id = private.newest_release(p_summit);
	select coalesce(jsonb_agg(each order by each #>> '{places,0,start}' nulls last, each ->> 'code'), '[]')
	into v_changes
	from (
		select known_release_id, array_agg(session_id) as sessions
		from private.pending_agenda_changes
		where person_id = p_person and summit_id = p_summit
		group by known_release_id
	) as known
	cross join lateral jsonb_array_elements(
		private.digest_changes(p_person, p_summit, known.known_release_id, known.sessions)
	) as each;
	delete from private.pending_agenda_changes where person_id = p_person and summit_id = p_summit;
	delete from private.agenda_digests where person_id = p_person and summit_id = p_summit;
	if jsonb_array_length(v_changes) = 0
		or not exists (select from private.person_addresses as a where a.person_id = p_person)
		or (select agenda_changes from public.person_preferences where person_id = p_person) = 'page' then
		return private.send_calendar(p_person, p_summit);
	end if;
	return private.enqueue_mail(
		p_person,
		'agenda_changes',
		jsonb_build_object(
			'release', v_release.number,
			'now', v_release.is_live_change,
			'calendar', true,
			'changes', (
				select jsonb_agg(e order by n)
				from jsonb_array_elements(v_changes) with ordinality as x (e, n)
				where n <= 40
			),
			'more', greatest(jsonb_array_length(v_changes) - 40, 0)
		),
		p_summit,
		'agenda:' || p_person || ':' || v_release.id,
		case when v_release.is_live_change then 3 else 9 end
	) is not null;
end
$$;

-- Writes digests that are due, up to `p_limit`, each whole or not at all; several workers share them. Answers for how
-- many people.
create function private.send_digests(p_limit integer default 100) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
	v_person uuid;
	v_count integer := 0;
begin
	for v_summit in
		select distinct summit_id
		from private.agenda_digests
		where due_at <= now()
		order by summit_id
	loop
		-- Before any row lock: no release is made between reading what is released and deleting what is to be reported.
		perform pg_advisory_xact_lock_shared(hashtextextended('agenda_digests:' || v_summit, 6));
		for v_person in
			select d.person_id
			from private.agenda_digests as d
			where d.summit_id = v_summit and d.due_at <= now()
			order by d.due_at, d.person_id
			limit p_limit - v_count
			for update skip locked
		loop
			perform private.send_digest(v_person, v_summit);
			v_count := v_count + 1;
		end loop;
	end loop;
	return v_count;
end
$$;
grant execute on function private.send_digests(integer) to app_server;

-- Chooses how the reader is notified of changes: by mail, or only on the page. Answers ok | not_allowed.
create function public.set_agenda_notifications(how text) returns public.ok_or_not_allowed
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
grant execute on function public.set_agenda_notifications(text) to authenticated;
