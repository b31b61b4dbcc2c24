-- Review of changes after accreditation: a checked field that changes is reviewed again. Until then, door and stage
-- stay open to the person or not, as the Summit has set (accreditation_settings.pauses_rights).

-- Whether door and stage are closed until the change is reviewed.
create function private.is_re_review_blocking(p_registration uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.re_reviews as v
		join public.accreditation_settings as s on s.summit_id = v.summit_id and s.pauses_rights
		where v.registration_id = p_registration and v.state = 'open')
$$;

-- Whether the change needs no review: the system or a registration organiser makes it. Organisers who change
-- themselves, or a person they act for, are reviewed like everybody.
create function private.is_exempt_from_re_review(p_r public.registrations) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.actor() is null
		or private.has_role(p_r.summit_id, 'registration') and p_r.person_id not in (select private.my_people())
$$;

-- Opens a review for the checked fields that differ between `p_old` and `p_new`, or adds them to the open one; closes
-- it as reverted when all values are as they were. An open proposal is cancelled, because it was made for the old
-- values.
create function private.open_re_review(p_r public.registrations, p_old jsonb, p_new jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_fields text[] := array(
		select f.key
		from jsonb_each(p_new) as f
		where f.value is distinct from p_old -> f.key
			and f.key in (select unnest(s.checked_fields)
				from public.accreditation_settings as s
				where s.summit_id = p_r.summit_id));
	v_v private.re_reviews;
	v_before jsonb;
	v_values jsonb;
begin
	if v_fields = '{}' then return; end if;
	perform private.cancel_decision_proposals(p_r.id, 'changed');
	if p_r.state not in ('accredited', 'awaiting_payment', 'confirmed') or private.is_exempt_from_re_review(p_r) then
		return;
	end if;
	select * into v_v from private.re_reviews as v where v.registration_id = p_r.id and v.state = 'open' for update;
	v_before := coalesce(private.open_sealed(v_v.key_person, v_v.sealed), '{"old": {}, "new": {}}');
	-- The earliest old values, and the latest new ones.
	v_values := jsonb_build_object(
		'old', (select jsonb_object_agg(f, p_old -> f) from unnest(v_fields) as f) || (v_before -> 'old'),
		'new', (v_before -> 'new') || (select jsonb_object_agg(f, p_new -> f) from unnest(v_fields) as f));
	if v_v.sealed is not null and v_values -> 'old' = v_values -> 'new' then
		update private.re_reviews as v set state = 'reverted', closed_at = now() where v.id = v_v.id;
	else
		insert into private.re_reviews as v (summit_id, registration_id, fields, sealed, key_person)
		select p_r.summit_id, p_r.id, array(select distinct f from unnest(v_v.fields || v_fields) as f order by f),
			sealed.bytes, case when sealed.bytes is not null then p_r.person_id end
		from (select case
				when not private.has_identity_history(p_r.person_id)
					then private.seal_for_audit(p_r.person_id, v_values)
			end as bytes) as sealed
		on conflict (registration_id) where state = 'open' do update
			set fields = excluded.fields, sealed = excluded.sealed, key_person = excluded.key_person;
	end if;
	perform private.notify_registration(p_r);
	perform private.publish_event('person:' || p_r.person_id, 'rights');
end
$$;

-- Reviews a change of name, office, affiliation or country in every live registration of the person, apart from those
-- of closed Summits.
create function private.re_review_person_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	-- A merge of two records needs two staff members, and its new id is no new name.
	if current_setting('app.merging', true) = 'yes' then return null; end if;
	for v_r in
		select r.*
		from public.registrations as r
		where r.person_id = new.id and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
			and not private.is_summit_closed(r.summit_id)
		order by r.id
	loop
		perform private.open_re_review(v_r,
			jsonb_build_object('display_name', old.display_name, 'office', old.office,
				'affiliation', old.affiliation, 'country', old.country),
			jsonb_build_object('display_name', new.display_name, 'office', new.office,
				'affiliation', new.affiliation, 'country', new.country));
	end loop;
	return null;
end
$$;
create trigger start_re_review after update of display_name, office, affiliation, country on public.people
	for each row
	when ((old.display_name, old.office, old.affiliation, old.country) is distinct
		from (new.display_name, new.office, new.affiliation, new.country))
	execute function private.re_review_person_change();

-- Reviews a change of member or category. The member is recorded by its name.
create function private.re_review_registration_change() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.open_re_review(new,
		jsonb_build_object(
			'member_id', (select m.name from public.members as m where m.id = old.member_id),
			'category', old.category),
		jsonb_build_object(
			'member_id', (select m.name from public.members as m where m.id = new.member_id),
			'category', new.category));
	return null;
end
$$;
create trigger start_re_review after update of member_id, category on public.registrations for each row
	when ((old.member_id, old.category) is distinct from (new.member_id, new.category) and new.state <> 'draft')
	execute function private.re_review_registration_change();

-- Deletes the recorded values when a protection of the person is set or changed: nobody reads the former name of a
-- person with an alias (Rule 7). For every kind of protection, as private.has_identity_history counts them: values that
-- are missing for those with an alias only would say who has one.
create function private.erase_re_review_values() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.re_reviews as v
	set sealed = null, key_person = null
	from public.registrations as r
	where r.id = v.registration_id and r.person_id = new.person_id and v.sealed is not null;
	return null;
end
$$;
create trigger erase_re_review_values after insert or update on private.protections for each row
	execute function private.erase_re_review_values();

-- Accepts the change. Answers change_accepted, or wrong_state when there is none to accept.
create function private.confirm_re_review(p_r public.registrations) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.re_reviews as v
	set state = 'confirmed', closed_by = private.me(), closed_at = now()
	where v.registration_id = p_r.id and v.state = 'open';
	if not found then return 'wrong_state'; end if;
	perform private.notify_registration(p_r);
	perform private.publish_event('person:' || p_r.person_id, 'rights');
	return 'change_accepted';
end
$$;

-- The open review of a registration, for organisers: {fields, opened_at, is_re_review_blocking, old, new}. old and new
-- are left out for people whose values the staff may not read.
create function private.re_review_json(p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'fields', to_jsonb(v.fields),
		'opened_at', private.iso(v.opened_at),
		'is_paused', private.is_re_review_blocking(p_r.id)
	) || coalesce(case
		when not private.has_identity_history(p_r.person_id) then private.open_sealed(v.key_person, v.sealed)
	end, '{}')
	from private.re_reviews as v
	where v.registration_id = p_r.id and v.state = 'open'
$$;

-- The person corrects name, office or country after the form was submitted; an alias is changed elsewhere. Answers
-- {status: ok | invalid | protected (has an alias) | closed | not_found, faults, review}. faults: the invalid fields,
-- or frozen when the name may not change any more; review: whether the change waits for the desk. Locks the
-- registration.
create function public.update_my_details(registration uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_faults text[];
begin
	select * into v_r
	from public.registrations as r
	where r.id = registration and r.person_id in (select private.my_people('registration'))
	for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if v_r.state in ('draft', 'declined', 'withdrawn', 'expired')
		or exists (select from public.summits as s where s.id = v_r.summit_id and s.state in ('closed', 'archived'))
	then
		return jsonb_build_object('status', 'closed');
	end if;
	if private.has_alias(v_r.person_id) then return jsonb_build_object('status', 'protected'); end if;
	v_faults := case
		when jsonb_typeof(fields) = 'object' then private.invalid_name_fields(fields)
		else array['display_name']
	end;
	if v_faults = '{}' and private.is_name_frozen(v_r.person_id, fields ->> 'display_name') then
		v_faults := array['frozen'];
	end if;
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	perform private.set_audit_context(v_r.person_id);
	update public.people as person
	set display_name = private.one_line(fields ->> 'display_name'),
		office = private.one_line(coalesce(fields ->> 'office', person.office)),
		country = case when fields ? 'country' then nullif(fields ->> 'country', '')::char(2) else person.country end,
		updated_at = now()
	where person.id = v_r.person_id;
	return jsonb_build_object(
		'status', 'ok',
		'review', exists (select from private.re_reviews as v
			where v.registration_id = v_r.id and v.state = 'open'));
end
$$;
grant execute on function public.update_my_details(uuid, jsonb) to authenticated;
