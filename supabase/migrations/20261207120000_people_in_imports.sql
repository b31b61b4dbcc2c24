-- People under an alias in the API, in webhooks and in imports; what organisers edit at the same time.

-- Whose reference a guardian was named by, once that has changed. What the audit keeps of references is sealed from now on.
alter table private.guardian_claims
	add column holder_id uuid references public.registrations (id) on delete set null;
create index on private.guardian_claims (holder_id);
drop trigger audit_record on private.guardian_claims;
select audit.watch('private.guardian_claims', 'registration_id', 'reference', 'address_hash', 'address_sealed',
	'holder_id');
drop trigger audit_record on public.registrations;
select audit.watch('public.registrations', 'person_id', 'languages', 'is_minor', 'guardian_id', 'guardian_consent_at',
	'reference');

-- Whether a person has got another identity since: what others saw of them before may not lead to the name of today.
create or replace function private.has_new_identity_since(p_person uuid, p_at timestamptz) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.former_ids as f where f.person_id = p_person and f.since >= p_at)
$$;

-- Gives a registration a new reference: other systems have noted the old one beside the other name. Mails that wait name
-- the new one. A minor who named this person as guardian by the old one still means them, and reads what they typed.
create or replace function private.rotate_registration_reference(p_registration uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
	v_old text;
	v_new text;
begin
	select r.summit_id, r.reference into v_summit, v_old from public.registrations as r where r.id = p_registration;
	update public.registrations as r set reference = default where r.id = p_registration returning r.reference into v_new;
	update private.guardian_claims as c
	set holder_id = p_registration
	where c.reference = v_old
		and exists (select
			from public.registrations as r
			where r.id = c.registration_id and r.summit_id = v_summit and r.id <> p_registration);
	update private.outbox as o
	set params = o.params || jsonb_build_object('reference', v_new)
	where o.person_id = (select r.person_id from public.registrations as r where r.id = p_registration)
		and o.state in ('queued', 'held')
		and o.params ->> 'reference' = v_old;
	delete from private.undoable_acts as u where u.summit_id = v_summit and u.subject = to_jsonb(v_old);
	perform private.rename_in_waiting_webhooks(v_summit, v_old, v_new);
end
$$;

-- Gives a person a new identity for others: a new id, a new public code and new ids, codes and references of all rows in
-- which they were visible, so that nobody who noted one can connect the two names. What points to them follows in the same
-- transaction, older releases too; audit entries and the key stay theirs through private.former_ids. Answers the new
-- id. Locks registrations, runs, groups, rooms of meetings and run participants before the person's own row, as other
-- functions do.
create or replace function private.rotate_person_identity(p_person uuid) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid := gen_random_uuid();
	v_badge public.badges;
	v_room uuid;
begin
	perform private.allow_closed_summits();
	perform from public.registrations as r where r.person_id = p_person order by r.id for update;
	perform from public.runs
	where runs.id in (select x.room_id from private.meeting_participants as x where x.person_id = p_person)
	order by runs.id
	for share;
	perform from private.groups as g
	where g.id in (select x.group_id from private.group_people as x where x.person_id = p_person)
	order by g.id
	for update;
	perform from private.meeting_rooms as r
	where r.id in (select x.room_id from private.meeting_participants as x where x.person_id = p_person)
	order by r.id
	for update;
	perform from private.run_participants as p where p.person_id = p_person order by p.id for update;
	update private.person_keys as k set person_id = v_id where k.person_id = p_person;
	perform set_config('app.merging', 'yes', true);
	update public.people as person set id = v_id, code = private.random_code(8), updated_at = now()
		where person.id = p_person;
	perform set_config('app.merging', '', true);
	insert into private.former_ids (former_id, person_id) values (p_person, v_id);
	update public.session_people as x set id = gen_random_uuid() where x.person_id = v_id;
	update public.session_audiences as x set id = gen_random_uuid() where x.person_id = v_id;
	update public.focal_points as x set id = gen_random_uuid() where x.person_id = v_id;
	-- The organisation for which they are in a group was written beside the other name.
	update private.group_people as x set id = gen_random_uuid(), member_id = null where x.person_id = v_id;
	update private.group_requests as x set id = gen_random_uuid() where x.person_id = v_id;
	update private.run_participants as x set identity = private.random_code(20) where x.person_id = v_id;
	-- Everybody in the room of a meeting or workshop moves, so that no connection keeps the other identity.
	for v_room in
		update private.meeting_participants as x set id = gen_random_uuid(), identity = default
		where x.person_id = v_id
		returning x.room_id
	loop
		perform private.rotate_meeting_rooms(v_room);
		perform private.publish_event('meeting:' || v_room, 'rights');
	end loop;
	perform private.rotate_registration_reference(r.id) from public.registrations as r where r.person_id = v_id;
	-- The old badge shows the other name.
	for v_badge in
		update public.badges as b set revoked_at = now(), revoked_reason = 'renewed'
		where b.revoked_at is null
			and b.registration_id in (select r.id from public.registrations as r where r.person_id = v_id)
		returning b.*
	loop
		insert into public.badges (summit_id, registration_id) values (v_badge.summit_id, v_badge.registration_id);
	end loop;
	-- Closes the event streams and drops what is cached about who this is.
	perform private.publish_event('person:' || each, 'rights') from unnest(array[p_person, v_id]) as each;
	-- Stages show the names of speakers and of those who were brought on.
	perform private.publish_event('session:' || named.session_id, 'stage')
	from (
		select sp.session_id from public.session_people as sp where sp.person_id = v_id
		union
		select runs.session_id
		from private.run_participants as p
		join public.runs on runs.id = p.run_id and runs.state <> 'ended'
		where p.person_id = v_id
	) as named;
	return v_id;
end
$$;

-- Names a guardian by the reference of a registration or by an address ({hash, sealed, key_id}, in hexadecimal). The
-- minor does it, or an organiser once the minor has named somebody. A known, an unknown and a sealed address get the
-- same answer, and a scheduled job sends the mail, so that the response time reveals nothing either (Rule 5). Locks the
-- registration. Returns ok, invalid, limited (six a day) or not_found (no draft of a minor that the reader may fill
-- in).
create or replace function public.name_guardian(registration uuid, reference text, address jsonb default null)
	returns public.guardian_naming_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_old private.guardian_claims;
	v_reference text := nullif(upper(btrim(coalesce(name_guardian.reference, ''))), '');
	v_hash bytea;
begin
	select r.* into v_r
	from public.registrations as r
	where r.id = registration and r.is_minor and r.state = 'draft'
	for no key update;
	select * into v_old from private.guardian_claims as c where c.registration_id = v_r.id;
	if v_r.id is null
		or v_r.person_id not in (select private.my_people('registration'))
			and not (v_old.registration_id is not null and private.has_role(v_r.summit_id, 'registration')) then
		return 'not_found';
	end if;
	if address is not null and not private.is_sealed_address(address) then return 'invalid'; end if;
	v_hash := decode(address ->> 'hash', 'hex');
	if num_nonnulls(v_reference, v_hash) <> 1 or length(v_reference) > 20 then return 'invalid'; end if;
	if (v_old.reference, v_old.address_hash) is not distinct from (v_reference, v_hash) then return 'ok'; end if;
	if v_old.named_today >= 6 and v_old.named_at > now() - interval '1 day' then return 'limited'; end if;
	perform private.set_audit_context(v_r.person_id);
	insert into private.guardian_claims as c (registration_id, reference, address_hash, address_sealed, key_id)
	values (v_r.id, v_reference, v_hash, decode(address ->> 'sealed', 'hex'), address ->> 'key_id')
	on conflict (registration_id) do update
	set reference = excluded.reference, address_hash = excluded.address_hash,
		address_sealed = excluded.address_sealed, key_id = excluded.key_id,
		named_at = now(), asked_at = null, refused_at = null, holder_id = null,
		named_today = case when c.named_at > now() - interval '1 day' then c.named_today + 1 else 1 end;
	-- The consent of the guardian before does not count for the new one.
	update public.registrations as r
	set guardian_id = null, guardian_consent_at = null, updated_at = now()
	where r.id = v_r.id and r.guardian_id is not null;
	perform private.notify_registration(v_r);
	return 'ok';
end
$$;

-- Returns the adult's live registration at the same Summit that has the typed reference, or had it when it was typed.
create or replace function private.find_guardian_by_reference(c private.guardian_claims) returns public.registrations
language sql stable security definer set search_path = '' as $$
	select g.*
	from public.registrations as r
	join public.registrations as g on g.summit_id = r.summit_id and g.person_id <> r.person_id
	where r.id = c.registration_id
		and g.id = coalesce(c.holder_id, (select o.id from public.registrations as o where o.reference = c.reference))
		and not g.is_minor
		and g.state not in ('declined', 'withdrawn', 'expired')
$$;

-- Checks a badge at a checkpoint (null: the first entrance), by its id, after the app has checked the signature of its
-- code, or by its printed code. `p_refused`: why the app refuses the code. {status: ok | refused (the key) | not_allowed (its
-- maker) | closed (the Summit) | key_reused (for another request) | no_checkpoint; with ok: answer, scan, checkpoint, since,
-- display_name, is_repeated}. The same idempotency key gets the same answer for a day; a second request with it waits for
-- the first. Nothing is kept of a request that the key did not allow.
create or replace function private.api_check_in(
	p_hash bytea, p_idempotency_key text, p_request_hash bytea, p_badge uuid, p_badge_code text, p_refused text,
	p_checkpoint uuid, p_direction text
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_key private.api_keys;
	v_checkpoint public.checkpoints;
	v_before private.api_answers;
	v_badge uuid;
	v_found jsonb;
	v_answer jsonb;
begin
	select * into v_key from private.usable_api_key(p_hash, 'check_in');
	if v_key.id is null then return jsonb_build_object('status', 'refused'); end if;
	if not private.may_check_in_by_key(v_key) then return jsonb_build_object('status', 'not_allowed'); end if;
	delete from private.api_answers as a where a.api_key_id = v_key.id and a.made_at < now() - interval '1 day';
	insert into private.api_answers (api_key_id, idempotency_key, request_hash)
	values (v_key.id, p_idempotency_key, p_request_hash)
	on conflict do nothing;
	if not found then
		select * into v_before
		from private.api_answers as a
		where a.api_key_id = v_key.id and a.idempotency_key = p_idempotency_key;
		if v_before.request_hash is distinct from p_request_hash then return jsonb_build_object('status', 'key_reused'); end if;
		return v_before.answer || jsonb_build_object('is_repeated', true, 'display_name', (
			select p.display_name
			from private.door_scans as s
			join public.people as p on p.id = s.person_id
			where s.id = private.parse_uuid(v_before.answer ->> 'scan')
				and s.answer <> 'revoked'
				-- The first answer named them as they were called then.
				and not private.has_new_identity_since(p.id, s.received_at)));
	end if;
	perform set_config('app.actor', v_key.made_by::text, true);
	if private.is_summit_closed(v_key.summit_id) then
		v_answer := jsonb_build_object('status', 'closed');
	else
		perform private.ensure_checkpoints(v_key.summit_id);
		select * into v_checkpoint
		from public.checkpoints as c
		where c.summit_id = v_key.summit_id
			and private.is_api_checkpoint(c)
			and case when p_checkpoint is null then c.kind = 'entrance' else c.id = p_checkpoint end
		order by c.position, c.id
		limit 1;
		v_badge := case when p_refused is null then private.find_badge(v_key.summit_id, p_badge, p_badge_code) end;
		if v_checkpoint.id is null then
			v_answer := jsonb_build_object('status', 'no_checkpoint');
		else
			v_found := case
				when p_refused is not null then jsonb_build_object('answer', p_refused)
				when v_badge is null then '{"answer": "unknown"}'
				else private.process_scan(v_checkpoint, v_badge, jsonb_build_object('direction', p_direction)) end;
			v_answer := jsonb_build_object(
				'status', 'ok',
				'answer', v_found -> 'answer',
				'scan', v_found -> 'scan',
				'checkpoint', v_checkpoint.id,
				'since', v_found -> 'since',
				'is_repeated', false);
		end if;
	end if;
	update private.api_answers as a set answer = v_answer
	where a.api_key_id = v_key.id and a.idempotency_key = p_idempotency_key;
	return v_answer || jsonb_build_object('display_name', v_found -> 'display_name');
end
$$;

-- The registrations by their reference, without drafts. `p_filters` is {state, mode, category, member: code, state_since}:
-- those that fit all that are given.
create or replace function private.api_registrations(p_hash bytea, p_after text, p_most integer, p_filters jsonb default '{}')
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'registration_rows') as k
	cross join lateral (
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select r.reference collate "C" as key, jsonb_build_object(
				'reference', r.reference,
				'category', r.category,
				'mode', r.mode,
				'state', r.state,
				'state_since', private.iso(r.state_since),
				'submitted_at', private.iso(r.submitted_at),
				'member', case when m.id is not null then jsonb_build_object('code', m.code, 'name', m.name) end,
				'person', jsonb_build_object('display_name', p.display_name, 'office', p.office, 'affiliation', p.affiliation,
					'country', p.country)) as item
			from public.registrations as r
			join public.people as p on p.id = r.person_id
			left join public.members as m on m.id = r.member_id and not private.has_alias(p.id)
			where r.summit_id = k.summit_id
				and r.state <> 'draft'
				and not r.is_minor
				and (p_filters ->> 'state' is null or r.state::text = p_filters ->> 'state')
				and (p_filters ->> 'mode' is null or r.mode::text = p_filters ->> 'mode')
				and (p_filters ->> 'category' is null or r.category::text = p_filters ->> 'category')
				and (p_filters ->> 'member' is null or m.code = p_filters ->> 'member')
				and (p_filters ->> 'state_since' is null
					or r.state_since >= private.parse_instant(p_filters ->> 'state_since'))
				and r.reference collate "C" > coalesce(p_after, '')
			order by 1
			limit private.api_page_size(p_most) + 1) as x) as page
$$;

create or replace function private.webhook_of_scan() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_registration_event(
		r.id,
		case when new.undone_at is not null then 'check_in.undone' when new.direction = 'in' then 'check_in.entered'
			else 'check_in.left' end::public.webhook_kind,
		jsonb_build_object('checkpoint', c.id, 'scan', new.id, 'at', private.iso(new.scanned_at))
			|| case when tg_op = 'UPDATE' then private.nameless_since_alias(r.id, new.received_at) else '{}' end)
	from public.checkpoints as c
	join public.registrations as r on r.summit_id = new.summit_id and r.person_id = new.person_id
	where c.id = new.checkpoint_id and c.kind = 'entrance' and r.state = 'confirmed';
	return null;
end
$$;

-- A registration has a new reference. Events that nobody was sent yet name it by that; what was sent, or is being sent,
-- keeps the old one, so that no event with one id ever names both.
create or replace function private.rename_in_waiting_webhooks(p_summit uuid, p_old text, p_new text) returns void
language sql volatile security definer set search_path = '' as $$
	update private.webhook_events as e
	set data = e.data || jsonb_build_object('registration', p_new)
	where e.summit_id = p_summit
		and e.data ->> 'registration' = p_old
		and not exists (
			select
			from private.webhook_deliveries as d
			join private.webhook_senders as s on s.endpoint_id = d.endpoint_id
			where d.event_id = e.id
				and (d.state <> 'waiting' or d.attempts > 0 or s.claimed_until >= now() and d.due_at <= now()))
$$;

-- What an event says of a row that others knew before its registration got another reference: not which registration it
-- is, for an earlier event named the row beside the old reference.
create or replace function private.nameless_since_alias(p_registration uuid, p_at timestamptz) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when private.has_new_identity_since(r.person_id, p_at) then '{"registration": null}'::jsonb else '{}' end
	from public.registrations as r
	where r.id = p_registration
$$;

-- A letter is named by its reference; the code that proves it is in no event.
create or replace function private.webhook_of_letter() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_registration_event(new.registration_id, tg_argv[0]::public.webhook_kind,
		jsonb_build_object('letter', new.reference)
			|| private.nameless_since_alias(new.registration_id, new.issued_at));
	return null;
end
$$;
