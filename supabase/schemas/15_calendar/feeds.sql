-- What calendar feeds and schedule files read, and the events on which the app drops its copies of them.

-- The agenda that everyone may follow, the same for every reader, with events, `day_begins` and biographies. Null when
-- the Summit is not readable.
create function public.read_public_feed(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with agenda as materialized (
		select private.add_calendar_events(private.read_agenda_for(null, summit)) as value
		where summit in (select private.readable_summits())
	)
	select agenda.value || jsonb_build_object(
		'day_begins', coalesce((select day_begins from private.schedule_settings where summit_id = summit), 0),
		-- Only of people whom a session of this agenda names.
		'biographies', (
			select coalesce(jsonb_object_agg(p.code, p.biography), '{}')
			from public.people as p
			where p.biography <> '{}'
				and p.code in (
					select named.value ->> 'code'
					from jsonb_array_elements(agenda.value -> 'sessions') as s (value)
					cross join jsonb_array_elements(s.value -> 'people') as named (value)
				)
		)
	)
	from agenda
$$;
grant execute on function public.read_public_feed(uuid) to anon, authenticated;

-- The events of one session, if the reader may see it; null otherwise (Rule 5).
create function public.read_session_events(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.calendar_events_of(private.newest_release(s.summit_id), array[s.id])
	from public.sessions as s
	where s.id = session
		and s.summit_id in (select private.readable_summits())
		and private.can_see(private.me(), s.id)
$$;
grant execute on function public.read_session_events(uuid) to anon, authenticated;

-- What a personal calendar link opens: {status: ok | ended, person, slug, agenda, meetings: of
-- their groups (32_meetings/calendar.sql)}; null for an unknown link. Meetings belong to no Summit: the newest link that
-- is open has them, so that who follows two Summits sees none twice. The link
-- is stored as a hash and signs nobody in (Rule 8).
create function private.read_personal_feed(p_token_hash bytea) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_link private.personal_links;
	v_slug text;
begin
	select * into v_link from private.personal_links
	where token_hash = p_token_hash and kind = 'calendar';
	if not found then return null; end if;
	select slug into v_slug from public.summits where id = v_link.summit_id;
	if v_link.revoked_at is not null or v_link.expires_at <= now() or v_slug is null then
		return jsonb_build_object('status', 'ended', 'person', v_link.person_id);
	end if;
	return jsonb_build_object(
		'status', 'ok', 'person', v_link.person_id, 'slug', v_slug,
		'agenda', private.add_calendar_events(private.read_agenda_for(v_link.person_id, v_link.summit_id, true)),
		'meetings', case
			when exists (select from private.personal_links as l
				where l.kind = 'calendar' and l.person_id = v_link.person_id and l.revoked_at is null
					and (l.expires_at is null or l.expires_at > now())
					and (l.created_at, l.id) > (v_link.created_at, v_link.id)) then '[]'
			else private.calendar_meetings(v_link.person_id) end
	);
end
$$;
grant execute on function private.read_personal_feed(bytea) to app_server;

-- Sends an event on a person's topic when their stars or their calendar link changed. The app caches what that person
-- sees and must drop it.
create function private.notify_own_agenda() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('person:' || (coalesce(to_jsonb(new), to_jsonb(old)) ->> 'person_id'), tg_argv[0]);
	return null;
end
$$;

create trigger notify_own_agenda after insert or delete on public.agenda_marks for each row
	execute function private.notify_own_agenda('marks');
create trigger notify_own_agenda after insert or update on private.personal_links for each row
	when (new.kind = 'calendar')
	execute function private.notify_own_agenda('calendar');

-- People who are added to a session, to its audience or to another sector see other sessions from then on. The
-- function and its other triggers are in `04_summits/settings.sql`.
create trigger notify_site_added after insert on public.session_people for each statement
	execute function private.notify_site_changed();
create trigger notify_site_added after insert on public.session_audiences for each statement
	execute function private.notify_site_changed();
create trigger notify_site after update of sector on public.summit_members for each row
	when (new.sector <> old.sector)
	execute function private.notify_site_changed();
