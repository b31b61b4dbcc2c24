-- Erasing a person. What can be deleted is deleted, what others need stays without name, address and key, and the audit
-- loses its personal values with the key.

-- Every column of every table that refers to a person or a registration, and whether its rows go with an erasure.
-- Columns that name who did something (set null when the person goes) lead to the record without a name.
create function private.erasable_columns(p_target regclass) returns table (table_name regclass, column_name name)
language sql stable security definer set search_path = '' as $$
	select c.conrelid::regclass, a.attname
	from pg_catalog.pg_constraint as c
	join pg_catalog.pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
	where c.contype = 'f' and c.confrelid = p_target and c.confdeltype = 'c'
		and not exists (select from private.retained_tables as t where t.name::regclass = c.conrelid)
	order by c.conrelid::regclass::text, a.attname
$$;

-- Deletes the rows that refer to one person or registration.
create function private.delete_rows_about(p_target regclass, p_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_column record;
begin
	for v_column in select c.table_name, c.column_name from private.erasable_columns(p_target) as c loop
		execute format('delete from %s where %I = $1', v_column.table_name, v_column.column_name) using p_id;
	end loop;
end
$$;

-- Deletes what was written to the addresses of a person or entered for them before they signed in: every row that has
-- the hash of one, but for what safeguarding keeps. What was accepted through an invitation or a proposal stays, without
-- the address.
create function private.delete_rows_by_address(p_person uuid, p_hashes bytea[]) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_table regclass;
begin
	update private.invitations as i
	set address_hash = extensions.gen_random_bytes(32), address_sealed = null, key_id = null, address_mask = '…',
		note_sealed = null,
		revoked_at = case when i.used_at is null then coalesce(i.revoked_at, now()) end
	where i.address_hash = any (p_hashes);
	update private.role_proposals as x
	set person_id = p_person, address_hash = null, address_sealed = null, key_id = null, display_name = null
	where x.address_hash = any (p_hashes) and x.state <> 'open';
	for v_table in
		select c.oid::regclass
		from pg_catalog.pg_class as c
		join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attname = 'address_hash' and not a.attisdropped
		where c.relkind = 'r'
			and not exists (select from private.retained_tables as t
				where t.name::regclass = c.oid and t.reason = 'safeguarding')
		order by c.oid::regclass::text
	loop
		execute format('delete from %s where address_hash = any ($1)', v_table) using p_hashes;
	end loop;
end
$$;

-- Ends the live registrations of a person, as a withdrawal would, without a mail: seats go to the queue, what was paid
-- is refunded by the rule of the Summit. A registration of a Summit that is over stays counted. The modes are locked.
create function private.end_registrations_of(p_person uuid, p_summits uuid[]) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.leave_summit(r.id, 'withdrawn', '', private.refund_percent(r.summit_id))
	from public.registrations as r
	where r.person_id = p_person
		and r.summit_id = any (p_summits)
		and r.state not in ('declined', 'withdrawn', 'expired');
	perform private.serve_queues(summit) from unnest(p_summits) as summit;
end
$$;

-- Withdraws every consent of a person, so that what follows from a consent ends: recordings that they are in are sealed.
create function private.withdraw_consents_of(p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update public.consents as c set withdrawn_at = now()
	where c.person_id = p_person and c.given_at is not null and c.withdrawn_at is null;
	update public.session_people as sp
	set consent_live = false, consent_record = false, consent_publish = false, consent_photo = false
	where sp.person_id = p_person;
	perform private.set_floor_consent(f.run_id, p_person, false)
	from (select run_id from private.floor_consents where person_id = p_person order by run_id) as f;
	perform private.withdraw_booth_consent_of(runs, p_person)
	from public.runs
	join private.booth_consents as c on c.run_id = runs.id
	where c.person_id = p_person;
end
$$;

-- Takes from a registration what is not needed to count it.
create function private.empty_registration(p_registration uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.delete_rows_about('public.registrations', p_registration);
	update public.registrations as r
	set languages = '{}', is_minor = false, guardian_id = null, guardian_consent_at = null, updated_at = now()
	where r.id = p_registration;
	-- A minor who was sent or confirmed keeps the reference to what is now an empty registration: without any guardian
	-- the row could not stand, and one whose registration has ended allows nothing (17_participation/guardians.sql).
	update public.registrations as r set guardian_id = null, guardian_consent_at = null
	where r.guardian_id = p_registration and r.state in ('draft', 'declined', 'withdrawn', 'expired');
	update public.registration_steps as s set reason = '' where s.reason <> '' and s.registration_id = p_registration;
	update public.badges as b set revoked_at = now(), revoked_reason = 'renewed'
	where b.revoked_at is null and b.registration_id = p_registration;
end
$$;

-- Gives the proposals of a person to the first of the others who confirmed, authors before speakers.
create function private.hand_over_proposals(p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	with successors as (
		select distinct on (e.proposal_id) e.proposal_id, e.person_id
		from private.proposal_people as e
		join private.proposals as p on p.id = e.proposal_id and p.owner_id = p_person
		where e.state = 'confirmed' and e.person_id <> p_person
		order by e.proposal_id, e.is_author desc, e.position, e.id
	), handed as (
		update private.proposals as p set owner_id = successors.person_id, version = p.version + 1, updated_at = now()
		from successors
		where p.id = successors.proposal_id
	)
	update private.proposal_people as e set is_author = true
	from successors
	where e.proposal_id = successors.proposal_id and e.person_id = successors.person_id;
end
$$;

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
create function private.erase_person(p_person uuid) returns void
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
	perform private.delete_library_drafts_of(p_person);
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
