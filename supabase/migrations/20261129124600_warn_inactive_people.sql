-- Co-authors keep the proposals of somebody who is erased, and inactive people are warned before their account goes.

create table private.inactivity_warnings (
	person_id uuid primary key references public.people (id) on update cascade on delete cascade,
	last_sign_at timestamptz not null,
	warned_at timestamptz not null
);
alter table private.inactivity_warnings enable row level security;

insert into private.not_copied_tables (name, reason) values ('private.inactivity_warnings', 'technical');
insert into private.retention_rules (table_name, class) values ('private.inactivity_warnings', 'contact');
update private.retention_rules
set only_if = 'greatest(t.created_at, t.updated_at) <= $3 and private.has_contact_data(t) and private.is_warning_over(t.id, $2)'
where table_name = 'public.people';

-- Whether somebody was warned since they last gave a sign.
create function private.is_inactivity_announced(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.inactivity_warnings as w
		where w.person_id = p_person and w.last_sign_at >= private.last_sign_of(p_person))
$$;

-- Warns people a month before their account is erased, by mail: to sign in keeps it. At most so many at once; the rest
-- is warned an hour later.
create function private.warn_inactive_people(p_now timestamptz, p_limit integer) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_before timestamptz := p_now + interval '30 days'
		- make_interval(days => private.retention_days('contact', null, p_now));
	v_person record;
begin
	if private.is_class_held('contact', null, p_now) then return; end if;
	for v_person in
		select p.id, private.last_sign_of(p.id) as last_sign
		from public.people as p
		where greatest(p.created_at, p.updated_at) <= v_before
			and exists (select from private.person_addresses as a where a.person_id = p.id)
			and not private.is_inactivity_announced(p.id)
			and private.last_sign_of(p.id) <= v_before
			and not private.is_person_held(p.id, p_now)
		limit p_limit
		for update of p skip locked
	loop
		insert into private.inactivity_warnings as w (person_id, last_sign_at, warned_at)
		values (v_person.id, v_person.last_sign, p_now)
		on conflict (person_id) do update
			set last_sign_at = excluded.last_sign_at, warned_at = excluded.warned_at;
		perform private.enqueue_mail(v_person.id, 'account_inactive', jsonb_build_object(
			'since', private.iso(v_person.last_sign), 'erased_on', private.iso(p_now + interval '30 days')));
	end loop;
end
$$;

-- Whether an inactive person can be erased: a month after the warning, at once where nobody could be warned.
create function private.is_warning_over(p_person uuid, p_now timestamptz) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (select from private.person_addresses as a where a.person_id = p_person)
		or private.is_inactivity_announced(p_person)
			and exists (select from private.inactivity_warnings as w
				where w.person_id = p_person and w.warned_at <= p_now - interval '30 days')
$$;

-- Erases somebody who takes part in nothing any more. Who is named in a published agenda loses the account, the keys
-- to it and the addresses. Locks as an erasure does, then looks again: they may have come back.
create or replace function private.erase_inactive_person(p_id uuid, p_before timestamptz, p_now timestamptz) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person public.people;
	v_hashes bytea[];
begin
	perform from public.registrations as r where r.person_id = p_id order by r.id for no key update;
	select * into v_person from public.people as p where p.id = p_id for update;
	if not found
		or coalesce(private.last_sign_of(p_id) > p_before, true)
		or not private.has_contact_data(v_person)
		or not private.is_warning_over(p_id, p_now)
		or private.is_person_held(p_id, p_now) then
		return false;
	end if;
	if private.is_in_agenda(p_id) then
		v_hashes := array(select x.address_hash from private.person_addresses as x where x.person_id = p_id);
		delete from auth.users as u
		using public.account_people as a
		where a.person_id = p_id and a.relation = 'self' and u.id = a.account_id;
		perform private.delete_rows_by_address(p_id, v_hashes);
		delete from private.person_addresses as a where a.person_id = p_id;
		delete from private.passkeys as k where k.person_id = p_id;
		delete from private.recovery_codes as k where k.person_id = p_id;
	else
		perform private.erase_person(p_id);
	end if;
	return true;
end
$$;

-- The next step from a place on: removes what is due of one table at one Summit, at most `p_limit` rows, and answers
-- where to go on; null: the round is over, and the next one begins after an hour. What cannot be removed is reported,
-- and keeps nothing else waiting.
create or replace function private.sweep_retention(
	p_from integer default 0, p_now timestamptz default now(), p_limit integer default 200
) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_step record;
	v_days integer;
	v_table text;
	v_count integer;
	v_fault text;
begin
	if p_from = 0 and exists (
		select from private.last_retention_round as l where l.at between p_now - interval '1 hour' and p_now) then
		return null;
	end if;
	-- Changes of periods and holds wait for this step.
	perform pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtextextended('retention', 0));
	perform set_config('app.reason', 'retention', true);
	perform set_config('app.retention', 'sweep', true);
	if p_from = 0 then perform private.warn_inactive_people(p_now, p_limit); end if;
	for v_step in select * from private.retention_steps() as s where s.place >= p_from order by s.place loop
		continue when private.is_class_held(v_step.class, v_step.summit_id, p_now);
		v_days := private.retention_days(v_step.class, v_step.summit_id, p_now);
		v_table := coalesce((v_step.rule).table_name, 'audit.entries');
		v_fault := null;
		begin
			v_count := case when (v_step.rule).table_name is null
				then private.sweep_audit(v_step.class, v_step.summit_id, p_now, v_days, p_limit)
				else private.sweep_rule(v_step.rule, v_step.clock, v_step.summit_id, p_now, v_days, p_limit) end;
		exception when others then
			v_count := 0;
			v_fault := sqlstate;
		end;
		if v_count > 0 or v_fault is not null then
			perform private.report_sweep(v_step.class, v_step.summit_id, v_table, v_count, p_now, v_fault);
			return case when v_fault is null then v_step.place else v_step.place + 1 end;
		end if;
	end loop;
	insert into private.last_retention_round (at) values (p_now) on conflict (id) do update set at = excluded.at;
	return null;
end
$$;

-- Gives the proposals of a person to the first of the others who confirmed, authors before speakers.
create function private.hand_over_proposals(p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	with heirs as (
		select distinct on (e.proposal_id) e.proposal_id, e.person_id
		from private.proposal_people as e
		join private.proposals as p on p.id = e.proposal_id and p.owner_id = p_person
		where e.state = 'confirmed' and e.person_id <> p_person
		order by e.proposal_id, e.is_author desc, e.position, e.id
	), handed as (
		update private.proposals as p set owner_id = heirs.person_id, version = p.version + 1, updated_at = now()
		from heirs
		where p.id = heirs.proposal_id
	)
	update private.proposal_people as e set is_author = true
	from heirs
	where e.proposal_id = heirs.proposal_id and e.person_id = heirs.person_id;
end
$$;

-- Erases one person, whose record stays without anything by which they could be recognised. Locks the modes of the
-- Summits still to come, then the registrations and the person, as other functions do.
create or replace function private.erase_person(p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text;
	v_former uuid[];
	v_accounts uuid[];
	v_hashes bytea[];
	v_summits uuid[] := array(
		select distinct r.summit_id
		from public.registrations as r
		join public.summits as s on s.id = r.summit_id and s.state not in ('closed', 'archived')
		where r.person_id = p_person and r.state not in ('declined', 'withdrawn', 'expired')
		order by 1);
begin
	perform private.set_audit_context(p_person);
	if v_summits <> '{}' then perform private.lock_modes(variadic v_summits); end if;
	perform from public.registrations as r where r.person_id = p_person order by r.id for no key update;
	select p.display_name into v_name from public.people as p where p.id = p_person for update;
	if not found then return; end if;
	v_accounts := array(select a.account_id
		from public.account_people as a
		where a.person_id = p_person and a.relation = 'self');
	v_hashes := array(select x.address_hash from private.person_addresses as x where x.person_id = p_person)
		|| array(select x.typed_hash
			from private.person_addresses as x
			where x.person_id = p_person and x.typed_hash is not null);
	v_former := array(select f.former_id from private.former_ids as f where f.person_id = p_person);
	perform private.end_registrations_of(p_person, v_summits);
	perform private.withdraw_consents_of(p_person);
	perform private.empty_registration(r.id) from public.registrations as r where r.person_id = p_person order by r.id;
	perform private.hand_over_proposals(p_person);
	delete from private.proposals as p
	where p.owner_id = p_person
		and not exists (select from private.proposal_decisions as d where d.proposal_id = p.id and d.session_id is not null);
	perform private.delete_rows_about('public.people', p_person);
	perform private.delete_rows_by_address(p_person, v_hashes);
	perform private.rewrite_former_name(p_person, v_name, '…');
	perform set_config('app.name_freeze', 'overridden', true);
	update public.people as p
	set display_name = '', office = '', affiliation = '', country = null, biography = '{}', portrait_path = null,
		links = '[]', code = private.random_code(8), updated_at = now()
	where p.id = p_person;
	delete from auth.users as u where u.id = any (v_accounts);
	perform private.notify_signed_out(account, null) from unnest(v_accounts) as account;
	update private.erasure_requests as e set erased_at = now()
	where e.person_id = p_person and e.stopped_at is null and e.erased_at is null;
	perform audit.record_event('person.erased', p_person::text, null, p_person, null);
	-- Last: until here the audit could still seal values of this person.
	update private.person_keys as k set key = '' where k.person_id = p_person or k.person_id = any (v_former);
	perform private.publish_event('person:' || each, 'rights') from unnest(v_former || p_person) as each;
	perform private.publish_event('site', 'changed');
end
$$;
