-- Debriefs for those who worked in a session with a content note. What owners write about them is read by nobody else.

alter table public.summit_texts drop constraint summit_texts_kind_check;
alter table public.summit_texts add constraint summit_texts_kind_check
	check (kind in ('about', 'privacy', 'accessibility', 'code_of_conduct', 'attending_in_person',
		'attending_virtually', 'debrief'));
alter policy read on public.summit_texts
	using (summit_id in (select private.readable_summits())
		and (kind <> 'debrief' or summit_id in (select private.summits_with_role('owner'))));

-- A Summit with its lists: all its columns, and {registration: closed | before | open, rooms, tracks, formats, texts,
-- contacts, consents, release}. Null when the reader does not see it.
create or replace function public.read_summit(slug text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(s) - 'created_at' - 'updated_at' || jsonb_build_object(
		'registration', case
			when s.state not in ('open', 'live') or s.registration_closes_at <= now() then 'closed'
			when s.registration_opens_at is null or s.registration_opens_at > now() then 'before'
			else 'open'
		end,
		'rooms', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'slug', r.slug, 'name', name, 'kind', kind, 'capacity', capacity,
				'is_quiet_room', is_quiet_room, 'directions', directions, 'hours', hours)
				order by position, r.slug), '[]')
			from public.rooms as r
			where summit_id = s.id),
		'tracks', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'slug', t.slug, 'name', name)
				order by position, t.slug), '[]')
			from public.tracks as t
			where summit_id = s.id),
		'formats', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'slug', f.slug, 'name', name, 'minutes', minutes) order by position, f.slug), '[]')
			from public.formats as f
			where summit_id = s.id),
		'texts', (select coalesce(jsonb_object_agg(kind, body), '{}')
			from public.summit_texts
			where summit_id = s.id
				and (kind <> 'debrief' or s.id in (select private.summits_with_role('owner')))),
		'contacts', (select coalesce(jsonb_agg(jsonb_build_object(
				'kind', kind, 'label', label, 'note', note, 'mail', mail, 'telephone', telephone, 'hours', hours)
				order by position), '[]')
			from public.summit_contacts
			where summit_id = s.id),
		'consents', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'key', key, 'label', label, 'detail', detail, 'is_required', is_required)
				order by position), '[]')
			from public.consent_items
			where summit_id = s.id),
		'release', (select jsonb_build_object('id', id, 'number', number, 'released_at', released_at)
			from public.releases
			where id = private.newest_release(s.id)))
	from public.summits as s
	where s.slug = read_summit.slug and s.id in (select private.readable_summits())
$$;

-- Whether the lists of organisers leave a mail out: the fact that it was sent would say something about its reader.
create or replace function private.is_unlisted_mail(p_template text) returns boolean
language sql immutable set search_path = '' as $$
	select p_template in ('concern_raised', 'concern_message', 'concern_waiting', 'concern_unread', 'debrief_offered',
		'deputy_granted', 'guardian_asked', 'safeguarding_needed')
$$;


-- Debriefs: after a session with a content note, those who worked in it are offered somebody to talk to. Who is offered
-- one, and who comes, is nobody else's: organisers read neither.

-- Who worked in a run: the people of its session and those who were made hosts. Viewers, and delegates who were called
-- from the floor, did not.
create function private.people_working_in(p_run uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select sp.person_id
	from public.runs
	join public.session_people as sp on sp.session_id = runs.session_id and sp.state <> 'declined'
	where runs.id = p_run
	union
	select h.person_id from private.run_hosts as h where h.run_id = p_run
$$;

-- Whether a debrief is offered after a run: it was live, its session has a content note and is not cancelled, and the
-- Summit says where to turn to.
create function private.has_debrief(p_run public.runs) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_run.started_at is not null
		and exists (select from public.sessions as s where s.id = p_run.session_id and s.state <> 'cancelled')
		and private.shown_note_version(p_run.session_id) <> ''
		and (
			exists (select from public.summit_texts as t where t.summit_id = p_run.summit_id and t.kind = 'debrief')
			or exists (select from public.summit_contacts as c
				where c.summit_id = p_run.summit_id and c.kind = 'wellbeing'))
$$;

-- Sends the offer when a run ends, in the same transaction: once for a person and a session, also when the run was ended
-- by mistake and opened again.
create function private.offer_debriefs() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if not private.has_debrief(new) then return null; end if;
	perform private.enqueue_mail(
		each.person,
		'debrief_offered',
		jsonb_build_object(
			'title', private.stage_session(new.session_id) -> 'title',
			'debrief', coalesce(
				(select t.body from public.summit_texts as t
					where t.summit_id = new.summit_id and t.kind = 'debrief'),
				'{}'),
			'contacts', (
				select coalesce(
					jsonb_agg(
						jsonb_build_object('label', c.label, 'hours', c.hours, 'telephone', c.telephone, 'mail', c.mail)
						order by c.position, c.id
					),
					'[]'
				)
				from public.summit_contacts as c
				where c.summit_id = new.summit_id and c.kind = 'wellbeing'
			)
		),
		new.summit_id,
		'debrief:' || new.session_id || ':' || each.person
	)
	from private.people_working_in(new.id) as each (person)
	where exists (select from private.person_addresses as a where a.person_id = each.person)
	order by each.person;
	perform private.publish_event('person:' || each.person, 'speaking')
	from private.people_working_in(new.id) as each (person);
	return null;
end
$$;

create trigger offer_debriefs after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.offer_debriefs();

-- The debriefs that the reader in person is offered: {text, sessions: [{code, title, ended_at}]}, of sessions that ended
-- within the last fourteen days; null when there are none.
create function public.my_debriefs(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'text', coalesce(
			(select t.body from public.summit_texts as t
				where t.summit_id = my_debriefs.summit and t.kind = 'debrief'),
			'{}'),
		'sessions', jsonb_agg(
			jsonb_build_object('code', s.code, 'title', private.stage_session(s.id) -> 'title',
				'ended_at', private.iso(last.ended_at))
			order by last.ended_at desc, s.code))
	from (
		select distinct on (runs.session_id) runs.session_id, runs.ended_at
		from public.runs
		where runs.summit_id = my_debriefs.summit and runs.state = 'ended'
			and runs.ended_at > now() - interval '14 days'
			and (select private.me()) in (select private.people_working_in(runs.id))
			and private.has_debrief(runs)
		order by runs.session_id, runs.ended_at desc) as last
	join public.sessions as s on s.id = last.session_id
	having count(*) > 0
$$;
grant execute on function public.my_debriefs(uuid) to authenticated;
