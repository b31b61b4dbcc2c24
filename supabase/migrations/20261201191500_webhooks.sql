-- Webhooks: endpoints of a Summit, the events that are sent to them, and each attempt to send one.

set check_function_bodies = off;

-- Adding an endpoint. Already: one with this id was added before. Too many: a Summit has at most twenty.
create domain public.webhook_adding as text check (value in ('ok', 'already', 'not_allowed', 'invalid', 'too_many'));

-- Webhooks: what a Summit tells other systems, as Standard Webhooks has it. Nothing here is readable through the API:
-- owners read and write by the functions of organising.sql, and the app sends by those of sending.sql.

-- The kinds of events. Another release may add some; a name is never changed or used for something else.
create type public.webhook_kind as enum (
	'registration.submitted', 'registration.nominated', 'registration.accredited', 'registration.awaiting_payment',
	'registration.confirmed', 'registration.declined', 'registration.withdrawn', 'registration.expired',
	'registration.mode_changed', 'registration.category_changed',
	'accreditation.question_asked', 'accreditation.question_answered',
	'queue.joined', 'queue.offered',
	'letter.issued', 'letter.withdrawn',
	'member.added', 'member.standing_changed', 'member.requested', 'focal_point.added',
	'order.created', 'payment.received', 'payment.disputed', 'refund.decided', 'refund.completed', 'refund.failed',
	'invoice.issued', 'credit_note.issued', 'waiver.requested', 'waiver.decided',
	'badge.issued', 'badge.revoked', 'check_in.entered', 'check_in.left', 'check_in.undone',
	'agenda.released', 'session.added', 'session.changed', 'session.cancelled',
	'proposal.submitted', 'proposal.withdrawn', 'proposal.decided', 'side_event.requested', 'side_event.decided',
	'speaker.invited', 'speaker.confirmed', 'speaker.declined', 'speaker.removed',
	'session.live', 'session.ended', 'recording.published', 'recording.withdrawn',
	'announcement.sent', 'page.published', 'session_file.published', 'document.published',
	'commitment.announced', 'commitment.withdrawn', 'commitment.reported',
	'survey.published', 'figures.released', 'impact_report.released',
	'summit.opened', 'summit.live', 'summit.closed', 'summit.archived',
	-- Sent by the button alone; nobody subscribes to it.
	'webhook.test'
);

create type public.webhook_state as enum ('waiting', 'delivered', 'failed');

-- Why nothing is sent to an endpoint. failing: it has not answered for days. gone: it answered 410.
create type public.webhook_pause as enum ('by_hand', 'failing', 'gone');

-- Why an attempt has no answer. name: the host is not found. address: it has an address that is not public. refused: no
-- connection. tls: its certificate is wrong. timeout: it took too long. protocol: the answer is not HTTP. secret: the
-- sealing key of its secret is gone.
create type public.webhook_fault as enum ('name', 'address', 'refused', 'tls', 'timeout', 'protocol', 'secret');

-- Whether a text can be the address of an endpoint. Plain http is accepted for the local machine only, and sent to only
-- where the site itself is on it. That the address is a public one is checked by the app, when it is saved and each time
-- that something is sent.
create function private.is_webhook_url(p_url text) returns boolean
language sql immutable set search_path = '' as $$
	select length(p_url) <= 500
		and (p_url ~ '^https://[^[:space:]/?#@"<>]+(/[^[:space:]"<>#]*)?$'
		or p_url ~ '^http://(localhost|127\.0\.0\.1|\[::1\])(:[1-9][0-9]{0,4})?(/[^[:space:]"<>#]*)?$')
$$;

-- An endpoint. The app chooses its id, because its secret is sealed for it.
create table private.webhook_endpoints (
	id uuid primary key,
	summit_id uuid not null references public.summits (id) on delete cascade,
	url text not null check (private.is_webhook_url(url)),
	description text not null default '' check (length(description) <= 120),
	kinds public.webhook_kind[] not null check (cardinality(kinds) > 0 and not 'webhook.test' = any (kinds)),
	-- Null: it is active.
	pause_reason public.webhook_pause,
	paused_at timestamptz,
	secret_sealed bytea not null,
	key_id text not null,
	-- The secret before the last rotation, which signs too until `old_until`.
	old_secret_sealed bytea,
	old_key_id text,
	old_until timestamptz,
	created_at timestamptz not null default now(),
	check ((pause_reason is null) = (paused_at is null)),
	check (num_nulls(old_secret_sealed, old_key_id, old_until) in (0, 3)),
	constraint url_one_line check (private.is_one_line(url)),
	constraint description_one_line check (private.is_one_line(description))
);
create index on private.webhook_endpoints (summit_id);
alter table private.webhook_endpoints enable row level security;
-- An address may contain a token of the other system: entries say that it changed, and not from what to what.
select audit.watch('private.webhook_endpoints', '', 'url', 'secret_sealed', 'old_secret_sealed');

-- Which process sends to an endpoint at this moment, and how it goes. It changes with each turn, so it is not audited.
create table private.webhook_senders (
	endpoint_id uuid primary key references private.webhook_endpoints (id) on delete cascade,
	-- A claim that ran out belonged to a process that died. Each has its own id, so that nothing counts that a process
	-- writes after it was believed dead.
	claim_id uuid,
	claimed_until timestamptz,
	-- The endpoint that has waited longest is served first.
	served_at timestamptz not null default '-infinity',
	-- Since when no attempt has succeeded, and how many have failed. Until `held_until` nothing is tried: an endpoint that is
	-- away is not asked for each event.
	failing_since timestamptz,
	failures integer not null default 0,
	held_until timestamptz
);
alter table private.webhook_senders enable row level security;

-- What happened, written in the transaction of what happened, and only where an endpoint wants it. `data`: codes and ids,
-- never a name or a text.
create table private.webhook_events (
	id uuid primary key default gen_random_uuid(),
	place bigint not null generated always as identity,
	summit_id uuid not null references public.summits (id) on delete cascade,
	kind public.webhook_kind not null,
	data jsonb not null check (jsonb_typeof(data) = 'object'),
	-- The session that it tells of: once that is closed, the event is deleted instead of sent.
	session_id uuid references public.sessions (id) on delete cascade,
	-- Later than now where it was decided ahead; until then nobody learns of it.
	occurred_at timestamptz not null default now()
);
create index on private.webhook_events (summit_id, occurred_at);
create index on private.webhook_events (session_id);
alter table private.webhook_events enable row level security;

-- An event for one endpoint.
create table private.webhook_deliveries (
	id uuid primary key default gen_random_uuid(),
	event_id uuid not null references private.webhook_events (id) on delete cascade,
	endpoint_id uuid not null references private.webhook_endpoints (id) on delete cascade,
	state public.webhook_state not null default 'waiting',
	-- Attempts in all, and those since it was last queued: a replay begins the schedule again.
	attempts integer not null default 0,
	tries integer not null default 0,
	-- When it is tried next; infinity for a test, which the page sends itself.
	due_at timestamptz not null default now(),
	unique (event_id, endpoint_id)
);
create index on private.webhook_deliveries (endpoint_id, state);
create index webhook_deliveries_due on private.webhook_deliveries (endpoint_id, due_at) where state = 'waiting';
alter table private.webhook_deliveries enable row level security;

-- Each attempt, with the beginning of the answer.
create table private.webhook_attempts (
	delivery_id uuid not null references private.webhook_deliveries (id) on delete cascade,
	number integer not null check (number > 0),
	at timestamptz not null default now(),
	took_ms integer not null check (took_ms >= 0),
	status integer check (status between 100 and 999),
	fault public.webhook_fault,
	excerpt text not null default '' check (length(excerpt) <= 500),
	primary key (delivery_id, number),
	check ((status is null) = (fault is not null)),
	constraint excerpt_one_line check (private.is_one_line(excerpt))
);
alter table private.webhook_attempts enable row level security;

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.webhook_endpoints', 'settings', '{description,kinds,pause_reason}', '{}', '{url,secret_sealed}'),
	('webhooks.replayed', 'settings', '{count}', '{}', '{}'),
	('webhooks.tested', 'settings', '{}', '{}', '{}');

-- Writing events: the one function that all triggers of this folder call.

-- Writes an event, and a delivery for each active endpoint of the Summit that wants its kind; without one nothing is
-- written. Nothing that tells of a closed session is written at all. `p_at`: when it takes effect, where that is to come;
-- it is sent then. Locks the endpoints (for key share), so that one that is removed meanwhile is left out.
create function private.write_webhook_event(p_summit uuid, p_kind public.webhook_kind, p_data jsonb,
	p_session uuid default null, p_at timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_endpoint uuid;
	v_event uuid;
	v_at timestamptz := greatest(p_at, now());
begin
	for v_endpoint in
		select e.id
		from private.webhook_endpoints as e
		where e.summit_id = p_summit and e.pause_reason is null and p_kind = any (e.kinds)
		order by e.id
		for key share
	loop
		if v_event is null then
			if p_session is not null and private.level_in_force(p_session) = 'closed' then return; end if;
			insert into private.webhook_events (summit_id, kind, data, session_id, occurred_at)
			select p_summit, p_kind, jsonb_build_object('summit', s.slug) || p_data, p_session, v_at
			from public.summits as s
			where s.id = p_summit
			returning id into v_event;
		end if;
		insert into private.webhook_deliveries (event_id, endpoint_id, due_at) values (v_event, v_endpoint, v_at);
		perform private.publish_event('outbox', 'webhook', v_endpoint);
	end loop;
end
$$;

-- Whether an endpoint wants one of these kinds: asked before what is costly to compute.
create function private.is_webhook_wanted(p_summit uuid, variadic p_kinds public.webhook_kind[]) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.webhook_endpoints as e
		where e.summit_id = p_summit and e.pause_reason is null and e.kinds && p_kinds)
$$;

-- Takes back an event whose time has not come.
create function private.take_back_webhook_event(p_kind public.webhook_kind, p_data jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.webhook_events as e where e.kind = p_kind and e.data @> p_data and e.occurred_at > now()
$$;

-- Events of registrations and members. A registration is named by its reference, a member by its code.

create function private.write_registration_event(p_registration uuid, p_kind public.webhook_kind,
	p_data jsonb default '{}') returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
	v_reference text;
begin
	select r.summit_id, r.reference into v_summit, v_reference from public.registrations as r where r.id = p_registration;
	if v_summit is null then return; end if;
	perform private.write_webhook_event(v_summit, p_kind, jsonb_build_object('registration', v_reference) || p_data);
end
$$;

-- The argument: which column changed.
create function private.webhook_of_registration() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(
		new.summit_id,
		case tg_argv[0]
			when 'mode' then 'registration.mode_changed'
			when 'category' then 'registration.category_changed'
			else 'registration.' || new.state
		end::public.webhook_kind,
		jsonb_build_object('registration', new.reference));
	return null;
end
$$;
create trigger webhook_new after insert on public.registrations for each row
	when (new.state <> 'draft') execute function private.webhook_of_registration('state');
create trigger webhook_state after update on public.registrations for each row
	when (new.state <> old.state and new.state <> 'draft') execute function private.webhook_of_registration('state');
create trigger webhook_mode after update on public.registrations for each row
	when (new.mode <> old.mode and old.state <> 'draft') execute function private.webhook_of_registration('mode');
create trigger webhook_category after update on public.registrations for each row
	when (new.category <> old.category and old.state <> 'draft')
	execute function private.webhook_of_registration('category');

-- A row that belongs to a registration. The argument: the kind.
create function private.webhook_of_registration_row() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_registration_event(new.registration_id, tg_argv[0]::public.webhook_kind);
	return null;
end
$$;
create trigger webhook_asked after insert on private.information_requests for each row
	execute function private.webhook_of_registration_row('accreditation.question_asked');
create trigger webhook_answered after update on private.information_requests for each row
	when (old.answered_at is null and new.answered_at is not null)
	execute function private.webhook_of_registration_row('accreditation.question_answered');
create trigger webhook_joined after insert on public.queue_entries for each row
	when (new.state = 'waiting') execute function private.webhook_of_registration_row('queue.joined');
create trigger webhook_offered after update on public.queue_entries for each row
	when (new.state = 'offered' and old.state <> 'offered')
	execute function private.webhook_of_registration_row('queue.offered');
create trigger webhook_requested after insert on public.member_requests for each row
	execute function private.webhook_of_registration_row('member.requested');

-- A letter is named by its reference; the code that proves it is in no event.
create function private.webhook_of_letter() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_registration_event(new.registration_id, tg_argv[0]::public.webhook_kind,
		jsonb_build_object('letter', new.reference));
	return null;
end
$$;
create trigger webhook_issued after insert on private.visa_letters for each row
	execute function private.webhook_of_letter('letter.issued');
create trigger webhook_withdrawn after update on private.visa_letters for each row
	when (old.withdrawn_at is null and new.withdrawn_at is not null)
	execute function private.webhook_of_letter('letter.withdrawn');

create function private.webhook_of_member() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, tg_argv[0]::public.webhook_kind,
		(select jsonb_build_object('member', m.code) from public.members as m where m.id = new.member_id));
	return null;
end
$$;
create trigger webhook_added after insert on public.summit_members for each row
	execute function private.webhook_of_member('member.added');
create trigger webhook_standing after update on public.summit_members for each row
	when (new.standing <> old.standing) execute function private.webhook_of_member('member.standing_changed');
create trigger webhook_added after insert on public.focal_points for each row
	execute function private.webhook_of_member('focal_point.added');

-- Events of money: orders are named by their reference, everything else by its id. No amount is in an event.

-- A row of an order. Arguments: the kind, and under which name the event has the id of the row.
create function private.webhook_of_order_row() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_order public.orders;
begin
	select o.* into v_order from public.orders as o where o.id = new.order_id;
	perform private.write_webhook_event(v_order.summit_id, tg_argv[0]::public.webhook_kind,
		jsonb_build_object('order', v_order.reference, tg_argv[1], new.id));
	return null;
end
$$;
create trigger webhook_paid after insert on public.order_adjustments for each row
	when (new.kind = 'payment') execute function private.webhook_of_order_row('payment.received', 'payment');
create trigger webhook_disputed after insert on public.order_adjustments for each row
	when (new.kind = 'dispute') execute function private.webhook_of_order_row('payment.disputed', 'dispute');
create trigger webhook_decided after insert on public.refunds for each row
	execute function private.webhook_of_order_row('refund.decided', 'refund');
create trigger webhook_completed after update on public.refunds for each row
	when (new.state = 'done' and old.state <> 'done')
	execute function private.webhook_of_order_row('refund.completed', 'refund');
create trigger webhook_failed after update on public.refunds for each row
	when (new.state = 'failed' and old.state <> 'failed')
	execute function private.webhook_of_order_row('refund.failed', 'refund');
create trigger webhook_issued after insert on public.invoices for each row
	when (new.kind = 'invoice') execute function private.webhook_of_order_row('invoice.issued', 'invoice');
create trigger webhook_credited after insert on public.invoices for each row
	when (new.kind = 'credit_note') execute function private.webhook_of_order_row('credit_note.issued', 'credit_note');
create trigger webhook_requested after insert on public.waiver_requests for each row
	execute function private.webhook_of_order_row('waiver.requested', 'waiver');
create trigger webhook_decided after update on public.waiver_requests for each row
	when (old.decided_at is null and new.decided_at is not null)
	execute function private.webhook_of_order_row('waiver.decided', 'waiver');

create function private.webhook_of_order() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, 'order.created', jsonb_build_object('order', new.reference));
	return null;
end
$$;
create trigger webhook_created after insert on public.orders for each row execute function private.webhook_of_order();

-- Events on site: badges, and scans at the entrances of the building. A scan at the door of a room would tell who is in
-- which session, so it is in no event.

-- Whether a badge ended with the seat of its registration. One that was replaced or taken away for another reason is in
-- no event: that happens too when somebody takes an alias or is walked out, which nobody may learn from its time.
create function private.is_badge_of_lost_seat(p_reason text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_reason in ('switched', 'withdrawn', 'declined', 'expired'), false)
$$;

create function private.webhook_of_badge() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if tg_op = 'INSERT' and exists (select
		from public.badges as b
		where b.registration_id = new.registration_id and b.id <> new.id
			and not private.is_badge_of_lost_seat(b.revoked_reason)) then
		return null;
	end if;
	perform private.write_registration_event(new.registration_id, tg_argv[0]::public.webhook_kind);
	return null;
end
$$;
create trigger webhook_issued after insert on public.badges for each row
	execute function private.webhook_of_badge('badge.issued');
create trigger webhook_revoked after update on public.badges for each row
	when (old.revoked_at is null and new.revoked_at is not null and private.is_badge_of_lost_seat(new.revoked_reason))
	execute function private.webhook_of_badge('badge.revoked');

create function private.webhook_of_scan() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_registration_event(
		r.id,
		case when new.undone_at is not null then 'check_in.undone' when new.direction = 'in' then 'check_in.entered'
			else 'check_in.left' end::public.webhook_kind,
		jsonb_build_object('checkpoint', c.id, 'scan', new.id, 'at', private.iso(new.scanned_at)))
	from public.checkpoints as c
	join public.registrations as r on r.summit_id = new.summit_id and r.person_id = new.person_id
	where c.id = new.checkpoint_id and c.kind = 'entrance' and r.state = 'confirmed';
	return null;
end
$$;
create trigger webhook_scanned after insert on private.door_scans for each row
	when (new.is_counted and new.undone_at is null and new.anonymise_at is null)
	execute function private.webhook_of_scan();
create trigger webhook_undone after update on private.door_scans for each row
	when (new.is_counted and old.undone_at is null and new.undone_at is not null and new.anonymise_at is null)
	execute function private.webhook_of_scan();

-- Events of the programme: releases of the agenda, runs, speakers, proposals and recordings. A session is named by its
-- code. What tells of a closed session is not written (write_webhook_event). No event says that a session was removed:
-- one that became closed could be told from it.

create function private.write_session_event(p_session uuid, p_kind public.webhook_kind, p_data jsonb default '{}')
	returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
	v_code text;
begin
	select s.summit_id, s.code into v_summit, v_code from public.sessions as s where s.id = p_session;
	if v_summit is null then return; end if;
	perform private.write_webhook_event(v_summit, p_kind, jsonb_build_object('session', v_code) || p_data, p_session);
end
$$;

create function private.webhook_of_release() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, 'agenda.released', jsonb_build_object('release', new.number));
	return null;
end
$$;
create trigger webhook_released after insert on public.releases for each row
	execute function private.webhook_of_release();

-- What a release changes, at the end of its transaction, when its sessions are written. A session that was closed in the
-- release before is new to those who read this one.
create function private.webhook_of_released_sessions() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if not private.is_webhook_wanted(new.summit_id, 'session.added', 'session.changed', 'session.cancelled') then
		return null;
	end if;
	perform private.write_session_event(c.session_id, c.kind, jsonb_build_object('release', new.number))
	from (
		select
			n.session_id,
			case
				when o.session_id is null then 'session.added'
				when n.is_cancelled and not o.is_cancelled then 'session.cancelled'
				else 'session.changed'
			end::public.webhook_kind as kind
		from private.comparable_release(new.id) as n
		left join private.comparable_release((
			select r.id from public.releases as r where r.summit_id = new.summit_id and r.number = new.number - 1)) as o
			on o.session_id = n.session_id and o.level <> 'closed'
		where n.level <> 'closed'
			and (o.session_id is null
				or (n.title, n.texts, n.details, n.places, n.people, n.is_cancelled)
					is distinct from (o.title, o.texts, o.details, o.places, o.people, o.is_cancelled))
		order by n.session_id
	) as c;
	return null;
end
$$;
create constraint trigger webhook_sessions after insert on public.releases deferrable initially deferred
	for each row execute function private.webhook_of_released_sessions();

-- A run keeps the strictest level that it had.
create function private.webhook_of_run() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if new.level <> 'closed' then
		perform private.write_session_event(new.session_id, tg_argv[0]::public.webhook_kind,
			jsonb_build_object('run', new.id));
	end if;
	return null;
end
$$;
create trigger webhook_live after update on public.runs for each row
	when (old.state = 'waiting' and new.state = 'live') execute function private.webhook_of_run('session.live');
create trigger webhook_ended after update on public.runs for each row
	when (old.state in ('live', 'paused') and new.state = 'ended') execute function private.webhook_of_run('session.ended');

-- Those whom the agenda names, where it names anybody. The part has an id of its own, which is another once its person
-- takes an alias.
create function private.webhook_of_speaker() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_row public.session_people := case when tg_op = 'DELETE' then old else new end;
begin
	if v_row.role not in ('interpreter', 'captioner')
		and private.level_in_force(v_row.session_id) in ('public', 'members') then
		perform private.write_session_event(
			v_row.session_id,
			('speaker.' || case when tg_op = 'DELETE' then 'removed' else v_row.state::text end)::public.webhook_kind,
			jsonb_build_object('part', v_row.id));
	end if;
	return null;
end
$$;
create trigger webhook_added after insert or delete on public.session_people for each row
	execute function private.webhook_of_speaker();
create trigger webhook_answered after update on public.session_people for each row
	when (new.state <> old.state) execute function private.webhook_of_speaker();

-- A proposal for a closed session is in no event.
create function private.webhook_of_proposal() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, ('proposal.' || new.state)::public.webhook_kind,
		jsonb_build_object('proposal', new.code));
	return null;
end
$$;
create trigger webhook_state after update on private.proposals for each row
	when (new.state <> old.state and new.state <> 'draft' and new.level <> 'closed')
	execute function private.webhook_of_proposal();

-- What was written of a proposal goes once its level is closed.
create function private.drop_webhooks_of_proposal() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.webhook_events as e
	where e.summit_id = new.summit_id and e.data ->> 'proposal' = new.code;
	return null;
end
$$;
create trigger webhook_closed after update on private.proposals for each row
	when (new.level = 'closed' and old.level <> 'closed') execute function private.drop_webhooks_of_proposal();

-- Its people are told of a decision when it is released, and so is everybody else.
create function private.webhook_of_decision() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, 'proposal.decided',
		jsonb_build_object('proposal', p.code), new.session_id)
	from private.proposals as p
	where p.id = new.proposal_id and p.level <> 'closed';
	return null;
end
$$;
create trigger webhook_decided after update on private.proposal_decisions for each row
	when (new.released_decision is distinct from old.released_decision and new.released_decision is not null)
	execute function private.webhook_of_decision();
create trigger webhook_decided_at_once after insert on private.proposal_decisions for each row
	when (new.released_decision is not null) execute function private.webhook_of_decision();

create function private.webhook_of_side_event() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, tg_argv[0]::public.webhook_kind,
		jsonb_build_object('side_event', new.id), new.session_id);
	return null;
end
$$;
create trigger webhook_requested after insert on private.side_events for each row
	execute function private.webhook_of_side_event('side_event.requested');
create trigger webhook_decided after update on private.side_events for each row
	when (new.state <> old.state and new.state in ('accepted', 'declined'))
	execute function private.webhook_of_side_event('side_event.decided');

create function private.webhook_of_recording() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_session_event(
		new.session_id,
		case when new.published_at is null then 'recording.withdrawn' else 'recording.published' end::public.webhook_kind,
		jsonb_build_object('recording', new.id));
	return null;
end
$$;
create trigger webhook_published after update on private.recordings for each row
	when ((new.published_at is null) <> (old.published_at is null)) execute function private.webhook_of_recording();

-- Events of what is published: announcements, pages, files, documents, commitments, surveys, figures and reports, and the
-- states of the Summit.

-- One for a room or a session tells of that session.
create function private.webhook_of_announcement() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, 'announcement.sent',
		jsonb_build_object('announcement', new.id), new.session_id);
	return null;
end
$$;
create trigger webhook_sent after insert on private.announcements for each row
	execute function private.webhook_of_announcement();

create function private.webhook_of_page() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(p.summit_id, 'page.published',
		jsonb_build_object('page', p.slug, 'version', new.number))
	from private.pages as p
	where p.id = new.page_id;
	return null;
end
$$;
create trigger webhook_published after insert on private.page_versions for each row
	execute function private.webhook_of_page();

create function private.webhook_of_session_file() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_session_event(new.session_id, 'session_file.published', jsonb_build_object('file', new.id));
	return null;
end
$$;
create trigger webhook_added after insert on private.session_files for each row
	when (new.publication = 'session' and new.level <> 'closed') execute function private.webhook_of_session_file();
create trigger webhook_published after update on private.session_files for each row
	when (new.publication = 'session' and old.publication <> 'session' and new.level <> 'closed')
	execute function private.webhook_of_session_file();

-- A public document belongs to the Summits of the sessions and commitments that it is tied to; a tie to a closed session
-- is none. Under an embargo it is told when that ends.
create function private.webhook_of_document() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(
		tied.summit_id, 'document.published',
		jsonb_build_object('document', i.code, 'version', new.number), null, coalesce(new.embargo_until, now()))
	from private.library_items as i
	cross join lateral (
		select s.summit_id
		from private.library_ties as t
		join public.sessions as s on s.id = t.session_id and private.level_in_force(s.id) <> 'closed'
		where t.item_id = new.item_id and t.number = new.number
		union
		select c.summit_id
		from private.library_ties as t
		join private.commitments as c on c.id = t.commitment_id
		where t.item_id = new.item_id and t.number = new.number
	) as tied
	where i.id = new.item_id;
	return null;
end
$$;
create trigger webhook_published after update on private.library_versions for each row
	when (old.published_at is null and new.published_at is not null and new.level = 'public')
	execute function private.webhook_of_document();

create function private.webhook_of_withdrawn_document() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.take_back_webhook_event('document.published', jsonb_build_object('document', new.code));
	return null;
end
$$;
create trigger webhook_withdrawn after update on private.library_items for each row
	when (new.state = 'withdrawn' and old.state <> 'withdrawn')
	execute function private.webhook_of_withdrawn_document();

-- Public commitments that were announced, when the announcement takes effect.
create function private.webhook_of_commitment_step() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_summit uuid;
	v_data jsonb;
begin
	select c.summit_id, jsonb_build_object('commitment', c.code)
	into v_summit, v_data
	from private.commitments as c
	where c.id = new.commitment_id;
	if new.step = 'announced' then
		perform private.write_webhook_event(v_summit, 'commitment.announced', v_data, null, new.effective_at)
		from private.commitment_versions as v
		where v.commitment_id = new.commitment_id and v.number = new.number and v.audience = 'public';
	else
		perform private.take_back_webhook_event('commitment.announced', v_data);
		if new.step = 'withdrawn' then
			perform private.write_webhook_event(v_summit, 'commitment.withdrawn', v_data)
			from private.commitment_versions as v
			where v.commitment_id = new.commitment_id
				and v.number = private.shown_commitment_version(new.commitment_id)
				and v.audience = 'public';
		end if;
	end if;
	return null;
end
$$;
create trigger webhook_step after insert on private.commitment_steps for each row
	when (new.step in ('announced', 'unscheduled', 'withdrawn')) execute function private.webhook_of_commitment_step();

create function private.webhook_of_report() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(c.summit_id, 'commitment.reported',
		jsonb_build_object('commitment', c.code, 'report', new.id))
	from private.commitments as c
	where c.id = new.commitment_id and private.shown_commitment_version(c.id) is not null;
	return null;
end
$$;
create trigger webhook_reported after insert on private.commitment_reports for each row
	when (new.audience = 'public') execute function private.webhook_of_report();

create function private.webhook_of_survey() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, 'survey.published', jsonb_build_object('survey', new.id));
	return null;
end
$$;
create trigger webhook_published after update on private.surveys for each row
	when (old.published_at is null and new.published_at is not null) execute function private.webhook_of_survey();

-- Figures and reports have their number. The argument: the kind.
create function private.webhook_of_numbered_release() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, tg_argv[0]::public.webhook_kind,
		jsonb_build_object('release', new.number));
	return null;
end
$$;
create trigger webhook_released after insert on public.figure_releases for each row
	execute function private.webhook_of_numbered_release('figures.released');
create trigger webhook_released after update on private.impact_releases for each row
	when (old.content is null and new.content is not null)
	execute function private.webhook_of_numbered_release('impact_report.released');

create function private.webhook_of_summit() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.id,
		case new.state when 'open' then 'summit.opened' else 'summit.' || new.state end::public.webhook_kind, '{}');
	return null;
end
$$;
create trigger webhook_state after update on public.summits for each row
	when (new.state <> old.state and new.state <> 'draft') execute function private.webhook_of_summit();

-- Sending: which process serves which endpoint, what is due, and what came of it. One process at a time serves an
-- endpoint, in the order in which things happened; what failed is tried again and holds up nothing. A process that dies
-- loses nothing: its claim runs out, and the next one sends again what has no result. So every event arrives at least
-- once, with the same id.

-- How long a claim lasts. An attempt takes a third of it at most.
create function private.webhook_claim_duration() returns interval
language sql immutable set search_path = '' as $$ select interval '60 seconds' $$;

-- How long after so many failed tries the next one comes, as Standard Webhooks recommends, with a tenth more or less;
-- null after the tenth, more than three days later.
create function private.webhook_retry_delay(p_tries integer) returns interval
language sql volatile set search_path = '' as $$
	select d * (0.9 + random() * 0.2)
	from unnest('{5 seconds,5 minutes,30 minutes,2 hours,5 hours,10 hours,14 hours,20 hours,24 hours}'::interval[])
		with ordinality as schedule (d, place)
	where place = p_tries
$$;

-- Claims an endpoint that has something due, or the one given, for one process; no row when there is none. Its secrets
-- leave the database sealed; of two, the old one signs too.
create function private.claim_webhook_endpoint(p_endpoint uuid default null) returns table (
	endpoint_id uuid, claim uuid, url text, secret_sealed bytea, key_id text, old_secret_sealed bytea, old_key_id text
)
language plpgsql volatile security definer set search_path = '' as $$
begin
	return query
	with claimed as (
		update private.webhook_senders as s
		set claim_id = gen_random_uuid(),
			claimed_until = clock_timestamp() + private.webhook_claim_duration(),
			served_at = clock_timestamp()
		where s.endpoint_id = (
			select x.endpoint_id
			from private.webhook_senders as x
			join private.webhook_endpoints as e on e.id = x.endpoint_id and e.pause_reason is null
			where (p_endpoint is null or x.endpoint_id = p_endpoint)
				and (x.claimed_until is null or x.claimed_until < now())
				and (x.held_until is null or x.held_until <= now())
				and exists (select
					from private.webhook_deliveries as d
					where d.endpoint_id = x.endpoint_id and d.state = 'waiting' and d.due_at <= now())
			order by x.served_at
			limit 1
			for no key update of x skip locked)
		returning s.endpoint_id, s.claim_id
	)
	select c.endpoint_id, c.claim_id, e.url, e.secret_sealed, e.key_id,
		case when e.old_until > now() then e.old_secret_sealed end,
		case when e.old_until > now() then e.old_key_id end
	from claimed as c
	join private.webhook_endpoints as e on e.id = c.endpoint_id;
end
$$;
grant execute on function private.claim_webhook_endpoint(uuid) to app_server;

-- What is due next to an endpoint that this process has claimed, and extends the claim; no row when nothing is due, the
-- endpoint was paused or the claim is another's. What tells of a session that has become closed is deleted.
create function private.next_webhook(p_endpoint uuid, p_claim uuid) returns table (
	delivery uuid, event uuid, kind public.webhook_kind, occurred_at timestamptz, data jsonb
)
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.webhook_senders as s
	set claimed_until = clock_timestamp() + private.webhook_claim_duration()
	where s.endpoint_id = p_endpoint and s.claim_id = p_claim;
	if not found then return; end if;
	delete from private.webhook_events as e
	where e.session_id is not null
		and e.id in (select d.event_id
			from private.webhook_deliveries as d
			where d.endpoint_id = p_endpoint and d.state = 'waiting' and d.due_at <= now())
		and private.level_in_force(e.session_id) = 'closed';
	return query
	select d.id, e.id, e.kind, e.occurred_at, e.data
	from private.webhook_deliveries as d
	join private.webhook_events as e on e.id = d.event_id
	join private.webhook_endpoints as n on n.id = d.endpoint_id and n.pause_reason is null
	where d.endpoint_id = p_endpoint and d.state = 'waiting' and d.due_at <= now()
	order by d.due_at, e.place
	limit 1;
end
$$;
grant execute on function private.next_webhook(uuid, uuid) to app_server;

-- Pauses an endpoint and writes to the owners of its Summit, once.
create function private.pause_webhook_endpoint(p_endpoint uuid, p_reason public.webhook_pause) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
	v_owner uuid;
begin
	update private.webhook_endpoints as e
	set pause_reason = p_reason, paused_at = now()
	where e.id = p_endpoint and e.pause_reason is null
	returning e.summit_id into v_summit;
	if v_summit is null then return; end if;
	for v_owner in select o from private.role_holders('owner', v_summit) as o loop
		perform private.enqueue_mail(v_owner, 'webhook_paused',
			jsonb_build_object('endpoint', p_endpoint, 'reason', p_reason), v_summit);
	end loop;
	perform private.publish_event('organise:' || v_summit, 'webhooks', p_endpoint);
end
$$;

-- Records what came of an attempt, with its status or else its fault. Answers whether this process may go on with the next
-- one: not when it failed, for then nothing is tried for a while, nor when the claim is another's, and then nothing is
-- recorded. 410 ends the endpoint at once, three days without a success later.
create function private.record_webhook_attempt(
	p_delivery uuid, p_claim uuid, p_status integer, p_fault public.webhook_fault, p_excerpt text, p_took_ms integer
) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_d private.webhook_deliveries;
	v_is_delivered boolean := coalesce(p_status between 200 and 299, false);
	v_delay interval;
	v_failing_since timestamptz;
begin
	-- The sender first, as every process does.
	update private.webhook_senders as s
	set failing_since = case when not v_is_delivered then coalesce(s.failing_since, now()) end,
		failures = case when v_is_delivered then 0 else s.failures + 1 end,
		held_until = case when not v_is_delivered
			then now() + least(interval '1 second' * power(2, least(s.failures, 20)), interval '5 minutes') end
	where s.claim_id = p_claim
		and s.endpoint_id = (select d.endpoint_id from private.webhook_deliveries as d where d.id = p_delivery)
	returning s.failing_since into v_failing_since;
	if not found then return false; end if;
	select d.* into v_d from private.webhook_deliveries as d where d.id = p_delivery and d.state = 'waiting' for update;
	if not found then return false; end if;
	insert into private.webhook_attempts (delivery_id, number, took_ms, status, fault, excerpt)
	values (p_delivery, v_d.attempts + 1, p_took_ms, p_status, p_fault, private.one_line(left(p_excerpt, 500)));
	v_delay := case when not v_is_delivered and p_status is distinct from 410
		then private.webhook_retry_delay(v_d.tries + 1) end;
	update private.webhook_deliveries as d
	set attempts = d.attempts + 1,
		tries = d.tries + 1,
		state = case
			when v_is_delivered then 'delivered'::public.webhook_state when v_delay is null then 'failed' else 'waiting' end,
		due_at = coalesce(now() + v_delay, d.due_at)
	where d.id = p_delivery;
	if p_status = 410 then
		perform private.pause_webhook_endpoint(v_d.endpoint_id, 'gone');
	elsif v_failing_since <= now() - interval '3 days' then
		perform private.pause_webhook_endpoint(v_d.endpoint_id, 'failing');
	end if;
	return v_is_delivered;
end
$$;
grant execute on function private.record_webhook_attempt(uuid, uuid, integer, public.webhook_fault, text, integer)
	to app_server;

-- Gives an endpoint back. Answers when something can be sent to it next; null: nothing waits, or it is paused.
create function private.release_webhook_endpoint(p_endpoint uuid, p_claim uuid) returns timestamptz
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.webhook_senders as s
	set claim_id = null, claimed_until = null
	where s.endpoint_id = p_endpoint and s.claim_id = p_claim;
	return (
		select greatest(min(d.due_at), max(s.held_until))
		from private.webhook_deliveries as d
		join private.webhook_endpoints as e on e.id = d.endpoint_id and e.pause_reason is null
		join private.webhook_senders as s on s.endpoint_id = e.id
		where d.endpoint_id = p_endpoint and d.state = 'waiting' and d.due_at < 'infinity');
end
$$;
grant execute on function private.release_webhook_endpoint(uuid, uuid) to app_server;

-- Takes a test that an owner began (begin_webhook_test), once; also where the endpoint is paused.
create function private.take_webhook_test(p_delivery uuid) returns table (
	endpoint_id uuid, event uuid, kind public.webhook_kind, occurred_at timestamptz, data jsonb, url text,
	secret_sealed bytea, key_id text, old_secret_sealed bytea, old_key_id text
)
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.webhook_deliveries as d
	set tries = 1
	where d.id = p_delivery and d.state = 'waiting' and d.due_at = 'infinity' and d.tries = 0;
	if not found then return; end if;
	return query
	select n.id, e.id, e.kind, e.occurred_at, e.data, n.url, n.secret_sealed, n.key_id,
		case when n.old_until > now() then n.old_secret_sealed end,
		case when n.old_until > now() then n.old_key_id end
	from private.webhook_deliveries as d
	join private.webhook_events as e on e.id = d.event_id
	join private.webhook_endpoints as n on n.id = d.endpoint_id
	where d.id = p_delivery;
end
$$;
grant execute on function private.take_webhook_test(uuid) to app_server;

-- Records what came of a test. It is not tried again, and says nothing of how the endpoint does.
create function private.record_webhook_test(
	p_delivery uuid, p_status integer, p_fault public.webhook_fault, p_excerpt text, p_took_ms integer
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.webhook_deliveries as d
	set state = case when p_status between 200 and 299 then 'delivered'::public.webhook_state else 'failed' end,
		attempts = 1
	where d.id = p_delivery and d.state = 'waiting' and d.due_at = 'infinity';
	if not found then return; end if;
	insert into private.webhook_attempts (delivery_id, number, took_ms, status, fault, excerpt)
	values (p_delivery, 1, p_took_ms, p_status, p_fault, private.one_line(left(p_excerpt, 500)));
end
$$;
grant execute on function private.record_webhook_test(uuid, integer, public.webhook_fault, text, integer) to app_server;

-- Each minute: ends tests whose process died.
create function private.end_lost_webhook_tests() returns void
language sql volatile security definer set search_path = '' as $$
	update private.webhook_deliveries as d
	set state = 'failed'
	from private.webhook_events as e
	where e.id = d.event_id and e.kind = 'webhook.test' and e.occurred_at < now() - interval '2 minutes'
		and d.state = 'waiting'
$$;
grant execute on function private.end_lost_webhook_tests() to app_server;

-- What owners of a Summit do with its endpoints. An endpoint of another Summit is not found, like one that is not there.

-- The Summit of an endpoint that the reader owns; null for every other endpoint.
create function private.owned_webhook_summit(p_endpoint uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select e.summit_id
	from private.webhook_endpoints as e
	where e.id = p_endpoint and private.has_role(e.summit_id, 'owner')
$$;

-- An endpoint as its page and the list show it. `waiting` and `failed` count what is in the log.
create function private.webhook_endpoint_json(p_e private.webhook_endpoints) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p_e.id, 'url', p_e.url, 'description', p_e.description, 'kinds', p_e.kinds,
		'pause_reason', p_e.pause_reason, 'paused_at', private.iso(p_e.paused_at),
		'old_until', private.iso(case when p_e.old_until > now() then p_e.old_until end),
		'failing_since', private.iso((
			select s.failing_since from private.webhook_senders as s where s.endpoint_id = p_e.id)),
		'waiting', count(*) filter (where l.state = 'waiting'),
		'failed', count(*) filter (where l.state = 'failed'))
	from private.logged_webhooks(p_e.id) as l
$$;

-- The deliveries of an endpoint that its log shows: none of what is to come, nor of a session that is closed now.
create function private.logged_webhooks(p_endpoint uuid) returns table (
	delivery uuid, event uuid, place bigint, kind public.webhook_kind, occurred_at timestamptz, data jsonb,
	state public.webhook_state, attempts integer, due_at timestamptz
)
language sql stable security definer set search_path = '' as $$
	select d.id, e.id, e.place, e.kind, e.occurred_at, e.data, d.state, d.attempts, d.due_at
	from private.webhook_deliveries as d
	join private.webhook_events as e on e.id = d.event_id
	where d.endpoint_id = p_endpoint
		and e.occurred_at <= now()
		and (e.session_id is null or private.level_in_force(e.session_id) <> 'closed')
$$;

-- The endpoints of a Summit, the oldest first; null for all but owners.
create function public.list_webhooks(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select jsonb_agg(private.webhook_endpoint_json(e) order by e.created_at, e.id)
		from private.webhook_endpoints as e
		where e.summit_id = list_webhooks.summit), '[]')
	where private.has_role(list_webhooks.summit, 'owner')
$$;
grant execute on function public.list_webhooks(uuid) to authenticated;

-- An endpoint and its log, the newest first: {endpoint, total, deliveries: [{id, event, kind, occurred_at, data, state,
-- attempts, next_at, last: {at, status, fault, excerpt, took_ms}}]}. `state`: only those. Null where it is not found.
create function public.read_webhook(
	summit uuid, endpoint uuid, state public.webhook_state default null, row_limit integer default 50,
	row_offset integer default 0
) returns jsonb
language sql stable security definer set search_path = '' as $$
	with shown as materialized (
		select l.*
		from private.logged_webhooks(read_webhook.endpoint) as l
		where read_webhook.state is null or l.state = read_webhook.state
	)
	select jsonb_build_object(
		'endpoint', private.webhook_endpoint_json(e),
		'total', (select count(*) from shown),
		'deliveries', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', r.delivery, 'event', r.event, 'kind', r.kind, 'occurred_at', private.iso(r.occurred_at),
				'data', r.data, 'state', r.state, 'attempts', r.attempts,
				'next_at', case when r.state = 'waiting' and r.due_at < 'infinity' then private.iso(r.due_at) end,
				'last', (
					select jsonb_build_object('at', private.iso(a.at), 'status', a.status, 'fault', a.fault,
						'excerpt', a.excerpt, 'took_ms', a.took_ms)
					from private.webhook_attempts as a
					where a.delivery_id = r.delivery
					order by a.number desc
					limit 1))
				order by r.place desc), '[]')
			from (
				select * from shown
				order by shown.place desc
				limit least(greatest(row_limit, 1), 200)
				offset greatest(row_offset, 0)
			) as r))
	from private.webhook_endpoints as e
	where e.id = read_webhook.endpoint and e.summit_id = read_webhook.summit and private.has_role(e.summit_id, 'owner')
$$;
grant execute on function public.read_webhook(uuid, uuid, public.webhook_state, integer, integer) to authenticated;

-- Adds an endpoint under an id of the form, so that a form that is sent twice adds one. The secret comes sealed, in
-- hexadecimal. Locks the Summit, which has at most twenty.
create function public.add_webhook(
	summit uuid, endpoint uuid, url text, description text, kinds public.webhook_kind[], secret_sealed text, key_id text
) returns public.webhook_adding
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(add_webhook.summit, 'owner') then return 'not_allowed'; end if;
	if coalesce(secret_sealed, '') !~ '^([0-9a-f]{2}){40,200}$' then return 'invalid'; end if;
	perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('webhooks:' || add_webhook.summit, 0));
	if exists (select from private.webhook_endpoints as e where e.id = add_webhook.endpoint) then return 'already'; end if;
	if (select count(*) >= 20 from private.webhook_endpoints as e where e.summit_id = add_webhook.summit) then
		return 'too_many';
	end if;
	insert into private.webhook_endpoints (id, summit_id, url, description, kinds, secret_sealed, key_id)
	values (add_webhook.endpoint, add_webhook.summit, btrim(add_webhook.url),
		coalesce(private.one_line(add_webhook.description), ''), add_webhook.kinds,
		decode(add_webhook.secret_sealed, 'hex'), add_webhook.key_id);
	insert into private.webhook_senders (endpoint_id) values (add_webhook.endpoint);
	return 'ok';
exception when check_violation or not_null_violation then return 'invalid';
end
$$;
grant execute on function public.add_webhook(uuid, uuid, text, text, public.webhook_kind[], text, text) to authenticated;

-- Changes where an endpoint is and what it gets. What waits goes to the new address.
create function public.edit_webhook(endpoint uuid, url text, description text, kinds public.webhook_kind[])
	returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.owned_webhook_summit(edit_webhook.endpoint) is null then return 'not_found'; end if;
	update private.webhook_endpoints as e
	set url = btrim(edit_webhook.url),
		description = coalesce(private.one_line(edit_webhook.description), ''),
		kinds = edit_webhook.kinds
	where e.id = edit_webhook.endpoint;
	return 'ok';
exception when check_violation or not_null_violation then return 'invalid';
end
$$;
grant execute on function public.edit_webhook(uuid, text, text, public.webhook_kind[]) to authenticated;

-- Pauses an endpoint, or sends to it again: first what waits. Events of the time in between are not written for it.
create function public.pause_webhook(endpoint uuid, paused boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.owned_webhook_summit(pause_webhook.endpoint) is null then return 'not_found'; end if;
	update private.webhook_endpoints as e
	set pause_reason = case when pause_webhook.paused then 'by_hand'::public.webhook_pause end,
		paused_at = case when pause_webhook.paused then now() end
	where e.id = pause_webhook.endpoint and (e.pause_reason is null) = pause_webhook.paused;
	if not found then return 'already'; end if;
	if not pause_webhook.paused then
		update private.webhook_senders as s
		set failing_since = null, failures = 0, held_until = null
		where s.endpoint_id = pause_webhook.endpoint;
		perform private.publish_event('outbox', 'webhook', pause_webhook.endpoint);
	end if;
	return 'ok';
end
$$;
grant execute on function public.pause_webhook(uuid, boolean) to authenticated;

-- Gives an endpoint a new secret, which comes sealed. For a day the old one signs too.
create function public.rotate_webhook_secret(endpoint uuid, secret_sealed text, key_id text) returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.owned_webhook_summit(rotate_webhook_secret.endpoint) is null then return 'not_found'; end if;
	if coalesce(secret_sealed, '') !~ '^([0-9a-f]{2}){40,200}$' then return 'invalid'; end if;
	update private.webhook_endpoints as e
	set old_secret_sealed = e.secret_sealed,
		old_key_id = e.key_id,
		old_until = now() + interval '24 hours',
		secret_sealed = decode(rotate_webhook_secret.secret_sealed, 'hex'),
		key_id = rotate_webhook_secret.key_id
	where e.id = rotate_webhook_secret.endpoint;
	return 'ok';
exception when not_null_violation then return 'invalid';
end
$$;
grant execute on function public.rotate_webhook_secret(uuid, text, text) to authenticated;

-- Removes an endpoint with its log, and the events that no other one gets.
create function public.remove_webhook(endpoint uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.owned_webhook_summit(remove_webhook.endpoint) is null then return 'not_found'; end if;
	delete from private.webhook_events as e
	where exists (select
			from private.webhook_deliveries as d
			where d.event_id = e.id and d.endpoint_id = remove_webhook.endpoint)
		and not exists (select
			from private.webhook_deliveries as d
			where d.event_id = e.id and d.endpoint_id <> remove_webhook.endpoint);
	delete from private.webhook_endpoints as e where e.id = remove_webhook.endpoint;
	return 'ok';
end
$$;
grant execute on function public.remove_webhook(uuid) to authenticated;

-- Sends one delivery again, under the same id of its event; one that waits is sent now. Already: it is due now.
create function public.replay_webhook(delivery uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_endpoint uuid;
	v_summit uuid;
begin
	select d.endpoint_id into v_endpoint from private.webhook_deliveries as d where d.id = replay_webhook.delivery;
	v_summit := private.owned_webhook_summit(v_endpoint);
	if v_summit is null or not exists (select
		from private.logged_webhooks(v_endpoint) as l
		where l.delivery = replay_webhook.delivery and l.kind <> 'webhook.test') then
		return 'not_found';
	end if;
	update private.webhook_deliveries as d
	set state = 'waiting', tries = 0, due_at = now()
	where d.id = replay_webhook.delivery and (d.state <> 'waiting' or d.due_at > now());
	if not found then return 'already'; end if;
	perform audit.record_event('webhooks.replayed', v_endpoint::text, v_summit, null, jsonb_build_object('count', 1));
	perform private.publish_event('outbox', 'webhook', v_endpoint);
	return 'ok';
end
$$;
grant execute on function public.replay_webhook(uuid) to authenticated;

-- Sends again all that failed since a time. Answers how many; 0 also where the endpoint is not found.
create function public.replay_failed_webhooks(endpoint uuid, since timestamptz) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := private.owned_webhook_summit(replay_failed_webhooks.endpoint);
	v_count integer;
begin
	if v_summit is null then return 0; end if;
	update private.webhook_deliveries as d
	set state = 'waiting', tries = 0, due_at = now()
	where d.state = 'failed'
		and d.id in (select l.delivery
			from private.logged_webhooks(replay_failed_webhooks.endpoint) as l
			where l.state = 'failed' and l.kind <> 'webhook.test' and l.occurred_at >= replay_failed_webhooks.since);
	get diagnostics v_count = row_count;
	if v_count > 0 then
		perform audit.record_event('webhooks.replayed', replay_failed_webhooks.endpoint::text, v_summit, null,
			jsonb_build_object('count', v_count));
		perform private.publish_event('outbox', 'webhook', replay_failed_webhooks.endpoint);
	end if;
	return v_count;
end
$$;
grant execute on function public.replay_failed_webhooks(uuid, timestamptz) to authenticated;

-- Begins a test, which the app then sends at once (take_webhook_test): {status: ok, delivery} | not_found | limited.
-- Locks the endpoints of the Summit, so that tests are counted one after the other.
create function public.begin_webhook_test(endpoint uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid := private.owned_webhook_summit(begin_webhook_test.endpoint);
	v_event uuid;
	v_delivery uuid;
begin
	if v_summit is null then return jsonb_build_object('status', 'not_found'); end if;
	perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('webhooks:' || v_summit, 0));
	if (select count(*) >= 10
		from private.webhook_deliveries as d
		join private.webhook_events as e on e.id = d.event_id
		where d.endpoint_id = begin_webhook_test.endpoint and e.kind = 'webhook.test'
			and e.occurred_at > now() - interval '1 minute') then
		return jsonb_build_object('status', 'limited');
	end if;
	insert into private.webhook_events (summit_id, kind, data)
	select v_summit, 'webhook.test', jsonb_build_object('summit', s.slug) from public.summits as s where s.id = v_summit
	returning id into v_event;
	insert into private.webhook_deliveries (event_id, endpoint_id, due_at)
	values (v_event, begin_webhook_test.endpoint, 'infinity')
	returning id into v_delivery;
	perform audit.record_event('webhooks.tested', begin_webhook_test.endpoint::text, v_summit, null, '{}');
	return jsonb_build_object('status', 'ok', 'delivery', v_delivery);
end
$$;
grant execute on function public.begin_webhook_test(uuid) to authenticated;

insert into private.retention_classes (position, code, clock, default_days, min_days, max_days)
values (23, 'webhooks', 'written', 30, 30, 30);
insert into private.retention_rules (table_name, class, summit, since) values
	('private.webhook_events', 'webhooks', 't.summit_id', 't.occurred_at');
insert into private.retention_rules (table_name, class) values
	('private.webhook_deliveries', 'webhooks'),
	('private.webhook_attempts', 'webhooks');
insert into private.retention_rules (table_name, exemption) values
	('private.webhook_endpoints', 'settings'),
	('private.webhook_senders', 'technical');
insert into private.free_text_columns (table_name, column_name) values ('private.webhook_endpoints', 'description');
insert into private.writable_after_closing (table_name, reason) values
	('private.webhook_endpoints', 'Webhooks: what may still be written is sent, and owners can end it at any time.'),
	('private.webhook_events', 'Webhooks: what may still be written is sent, and owners can end it at any time.');
select private.close_with_summit();
reset check_function_bodies;
