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

-- People who have an alias already are found by no file either.
alter table private.imported_registrations alter column registration_id drop not null;
alter type private.registration_match add attribute is_detached boolean;
update private.import_rows as w
set target_id = null,
	version = null,
	outcome = case when w.applied is null then 'same' else w.outcome end,
	changes = case when w.applied is null then '[]' else w.changes end
where w.target_id in (
	select r.id from public.registrations as r join private.protections as x on x.person_id = r.person_id where x.kind = 'alias');
update private.imported_registrations as i
set registration_id = null
where i.registration_id in (
	select r.id from public.registrations as r join private.protections as x on x.person_id = r.person_id where x.kind = 'alias');

-- Drafts that nobody has edited since they were imported have the version of that time.
alter table private.imported_registrations add column version integer not null default 0;
alter type private.registration_match add attribute is_edited boolean;
update private.imported_registrations as i
set version = r.version
from public.registrations as r
where r.id = i.registration_id and r.state = 'draft' and r.updated_at <= i.at;

-- Questions of surveys have a version. The function takes it; without it, as old processes call it, nothing is compared.
alter table private.survey_questions add column version integer not null default 1;
drop function public.save_survey_question(uuid, jsonb);

-- Campaigns come in pages; without a size, as old processes call it, the answer is the newest 200.
drop function public.list_campaigns();

-- Replaces a name in all written places and in queued mails; answers {table.column: rows}. Releases are rewritten too,
-- although they are frozen: a name in a text is not part of the agenda. In files from other systems the name is only
-- removed: who brought the file knows whom the row names, and would read the new name beside it.
create or replace function private.rewrite_name(p_old text, p_new text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_pattern text := private.name_pattern(p_old);
	v_new text := replace(p_new, '\', '\\');
	v_place record;
	v_count bigint;
	v_sql text;
	v_changed jsonb := '{}';
begin
	perform private.lock_library_items_naming(v_pattern);
	perform set_config('app.renaming', 'yes', true);
	-- What could be undone may contain the name.
	delete from private.undoable_acts;
	for v_place in
		select w.table_name, w.column_name, format_type(a.atttypid, null) as type
		from private.free_text_columns as w
		join pg_catalog.pg_attribute as a on a.attrelid = w.table_name::regclass and a.attname = w.column_name
		order by 1, 2
	loop
		v_sql := format('update %s as t set %2$I = regexp_replace(t.%2$I::text, $1, ''\1'' || $2, ''gi'')::%3$s
			where t.%2$I::text ~* $1', v_place.table_name, v_place.column_name, v_place.type);
		begin
			-- In JSON the name is written with the escapes of JSON.
			execute v_sql using v_pattern, case
				when v_place.table_name in ('private.imports', 'private.import_rows') then '…'
				when v_place.type = 'text' then v_new
				else replace(btrim(to_json(p_new)::text, '"'), '\', '\\') end;
		exception when check_violation then
			-- The longer name does not fit into every column.
			execute v_sql using v_pattern, '…';
		end;
		get diagnostics v_count = row_count;
		if v_count > 0 then
			v_changed := v_changed || jsonb_build_object(v_place.table_name || '.' || v_place.column_name, v_count);
		end if;
	end loop;
	update private.outbox as o
		set params = regexp_replace(o.params::text, v_pattern, '\1' || v_new, 'gi')::jsonb
		where o.state = 'queued' and o.params::text ~* v_pattern;
	perform set_config('app.renaming', '', true);
	return v_changed;
end
$$;

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
	perform private.detach_imported_registrations(v_id);
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

-- Adds a question at the end of a draft, or changes the one with its key. `question`: key, kind (of a new one), label, help,
-- choices, is_required, depends_on, depends_values. `version`: the one that the form was shown with; 0 for a new question,
-- which gets a key of its own where another has its key by now; null compares nothing. Answers ok | not_found | frozen |
-- invalid (also a condition on a later question, or on values that it does not have) | conflict (another change since
-- `version`) | needed (another question depends on a choice that is gone). At most forty questions.
create or replace function public.save_survey_question(survey uuid, question jsonb, version integer default null)
	returns public.survey_edit_status
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.surveys := private.lock_survey(survey);
	v_seen integer := save_survey_question.version;
	v_key text;
	v_number integer := 1;
	v_new private.survey_questions;
	v_old private.survey_questions;
	v_parent private.survey_questions;
begin
	if v.id is null then return 'not_found'; end if;
	if v.published_at is not null then return 'frozen'; end if;
	v_new := jsonb_populate_record(null::private.survey_questions, '{"label": {}, "help": {}, "choices": [],
		"is_required": false, "depends_values": []}' || question);
	v_key := v_new.key;
	-- The same form sent twice adds it once.
	if v_seen = 0 and exists (
		select from private.survey_questions as q
		where q.survey_id = v.id
			and (q.key, q.kind, q.label, q.help, q.choices, q.is_required, q.depends_on, q.depends_values)
				is not distinct from (v_new.key, v_new.kind, v_new.label, v_new.help, v_new.choices, v_new.is_required,
					v_new.depends_on, v_new.depends_values)) then
		return 'ok';
	end if;
	while v_seen = 0
		and exists (select from private.survey_questions as q where q.survey_id = v.id and q.key = v_new.key)
	loop
		v_number := v_number + 1;
		v_new.key := left(v_key, 36) || '_' || v_number;
	end loop;
	select * into v_old from private.survey_questions as q where q.survey_id = v.id and q.key = v_new.key;
	if v_seen > 0 and v_old.id is null then return 'not_found'; end if;
	if v_seen > 0 and v_old.version <> v_seen then return 'conflict'; end if;
	v_new.version := coalesce(v_old.version, 0) + 1;
	v_new.survey_id := v.id;
	v_new.id := coalesce(v_old.id, gen_random_uuid());
	v_new.kind := coalesce(v_old.kind, v_new.kind);
	v_new.position := coalesce(v_old.position,
		(select coalesce(max(q.position), 0) + 1 from private.survey_questions as q where q.survey_id = v.id));
	if v_old.id is null
		and (select count(*) >= 40 from private.survey_questions as q where q.survey_id = v.id) then
		return 'invalid';
	end if;
	if v_new.depends_on is not null then
		select * into v_parent
		from private.survey_questions as q
		where q.survey_id = v.id
			and q.key = v_new.depends_on
			and q.position < v_new.position
			-- After several choices the number of those who were asked would tell how many chose two of them.
			and q.kind in ('scale', 'choice', 'yes_no');
		if not found or not v_new.depends_values <@ private.survey_values(v_parent) then return 'invalid'; end if;
	end if;
	if v_old.id is not null and exists (
		select from private.survey_questions as d
		where d.survey_id = v.id
			and d.depends_on = v_old.key
			and not d.depends_values <@ private.survey_values(v_new)) then
		return 'needed';
	end if;
	insert into private.survey_questions select v_new.*
	on conflict (id) do update
	set label = excluded.label, help = excluded.help, choices = excluded.choices, is_required = excluded.is_required,
		depends_on = excluded.depends_on, depends_values = excluded.depends_values, version = excluded.version;
	return 'ok';
exception when check_violation or not_null_violation or data_exception then
	return 'invalid';
end
$$;

-- Campaigns, newest first, with what came of the first mail of each: {total, campaigns: [{id, title, kind, summit, state,
-- send_at, outcomes: {outcome: people}}]}, 200 at most; null for everybody but the secretariat. Without a size, as processes
-- of an earlier release call it, the newest 200 alone, without the total.
create or replace function public.list_campaigns(page_size integer default null, page_start integer default 0) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when page_size is null then shown.campaigns
		else jsonb_build_object('total', (select count(*) from private.campaigns), 'campaigns', shown.campaigns) end
	from (
		select coalesce(jsonb_agg(jsonb_build_object(
				'id', c.id,
				'title', c.title,
				'kind', c.kind,
				'summit', (select jsonb_build_object('id', s.id, 'slug', s.slug, 'name', s.name, 'zone', s.zone)
					from public.summits as s where s.id = c.summit_id),
				'state', c.state,
				'send_at', private.iso(c.send_at),
				'outcomes', (select coalesce(jsonb_object_agg(n.state, n.people), '{}')
					from (select r.state, count(*) as people
						from private.campaign_recipients as r
						where r.campaign_id = c.id and r.round = 1
						group by r.state) as n)) order by c.created_at desc, c.id), '[]') as campaigns
		from (
			select *
			from private.campaigns as x
			order by x.created_at desc, x.id
			limit greatest(1, least(coalesce(page_size, 200), 200))
			offset greatest(0, page_start)) as c) as shown
	where private.runs_community()
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

-- A version that is not public closes the earlier ones too: what is under an embargo is announced no more.
create or replace function private.webhook_of_closed_document() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.take_back_webhook_event('document.published', jsonb_build_object('document', i.code))
	from private.library_items as i
	where i.id = new.item_id;
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

-- Finds what each row of a file means. A member is found by its name, as in the import of members; an address finds its
-- person as it does at the help desk. Neither it nor an earlier import ever finds somebody under an alias.
create or replace function private.match_imported_registrations(p private.imports)
	returns table (match private.registration_match, registration public.registrations)
language sql volatile security definer set search_path = '' as $$
	with known as materialized (
		select m.folded, min(m.id::text)::uuid as id, min(m.name) as name, count(*) as count
		from private.members_to_match(p.summit_id) as m
		where m.is_here and m.standing in ('active', 'observer')
		group by m.folded
	), given as materialized (
		select r.position, r.record as rec, r.record ->> 'fault' as fault, r.record ->> 'state' as state,
			p.mapping -> 'products' -> (r.record ->> 'product') ->> 'category' as category,
			p.mapping -> 'products' -> (r.record ->> 'product') ->> 'mode' as mode,
			decode(r.record #>> '{address,hash}', 'hex') as hash,
			private.fold_for_search(coalesce(r.record ->> 'organisation', '')) as folded
		from private.import_rows as r
		where r.import_id = p.id
	), matched as materialized (
		select g.*, own.id as imported_id, i.reference is not null as is_imported,
			i.reference is not null and own.id is null as is_detached,
			coalesce(own.state = 'draft' and own.version <> i.version, false) as is_edited, i.state as state_before, i.paid as paid_before, person.id as person_id, k.id as member_id,
			k.name as member_name, k.count as members
		from given as g
		left join private.imported_registrations as i
			on i.summit_id = p.summit_id and i.source = p.file ->> 'source' and i.reference = g.rec ->> 'key'
		left join public.registrations as own on own.id = i.registration_id and not private.has_alias(own.person_id)
		left join lateral (
			select private.find_desk_person(g.hash) as id where g.hash is not null offset 0) as person on true
		left join known as k on k.folded = g.folded and g.folded <> ''
	)
	select
		row(m.position, m.rec, m.fault, m.state, m.category, m.mode, m.hash, m.person_id, m.is_imported,
			m.state_before, m.paid_before, case when m.members = 1 then m.member_id end, case when m.members = 1 then m.member_name end,
			m.members,
			first_value(m.position) over (partition by m.rec ->> 'key' order by m.position),
			first_value(m.position) over (
				partition by case
					when m.fault is null and m.state <> 'cancelled' and m.category <> '' then m.hash end
				order by (m.state = 'paid') desc, m.position),
			m.is_detached, m.is_edited)::private.registration_match,
		r
	from matched as m
	left join public.registrations as r on not m.is_detached and r.id = coalesce(m.imported_id, (
		select live.id
		from public.registrations as live
		where live.summit_id = p.summit_id
			and live.person_id = m.person_id
			and live.state not in ('declined', 'withdrawn', 'expired')
			-- A draft that another row ends is none for this one.
			and not (live.state = 'draft' and exists (
				select from matched as ended where ended.imported_id = live.id and ended.state = 'cancelled'))))
$$;

-- What else is worth knowing about a row: [{code, words}].
create or replace function private.registration_import_notes(m private.registration_match, p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('code', n.code, 'words', n.words))), '[]')
	from (select p_r.id is null and not m.is_detached as is_new) as row, lateral (values
		('registered_already', null, p_r.id is not null and not m.is_imported),
		('no_address', null, row.is_new and m.hash is null),
		('member_unclear', m.rec ->> 'organisation', m.category = 'delegate' and m.members > 1),
		('member_asked', m.rec ->> 'organisation', row.is_new and m.category = 'delegate' and m.members is null
			and length(m.rec ->> 'organisation') >= 2),
		('no_organisation', null, row.is_new and m.category = 'delegate' and m.members is null
			and length(coalesce(m.rec ->> 'organisation', '')) < 2),
		('differs_here', null, m.is_imported and p_r.state <> 'draft'
			and (p_r.category::text, p_r.mode::text) is distinct from (m.category, m.mode)),
		('cancelled_there', null, m.is_imported and (p_r.state <> 'draft' or m.is_edited) and m.state = 'cancelled'),
		('edited_here', null, m.is_edited),
		('checked_in', null, m.rec -> 'checked_in' = 'true'),
		('unknown_state', m.rec ->> 'written_state', m.rec ? 'written_state'),
		('several_tickets', m.rec ->> 'tickets', m.rec ? 'tickets'),
		('no_country', m.rec ->> 'written_country', m.rec ? 'written_country')
	) as n (code, words, applies)
	where n.applies
$$;

-- What a row would change of a registration, [{field, from, to}]: of a new one and of a draft that was imported all of
-- it, of any later one, and of a draft that was edited here, only what the other system says.
create or replace function private.registration_import_changes(
	m private.registration_match, p_r public.registrations, p_submits boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('field', c.field, 'from', c.was, 'to', c.now) order by c.place)
		filter (where c.now is not null and c.now is distinct from c.was), '[]')
	from (select p_r.id is null or m.is_imported and p_r.state = 'draft' and not m.is_edited as edits) as may, lateral (values
		(1, 'category', p_r.category::text, case when may.edits then m.category end),
		(2, 'mode', p_r.mode::text, case when may.edits then m.mode end),
		(3, 'member', (select own.name from public.members as own where own.id = p_r.member_id),
			case when may.edits and m.category = 'delegate' then m.member_name end),
		(4, 'state', p_r.state::text, case
			when not may.edits then null
			when m.state = 'cancelled' then 'withdrawn'
			when p_submits and m.state = 'paid' then 'submitted'
			when p_r.id is null then 'draft' end),
		(5, 'elsewhere', m.state_before, m.state),
		(6, 'paid', nullif(m.paid_before, ''), nullif(m.rec ->> 'paid', '')),
		(7, 'answers', null, case when p_r.id is null and m.rec -> 'answers' <> '{}'
			then (select count(*) from jsonb_object_keys(m.rec -> 'answers'))::text end)
	) as c (place, field, was, now)
	where not m.is_detached
$$;

-- Writes into each row of a preview what it would do now.
create or replace function private.plan_imported_registrations(p private.imports) returns void
language sql volatile security definer set search_path = '' as $$
	-- Safeguarding learns which addresses were looked up, as at the help desk.
	insert into private.desk_lookups (summit_id, by_id, address_hash, kind)
	select distinct p.summit_id, private.me(), decode(r.record #>> '{address,hash}', 'hex'), 'walk_in'
	from private.import_rows as r
	where r.import_id = p.id and r.record #>> '{address,hash}' is not null;
	update private.import_rows as r
	set outcome = case
			when v.fault is not null then 'cannot'
			when (f.match).is_detached then 'same'
			when (f.registration).id is null then 'new'
			when not (f.match).is_imported or v.changes = '[]' then 'same'
			else 'changed' end,
		-- No row of an earlier import that changes nothing leads to its registration: those that lead to none would be known.
		target_id = case
			when v.fault is null and not ((f.match).is_imported and v.changes = '[]') then (f.registration).id end,
		version = (f.registration).version,
		changes = case
			when v.fault is null and ((f.registration).id is null or (f.match).is_imported) then v.changes
			else '[]' end,
		notes = case when v.fault is not null then jsonb_build_array(v.fault) else v.notes end
	from private.match_imported_registrations(p) as f
	cross join lateral (
		select private.registration_import_fault(f.match, f.registration) as fault,
			private.registration_import_notes(f.match, f.registration) as notes,
			private.registration_import_changes(f.match, f.registration, (p.mapping ->> 'submit')::boolean) as changes
		offset 0) as v
	where r.import_id = p.id and r.position = (f.match).position
$$;

-- Detaches the registrations of a person who takes an alias from the files that name them otherwise, in previews too.
create or replace function private.detach_imported_registrations(p_person uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.imported_registrations as i
	set registration_id = null
	where i.registration_id in (select r.id from public.registrations as r where r.person_id = p_person);
	update private.import_rows as w
	set target_id = null,
		version = null,
		outcome = case when w.applied is null then 'same' else w.outcome end,
		changes = case when w.applied is null then '[]' else w.changes end
	where w.target_id in (select r.id from public.registrations as r where r.person_id = p_person)
$$;

-- Writes of a draft that was imported those of category, mode and member_id that are in `p_place`; of a new one, all. A
-- delegate whose member is not found asks for it, as somebody does who does not find it in the form.
create or replace function private.write_imported_draft(p_draft uuid, p_rec jsonb, p_place jsonb) returns public.registrations
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_name text := left(private.one_line(p_rec ->> 'organisation'), 200);
begin
	update public.registrations as r
	set category = coalesce((p_place ->> 'category')::public.registration_category, r.category),
		mode = coalesce((p_place ->> 'mode')::public.attendance_mode, r.mode),
		member_id = coalesce(private.parse_uuid(p_place ->> 'member_id'), r.member_id),
		pool_id = case when p_place ->> 'category' = 'delegate' or p_place ? 'member_id' then null else r.pool_id end,
		version = r.version + 1,
		updated_at = now()
	where r.id = p_draft
	returning * into v_r;
	if p_place ? 'member_id' or p_place ->> 'category' <> 'delegate' then
		delete from public.member_requests as q where q.registration_id = p_draft and q.state = 'open';
	elsif p_place ? 'category' and v_r.member_id is null and length(v_name) >= 2 then
		insert into public.member_requests (summit_id, registration_id, name, country)
		values (v_r.summit_id, p_draft, v_name, nullif(p_rec ->> 'country', ''))
		on conflict (registration_id) do nothing;
	end if;
	return v_r;
end
$$;

-- Whether the address of a row is that of a person under an alias. They wanted their name in no list, so a registration
-- under it stays a draft: it takes no seat and nobody reads it, and safeguarding is told of the address.
create or replace function private.is_address_under_alias(p_rec jsonb) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from private.person_addresses as a
		where decode(p_rec #>> '{address,hash}', 'hex') in (a.address_hash, a.typed_hash)
			and private.has_alias(a.person_id))
$$;

-- Applies one row of a preview of registrations. Returns draft, submitted, queued, updated or withdrawn; or
-- changed_meanwhile, when the registration is not as it was shown.
create or replace function private.apply_imported_registration(p_import private.imports, p_row private.import_rows) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_rec jsonb := p_row.record;
	-- What the preview showed of the place, with the member as it is found now.
	v_place jsonb := jsonb_strip_nulls((
		select jsonb_build_object(
			'category', c.fields -> 'category',
			'mode', c.fields -> 'mode',
			'member_id', (
				select min(m.id::text)
				from public.members as m
				join public.summit_members as sm on sm.member_id = m.id and sm.summit_id = p_import.summit_id
				where m.name = c.fields ->> 'member'))
		from (
			select coalesce(jsonb_object_agg(e.value ->> 'field', e.value -> 'to'), '{}') as fields
			from jsonb_array_elements(p_row.changes) as e) as c));
	v_r public.registrations;
	v_done text := 'updated';
	-- The version that a file wrote last.
	v_written integer;
	v_source text := p_import.file ->> 'source';
begin
	if p_row.target_id is null then
		if exists (
			select from private.imported_registrations as i
			where i.summit_id = p_import.summit_id and i.source = v_source and i.reference = v_rec ->> 'key') then
			return 'changed_meanwhile';
		end if;
		v_r := private.begin_imported_registration(p_import, v_rec, v_place);
		if v_r.id is null then return 'changed_meanwhile'; end if;
		v_written := v_r.version;
		v_done := 'draft';
	else
		select * into v_r from public.registrations as r where r.id = p_row.target_id for no key update;
		if v_r.id is null or v_r.version is distinct from p_row.version then return 'changed_meanwhile'; end if;
		perform private.set_audit_context(v_r.person_id, 'import');
		select i.version into v_written
		from private.imported_registrations as i
		where i.summit_id = p_import.summit_id and i.source = v_source and i.reference = v_rec ->> 'key';
		if v_r.state = 'draft' and v_written = v_r.version and v_rec ->> 'state' = 'cancelled' then
			v_r := private.leave_summit(v_r.id, 'withdrawn', '', 100);
			v_done := 'withdrawn';
		elsif v_r.state = 'draft' and v_written = v_r.version and v_place <> '{}' then
			v_r := private.write_imported_draft(v_r.id, v_rec, v_place);
			v_written := v_r.version;
		end if;
	end if;
	-- A draft that its person has edited here is theirs to submit.
	if v_r.state = 'draft'
		and v_r.version = v_written
		and v_rec ->> 'state' = 'paid'
		and (p_import.mapping ->> 'submit')::boolean
		and not private.is_address_under_alias(v_rec) then
		v_done := private.submit_imported_registration(v_r.id, (p_import.mapping ->> 'mails')::boolean);
	end if;
	insert into private.imported_registrations (summit_id, source, reference, registration_id, state, paid, version)
	values (p_import.summit_id, v_source, v_rec ->> 'key', v_r.id, v_rec ->> 'state', coalesce(v_rec ->> 'paid', ''),
		v_written)
	on conflict (summit_id, source, reference) do update
	set state = excluded.state, paid = excluded.paid, version = excluded.version, at = now()
	where imported_registrations.registration_id = excluded.registration_id;
	perform private.notify_registration(v_r);
	return v_done;
end
$$;
grant execute on function public.save_survey_question(uuid, jsonb, integer) to authenticated;
create trigger webhook_closed after update on private.library_versions for each row
	when (old.published_at is null and new.published_at is not null and new.level <> 'public')
	execute function private.webhook_of_closed_document();
delete from private.webhook_events as e
where e.kind = 'document.published'
	and e.occurred_at > now()
	and exists (
		select
		from private.library_items as i
		join private.library_versions as v on v.item_id = i.id
		where i.code = e.data ->> 'document'
			and v.number > (e.data ->> 'version')::integer
			and v.published_at is not null
			and v.level <> 'public');
grant execute on function public.list_campaigns(integer, integer) to authenticated;
