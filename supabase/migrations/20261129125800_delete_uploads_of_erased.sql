-- Erasing a person deletes the files that they uploaded for their sessions.

-- Deletes the versions of slides and handouts that a person uploaded for sessions of theirs. What others uploaded stays,
-- and is shown again. Takes the locks of the files of these sessions.
create function private.delete_uploads_of(p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session uuid;
begin
	for v_session in
		select distinct f.session_id
		from private.file_versions as v
		join private.session_files as f on f.id = v.file_id
		join public.session_people as sp on sp.session_id = f.session_id and sp.person_id = p_person
		where v.uploaded_by = p_person
		order by 1
	loop
		perform pg_advisory_xact_lock(hashtextextended(v_session::text, 47));
		delete from private.file_versions as v
		using private.session_files as f
		where f.id = v.file_id and f.session_id = v_session and v.uploaded_by = p_person;
		delete from private.session_files as f
		where f.session_id = v_session and not exists (select from private.file_versions as v where v.file_id = f.id);
		perform private.notify_files_changed(v_session);
	end loop;
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
	update private.person_keys as k set key = '' where k.person_id = p_person or k.person_id = any (v_former);
	perform private.publish_event('person:' || each, 'rights') from unnest(v_former || p_person) as each;
	perform private.publish_event('site', 'changed');
end
$$;
