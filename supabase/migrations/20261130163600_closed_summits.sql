-- A closed Summit is read-only, and its closing can be taken back until retention has deleted something.

-- What may still be written once a Summit is closed. Every other table of a Summit is read-only from then on
-- (refusing.sql).

-- The tables of a Summit that people still write after its closing, and why. With any other table that has a column of
-- private.summit_column, an act of a person is refused.
create table private.writable_after_closing (
	table_name text primary key,
	reason text not null check (reason <> '')
);
alter table private.writable_after_closing enable row level security;

insert into private.writable_after_closing (table_name, reason)
values
	('private.legal_holds', 'Retention: periods, holds and their clocks begin with the closing.'),
	('private.retention_clocks', 'Retention: periods, holds and their clocks begin with the closing.'),
	('private.retention_periods', 'Retention: periods, holds and their clocks begin with the closing.'),
	('private.retention_reports', 'Retention: periods, holds and their clocks begin with the closing.'),
	('private.emptied_registrations', 'Retention: what the sweep did.'),
	('private.outbox', 'Mail goes out after the closing: thanks, certificates, receipts, sign-in.'),
	('public.group_messages', 'Mail goes out after the closing: thanks, certificates, surveys.'),
	('private.group_message_recipients', 'Mail goes out after the closing: thanks, certificates, surveys.'),
	('public.orders', 'Money: late payments, refunds, invoices and the books.'),
	('public.order_lines', 'Money: late payments, refunds, invoices and the books.'),
	('public.order_adjustments', 'Money: late payments, refunds, invoices and the books.'),
	('public.invoices', 'Money: late payments, refunds, invoices and the books.'),
	('private.invoice_number_series', 'Money: late payments, refunds, invoices and the books.'),
	('private.bank_rows', 'Money: late payments, refunds, invoices and the books.'),
	('private.reconciliations', 'Money: late payments, refunds, invoices and the books.'),
	('private.concerns', 'Safeguarding: a concern can always be raised and handled.'),
	('private.cases', 'Safeguarding: a concern can always be raised and handled.'),
	('private.concern_deputies', 'Safeguarding: who handles concerns.'),
	('private.on_call_settings', 'Safeguarding: who is called.'),
	('private.on_call_shifts', 'Safeguarding: who is called.'),
	('private.reporting_duties', 'Safeguarding: to whom cases are referred.'),
	('private.watch_list_entries', 'Safeguarding: entries hold for later Summits too.'),
	('private.entry_bars', 'Safeguarding: bars follow concerns.'),
	('private.name_reveals', 'Safeguarding: a sealed name is revealed to protect somebody.'),
	('private.chat_messages', 'Safeguarding: a message is deleted at any time; new ones need a live run.'),
	('private.surveys', 'Surveys go on: answers, and surveys some months later.'),
	('private.survey_collections', 'Surveys go on: answers, and surveys some months later.'),
	('public.certificate_settings', 'Certificates are issued after the closing.'),
	('private.certificates', 'Certificates are issued after the closing.'),
	('private.commitments', 'Commitments: what becomes of them is reported between Summits.'),
	('private.commitment_versions', 'Commitments: what becomes of them is reported between Summits.'),
	('private.library_ties', 'The library outlives Summits: its documents are tied to their sessions.'),
	('private.commitment_links', 'Commitments: what becomes of them is reported between Summits.'),
	('public.focal_points', 'Commitments: who answers for a member between Summits.'),
	('private.focal_invitations', 'Commitments: who answers for a member between Summits.'),
	('private.recordings', 'Recordings are published, withdrawn and deleted after the closing.'),
	('private.egresses', 'Recordings are published, withdrawn and deleted after the closing.'),
	('private.caption_lines', 'Transcripts are corrected before they are published.'),
	('private.caption_people', 'Transcripts are corrected before they are published.'),
	('private.deleted_captions', 'Transcripts are corrected before they are published.'),
	('public.consents', 'A consent can be withdrawn at any time.'),
	('private.floor_consents', 'A consent can be withdrawn at any time.'),
	('private.guardian_claims', 'A consent can be withdrawn at any time.'),
	('private.guardian_stage_agreements', 'A consent can be withdrawn at any time.'),
	('public.role_grants', 'Roles: the Summit always has owners, and rights end.'),
	('private.role_proposals', 'Roles: the Summit always has owners, and rights end.'),
	('private.role_invitations', 'Roles: the Summit always has owners, and rights end.'),
	('public.figure_releases', 'Figures of the whole Summit are known after it.'),
	('public.figure_settings', 'Figures of the whole Summit are known after it.'),
	('private.personal_links', 'Access that a person or an organiser can end at any time.'),
	('private.caption_tokens', 'Access that a person or an organiser can end at any time.'),
	('private.room_screens', 'Access that a person or an organiser can end at any time.'),
	('private.draft_previews', 'Access that a person or an organiser can end at any time.'),
	('private.door_devices', 'Access that a person or an organiser can end at any time.'),
	('private.hall_devices', 'Access that a person or an organiser can end at any time.'),
	('private.list_views', 'Reading: how an organiser looks at a list.'),
	('private.board_presence', 'Reading: who looks at the agenda board.'),
	('private.agenda_visits', 'Reading: what a delegate has seen of the agenda.'),
	('private.pending_agenda_changes', 'Reading: what a delegate has seen of the agenda.'),
	('private.desk_lookups', 'Reading: which sealed record the help desk looked up.'),
	('private.undoable_acts', 'Undo of an allowed act; what it restores is refused by its own table.');
insert into private.retention_rules (table_name, exemption) values ('private.writable_after_closing', 'technical');

-- How long a closing can be taken back.

-- The classes of data whose clock has run since a Summit was closed, in order: retention deletes them, so the Summit
-- cannot be opened again as it was. A class under a legal hold is not deleted.
create function private.clocks_that_ran(p_summit uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce(array_agg(c.code order by c.position), '{}')
	from private.retention_classes as c
	join private.retention_clocks as k on k.summit_id = p_summit
	where c.clock = 'closed'
		and k.started_at + make_interval(days => private.retention_days(c.code, p_summit, now())) <= now()
		and not private.is_class_held(c.code, p_summit, now())
$$;

-- A closed or archived Summit is read-only: one trigger on every table of a Summit refuses acts of people. Tables that
-- may still be written are listed with their reason (tables.sql). What the app does by itself is not refused: payments
-- that arrive late, mail, the end of a recording, scans of a door that was without a network, retention and erasure.

-- The column by which a table says to which Summit a row belongs: its Summit, or else what it refers to of these four;
-- null: to none.
create function private.summit_column(p_table regclass) returns text
language sql stable set search_path = '' as $$
	select a.attname
	from (values
		(1, 'summit_id', null),
		(2, 'registration_id', 'public.registrations'),
		(3, 'session_id', 'public.sessions'),
		(4, 'run_id', 'public.runs'),
		(5, 'proposal_id', 'private.proposals')) as k (place, name, parent)
	join pg_catalog.pg_attribute as a on a.attrelid = p_table and a.attname = k.name and not a.attisdropped
	where k.parent is null
		or exists (select from pg_catalog.pg_constraint as f
			where f.conrelid = p_table and f.confrelid = k.parent::regclass and a.attnum = any (f.conkey))
	order by k.place
	limit 1
$$;

-- Lets the rest of the transaction write to closed Summits: for acts about a person, a member or money that reach every
-- Summit, or that have to be possible at any time. The caller has checked the right already.
create function private.allow_closed_summits() returns void
language sql volatile set search_path = '' as $$
	select set_config('app.closed_summits', 'allowed', true)
$$;

-- Whether a Summit is closed or archived.
create function private.is_summit_closed(p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.summits as s where s.id = p_summit and s.state in ('closed', 'archived'))
$$;

-- Refuses to write a row of a closed Summit: PT423, which the app says on the form. Only to those who act with a request
-- of their own (the claims of `authenticated` and `anon`). A write that began before the closing may end just after it,
-- as if it had come just before: nothing is locked.
create function private.refuse_when_closed() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_row jsonb;
	v_id uuid;
	v_summit uuid;
begin
	if coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role', '')
			in ('authenticated', 'anon')
		and coalesce(current_setting('app.closed_summits', true), '') <> 'allowed' then
		v_row := case tg_op when 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
		v_id := (v_row ->> tg_argv[0])::uuid;
		v_summit := case tg_argv[0]
			when 'summit_id' then v_id
			when 'registration_id' then (select r.summit_id from public.registrations as r where r.id = v_id)
			when 'session_id' then (select s.summit_id from public.sessions as s where s.id = v_id)
			when 'run_id' then (select r.summit_id from public.runs as r where r.id = v_id)
			when 'proposal_id' then (select p.summit_id from private.proposals as p where p.id = v_id)
		end;
		if private.is_summit_closed(v_summit) then
			raise exception 'the Summit is closed' using errcode = 'PT423';
		end if;
	end if;
	if tg_op = 'DELETE' then return old; end if;
	return new;
end
$$;

-- The settings of a closed Summit stay as they are; its state alone changes.
create function private.refuse_settings_when_closed() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role', '')
			in ('authenticated', 'anon') then
		raise exception 'the Summit is closed' using errcode = 'PT423';
	end if;
	return new;
end
$$;
create trigger refuse_when_closed before update on public.summits for each row
	when (old.state in ('closed', 'archived') and new.state = old.state)
	execute function private.refuse_settings_when_closed();

-- Puts the trigger on every table of a Summit that is not listed as writable, and takes it off those that are. A
-- migration that makes a table or changes the list calls it again.
create function private.close_with_summit() returns void
language plpgsql volatile set search_path = '' as $$
declare
	v_table record;
begin
	for v_table in
		select c.oid::regclass as id,
			private.summit_column(c.oid) as column_name,
			exists (select from private.writable_after_closing as w
				where w.table_name = c.relnamespace::regnamespace || '.' || c.relname) as is_writable,
			exists (select from pg_catalog.pg_trigger as t
				where t.tgrelid = c.oid and t.tgname = 'refuse_when_closed') as has_trigger
		from pg_catalog.pg_class as c
		where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
			and c.oid <> 'public.summits'::regclass
		order by 1
	loop
		if v_table.has_trigger and (v_table.is_writable or v_table.column_name is null) then
			execute format('drop trigger refuse_when_closed on %s', v_table.id);
		elsif v_table.column_name is not null and not v_table.is_writable and not v_table.has_trigger then
			execute format('create trigger refuse_when_closed before insert or update or delete on %s
				for each row execute function private.refuse_when_closed(%L)', v_table.id, v_table.column_name);
		end if;
	end loop;
end
$$;
select private.close_with_summit();

-- Merges two records, once both people of the staff agreed and all is locked (confirm_merge in
-- 02_people/merge_requests.sql). Also locks both at the door, so that nobody is scanned meanwhile. The order of the
-- steps matters.
create or replace function private.merge_people(p_keep uuid, p_drop uuid, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_keep uuid := p_keep;
	v_has_alias boolean := private.has_alias(p_keep) or private.has_alias(p_drop);
	v_column record;
	v_days text[];
begin
	perform private.set_audit_context(p_keep, p_reason);
	perform private.allow_closed_summits();
	perform set_config('app.merging', 'yes', true);
	perform private.merge_protection(p_keep, p_drop);
	perform private.merge_accounts(p_keep, p_drop);
	perform private.merge_watch_list_matches(p_keep, p_drop);
	perform private.merge_connections(p_keep, p_drop);
	perform private.merge_group_people(p_keep, p_drop);
	perform private.merge_meeting_people(p_keep, p_drop);
	-- Days on which both were scanned at doors are computed again after the merge.
	perform private.lock_person_at_door(each.summit_id, each.person_id)
	from (select distinct s.summit_id, s.person_id
		from private.door_scans as s
		where s.person_id in (p_keep, p_drop)
		order by 1, 2) as each;
	v_days := array(select distinct s.summit_id || ' ' || s.day
		from private.door_scans as s
		where s.person_id = p_keep and exists (select from private.door_scans as other
			where other.person_id = p_drop and other.summit_id = s.summit_id and other.day = s.day));
	-- The code of the certificate that goes then says that it was replaced.
	perform private.close_certificate(c.id, 'replaced')
	from private.certificates as c
	join private.certificates as k on k.summit_id = c.summit_id
		and k.kind = c.kind
		and k.person_id = p_keep
		and k.ended_at is null
	where c.person_id = p_drop and c.ended_at is null;
	-- Everything else that refers to the person.
	for v_column in select c.table_name, c.column_name from private.person_references() as c loop
		perform private.repoint_references(v_column.table_name, v_column.column_name, p_keep, p_drop);
	end loop;
	perform private.merge_presence(p_keep, v_days);
	insert into private.former_ids (former_id, person_id) values (p_drop, p_keep);
	delete from public.people as p where p.id = p_drop;
	perform set_config('app.merging', '', true);
	-- With an alias, one of the two ids was known under another name than the one that is left.
	if v_has_alias then v_keep := private.rotate_person_identity(p_keep); end if;
	perform audit.record_event('people.merged', v_keep::text, null, v_keep, jsonb_build_object('dropped', p_drop));
	perform private.publish_event('person:' || person, 'rights') from unnest(array[v_keep, p_drop]) as person;
end
$$;

-- Gives a person a new identity for others: a new id, a new public code and new ids and codes of all rows in which they
-- were visible, so that nobody who noted one can connect the two names. Every reference follows in the same
-- transaction, older releases too; audit entries and the key stay theirs through private.former_ids. Answers the new
-- id. Locks registrations, run participants and groups before the person's own row, as other functions do.
create or replace function private.rotate_person_identity(p_person uuid) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid := gen_random_uuid();
	v_badge public.badges;
begin
	perform private.allow_closed_summits();
	perform from public.registrations as r where r.person_id = p_person order by r.id for no key update;
	perform from private.run_participants as p where p.person_id = p_person order by p.id for update;
	perform from private.groups as g
	where g.id in (select x.group_id from private.group_people as x where x.person_id = p_person)
	order by g.id
	for update;
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

-- Merges `duplicate` into `keep`. With `as_exception` the kept member may have the seats of both. Locks the modes of
-- all Summits concerned, then the registrations, then the members at the Summits, then the two members. Returns
-- {status, detail}, with status ok | exceeds (more seats than allowed) | stranded (another ceiling would be exceeded) |
-- conflict (one of them joined another Summit meanwhile) | not_allowed | unknown | same | reason_needed.
create or replace function public.merge_members(keep uuid, duplicate uuid, reason text, as_exception boolean default false)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summits uuid[];
	v_summit uuid;
	v_reason text := btrim(coalesce(reason, ''));
	v_detail text;
	v_name text;
begin
	if keep = duplicate then return jsonb_build_object('status', 'same'); end if;
	if not private.may_merge_members(keep, duplicate) then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_reason = '' then return jsonb_build_object('status', 'reason_needed'); end if;
	v_summits := array(
		select distinct sm.summit_id from public.summit_members as sm where sm.member_id in (keep, duplicate));
	perform private.lock_modes(variadic v_summits);
	perform from public.registrations as r where r.member_id = duplicate order by r.id for no key update;
	-- A registration that is choosing the duplicate at this moment finishes first; later ones no longer find it.
	perform from public.summit_members as sm where sm.member_id = duplicate order by sm.summit_id for update;
	perform from public.members as m where m.id in (keep, duplicate) order by m.id for update;
	select m.name into v_name from public.members as m where m.id = duplicate;
	if (select count(*) from public.members as m where m.id in (keep, duplicate)) < 2 then
		return jsonb_build_object('status', 'unknown');
	end if;
	-- One of them joined another Summit after the Summits were read and before the locks.
	if exists (
		select from public.summit_members as sm
		where sm.member_id in (keep, duplicate) and sm.summit_id <> all (v_summits)) then
		return jsonb_build_object('status', 'conflict');
	end if;
	perform private.allow_closed_summits();
	begin
		perform set_config('app.reason', v_reason, true);
		perform set_config('app.allowances', 'together', true);
		perform private.move_member_data(keep, duplicate, v_summits, v_reason, as_exception);
		perform set_config('app.allowances', '', true);
		foreach v_summit in array v_summits loop
			perform private.finish_seat_quota_change(v_summit);
		end loop;
	exception when sqlstate 'PT409' then
		get stacked diagnostics v_detail = pg_exception_detail;
		return jsonb_build_object('status', case when v_detail like 'exceeds %' then 'exceeds' else 'stranded' end,
			'detail', v_detail);
	end;
	perform audit.record_event('members.merged', keep::text, null, null,
		jsonb_build_object('dropped', duplicate, 'name', v_name));
	perform private.publish_event('organise:' || each, 'member_request') from unnest(v_summits) as each;
	return jsonb_build_object('status', 'ok');
end
$$;

-- After money has come in for a locked order. Answers paid, underpaid, revived (the order had ended and begins again)
-- or surplus (it had ended and the money goes back).
create or replace function private.apply_payment(p_order uuid, p_amount bigint) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_order public.orders;
	v_effect text;
begin
	perform private.allow_closed_summits();
	select * into strict v_order from public.orders as o where o.id = p_order;
	if v_order.closed_at is null then
		v_effect := case when private.balance_of(p_order) > 0 then 'underpaid' else 'paid' end;
	else
		v_effect := case when private.reopen_order(v_order) then 'revived' else 'surplus' end;
	end if;
	if v_effect <> 'surplus' then
		perform private.mail_payer(v_order, 'payment_received', jsonb_build_object('amount', p_amount));
	end if;
	perform private.settle_order(p_order, case v_effect when 'surplus' then 'late' else 'overpaid' end);
	if v_effect in ('paid', 'revived') then
		update public.checkouts as c set state = 'expired'
		where c.order_id = p_order and c.state in ('requested', 'open');
	end if;
	perform private.notify_order(v_order);
	return v_effect;
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
	perform private.allow_closed_summits();
	perform private.adjust_order(v_order.id, 'credit', -v_amount, v_registration, left(btrim(reason), 500));
	perform private.settle_order(v_order.id, 'finance');
	return jsonb_build_object('status', 'ok', 'amount', v_amount);
end
$$;

-- Saves the consent for each purpose; one that is withdrawn ends from now on. Publishing needs a recording, so it is
-- saved only together with `record`. Photographs are asked once: an answer for the whole Summit is the answer here too.
-- Answers ok | declined | not_found.
create or replace function public.save_participation_consents(participation uuid, live boolean, record boolean, publish boolean,
	photo boolean) returns public.participation_consent_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row public.session_people := private.lock_own_participation(participation);
begin
	if v_row.id is null then return 'not_found'; end if;
	if v_row.state = 'declined' then return 'declined'; end if;
	-- What was published with a consent goes when it is withdrawn, after the Summit too.
	perform private.allow_closed_summits();
	update public.session_people
	set consent_live = coalesce(live, false), consent_record = coalesce(record, false),
		consent_publish = coalesce(publish, false) and coalesce(record, false),
		consent_photo = case private.answered_photographs(v_row.person_id, v_row.summit_id)
			when 'yes' then true
			when 'no' then false
			else coalesce(photo, false) end,
		consents_answered_at = now()
	where id = v_row.id;
	perform private.publish_event('session:' || v_row.session_id, 'people', v_row.session_id);
	return 'ok';
end
$$;

-- The emergency button: those who run a session, and safeguarding, raise its level to `chatham_house` or `closed` at
-- once, with everything that such a level forbids switched off. A session that is closed keeps its list of who may
-- come; without a list only its own people are left. The audit says who did it and that it was an emergency. Locks the
-- session. Answers ok, already, not_found.
create or replace function public.raise_level_in_emergency(session uuid, level public.confidentiality) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_session public.sessions;
begin
	select * into v_session from public.sessions as s where s.id = session for no key update;
	if not found or level not in ('chatham_house', 'closed') then return 'not_found'; end if;
	if not (private.may_run(private.me(), v_session.id)
		or private.has_role(v_session.summit_id, 'safeguarding') and private.can_see(private.me(), v_session.id)) then
		return 'not_found';
	end if;
	if v_session.level >= level then return 'already'; end if;
	perform private.allow_closed_summits();
	perform set_config('app.reason', 'emergency', true);
	update public.sessions as s set level = raise_level_in_emergency.level, is_recorded = false,
		audience = case
			when raise_level_in_emergency.level = 'closed' then 'listed'
			when s.audience = 'everyone' then 'registered'
			else s.audience::text end::public.session_audience
	where s.id = v_session.id;
	-- Whatever is being recorded is sealed here too, and does not depend on a trigger that only compares levels.
	perform private.seal_recording(g.id, 'level')
	from private.recordings as g
	where g.session_id = v_session.id and g.state in ('wanted', 'running', 'paused', 'stopped');
	return 'ok';
end
$$;

-- Does one act of a case, and notes it (text sealed with the case's key, in hex) if it was done. Only its lead does,
-- while it is open. A form that is sent twice acts once.
create or replace function public.act_on_case(this_case uuid, act text, target uuid, text_sealed text, form_hash text)
	returns public.case_act_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_case private.cases;
	v_status text;
begin
	select * into v_case from private.cases as x where x.id = this_case for share;
	if not found or not private.may_read_case(private.me(), this_case) then return 'not_found'; end if;
	if v_case.lead_id is distinct from private.me() then return 'not_lead'; end if;
	if exists (select from private.case_entries as e
		where e.case_id = this_case and e.form_hash = decode(act_on_case.form_hash, 'hex')) then
		return 'ok';
	end if;
	if v_case.state = 'closed' then return 'not_possible'; end if;
	if not private.is_case_target(this_case, act, target) then return 'not_found'; end if;
	perform private.allow_closed_summits();
	v_status := case act
		when 'hide_message' then (
			select private.remove_message(x, true) from private.chat_messages as x where x.id = target)
		when 'hide_question' then private.hide_question(target)
		when 'end_stream' then private.end_stream(target)
		when 'freeze_recording' then private.freeze_recording(this_case, target)
		when 'no_photographs' then private.forbid_photographs(target)
		when 'walk_out' then private.walk_out(v_case.summit_id, target)
		when 'let_in_again' then private.let_in_again(v_case.summit_id, target) end;
	if v_status is distinct from 'ok' then return coalesce(v_status, 'not_possible'); end if;
	insert into private.case_entries (case_id, kind, text_sealed, form_hash, author_id)
	values (this_case, 'act', decode(act_on_case.text_sealed, 'hex'), decode(act_on_case.form_hash, 'hex'), private.me());
	perform audit.record_event('case.acted', this_case::text, v_case.summit_id, null, jsonb_build_object('act', act));
	perform private.publish_case(this_case);
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;

-- Reviews a change of name, office, affiliation or country in every live registration of the person, apart from those
-- of closed Summits.
create or replace function private.re_review_person_change() returns trigger
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

-- Changes the state, and is the only way to: nobody may update it in the table. {status: ok | already | not_allowed |
-- not_ready (items: what has to be done first, private.launch_blockers in 28_organising/checklist.sql) | clock_ran
-- (classes: what retention has begun to delete since the closing, which therefore cannot be taken back)}. To close a
-- Summit, to archive it and to take either back needs a passkey. Locks the Summit, so that two changes come one after
-- the other.
create or replace function public.set_summit_state(summit uuid, state public.summit_state) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.summit_state;
	v_open text[];
	v_ran text[];
begin
	if not private.has_role(summit, 'owner') then return jsonb_build_object('status', 'not_allowed'); end if;
	select s.state into v_old from public.summits as s where s.id = summit for update;
	if v_old = set_summit_state.state then return jsonb_build_object('status', 'already'); end if;
	v_open := private.launch_blockers(summit, v_old, set_summit_state.state);
	if v_open <> '{}' then return jsonb_build_object('status', 'not_ready', 'items', v_open); end if;
	if v_old > set_summit_state.state and v_old in ('closed', 'archived') then
		v_ran := private.clocks_that_ran(summit);
		if v_ran <> '{}' then return jsonb_build_object('status', 'clock_ran', 'classes', v_ran); end if;
	end if;
	if 'closed' <= greatest(v_old, set_summit_state.state) then perform private.require_confirmation(); end if;
	update public.summits as s set state = set_summit_state.state, updated_at = now() where s.id = summit;
	return jsonb_build_object('status', 'ok');
end
$$;
