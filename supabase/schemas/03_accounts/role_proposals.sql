-- Roles that take two people. Safeguarding leads read concerns and sealed names, finance moves money, owners grant
-- roles: one owner proposes such a role, a second person confirms it, and neither of them is who gets it.  For
-- safeguarding one of the two is a safeguarding lead of the Summit, or of any Summit while this one has none. The first
-- lead of an installation cannot wait for a lead: two owners name them. An owner who is the only one decides alone,
-- since there is nobody to wait for; that is recorded, shown beside the role, and told to the leads who come later.
-- Nobody becomes the only one by removing the others: an owner or lead whose role another person ended counts for 14
-- days more.

create function private.takes_two(p_role public.organiser_role) returns boolean
language sql immutable set search_path = '' as $$
	select p_role in ('safeguarding', 'finance', 'owner')
$$;

-- Who holds a role for this Summit (null: for all) and can act on it: somebody who never can sign in is nobody to wait
-- for.
create function private.role_holders(p_role public.organiser_role, p_summit uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select distinct g.person_id from public.role_grants as g
	where g.role = p_role and g.ended_at is null and (g.summit_id is null or g.summit_id = p_summit)
		and (exists (select from public.account_people as a where a.person_id = g.person_id and a.relation = 'self')
			or exists (select from private.person_addresses as a where a.person_id = g.person_id))
$$;

-- The leads who take part in naming another: of this Summit, else of any.
create function private.leads_for(p_summit uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select h from private.role_holders('safeguarding', p_summit) as h
	union
	select h from public.summits as s, private.role_holders('safeguarding', s.id) as h
	where not exists (select from private.role_holders('safeguarding', p_summit))
$$;

-- Who may confirm a proposal of this person for that one.
create function private.role_deciders(p_role public.organiser_role, p_summit uuid, p_is_deputy boolean, p_proposer uuid,
	p_person uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with leads as (select l from private.leads_for(p_summit) as l
		where p_role = 'safeguarding' and not p_is_deputy and l is distinct from p_person)
	select d from (
		select l as d from leads
		union
		select o from private.role_holders('owner', p_summit) as o
		where not exists (select from leads) or p_proposer in (select l from leads)
	) as found
	where d is distinct from p_proposer and d is distinct from p_person
$$;

-- Whether another person's owner role (for safeguarding, also lead role) is live, or was ended less than 14 days ago by
-- somebody else.
create function private.is_only_decider(p_role public.organiser_role, p_summit uuid, p_is_deputy boolean,
	p_proposer uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (
		select from public.role_grants as g
		where g.person_id <> p_proposer
			and (g.role = 'owner' and (g.summit_id is null or g.summit_id = p_summit) or g.role = 'safeguarding'
				and p_role = 'safeguarding' and not p_is_deputy)
			and (g.ended_at is null
				and (g.role = 'safeguarding' or g.person_id in (select private.role_holders('owner', p_summit)))
				or g.ended_at > now() - interval '14 days' and g.ended_by is distinct from g.person_id))
$$;

-- Whether a confirmed proposal still gives what it says to this person: who decided may still decide, and is not who
-- gets it.
create function private.is_role_due(p private.role_proposals, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.state = 'confirmed' and p_person is not null and p_person is distinct
		from p.proposed_by and private.holds_role(p.proposed_by, p.summit_id, 'owner')
		and case when p.is_alone then private.is_only_decider(p.role, p.summit_id, p.is_deputy, p.proposed_by)
			else p.decided_by
				in (select private.role_deciders(p.role, p.summit_id, p.is_deputy, p.proposed_by, p_person)) end
$$;

-- The last word, whichever path leads here: no such role without its confirmed proposal. Two exceptions: the first
-- owner of an installation, whom OWNER_EMAIL names, and whoever works on the database itself as its owner and for
-- nobody (migrations, the sample).
create function private.check_role_grant() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_p private.role_proposals;
begin
	if not private.takes_two(new.role) or new.ended_at is not null then return new; end if;
	if tg_op = 'UPDATE' and old.ended_at is null and (old.role, old.summit_id, old.proposal_id) is not distinct
		from (new.role, new.summit_id, new.proposal_id) then
		return new;
	end if;
	if auth.uid() is null and private.actor() is null
		and pg_catalog.pg_has_role(session_user,
			(select c.relowner from pg_catalog.pg_class as c where c.oid = tg_relid), 'usage') then
		return new;
	end if;
	if tg_op = 'INSERT' and new.role = 'owner' and new.summit_id is null and auth.uid() is null
		and not exists (select from public.role_grants where role = 'owner') then
		return new;
	end if;
	select * into v_p from private.role_proposals as p where p.id = new.proposal_id;
	if not found or tg_op = 'UPDATE' or v_p.is_deputy or v_p.role <> new.role or v_p.summit_id is distinct
		from new.summit_id
		or v_p.person_id is distinct
			from new.person_id and v_p.address_hash is null or not private.is_role_due(v_p, new.person_id) then
		raise exception 'a second person confirms this role first' using errcode = 'insufficient_privilege';
	end if;
	return new;
end
$$;

create trigger role_takes_two before insert or update on public.role_grants for each row
	execute function private.check_role_grant();

-- Tells the people who watch over a role that it was granted or ended: all safeguarding leads, or all owners. A lead
-- whose role another person ended in the last 30 days is told as well: removing them first does not keep it from them.
create function private.notify_role_watchers(p_role public.organiser_role, p_summit uuid, p_via uuid, p_change text,
	p_once text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_watcher uuid;
begin
	for v_watcher in
		select distinct g.person_id from public.role_grants as g
		where (g.role = 'owner' and (g.summit_id is null or p_summit is null or g.summit_id = p_summit)
			or g.role = 'safeguarding' and p_role = 'safeguarding')
			and (g.ended_at is null or g.role = 'safeguarding' and g.ended_at > now() - interval '30 days'
				and g.ended_by is distinct from g.person_id)
	loop
		perform private.tell('person:' || v_watcher, 'roles');
		if v_watcher is distinct from private.me() then
			perform private.enqueue_mail(v_watcher, 'role_changed',
				jsonb_build_object('role', p_role, 'change', p_change), p_via,
				format('role_changed:%s:%s:%s', p_once, p_change, v_watcher));
		end if;
	end loop;
end
$$;

-- What a confirmed proposal brings about: the role, the deputy, or (where it goes to an address) the invitation.
create function private.carry_out_role(p private.role_proposals) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_status text;
begin
	if p.address_hash is not null then
		return private.invite(p.via_summit_id, p.role, null, null,
			jsonb_build_object('hash', encode(p.address_hash, 'hex'), 'sealed', encode(p.address_sealed, 'hex'),
			'key_id', p.key_id), p.display_name, null, false, p.summit_id is null, p.id);
	end if;
	if p.is_deputy then
		insert into private.concern_deputies (summit_id, person_id, proposal_id) values (p.summit_id, p.person_id, p.id)
			on conflict do nothing;
	else
		v_status := private.give_role(p.person_id, p.role, p.summit_id, p.via_summit_id, p.proposed_by, p);
		if v_status <> 'ok' then return v_status; end if;
	end if;
	perform private.tell('person:' || p.person_id, 'rights');
	perform private.enqueue_mail(p.person_id, case when p.is_deputy then 'deputy_granted' else 'role_granted' end,
		case when p.is_deputy then '{}' else jsonb_build_object('role', p.role) end, p.via_summit_id);
	return 'ok';
end
$$;

-- Writes the grant itself, and tells those who watch over it. A new lead also learns of leads who were named without
-- one.
create function private.give_role(p_person uuid, p_role public.organiser_role, p_summit uuid, p_via uuid, p_by uuid,
	p private.role_proposals) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into public.role_grants (person_id, role, summit_id, granted_by, proposal_id)
		values (p_person, p_role, p_summit, p_by, p.id) on conflict do nothing;
	if not found then return 'already'; end if;
	if p.id is null then return 'ok'; end if;
	perform private.notify_role_watchers(p_role, p_summit, p_via, 'granted', p.id::text);
	if p_role = 'safeguarding'
		and exists (select from public.role_grants as g join private.role_proposals as q on q.id = g.proposal_id
		where g.role = 'safeguarding' and g.ended_at is null and g.person_id <> p_person and q.is_without_lead) then
		perform private.enqueue_mail(p_person, 'lead_without_lead', '{}', p_via);
	end if;
	return 'ok';
end
$$;

-- Proposes, and tells who may confirm; the only owner's proposal takes effect at once. The caller checked who asks.
-- Answers ok (in effect), proposed, already_proposed, own (nobody proposes themselves) or no_second (somebody else has
-- to be able to confirm it first).
create function private.propose_role(p private.role_proposals) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_decider uuid;
	v_is_waiting boolean := false;
begin
	if p.person_id = v_me then return 'own'; end if;
	perform pg_advisory_xact_lock(20261125);
	update private.role_proposals as o set state = 'expired', decided_at = now()
		where o.state = 'open' and o.expires_at <= now();
	insert into private.role_proposals (summit_id, via_summit_id, role, is_deputy, person_id, address_hash,
		address_sealed, key_id, display_name, proposed_by)
	values (p.summit_id, p.via_summit_id, p.role, p.is_deputy, p.person_id, p.address_hash, p.address_sealed, p.key_id,
		p.display_name, v_me)
	on conflict do nothing returning * into p;
	if not found then return 'already_proposed'; end if;
	for v_decider in select private.role_deciders(p.role, p.summit_id, p.is_deputy, v_me, p.person_id) loop
		v_is_waiting := true;
		perform private.tell('person:' || v_decider, 'roles');
		perform private.enqueue_mail(v_decider, 'role_proposed', jsonb_build_object('role', p.role), p.via_summit_id,
			format('role_proposed:%s:%s', p.id, v_decider));
	end loop;
	if v_is_waiting then return 'proposed'; end if;
	if not private.is_only_decider(p.role, p.summit_id, p.is_deputy, v_me) then
		delete from private.role_proposals as o where o.id = p.id;
		return 'no_second';
	end if;
	update private.role_proposals as o set state = 'confirmed', decided_by = v_me, decided_at = now(), is_alone = true,
		is_without_lead = o.role = 'safeguarding'
		and v_me not in (select private.leads_for(o.summit_id))
	where o.id = p.id returning * into p;
	return private.carry_out_role(p);
end
$$;

-- Grants a role to somebody known. Only an owner of the Summit (for all: an owner of all); roles that take two are
-- proposed. Answers ok, already, not_allowed or unknown_person, and what propose_role answers.
create function public.grant_role(person uuid, role public.organiser_role, summit uuid default null, via uuid
	default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_p private.role_proposals;
begin
	if role is null or not private.has_role(summit, 'owner') then return 'not_allowed'; end if;
	if not exists (select from public.people where id = person) then return 'unknown_person'; end if;
	if exists (select from public.role_grants as g
		where g.person_id = person and g.role = grant_role.role and g.summit_id is not distinct
		from summit and g.ended_at is null) then
		return 'already';
	end if;
	v_p.summit_id := summit;
	v_p.via_summit_id := coalesce(summit, via,
		(select s.id from public.summits as s order by s.starts_on desc limit 1));
	if private.takes_two(role) then
		if v_p.via_summit_id is null then return 'not_allowed'; end if;
		v_p.role := grant_role.role;
		v_p.is_deputy := false;
		v_p.person_id := person;
		return private.propose_role(v_p);
	end if;
	if private.give_role(person, role, summit, null, private.me(), null) <> 'ok' then return 'already'; end if;
	perform private.tell('person:' || person, 'rights');
	perform private.enqueue_mail(person, 'role_granted', jsonb_build_object('role', grant_role.role),
		v_p.via_summit_id);
	return 'ok';
end
$$;
grant execute on function public.grant_role(uuid, public.organiser_role, uuid, uuid) to authenticated;

-- The second person. Answers ok, not_found (answered, withdrawn, expired, or none of the reader's), own (their own, or
-- it would benefit them), lapsed (whoever proposed may no longer) or already.
create function public.confirm_role_proposal(proposal uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_p private.role_proposals;
begin
	perform pg_advisory_xact_lock(20261125);
	select * into v_p from private.role_proposals as o
		where o.id = proposal and o.state = 'open' and o.expires_at > now() for update;
	if not found or not private.sees_role_proposal(v_p) then return 'not_found'; end if;
	if v_me in (v_p.proposed_by, v_p.person_id) then return 'own'; end if;
	if v_me not
		in (select private.role_deciders(v_p.role, v_p.summit_id, v_p.is_deputy, v_p.proposed_by, v_p.person_id)) then
		return 'not_allowed';
	end if;
	if not private.holds_role(v_p.proposed_by, v_p.summit_id, 'owner') then return 'lapsed'; end if;
	update private.role_proposals as o
		set state = 'confirmed', decided_by = v_me, decided_at = now(), is_without_lead = o.role = 'safeguarding'
		and not exists (select from private.leads_for(o.summit_id) as l where l in (v_me, o.proposed_by))
	where o.id = proposal returning * into v_p;
	return private.carry_out_role(v_p);
end
$$;
grant execute on function public.confirm_role_proposal(uuid) to authenticated;

-- Taken back by who proposed it, or refused by one who could confirm it. Answers ok or not_found.
create function public.refuse_role_proposal(proposal uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_p private.role_proposals;
begin
	perform pg_advisory_xact_lock(20261125);
	select * into v_p from private.role_proposals as o where o.id = proposal and o.state = 'open' for update;
	if not found or v_me is distinct from v_p.proposed_by
		and v_me not
			in (select private.role_deciders(v_p.role, v_p.summit_id, v_p.is_deputy, v_p.proposed_by, v_p.person_id))
			then
		return 'not_found';
	end if;
	update private.role_proposals as o set state = case when v_me = v_p.proposed_by then 'withdrawn' else 'refused' end,
		decided_by = v_me, decided_at = now()
	where o.id = proposal;
	perform private.tell('person:' || v_p.proposed_by, 'roles');
	return 'ok';
end
$$;
grant execute on function public.refuse_role_proposal(uuid) to authenticated;

-- Owners see the proposals of their Summit, safeguarding leads those of safeguarding.
create function private.sees_role_proposal(p private.role_proposals) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(p.summit_id, 'owner') or p.role = 'safeguarding' and not p.is_deputy
		and private.me() in (select private.leads_for(p.summit_id))
$$;

-- Ends a role or a deputy's task: one person's act, an owner's or one's own, told to those who watch over it. Answers
-- ok, already, not_allowed or last_owner.
create function public.end_role(role_grant uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_grant public.role_grants;
	v_via uuid;
	v_person uuid;
begin
	update private.concern_deputies as d set ended_at = now(), ended_by = v_me
	where d.id = role_grant and d.ended_at is null and (d.person_id = v_me or private.has_role(d.summit_id, 'owner'))
		returning d.person_id into v_person;
	if found then
		perform private.tell('person:' || v_person, 'rights');
		return 'ok';
	end if;
	-- Two owners who end each other at once: the lock lets only one of them.
	perform pg_advisory_xact_lock(20261125);
	select * into v_grant from public.role_grants where id = role_grant for update;
	if not found or not coalesce(v_grant.person_id = v_me or private.has_role(v_grant.summit_id, 'owner'), false) then
		return 'not_allowed';
	end if;
	if v_grant.ended_at is not null then return 'already'; end if;
	-- Whoever never can sign in is no owner who could name the next.
	if v_grant.role = 'owner' and v_grant.summit_id is null and not exists (
		select from private.role_holders('owner', null) as h where h <> v_grant.person_id) then
		return 'last_owner';
	end if;
	update public.role_grants set ended_at = now(), ended_by = v_me where id = role_grant;
	perform private.tell('person:' || v_grant.person_id, 'rights');
	v_via := coalesce(v_grant.summit_id, (select s.id from public.summits as s order by s.starts_on desc limit 1));
	if v_grant.person_id <> v_me then
		perform private.enqueue_mail(v_grant.person_id, 'role_ended', jsonb_build_object('role', v_grant.role), v_via);
	end if;
	if private.takes_two(v_grant.role) then
		perform private.notify_role_watchers(v_grant.role, v_grant.summit_id, v_via, 'ended', role_grant::text);
	end if;
	return 'ok';
end
$$;
grant execute on function public.end_role(uuid) to authenticated;

-- Names a deputy for the concerns of this Summit that no lead may read: an owner's proposal, confirmed by another
-- owner.
create function public.name_concern_deputy(person uuid, summit uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_p private.role_proposals;
begin
	if summit is null or not private.has_role(summit, 'owner') then return 'not_allowed'; end if;
	if not exists (select from public.people where id = person) then return 'unknown_person'; end if;
	if exists (select from private.concern_deputies as d
		where d.person_id = person and d.summit_id = summit and d.ended_at is null) then
		return 'already';
	end if;
	v_p.summit_id := summit;
	v_p.via_summit_id := summit;
	v_p.role := 'safeguarding';
	v_p.is_deputy := true;
	v_p.person_id := person;
	return private.propose_role(v_p);
end
$$;
grant execute on function public.name_concern_deputy(uuid, uuid) to authenticated;

-- Who holds which role: for owners all of them, for safeguarding leads the leads. `named`: how one that takes two came
-- about, null where it was there before this rule or is the first owner's.
create function public.list_roles(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'person_id', g.person_id, 'display_name', p.display_name,
		'office', p.office,
		'role', g.role, 'is_for_all', g.summit_id is null, 'granted_at', g.granted_at, 'is_me',
			g.person_id = private.me(),
		'may_end', private.has_role(g.summit_id, 'owner') or g.person_id = private.me(),
		'named', case when q.id is not null then jsonb_build_object('proposed_by',
			(select x.display_name from public.people as x where x.id = q.proposed_by),
			'confirmed_by', (select x.display_name from public.people as x where x.id = q.decided_by), 'is_alone',
				q.is_alone,
			'is_without_lead', q.is_without_lead and not q.is_deputy) end,
		'has_account', exists (select from public.account_people where person_id = g.person_id and relation = 'self'))
		order by g.rank, p.display_name, g.granted_at), '[]')
	from (
		select r.id, r.person_id, r.role::text, r.role as rank, r.summit_id, r.granted_at, r.proposal_id
			from public.role_grants as r
		where r.ended_at is null and (r.summit_id is null or r.summit_id = list_roles.summit)
			and (private.has_role(list_roles.summit, 'owner') or r.role = 'safeguarding'
				and private.has_role(list_roles.summit, 'safeguarding'))
		union all
		select d.id, d.person_id, 'deputy', 'safeguarding', d.summit_id, d.granted_at, d.proposal_id
			from private.concern_deputies as d
		where d.ended_at is null and d.summit_id = list_roles.summit and private.has_role(list_roles.summit, 'owner')
	) as g
	join public.people as p on p.id = g.person_id left join private.role_proposals as q on q.id = g.proposal_id
$$;
grant execute on function public.list_roles(uuid) to authenticated;

-- Open proposals that the reader sees: [{id, role, is_deputy, is_for_all, display_name, address_sealed, key_id,
-- proposed_by, proposed_at, expires_at, is_mine, may_confirm, waits_for: [name]}]. The address is sealed; the app opens
-- it for who decides, who has to know to whom it goes.
create function public.list_role_proposals(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'role', q.role, 'is_deputy', q.is_deputy, 'is_for_all',
		q.summit_id is null,
		'display_name',
			coalesce(q.display_name, (select x.display_name from public.people as x where x.id = q.person_id)),
		'address_sealed', encode(q.address_sealed, 'hex'), 'key_id', q.key_id,
		'proposed_by', (select x.display_name from public.people as x where x.id = q.proposed_by),
		'proposed_at', private.iso(q.proposed_at), 'expires_at', private.iso(q.expires_at), 'is_mine',
			q.proposed_by = private.me(),
		'may_confirm', private.me()
			in (select private.role_deciders(q.role, q.summit_id, q.is_deputy, q.proposed_by, q.person_id)),
		'waits_for', (select coalesce(jsonb_agg(x.display_name order by x.display_name), '[]') from public.people as x
			where x.id in (select private.role_deciders(q.role, q.summit_id, q.is_deputy, q.proposed_by, q.person_id))))
				order by q.proposed_at), '[]')
	from private.role_proposals as q
	where q.state = 'open' and q.expires_at > now()
		and (q.summit_id is null or q.summit_id = list_role_proposals.summit) and private.sees_role_proposal(q)
$$;
grant execute on function public.list_role_proposals(uuid) to authenticated;
