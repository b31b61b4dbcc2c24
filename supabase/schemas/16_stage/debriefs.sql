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
