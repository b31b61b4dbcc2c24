-- What outlives a Summit, at /community: the role that runs it, and the sections that a reader finds.

-- The value is not used before the commit.
set check_function_bodies = off;

alter type public.organiser_role add value 'community';

alter table public.role_grants
	add constraint community_for_all check (role::text <> 'community' or summit_id is null);
alter table private.role_invitations
	add constraint community_for_all check (role::text <> 'community' or is_for_all);
alter table public.summits
	drop constraint summits_slug_check,
	add constraint summits_slug_check check (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'
		and not private.is_interface_language(slug)
		and slug not in ('sign-in', 'sign-out', 'account', 'calendar', 'webhooks', 'api', 'healthz', 'readyz', 'sample',
			'privacy', 'accessibility', 'talk', 'certificates', 'organise', 'new', 'files', 'offline', 'invitation', 'live',
			'community'));

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
		(select s.id from public.summits as s order by s.starts_on desc limit 1));
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

-- Invites to a role. `address`: {hash, sealed, key_id}, in hexadecimal; `until`: when the role ends by itself. Answers
-- ok, not_allowed, invalid or limited,
-- whatever address it is; for a role that needs two people, what propose_role answers: the mail goes once a second
-- person has confirmed it.
create or replace function public.invite_to_role(
	summit uuid, role public.organiser_role, address jsonb, display_name text, for_all boolean default false,
	until timestamptz default null
) returns public.role_invitation_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_p private.role_proposals;
begin
	if role is null
		or not exists (select from public.summits as s where s.id = summit)
		or not private.has_role(case when coalesce(for_all, false) then null else summit end, 'owner') then
		return 'not_allowed';
	end if;
	if invite_to_role.until <= now() or role::text = 'community' and not coalesce(for_all, false) then
		return 'invalid';
	end if;
	perform private.require_confirmation();
	if not private.needs_second_person(role) then
		return private.create_role_invitation(summit, role, null, null, address, display_name, null, false, for_all,
			null, invite_to_role.until);
	end if;
	if not private.is_valid_invitee(address, private.one_line(display_name)) then return 'invalid'; end if;
	v_p.summit_id := case when coalesce(for_all, false) then null else summit end;
	v_p.via_summit_id := summit;
	v_p.role := invite_to_role.role;
	v_p.is_deputy := false;
	v_p.address_hash := decode(address ->> 'hash', 'hex');
	v_p.address_sealed := decode(address ->> 'sealed', 'hex');
	v_p.key_id := address ->> 'key_id';
	v_p.display_name := private.one_line(invite_to_role.display_name);
	v_p.until := invite_to_role.until;
	return private.propose_role(v_p);
end
$$;

-- Whether the reader sees a group, or may make one. There are none yet.
create function private.sees_groups() returns boolean
language sql stable security definer set search_path = '' as $$ select false $$;

-- Whether the reader sees a commitment, or may enter one. There are none yet.
create function private.sees_commitments() returns boolean
language sql stable security definer set search_path = '' as $$ select false $$;

-- Whether somebody runs the community: the role `community`, which is only held for all Summits, or an owner of all.
create function private.runs_community(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.holds_role(p_person, null, 'community')
$$;

-- The same of the signed-in person.
create function private.runs_community() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.runs_community(private.me())
$$;
grant execute on function private.runs_community() to anon, authenticated;

-- The sections in which the reader sees something, or may begin something, in the order of the navigation. Each noun
-- answers for its own.
create function public.community_sections() returns text[]
language sql stable security definer set search_path = '' as $$
	select array(
		select v.name
		from (values
			(1, 'groups', private.sees_groups()),
			(2, 'commitments', private.sees_commitments())) as v (position, name, is_seen)
		where v.is_seen
		order by v.position)
$$;
grant execute on function public.community_sections() to anon, authenticated;

reset check_function_bodies;
