-- Erasures are kept outside the database too, and are carried out again in a restored backup.

-- Destroys the keys of a person, under each id that they had. An empty key is kept where there was none: it says that
-- this id was erased, to the audit and to those who restore an older copy of the database.
create function private.destroy_keys(p_ids uuid[]) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.person_keys as k (person_id, key)
	select id, '' from unnest(p_ids) as id
	on conflict (person_id) do update set key = ''
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
	perform private.delete_uploads_of(p_person);
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
	perform private.destroy_keys(v_former || p_person);
	perform private.publish_event('outbox', 'erasure', p_person);
	perform private.publish_event('person:' || each, 'rights') from unnest(v_former || p_person) as each;
	perform private.publish_event('site', 'changed');
end
$$;

-- The ids of erased people, former ids included.
create function private.erased_ids() returns table (person_id uuid)
language sql stable security definer set search_path = '' as $$
	select k.person_id from private.person_keys as k where k.key = '' order by k.person_id
$$;
grant execute on function private.erased_ids() to app_server;

-- Erases a person whose erasure this database does not know, being a restored backup; neither a role nor a legal hold
-- delays it, as it happened before. An id that nobody has here is noted as erased.
create function private.replay_erasure(p_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.erase_person(p_id);
	perform private.destroy_keys(array[p_id]);
end
$$;
grant execute on function private.replay_erasure(uuid) to app_server;

-- People who were erased before, and never had a key.
select private.destroy_keys(array_agg(e.person_id)) from private.erasure_requests as e where e.erased_at is not null;
