-- A Summit that `npm run rehearse` makes says so: no other one has a slug like it, and visitors are not sent to it.

alter table public.summits add column is_rehearsal boolean not null default false;
-- Those that an interrupted rehearsal left, by the members that it made.
update public.summits as s set is_rehearsal = true
where s.slug ~ '^rehearsal-[0-9a-f]{8}$'
	and exists (select from public.members as m where m.name like 'Rehearsal Member % of ' || s.slug);
alter table public.summits
	add constraint rehearsal_slug check (is_rehearsal = (slug ~ '^rehearsal-[0-9a-f]{8}$'));

-- Grants a role to a known person. Only an owner of the Summit may (for all Summits: an owner of all); a role that
-- needs two people is proposed. `until`: when it ends by itself. Answers ok, already, not_allowed, unknown_person or
-- invalid, and what propose_role answers.
create or replace function public.grant_role(
	person uuid, role public.organiser_role, summit uuid default null, via uuid default null,
	until timestamptz default null
) returns public.role_grant_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_p private.role_proposals;
begin
	if role is null or not private.has_role(summit, 'owner') then return 'not_allowed'; end if;
	if not exists (select from public.people where id = person) then return 'unknown_person'; end if;
	perform private.require_confirmation();
	if grant_role.until <= now() or role::text = 'community' and summit is not null then return 'invalid'; end if;
	if exists (select from private.live_grants as g
		where g.person_id = person and g.role = grant_role.role and g.summit_id is not distinct from summit) then
		return 'already';
	end if;
	v_p.summit_id := summit;
	v_p.via_summit_id := coalesce(summit, via,
		(select s.id from public.summits as s where not s.is_rehearsal order by s.starts_on desc limit 1));
	if private.needs_second_person(role) then
		if v_p.via_summit_id is null then return 'not_allowed'; end if;
		v_p.role := grant_role.role;
		v_p.is_deputy := false;
		v_p.person_id := person;
		v_p.until := grant_role.until;
		return private.propose_role(v_p);
	end if;
	if private.insert_role_grant(person, role, summit, null, private.me(), null, grant_role.until) <> 'ok' then
		return 'already';
	end if;
	perform private.publish_event('person:' || person, 'rights');
	perform private.enqueue_mail(person, 'role_granted', jsonb_build_object('role', grant_role.role),
		v_p.via_summit_id);
	return 'ok';
end
$$;
grant execute on function public.grant_role(uuid, public.organiser_role, uuid, uuid, timestamptz) to authenticated;

-- Ends a role or the task of a deputy: an owner's act or the person's own, made known to those who watch over the role.
-- Answers ok, already, not_allowed or last_owner.
create or replace function public.end_role(role_grant uuid) returns public.role_end_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_grant public.role_grants;
	v_via uuid;
	v_deputy private.concern_deputies;
begin
	-- Of two owners who end each other's role at once, the lock lets only one.
	perform pg_advisory_xact_lock(20261125);
	select * into v_deputy
	from private.concern_deputies as d
	where d.id = role_grant and (d.person_id = v_me or private.has_role(d.summit_id, 'owner'))
	for update;
	if found then
		if v_deputy.ended_at is not null then return 'already'; end if;
		if v_deputy.person_id <> v_me then perform private.require_confirmation(); end if;
		update private.concern_deputies as d set ended_at = now(), ended_by = v_me where d.id = role_grant;
		perform private.publish_event('person:' || v_deputy.person_id, 'rights');
		perform private.notify_deputy_watchers(v_deputy);
		return 'ok';
	end if;
	select * into v_grant from public.role_grants where id = role_grant for update;
	if not found or not coalesce(v_grant.person_id = v_me or private.has_role(v_grant.summit_id, 'owner'), false) then
		return 'not_allowed';
	end if;
	if v_grant.ended_at is not null then return 'already'; end if;
	if v_grant.person_id <> v_me then perform private.require_confirmation(); end if;
	-- An owner who can never sign in could not name the next one, and one until a day will not.
	if v_grant.role = 'owner' and v_grant.summit_id is null and v_grant.until is null and not exists (
		select from private.role_holders('owner', null) as h
		join private.live_grants as g on g.person_id = h
		where h <> v_grant.person_id and g.role = 'owner' and g.summit_id is null and g.until is null) then
		return 'last_owner';
	end if;
	update public.role_grants set ended_at = now(), ended_by = v_me where id = role_grant;
	perform private.publish_event('person:' || v_grant.person_id, 'rights');
	v_via := coalesce(v_grant.summit_id,
		(select s.id from public.summits as s where not s.is_rehearsal order by s.starts_on desc limit 1));
	if v_grant.person_id <> v_me then
		perform private.enqueue_mail(v_grant.person_id, 'role_ended', jsonb_build_object('role', v_grant.role), v_via);
	end if;
	if private.needs_second_person(v_grant.role) then
		perform private.notify_role_watchers(v_grant.role, v_grant.summit_id, v_via, 'ended', role_grant::text);
	end if;
	return 'ok';
end
$$;
grant execute on function public.end_role(uuid) to authenticated;

-- The slug of the Summit that "/" shows: the one that is live, else the next that is open, else the last that was held.
-- A rehearsal is found by its address alone.
create or replace function public.current_summit() returns text
language sql stable security definer set search_path = '' as $$
	select slug from public.summits
	where state <> 'draft' and not is_rehearsal
	order by array_position(array['live', 'open', 'closed', 'archived']::public.summit_state[], state),
		case when state = 'open' then starts_on end, starts_on desc
	limit 1
$$;
grant execute on function public.current_summit() to anon, authenticated;

-- A Summit with its lists: all its columns, and {registration: closed | before | open, rooms, tracks, formats, texts,
-- contacts, consents, release}. Null when the reader does not see it.
create or replace function public.read_summit(slug text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(s) - array['created_at', 'updated_at', 'counts_watching', 'is_rehearsal'] || jsonb_build_object(
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
				and kind = 'debrief' and s.id in (select private.summits_with_role('owner'))),
		'contacts', (select coalesce(jsonb_agg(jsonb_build_object(
				'kind', kind, 'label', label, 'note', note, 'mail', mail, 'telephone', telephone, 'hours', hours)
				order by position), '[]')
			from public.summit_contacts
			where summit_id = s.id and (s.state <> 'archived' or kind in ('privacy', 'safeguarding'))),
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
grant execute on function public.read_summit(text) to anon, authenticated;

-- The Summit whose leads read a concern that is raised outside of any: the newest one that is no draft, else the newest.
-- Leads for all Summits read it there too. Null: there is none.
create or replace function private.summit_for_concerns() returns uuid
language sql stable security definer set search_path = '' as $$
	select s.id from public.summits as s
	where not s.is_rehearsal
	order by s.state = 'draft', s.starts_on desc, s.id
	limit 1
$$;
grant execute on function private.summit_for_concerns() to app_server;

