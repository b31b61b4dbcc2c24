-- What people do with their own passkeys, and acts that need a passkey again.
set local check_function_bodies = off;

alter table private.role_proposals add column until timestamptz;
alter table private.role_invitations add column until timestamptz;
alter domain public.role_grant_status drop constraint role_grant_status_check;
alter domain public.role_grant_status add constraint role_grant_status_check check (value in (
	'ok', 'already', 'not_allowed', 'unknown_person', 'own', 'proposed', 'already_proposed', 'no_second', 'invalid'
));
drop function public.grant_role(uuid, public.organiser_role, uuid, uuid);
drop function private.insert_role_grant(uuid, public.organiser_role, uuid, uuid, uuid, private.role_proposals);
drop function public.invite_to_role(uuid, public.organiser_role, jsonb, text, boolean);
drop function private.create_role_invitation(uuid, public.organiser_role, uuid, public.session_role, jsonb, text, uuid,
	boolean, boolean, uuid);

-- Removing a passkey. Last: a role of the person needs one.
create domain public.passkey_removal_status as text check (value in ('ok', 'not_found', 'last'));

create domain public.recovery_codes_status as text check (value in ('ok', 'invalid'));

-- Using a recovery code.
create domain public.recovery_status as text check (value in ('ok', 'wrong'));

-- Resetting somebody's passkeys. None: they have none.
create domain public.passkey_reset_status as text check (value in ('ok', 'own', 'not_allowed', 'none'));

insert into private.audited_tables (name, area, shown) values
	('private.passkeys', 'settings', '{created_at}'),
	('private.recovery_codes', 'settings', '{created_at,used_at}'),
	('passkeys.reset', 'settings', '{}');

-- Refuses an act until the caller has used a passkey within the last five minutes: PT428, which the app answers by
-- asking for it. Raised and not returned, so that an act refuses as a whole whatever it answers.
create function private.require_confirmation() returns void
language plpgsql stable security definer set search_path = '' as $$
begin
	if not private.is_recently_confirmed() then
		raise exception 'a passkey confirms this first' using errcode = 'PT428';
	end if;
end
$$;

-- Tells a person that their passkeys or recovery codes were changed.
create function private.mail_passkey_change(p_person uuid, p_change text) returns void
language sql volatile security definer set search_path = '' as $$
	select private.enqueue_mail(p_person, 'passkeys_changed', jsonb_build_object('change', p_change))
$$;

-- The reader's passkeys: {passkeys: [{id, name, is_backed_up, created_at, last_used_at}], recovery_codes (how many are
-- left), is_required (by a role), may_add}. Null when nobody is signed in.
create function public.read_passkeys() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'passkeys', (select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'name', k.name, 'is_backed_up',
				k.is_backed_up, 'created_at', private.iso(k.created_at), 'last_used_at', private.iso(k.last_used_at))
				order by k.created_at, k.id), '[]')
			from private.passkeys as k
			where k.person_id = me.id),
		'recovery_codes', (select count(*)
			from private.recovery_codes as c
			where c.person_id = me.id and c.used_at is null),
		'is_required', private.passkeys_required() and private.holds_strong_role(me.id),
		'may_add', private.may_add_passkey(private.auth_session()))
	from (select private.me() as id) as me
	where me.id is not null
$$;
grant execute on function public.read_passkeys() to authenticated;

-- Answers ok, not_found or invalid.
create function public.rename_passkey(passkey uuid, name text) returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text := private.one_line(rename_passkey.name);
begin
	if length(v_name) not between 1 and 60 then return 'invalid'; end if;
	update private.passkeys as k set name = v_name where k.id = passkey and k.person_id = private.me();
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.rename_passkey(uuid, text) to authenticated;

-- Removes one of the reader's passkeys, and with it what it confirmed in any session. A lost one is removed with
-- another one; without a strong role a sign-in in the last ten minutes suffices. Locks the person, so that of two last
-- ones one stays.
create function public.remove_passkey(passkey uuid) returns public.passkey_removal_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_is_strong boolean := private.holds_strong_role(v_me);
begin
	perform from public.people as p where p.id = v_me for no key update;
	if not exists (select from private.passkeys as k where k.id = passkey and k.person_id = v_me) then
		return 'not_found';
	end if;
	if v_is_strong or not exists (select from auth.sessions as s
		where s.id = private.auth_session() and s.created_at > now() - interval '10 minutes') then
		perform private.require_confirmation();
	end if;
	if v_is_strong
		and private.passkeys_required()
		and (select count(*) from private.passkeys as k where k.person_id = v_me) = 1 then
		return 'last';
	end if;
	delete from private.passkeys as k where k.id = passkey;
	perform private.mail_passkey_change(v_me, 'removed');
	perform private.publish_event('person:' || v_me, 'rights');
	return 'ok';
end
$$;
grant execute on function public.remove_passkey(uuid) to authenticated;

-- Gives the reader new recovery codes, of which the app has made ten; earlier ones end. Answers ok, or invalid, also
-- without a passkey.
create function public.save_recovery_codes(hashes text[]) returns public.recovery_codes_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if coalesce(cardinality(hashes), 0) <> 10
		or exists (select from unnest(hashes) as h where h is null or h !~ '^[0-9a-f]{64}$')
		or not exists (select from private.passkeys as k where k.person_id = v_me) then
		return 'invalid';
	end if;
	perform private.require_confirmation();
	delete from private.recovery_codes as c where c.person_id = v_me;
	insert into private.recovery_codes (person_id, code_hash) select v_me, decode(h, 'hex') from unnest(hashes) as h;
	perform private.mail_passkey_change(v_me, 'codes_made');
	return 'ok';
end
$$;
grant execute on function public.save_recovery_codes(text[]) to authenticated;

-- Uses one of the reader's recovery codes: for fifteen minutes a passkey can be added in this session. Codes are of 79
-- random bits, so tries are not counted.
create function public.use_recovery_code(code_hash text) returns public.recovery_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	update private.recovery_codes as c set used_at = now(), session_id = private.auth_session()
	where c.person_id = v_me
		and c.used_at is null
		and c.code_hash = case
			when use_recovery_code.code_hash ~ '^[0-9a-f]{64}$' then decode(use_recovery_code.code_hash, 'hex') end
		and private.auth_session() is not null;
	if not found then return 'wrong'; end if;
	perform private.mail_passkey_change(v_me, 'code_used');
	return 'ok';
end
$$;
grant execute on function public.use_recovery_code(text) to authenticated;

-- Whether the reader may reset the passkeys of a person: an owner, of everything for which that person holds a role or
-- is a deputy, and never of their own.
create function private.may_reset_passkeys(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	with held as (
		select g.summit_id from private.live_grants as g where g.person_id = p_person
		union
		select d.summit_id from private.concern_deputies as d where d.person_id = p_person and d.ended_at is null
	)
	select p_person <> private.me()
		and exists (select from held)
		and not exists (select from held where not private.has_role(held.summit_id, 'owner'))
$$;

-- Takes all passkeys and recovery codes of somebody who lost them, and ends their sessions: they sign in again by a
-- mailed code and add a passkey. They and the other owners are told. `via`: the Summit on whose page it was done.
create function public.reset_passkeys(person uuid, via uuid) returns public.passkey_reset_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_account uuid;
	v_owner uuid;
begin
	if person = v_me then return 'own'; end if;
	if not coalesce(private.may_reset_passkeys(person), false) then return 'not_allowed'; end if;
	perform private.require_confirmation();
	perform from public.people as p where p.id = person for no key update;
	perform private.set_audit_context(person);
	delete from private.passkeys as k where k.person_id = person;
	if not found then return 'none'; end if;
	delete from private.recovery_codes as c where c.person_id = person;
	for v_account in
		select a.account_id from public.account_people as a where a.person_id = person and a.relation = 'self'
	loop
		delete from auth.sessions as s where s.user_id = v_account;
		perform private.notify_signed_out(v_account, null);
	end loop;
	perform audit.record_event('passkeys.reset', person::text, via, person, null);
	perform private.publish_event('person:' || person, 'rights');
	perform private.mail_passkey_change(person, 'reset');
	for v_owner in
		select distinct o
		from private.role_holders('owner', via) as o
		where o <> v_me and o <> person
	loop
		perform private.enqueue_mail(v_owner, 'passkeys_reset', '{}', via);
	end loop;
	return 'ok';
end
$$;
grant execute on function public.reset_passkeys(uuid, uuid) to authenticated;

drop function private.find_passkey(bytea);
-- What it takes to check a signature; no row for an unknown passkey.
create function private.find_passkey(p_credential bytea)
	returns table (id uuid, public_key bytea)
language sql stable security definer set search_path = '' as $$
	select k.id, k.public_key from private.passkeys as k where k.credential_id = p_credential
$$;
grant execute on function private.find_passkey(bytea) to app_server;

-- Writes the invitation and its mail. Answers ok, invalid or limited (200 a day for each inviter). `p_address`: {hash,
-- sealed, key_id}; with {token_hash, secret} the mail has a link, and `secret` is the token, sealed for the mail alone.
-- `p_proposal`: the confirmed proposal of a role that needs two people; the invitation is then the proposer's.
create function private.create_role_invitation(
	p_summit uuid, p_role public.organiser_role, p_session uuid, p_part public.session_role, p_address jsonb,
	p_display_name text, p_entry uuid default null, p_as_assistant boolean default false,
	p_for_all boolean default false, p_proposal uuid default null, p_until timestamptz default null
) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text := private.one_line(p_display_name);
	v_by uuid := coalesce((select q.proposed_by from private.role_proposals as q where q.id = p_proposal),
		private.me());
	v_id uuid;
begin
	if not private.is_valid_invitee(p_address, v_name) then return 'invalid'; end if;
	if (select count(*) from private.role_invitations as i
		where i.invited_by = v_by and i.invited_at > now() - interval '1 day') >= 200 then
		return 'limited';
	end if;
	insert into private.role_invitations as i (summit_id, role, session_id, part, entry_id, as_assistant, is_for_all,
		address_hash, address_sealed, key_id, display_name, invited_by, proposal_id, until)
	values (
		p_summit,
		p_role,
		p_session,
		p_part,
		p_entry,
		coalesce(p_as_assistant, false),
		coalesce(p_for_all, false),
		decode(p_address ->> 'hash', 'hex'),
		decode(p_address ->> 'sealed', 'hex'),
		p_address ->> 'key_id',
		v_name,
		v_by,
		p_proposal,
		p_until)
	on conflict (summit_id, role, session_id, part, entry_id, as_assistant, is_for_all, address_hash)
		where state = 'open' do update
		set display_name = excluded.display_name,
			invited_by = excluded.invited_by,
			invited_at = now(),
			proposal_id = excluded.proposal_id,
			until = excluded.until
	returning i.id into v_id;
	perform private.mail_role_invitation(v_id, p_address);
	return 'ok';
end
$$;

-- Invites to a role. `address`: {hash, sealed, key_id}, in hexadecimal; `until`: when the role ends by itself. Answers
-- ok, not_allowed, invalid or limited,
-- whatever address it is; for a role that needs two people, what propose_role answers: the mail goes once a second
-- person has confirmed it.
create function public.invite_to_role(
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
	if invite_to_role.until <= now() then return 'invalid'; end if;
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
grant execute on function public.invite_to_role(uuid, public.organiser_role, jsonb, text, boolean, timestamptz)
	to authenticated;

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
	if grant_role.until <= now() then return 'invalid'; end if;
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


-- The same entries for a file, newest first and at most 10,000, without personal values. It leaves an entry. Null when
-- the reader has no area.
create or replace function public.export_audit(summit uuid, filters jsonb default '{}') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_entries jsonb;
begin
	if private.audit_areas(export_audit.summit) = '{}' then return null; end if;
	perform private.require_confirmation();
	select coalesce(jsonb_agg(private.audit_json(export_audit.summit, e) order by e.id desc), '[]') into v_entries
	from private.find_audit_entries(export_audit.summit, filters, null, 10000) as e;
	perform audit.record_event('audit.exported', '', export_audit.summit, null,
		jsonb_build_object('rows', jsonb_array_length(v_entries)));
	return v_entries;
end
$$;

-- Adds a passkey that an authenticator made for the person of a session, and confirms the session with it. Locks the
-- person, so that two sessions never add a first one each.
create or replace function private.add_passkey(
	p_challenge bytea, p_session uuid, p_credential bytea, p_user_handle bytea, p_public_key bytea, p_counter bigint,
	p_transports text[], p_name text, p_is_backed_up boolean
) returns private.passkey_addition_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_person uuid := private.person_of_session(p_session);
	v_id uuid;
begin
	if not private.use_passkey_challenge(p_challenge, 'add', p_session) then return 'expired'; end if;
	perform from public.people as p where p.id = v_person for no key update;
	if not private.may_add_passkey(p_session) then return 'not_allowed'; end if;
	if (select count(*) from private.passkeys as k where k.person_id = v_person) >= 20 then return 'limited'; end if;
	perform set_config('app.actor', v_person::text, true);
	insert into private.passkeys (person_id, credential_id, user_handle, public_key, counter, transports, name,
		is_backed_up, last_used_at)
	values (v_person, p_credential, p_user_handle, p_public_key, p_counter,
		array(select t from unnest(p_transports) as t
			where t in ('ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb')),
		coalesce(nullif(left(private.one_line(p_name), 60), ''), '…'), p_is_backed_up, now())
	on conflict (credential_id) do nothing
	returning id into v_id;
	if v_id is null then return 'already'; end if;
	perform private.assure_session(p_session, v_id);
	perform private.mail_passkey_change(v_person, 'added');
	perform private.publish_event('person:' || v_person, 'rights');
	return 'ok';
end
$$;

-- Open invitations to the verified addresses of the signed-in person, and invitations to a part for those whose
-- assistant they are; for 30 days from the last time that they were sent, and only while the inviter may still give
-- the role or part.
create or replace function private.my_role_invitations() returns setof private.role_invitations
language sql stable security definer set search_path = '' as $$
	select i.*
	from private.role_invitations as i
	join private.person_addresses as a on a.address_hash = i.address_hash
		and a.verified_at is not null
		and (a.person_id = (select private.me())
			or i.session_id is not null
				and not i.as_assistant
				and a.person_id in (select private.my_people('speaking')))
	where i.state = 'open'
		and i.invited_at > now() - interval '30 days'
		and (i.until is null or i.until > now())
		and private.holds_role(i.invited_by, case when not i.is_for_all then i.summit_id end,
			case when i.role is null then 'programme' else 'owner' end::public.organiser_role)
$$;

-- Accepts or declines. Answers ok, cancelled (the session is), taken (the part that it hands over is somebody else's by
-- now) or not_found. Locks the roles before the invitation to one, so that nobody's role changes in between.
create or replace function public.answer_role_invitation(invitation uuid, accept boolean) returns public.role_answer_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid;
	v_i private.role_invitations;
	v_p private.role_proposals;
	v_status text;
begin
	perform pg_advisory_xact_lock(20261125)
	from private.role_invitations as i
	where i.id = invitation and i.role is not null;
	perform from private.role_invitations as i where i.id = invitation for update;
	select * into v_i from private.my_role_invitations() as i where i.id = invitation;
	if not found or accept is null then return 'not_found'; end if;
	-- An assistant answers for the person for whom they act; the audit keeps who did it.
	v_me := private.addressee_of(v_i);
	perform set_config('app.principal', case when v_me <> private.me() then v_me::text else '' end, true);
	if accept and exists (select from public.sessions as s where s.id = v_i.session_id and s.state = 'cancelled') then
		return 'cancelled';
	end if;
	if accept and private.needs_second_person(v_i.role) then
		-- Only now is it known whose address it is. Neither of the two who decided may get the role.
		select * into v_p from private.role_proposals as q where q.id = v_i.proposal_id;
		if not found or not private.is_role_proposal_valid(v_p, v_me) then return 'not_found'; end if;
	end if;
	update private.role_invitations as i
	set state = case when accept then 'accepted' else 'declined' end::public.role_invitation_state,
		answered_at = now()
	where i.id = invitation;
	if not accept then return 'ok'; end if;
	-- A part that is handed over; it stays open when that fails.
	if v_i.entry_id is not null then
		v_status := private.claim_session_part(v_i, v_me);
		if v_status <> 'ok' then
			update private.role_invitations as i set state = 'open', answered_at = null where i.id = invitation;
		end if;
		return v_status;
	end if;
	update public.people as p set display_name = v_i.display_name, updated_at = now()
	where p.id = v_me and p.display_name = '';
	-- A role, or the caller's own part.
	if v_i.role is not null then
		perform private.insert_role_grant(v_me, v_i.role, case when not v_i.is_for_all then v_i.summit_id end,
			v_i.summit_id,
			v_i.invited_by, v_p, v_i.until);
	else
		insert into public.session_people as sp (session_id, summit_id, person_id, role, position, state)
		values (v_i.session_id, v_i.summit_id, v_me, v_i.part,
			(select count(*) from public.session_people as other where other.session_id = v_i.session_id), 'confirmed')
		on conflict on constraint session_people_session_id_person_id_role_key do update set state = 'confirmed';
		perform private.start_registration_for_part(v_me, v_i.session_id, v_i.part);
		perform private.publish_event('organise:' || v_i.summit_id, 'people');
	end if;
	perform private.publish_event('person:' || v_me, 'rights');
	return 'ok';
end
$$;

-- Proposes a role, and notifies those who may confirm it; the only owner's proposal takes effect at once. The caller
-- checks who asks. Answers ok (in effect), proposed, already_proposed, own (nobody proposes themselves) or no_second
-- (somebody else has to be able to confirm it first). Locks the roles.
create or replace function private.propose_role(p private.role_proposals) returns text
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
		address_sealed, key_id, display_name, proposed_by, until)
	values (p.summit_id, p.via_summit_id, p.role, p.is_deputy, p.person_id, p.address_hash,
		p.address_sealed, p.key_id, p.display_name, v_me, p.until)
	on conflict do nothing
	returning * into p;
	if not found then return 'already_proposed'; end if;
	for v_decider in select private.role_confirmers(p.role, p.summit_id, p.is_deputy, v_me, p.person_id) loop
		v_is_waiting := true;
		perform private.publish_event('person:' || v_decider, 'roles');
		perform private.enqueue_mail(v_decider, 'role_proposed', jsonb_build_object('role', p.role), p.via_summit_id,
			format('role_proposed:%s:%s', p.id, v_decider));
	end loop;
	if v_is_waiting then return 'proposed'; end if;
	if not private.is_sole_confirmer(p.role, p.summit_id, p.is_deputy, v_me) then
		delete from private.role_proposals as o where o.id = p.id;
		return 'no_second';
	end if;
	update private.role_proposals as o
	set state = 'confirmed',
		decided_by = v_me,
		decided_at = now(),
		is_self_confirmed = true,
		is_without_lead = o.role = 'safeguarding' and v_me not in (select private.safeguarding_leads_for(o.summit_id))
	where o.id = p.id
	returning * into p;
	return private.apply_role_proposal(p);
end
$$;

-- Does what a confirmed proposal says: gives the role, names the deputy, or (where it goes to an address) invites.
create or replace function private.apply_role_proposal(p private.role_proposals) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_status text;
begin
	if p.address_hash is not null then
		return private.create_role_invitation(p.via_summit_id, p.role, null, null,
			jsonb_build_object('hash', encode(p.address_hash, 'hex'), 'sealed', encode(p.address_sealed, 'hex'),
				'key_id', p.key_id),
			p.display_name, null, false, p.summit_id is null, p.id, p.until);
	end if;
	if p.is_deputy then
		insert into private.concern_deputies (summit_id, person_id, proposal_id)
		values (p.summit_id, p.person_id, p.id)
		on conflict do nothing;
	else
		v_status := private.insert_role_grant(p.person_id, p.role, p.summit_id, p.via_summit_id, p.proposed_by, p,
			p.until);
		if v_status <> 'ok' then return v_status; end if;
	end if;
	perform private.publish_event('person:' || p.person_id, 'rights');
	perform private.enqueue_mail(p.person_id, case when p.is_deputy then 'deputy_granted' else 'role_granted' end,
		case when p.is_deputy then '{}' else jsonb_build_object('role', p.role) end, p.via_summit_id);
	return 'ok';
end
$$;

-- Names a deputy for the concerns of this Summit that no lead may read: an owner's proposal, confirmed by another
-- owner. Answers not_allowed, unknown_person or already, and what propose_role answers.
create or replace function public.name_concern_deputy(person uuid, summit uuid) returns public.role_grant_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_p private.role_proposals;
begin
	if summit is null or not private.has_role(summit, 'owner') then return 'not_allowed'; end if;
	if not exists (select from public.people where id = person) then return 'unknown_person'; end if;
	perform private.require_confirmation();
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

-- The second person confirms. Answers ok, not_found (answered, withdrawn, expired, or none that the reader sees), own
-- (the reader's own, or for the reader), not_allowed, lapsed (the proposer is no longer an owner) or already.
create or replace function public.confirm_role_proposal(proposal uuid) returns public.role_confirmation_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_p private.role_proposals;
begin
	perform pg_advisory_xact_lock(20261125);
	select * into v_p from private.role_proposals as o
		where o.id = proposal and o.state = 'open' and o.expires_at > now() for update;
	if not found or not private.can_see_role_proposal(v_p) then return 'not_found'; end if;
	if v_me in (v_p.proposed_by, v_p.person_id) then return 'own'; end if;
	if v_me not in (
		select private.role_confirmers(v_p.role, v_p.summit_id, v_p.is_deputy, v_p.proposed_by, v_p.person_id)) then
		return 'not_allowed';
	end if;
	if not private.holds_role(v_p.proposed_by, v_p.summit_id, 'owner') or v_p.until <= now() then
		return 'lapsed';
	end if;
	perform private.require_confirmation();
	update private.role_proposals as o
	set state = 'confirmed',
		decided_by = v_me,
		decided_at = now(),
		is_without_lead = o.role = 'safeguarding'
			and not exists (select from private.safeguarding_leads_for(o.summit_id) as l
				where l in (v_me, o.proposed_by))
	where o.id = proposal
	returning * into v_p;
	return private.apply_role_proposal(v_p);
end
$$;

-- Open proposals that the reader sees: [{id, role, is_deputy, is_for_all, until, display_name, address_sealed, key_id,
-- proposed_by, proposed_at, expires_at, is_invitation_addressee, may_confirm, waits_for: [name]}]. The app opens the
-- address for the person who decides: they have to know to whom the role goes.
create or replace function public.list_role_proposals(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', q.id,
		'role', q.role,
		'is_deputy', q.is_deputy,
		'is_for_all', q.summit_id is null,
		'until', private.iso(q.until),
		'display_name',
			coalesce(q.display_name, (select x.display_name from public.people as x where x.id = q.person_id)),
		'address_sealed', encode(q.address_sealed, 'hex'),
		'key_id', q.key_id,
		'proposed_by', (select x.display_name from public.people as x where x.id = q.proposed_by),
		'proposed_at', private.iso(q.proposed_at),
		'expires_at', private.iso(q.expires_at),
		'is_mine', q.proposed_by = private.me(),
		'may_confirm', private.me() in (
			select private.role_confirmers(q.role, q.summit_id, q.is_deputy, q.proposed_by, q.person_id)),
		'waits_for', (select coalesce(jsonb_agg(x.display_name order by x.display_name), '[]')
			from public.people as x
			where x.id in (
				select private.role_confirmers(q.role, q.summit_id, q.is_deputy, q.proposed_by, q.person_id))))
		order by q.proposed_at), '[]')
	from private.role_proposals as q
	where q.state = 'open'
		and q.expires_at > now()
		and (q.summit_id is null or q.summit_id = list_role_proposals.summit)
		and private.can_see_role_proposal(q)
$$;

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
	v_via := coalesce(v_grant.summit_id, (select s.id from public.summits as s order by s.starts_on desc limit 1));
	if v_grant.person_id <> v_me then
		perform private.enqueue_mail(v_grant.person_id, 'role_ended', jsonb_build_object('role', v_grant.role), v_via);
	end if;
	if private.needs_second_person(v_grant.role) then
		perform private.notify_role_watchers(v_grant.role, v_grant.summit_id, v_via, 'ended', role_grant::text);
	end if;
	return 'ok';
end
$$;

-- The roles of a Summit: owners read all of them, safeguarding leads the leads. [{id, person_id, display_name, office,
-- role, is_for_all, granted_at, until, is_me, may_end, named, has_account, has_passkey, may_reset_passkeys}]. `named`:
-- who proposed and confirmed a role that needs two people; null for the first owner and the sample.
create or replace function public.list_roles(summit uuid) returns jsonb
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

-- Records in the audit who exported a list (members, queue or seats) and how many rows. Returns ok or not_allowed.
create or replace function public.record_list_export(summit uuid, what text, rows integer) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
begin
	if what not in ('members', 'queue', 'seats') or not private.has_role(summit, 'registration', 'finance') then
		return 'not_allowed';
	end if;
	perform private.require_confirmation();
	perform audit.record_event(what || '.exported', summit::text, summit, null, jsonb_build_object('rows', rows));
	return 'ok';
end
$$;

-- The requester, who must still have the role, takes the list, once. The audit entry is written in the same transaction
-- before the rows are returned. Locks the list. Returns {status: ok | not_found | wrong_state (taken, refused, not
-- confirmed or expired), withheld, fields: [{id, kind, label, choices}], rows: [{reference,
-- display_name, office, affiliation, country, member, category, answers: {field id: {sealed, key_id}}}]}.
create or replace function public.take_host_list(summit uuid, list uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_list private.host_lists;
	v_rows jsonb;
	v_withheld integer;
begin
	select * into v_list from private.host_lists as l where l.id = list and l.summit_id = summit for update;
	if not found or v_list.asked_by is distinct from private.me() or not private.has_role(summit, 'registration') then
		return jsonb_build_object('status', 'not_found');
	end if;
	if v_list.state <> 'confirmed' or v_list.expires_at <= now() then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	perform private.require_confirmation();
	-- One statement reads both groups, so that rows and count are of the same moment.
	select coalesce(jsonb_agg(jsonb_build_object(
			'reference', r.reference, 'display_name', p.display_name, 'office', p.office,
			'affiliation', p.affiliation, 'country', p.country,
			'member', (select m.name from public.members as m where m.id = r.member_id),
			'category', r.category,
			'answers', (
				select coalesce(jsonb_object_agg(a.field_id,
					jsonb_build_object('sealed', encode(a.answer_sealed, 'hex'), 'key_id', a.key_id)), '{}')
				from private.logistics_answers as a
				join public.logistics_fields as f on f.id = a.field_id and f.for_host and f.retired_at is null
				where a.registration_id = r.id and a.field_id = any (v_list.fields)))
			order by p.display_name, r.reference) filter (where not r.is_alias), '[]'),
		count(*) filter (where r.is_alias)
	into v_rows, v_withheld
	from (
		select h.*, false as is_alias from private.host_list_registrations(summit, false) as h
		union all select h.*, true from private.host_list_registrations(summit, true) as h) as r
	join public.people as p on p.id = r.person_id;
	update private.host_lists as l
	set state = 'taken', taken_by = private.me(), taken_at = now(), rows = jsonb_array_length(v_rows),
		withheld = v_withheld
	where l.id = list;
	perform audit.record_event('host_list.taken', list::text, summit, null,
		jsonb_build_object('recipient', v_list.recipient, 'rows', jsonb_array_length(v_rows), 'withheld', v_withheld));
	return jsonb_build_object(
		'status', 'ok', 'withheld', v_withheld, 'rows', v_rows,
		'fields', (
			select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind, 'label', f.label,
				'choices', f.choices) order by f.position, f.key), '[]')
			from public.logistics_fields as f
			where f.id = any (v_list.fields) and f.for_host and f.retired_at is null));
end
$$;

-- All rows that the filters find, for a file: names as they are shown, no notes and no addresses. Null for all but
-- registration organisers. The audit keeps a note with the filters, but not the words of a query: they may be a name.
create or replace function public.export_registrations(summit uuid, filters jsonb default '{}') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_words text[] := private.desk_search_patterns(filters ->> 'query');
	v_rows jsonb;
begin
	if not private.has_role(export_registrations.summit, 'registration') then return null; end if;
	perform private.require_confirmation();
	select coalesce(jsonb_agg(
		private.desk_row_json(d) - 'notes'
			|| jsonb_build_object('affiliation', d.affiliation, 'flags', private.desk_flags(d))
		order by private.desk_sort_key(d, filters ->> 'sort') collate "C"), '[]')
	into v_rows
	from private.list_desk_rows(export_registrations.summit) as d
	where private.failed_desk_filters(d, private.desk_tabs(d), private.desk_flags(d), filters, v_words) = '{}';
	perform audit.record_event('registrations.exported', '', export_registrations.summit, null, jsonb_build_object(
		'rows', jsonb_array_length(v_rows),
		'filters', case jsonb_typeof(filters) when 'object' then filters - 'query' else '{}' end
			|| case when v_words <> '{}' then '{"query": true}'::jsonb else '{}' end));
	return v_rows;
end
$$;

-- All rows of one kind: orders, entries (the ledger) or invoices. The audit trail records the export. Null for
-- everybody but finance.
create or replace function public.export_money(summit uuid, what text, state text default null) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_rows jsonb;
begin
	if not private.has_role(export_money.summit, 'finance') or what not in ('orders', 'entries', 'invoices') then
		return null;
	end if;
	perform private.require_confirmation();
	v_rows := case what
		when 'orders' then private.exported_orders(export_money.summit, export_money.state)
		when 'entries' then private.exported_entries(export_money.summit)
		else private.exported_invoices(export_money.summit)
	end;
	perform audit.record_event(
		'payments.exported', what, export_money.summit, null,
		jsonb_build_object('rows', jsonb_array_length(v_rows), 'state', export_money.state)
	);
	return v_rows;
end
$$;

-- Finance lessens what an order charges for one registration, and the money goes back the way that it came. `amount`
-- null: as much as possible. Answers {status: ok | too_much | reason_needed | registration_needed | nothing | own |
-- not_allowed, amount, most}. Locks the order.
create or replace function public.refund_order(order_id uuid, registration uuid, amount integer, reason text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_registration uuid := registration;
	v_most bigint;
	v_amount bigint;
begin
	select o.* into v_order from public.orders as o where o.id = refund_order.order_id;
	if v_order.id is null or not private.has_role(v_order.summit_id, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if btrim(coalesce(reason, '')) = '' then return jsonb_build_object('status', 'reason_needed'); end if;
	if private.is_own_order(v_order.id) then return jsonb_build_object('status', 'own'); end if;
	perform private.require_confirmation();
	v_order := private.lock_order(v_order.id);
	if v_registration is null then
		select min(l.registration_id::text)::uuid into v_registration
		from public.order_lines as l
		where l.order_id = v_order.id
		having count(distinct l.registration_id) = 1;
	end if;
	if v_registration is null
		or not exists (
			select from public.order_lines as l where l.order_id = v_order.id and l.registration_id = v_registration
		) then
		return jsonb_build_object('status', 'registration_needed');
	end if;
	-- While something is owed, money stays until the order is settled or its lines are cancelled.
	if private.balance_of(v_order.id) > 0 then return jsonb_build_object('status', 'nothing'); end if;
	v_most := greatest(
		0,
		least(
			private.line_total(v_order.id, v_registration) - private.waived_of(v_order.id, v_registration),
			private.cash_received(v_order.id)
		)
	);
	v_amount := coalesce(refund_order.amount, v_most);
	if v_most = 0 then return jsonb_build_object('status', 'nothing'); end if;
	if v_amount <= 0 or v_amount > v_most then
		return jsonb_build_object('status', 'too_much', 'most', v_most);
	end if;
	perform private.set_audit_context((
		select r.person_id from public.registrations as r where r.id = v_registration
	), btrim(reason));
	perform private.adjust_order(v_order.id, 'credit', -v_amount, v_registration, left(btrim(reason), 500));
	perform private.settle_order(v_order.id, 'finance');
	return jsonb_build_object('status', 'ok', 'amount', v_amount);
end
$$;

-- Records a refund that finance has sent by bank. Answers ok | wrong_state | invalid | own | not_allowed. Locks the
-- order.
create or replace function public.record_manual_refund(refund uuid, booked_on date, reference text)
	returns public.manual_refund_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_f public.refunds;
	v_order public.orders;
begin
	select * into v_f from public.refunds as f where f.id = refund;
	select * into v_order from public.orders as o where o.id = v_f.order_id;
	if v_order.id is null or not private.has_role(v_order.summit_id, 'finance') then return 'not_allowed'; end if;
	if booked_on is null or booked_on > current_date + 1 or btrim(coalesce(reference, '')) = '' then
		return 'invalid';
	end if;
	if private.is_own_order(v_order.id) then return 'own'; end if;
	perform private.require_confirmation();
	perform private.lock_order(v_order.id);
	select * into v_f from public.refunds as f where f.id = refund for no key update;
	if v_f.checkout_id is not null or v_f.state <> 'due' then return 'wrong_state'; end if;
	perform private.set_audit_context(v_order.payer_person_id);
	insert into public.order_adjustments (order_id, kind, amount, provider, provider_ref, reason, actor_id, booked_on)
	values (
		v_order.id, 'refund', v_f.amount, 'bank', 'refund:' || v_f.id, left(btrim(reference), 500),
		private.actor(), booked_on
	);
	update public.refunds as f set state = 'done' where f.id = refund;
	perform private.notify_order(v_order);
	return 'ok';
end
$$;

-- Turns a refund that the provider refuses for good into one by bank. Answers ok | wrong_state | own | not_allowed.
-- Locks the order.
create or replace function public.make_refund_manual(refund uuid) returns public.refund_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_f public.refunds;
	v_order public.orders;
begin
	select * into v_f from public.refunds as f where f.id = refund;
	select * into v_order from public.orders as o where o.id = v_f.order_id;
	if v_order.id is null or not private.has_role(v_order.summit_id, 'finance') then return 'not_allowed'; end if;
	if private.is_own_order(v_order.id) then return 'own'; end if;
	perform private.require_confirmation();
	perform private.lock_order(v_order.id);
	select * into v_f from public.refunds as f where f.id = refund for no key update;
	if v_f.state <> 'failed' or v_f.checkout_id is null then return 'wrong_state'; end if;
	perform private.set_audit_context(v_order.payer_person_id);
	-- The same debt by another way. Late events about the old reference stay stale.
	update public.refunds as f set checkout_id = null, state = 'due', provider_ref = null where f.id = refund;
	perform private.notify_order(v_order);
	return 'ok';
end
$$;

-- Asks the provider again for a refund that it refused. Answers ok | wrong_state | own | not_allowed. Locks the order.
create or replace function public.retry_refund(refund uuid) returns public.refund_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_f public.refunds;
	v_order public.orders;
begin
	select * into v_f from public.refunds as f where f.id = refund;
	select * into v_order from public.orders as o where o.id = v_f.order_id;
	if v_order.id is null or not private.has_role(v_order.summit_id, 'finance') then return 'not_allowed'; end if;
	if private.is_own_order(v_order.id) then return 'own'; end if;
	perform private.require_confirmation();
	perform private.lock_order(v_order.id);
	select * into v_f from public.refunds as f where f.id = refund for no key update;
	-- One that finance has made a refund by bank in the meantime is not the provider's any more.
	if v_f.state <> 'failed' or v_f.checkout_id is null then return 'wrong_state'; end if;
	perform private.set_audit_context(v_order.payer_person_id);
	update public.refunds as f set state = 'due', failure = null, provider_ref = null where f.id = refund;
	perform private.publish_event('outbox', 'refund', refund);
	perform private.publish_event('organise:' || v_order.summit_id, 'order', v_order.id);
	return 'ok';
end
$$;

-- Issues a code; a newer one ends the older. {status: ok | own | organiser | safeguarding | no_address | limited |
-- checked_needed | not_allowed, expires_at}
create or replace function public.issue_desk_code(registration uuid, code_hash text, first_half_hash text,
	checked text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_obstacle text;
	v_expires timestamptz;
begin
	select * into v_r
	from public.registrations as r
	where r.id = issue_desk_code.registration and r.state <> 'draft' for no key update;
	if not found
		or not (private.has_role(v_r.summit_id, 'registration') or private.has_role(v_r.summit_id, 'safeguarding'))
	then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	v_obstacle := private.desk_sign_in_obstacle(v_r);
	if v_obstacle is not null then return jsonb_build_object('status', v_obstacle); end if;
	perform private.require_confirmation();
	if coalesce(issue_desk_code.checked, '') not in ('passport', 'identity_card', 'known_in_person', 'focal_point')
		or coalesce(issue_desk_code.code_hash, '') !~ '^[0-9a-f]{64}$'
		or coalesce(issue_desk_code.first_half_hash, '') !~ '^[0-9a-f]{64}$'
	then
		return jsonb_build_object('status', 'checked_needed');
	end if;
	if (select count(*)
		from private.desk_codes as c
		where c.person_id = v_r.person_id and c.issued_at > now() - interval '1 hour') >= 5
		or (select count(*)
			from private.desk_codes as c
			where c.issued_by = (select private.me()) and c.issued_at > now() - interval '1 hour') >= 60
	then
		return jsonb_build_object('status', 'limited');
	end if;
	perform private.set_audit_context(v_r.person_id, 'identity checked: ' || issue_desk_code.checked);
	update private.desk_codes as c set ended_at = now()
	where c.person_id = v_r.person_id and c.used_at is null and c.ended_at is null;
	insert into private.desk_codes (summit_id, registration_id, person_id, code_hash, first_half_hash, issued_by,
		checked)
	values (v_r.summit_id, v_r.id, v_r.person_id, decode(issue_desk_code.code_hash, 'hex'),
		decode(issue_desk_code.first_half_hash, 'hex'), private.me(), issue_desk_code.checked)
	returning expires_at into v_expires;
	return jsonb_build_object('status', 'ok', 'expires_at', private.iso(v_expires));
end
$$;

-- Enrols the device that the signed-in person holds. The database keeps only the hash of its key. {status: ok |
-- not_allowed | invalid | not_found | too_often, id}
create or replace function public.enrol_door_device(summit uuid, checkpoint uuid, name text, key_hash text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	if not private.has_role(summit, 'door', 'registration') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if key_hash !~ '^[0-9a-f]{64}$' or length(btrim(coalesce(name, ''))) not between 1 and 60 then
		return jsonb_build_object('status', 'invalid');
	end if;
	if not exists (select from public.checkpoints as c
		where c.id = checkpoint and c.summit_id = summit and c.ended_at is null)
	then
		return jsonb_build_object('status', 'not_found');
	end if;
	perform private.require_confirmation();
	-- Limits how many devices one person can enrol.
	if (select count(*)
		from private.door_devices as d
		where d.summit_id = summit and d.enrolled_by = (select private.me())
			and d.enrolled_at > now() - interval '1 hour') >= 30
	then
		return jsonb_build_object('status', 'too_often');
	end if;
	insert into private.door_devices (summit_id, checkpoint_id, name, key_hash, enrolled_by, expires_at)
	values (summit, checkpoint, btrim(name), decode(key_hash, 'hex'), private.me(), private.door_device_expiry(summit))
	returning id into v_id;
	perform private.publish_event('organise:' || summit, 'door');
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;

-- Shuts a device out: its next request is refused, and the device deletes what it holds. Scans that it still holds are
-- listed as a conflict. Answers ok or not_found.
create or replace function public.revoke_door_device(device uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_device private.door_devices;
	v_queued integer;
begin
	update private.door_devices as d set device_revoked_at = now(), device_revoked_by = private.me()
	where d.id = device and d.device_revoked_at is null and private.has_role(d.summit_id, 'registration')
	returning * into v_device;
	if not found then return 'not_found'; end if;
	perform private.require_confirmation();
	select t.queued into v_queued from private.door_device_states as t where t.device_id = device;
	if v_queued > 0 then
		insert into private.door_conflicts (summit_id, kind, subject, device_id, facts)
		values (v_device.summit_id, 'shut_out', device::text, device, jsonb_build_object('queued', v_queued))
		on conflict (summit_id, kind, subject) do nothing;
	end if;
	perform private.publish_event('organise:' || v_device.summit_id, 'door');
	return 'ok';
end
$$;

-- Asks for the erasure of the reader, after the time to think it over. Only the person: no assistant can.
create or replace function public.request_erasure() returns public.erasure_request_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null then return 'not_allowed'; end if;
	if private.holds_any_role(v_me) then return 'has_role'; end if;
	perform private.require_confirmation();
	perform private.set_audit_context(v_me);
	insert into private.erasure_requests (person_id, due_at) values (v_me, now() + private.erasure_delay())
	on conflict do nothing;
	if not found then return 'already'; end if;
	perform private.enqueue_mail(v_me, 'erasure_requested', jsonb_build_object(
		'due_at', private.iso(now() + private.erasure_delay())));
	return 'ok';
end
$$;
