-- Roles of organisers: who holds which, granting and ending them. Safeguarding, finance and owner need a second person:
-- 03_accounts/role_proposals.sql. All changes of roles take the advisory lock 20261125 first.

-- Whether a person holds one of the roles for this Summit (null: for all). An owner holds every role but safeguarding.
-- Of the signed-in person themselves only what their session is strong enough for (private.usable_grants).
create function private.holds_role(
	p_person uuid, p_summit uuid, variadic p_roles public.organiser_role[]
) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.usable_grants
		where person_id = p_person
			and (summit_id is null or summit_id = p_summit)
			and (role = any (p_roles) or (role = 'owner' and p_roles <> array['safeguarding'::public.organiser_role])))
$$;

-- The same for the signed-in person. An assistant does not get the roles of the person for whom they act.
create function private.has_role(p_summit uuid, variadic p_roles public.organiser_role[]) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.holds_role(private.me(), p_summit, variadic p_roles)
$$;
grant execute on function private.has_role(uuid, public.organiser_role[]) to anon, authenticated;

-- The Summits in which the signed-in person holds one of the roles: for policies, computed once per statement.
create function private.summits_with_role(variadic p_roles public.organiser_role[]) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select summits.id
	from public.summits
	where exists (
		select from private.usable_grants as g
		where g.person_id = (select private.me())
			and (g.summit_id is null or g.summit_id = summits.id)
			and (role = any (p_roles) or (role = 'owner' and p_roles <> array['safeguarding'::public.organiser_role])))
$$;
grant execute on function private.summits_with_role(public.organiser_role[]) to anon, authenticated;

-- The people who hold a role for this Summit (null: for all) and can act on it: they have an account or an address.
-- Nobody waits for a person who can never sign in.
create function private.role_holders(p_role public.organiser_role, p_summit uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select distinct g.person_id
	from private.live_grants as g
	where g.role = p_role
		and (g.summit_id is null or g.summit_id = p_summit)
		and (exists (select from public.account_people as a where a.person_id = g.person_id and a.relation = 'self')
			or exists (select from private.person_addresses as a where a.person_id = g.person_id))
$$;

-- Grants a role to a known person. Only an owner of the Summit may (for all Summits: an owner of all); a role that
-- needs two people is proposed. `until`: when it ends by itself. Answers ok, already, not_allowed, unknown_person or
-- invalid, and what propose_role answers.
create function public.grant_role(
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
		(select s.id from private.real_summits as s order by s.starts_on desc, s.id limit 1));
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

-- Writes the grant itself, and notifies those who watch over the role. A new safeguarding lead also learns of leads who
-- were named without one. Answers ok or already.
create function private.insert_role_grant(
	p_person uuid, p_role public.organiser_role, p_summit uuid, p_via uuid, p_by uuid, p private.role_proposals,
	p_until timestamptz
) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.end_lapsed_roles(p_person);
	insert into public.role_grants (person_id, role, summit_id, granted_by, proposal_id, until)
	values (p_person, p_role, p_summit, p_by, p.id, p_until)
	on conflict do nothing;
	if not found then return 'already'; end if;
	if p.id is null then return 'ok'; end if;
	perform private.notify_role_watchers(p_role, p_summit, p_via, 'granted', p.id::text);
	if p_role = 'safeguarding' and exists (select
		from public.role_grants as g
		join private.role_proposals as q on q.id = g.proposal_id
		where g.role = 'safeguarding'
			and g.ended_at is null
			and g.person_id <> p_person
			and q.is_without_lead) then
		perform private.enqueue_mail(p_person, 'lead_without_lead', '{}', p_via);
	end if;
	return 'ok';
end
$$;

-- Writes down that roles ended by themselves, of one person or (null) of all; they counted no more before. Answers how
-- many.
create function private.end_lapsed_roles(p_person uuid default null) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid;
	v_count integer := 0;
begin
	for v_person in
		update public.role_grants as g set ended_at = g.until
		where g.ended_at is null and g.until <= now() and (p_person is null or g.person_id = p_person)
		returning g.person_id
	loop
		v_count := v_count + 1;
		perform private.publish_event('person:' || v_person, 'rights');
	end loop;
	return v_count;
end
$$;
grant execute on function private.end_lapsed_roles(uuid) to app_server;

-- Ends a role or the task of a deputy: an owner's act or the person's own, made known to those who watch over the role.
-- Answers ok, already, not_allowed or last_owner.
create function public.end_role(role_grant uuid) returns public.role_end_status
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
		(select s.id from private.real_summits as s order by s.starts_on desc, s.id limit 1));
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

-- Notifies the people who watch over a role that it was granted or ended: owners, and for safeguarding also its leads.
-- A lead whose role another person ended in the last 30 days is notified as well: removing them first does not keep the
-- change from them.
create function private.notify_role_watchers(
	p_role public.organiser_role, p_summit uuid, p_via uuid, p_change text, p_once text
) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_watcher uuid;
begin
	for v_watcher in
		select distinct g.person_id
		from public.role_grants as g
		where (g.role = 'owner' and (g.summit_id is null or p_summit is null or g.summit_id = p_summit)
				or g.role = 'safeguarding' and p_role = 'safeguarding')
			and (g.ended_at is null
				or g.role = 'safeguarding'
					and g.ended_at > now() - interval '30 days'
					and g.ended_by is distinct from g.person_id)
	loop
		perform private.publish_event('person:' || v_watcher, 'roles');
		if v_watcher is distinct from private.me() then
			perform private.enqueue_mail(v_watcher, 'role_changed',
				jsonb_build_object('role', p_role, 'change', p_change), p_via,
				format('role_changed:%s:%s:%s', p_once, p_change, v_watcher));
		end if;
	end loop;
end
$$;

-- Notifies the other owners that a deputy is no longer one. No lead learns of it: a deputy reads the concerns that no
-- lead may read.
create function private.notify_deputy_watchers(p_deputy private.concern_deputies) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_watcher uuid;
begin
	for v_watcher in
		select distinct g.person_id
		from private.live_grants as g
		where g.role = 'owner' and (g.summit_id is null or g.summit_id = p_deputy.summit_id)
	loop
		perform private.publish_event('person:' || v_watcher, 'roles');
		if v_watcher is distinct from private.me() then
			perform private.enqueue_mail(v_watcher, 'role_changed',
				jsonb_build_object('role', 'deputy', 'change', 'ended'), p_deputy.summit_id,
				format('role_changed:%s:ended:%s', p_deputy.id, v_watcher));
		end if;
	end loop;
end
$$;

-- The roles of a Summit: owners read all of them, safeguarding leads the leads. [{id, person_id, display_name, office,
-- role, is_for_all, granted_at, until, is_me, may_end, named, has_account, has_passkey, may_reset_passkeys}]. `named`:
-- who proposed and confirmed a role that needs two people; null for the first owner and the sample.
create function public.list_roles(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', g.id,
		'person_id', g.person_id,
		'display_name', p.display_name,
		'office', p.office,
		'role', g.role,
		'is_for_all', g.summit_id is null,
		'granted_at', g.granted_at,
		'until', private.iso(g.until),
		'is_me', g.person_id = private.me(),
		'may_end', private.has_role(g.summit_id, 'owner') or g.person_id = (select private.me()),
		'named', case when q.id is not null then jsonb_build_object(
			'proposed_by', (select x.display_name from public.people as x where x.id = q.proposed_by),
			'confirmed_by', (select x.display_name from public.people as x where x.id = q.decided_by),
			'is_self_confirmed', q.is_self_confirmed,
			'is_without_lead', q.is_without_lead and not q.is_deputy) end,
		'has_account', exists (select from public.account_people where person_id = g.person_id and relation = 'self'),
		'has_passkey', exists (select from private.passkeys as k where k.person_id = g.person_id),
		'may_reset_passkeys', private.may_reset_passkeys(g.person_id)
			and exists (select from private.passkeys as k where k.person_id = g.person_id))
		order by g.rank, p.display_name, g.granted_at), '[]')
	from (
		select r.id, r.person_id, r.role::text, r.role as rank, r.summit_id, r.granted_at, r.proposal_id, r.until
		from private.live_grants as r
		where (r.summit_id is null or r.summit_id = list_roles.summit)
			and (private.has_role(list_roles.summit, 'owner')
				or r.role = 'safeguarding' and private.has_role(list_roles.summit, 'safeguarding'))
		union all
		select d.id, d.person_id, 'deputy', 'safeguarding', d.summit_id, d.granted_at, d.proposal_id, null
		from private.concern_deputies as d
		where d.ended_at is null
			and d.summit_id = list_roles.summit
			and private.has_role(list_roles.summit, 'owner')
	) as g
	join public.people as p on p.id = g.person_id
	left join private.role_proposals as q on q.id = g.proposal_id
$$;
grant execute on function public.list_roles(uuid) to authenticated;
