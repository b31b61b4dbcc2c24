-- Names that were sent in lists do not change any more: the name freeze, and corrections by organisers.

-- Returns whether a person is accredited at a Summit whose names are frozen and this would be another name.
create function private.is_name_frozen(p_person uuid, p_name text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
			select from public.people as p
			where p.id = p_person and p.display_name <> '' and p.display_name <> private.one_line(p_name))
		and exists (
			select from public.registrations as r
			join public.summits as s on s.id = r.summit_id
			where r.person_id = p_person
				and r.state in ('accredited', 'awaiting_payment', 'confirmed')
				and s.state in ('open', 'live')
				and s.names_freeze_at <= now())
$$;

-- Refuses a change of a frozen name on every path. The functions check first and return a status; this trigger catches
-- a write that did not.
create function private.refuse_frozen_name() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if current_setting('app.name_freeze', true) is distinct from 'overridden'
		and private.is_name_frozen(old.id, new.display_name) then
		raise sqlstate 'PT409' using message = 'the names of this Summit are frozen';
	end if;
	return new;
end
$$;
create trigger refuse_frozen_name before update of display_name on public.people
	for each row when (new.display_name is distinct from old.display_name)
	execute function private.refuse_frozen_name();

-- A registration organiser corrects a misspelt name, an office or a country. Only the person changes an alias. A frozen
-- name changes only with `override`, by which the organiser confirms that the holders of the lists will be informed;
-- the audit records that. Locks the registration. Returns ok, invalid, protected (an alias), frozen or not_allowed.
create function public.correct_name(registration uuid, fields jsonb, reason text, override boolean default false)
	returns public.name_correction_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into v_r from public.registrations as r where r.id = registration for no key update;
	if not found or not private.has_role(v_r.summit_id, 'registration') then return 'not_allowed'; end if;
	if private.has_alias(v_r.person_id) then return 'protected'; end if;
	if jsonb_typeof(fields) is distinct from 'object'
		or private.invalid_name_fields(fields) <> '{}'
		or private.one_line(reason) = '' then
		return 'invalid';
	end if;
	perform private.set_audit_context(v_r.person_id, reason);
	if private.is_name_frozen(v_r.person_id, fields ->> 'display_name') then
		if not coalesce(override, false) then return 'frozen'; end if;
		perform set_config('app.name_freeze', 'overridden', true);
		perform audit.record_event('names.overridden', v_r.id::text, v_r.summit_id, v_r.person_id, null);
	end if;
	update public.people as person
	set display_name = private.one_line(fields ->> 'display_name'),
		office = private.one_line(coalesce(fields ->> 'office', person.office)),
		country = nullif(coalesce(fields ->> 'country', person.country), ''),
		updated_at = now()
	where person.id = v_r.person_id;
	perform private.notify_registration(v_r);
	return 'ok';
end
$$;
grant execute on function public.correct_name(uuid, jsonb, text, boolean) to authenticated;
