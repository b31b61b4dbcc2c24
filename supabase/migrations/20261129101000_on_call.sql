-- Who of safeguarding is on call, and alarms that go on until somebody has a concern.
set check_function_bodies = off;

-- Adding a shift to the rota. Taken: somebody has that position then.
create domain public.shift_status as text check (value in ('ok', 'not_allowed', 'invalid', 'taken'));

-- When a lead is on call. Of several at once, the first position is called first.
create table private.on_call_shifts (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	during tstzrange not null check (upper(during) - lower(during) between interval '1 minute' and interval '3 days'),
	position smallint not null default 1 check (position between 1 and 3),
	added_by uuid references public.people (id) on update cascade on delete set null,
	constraint on_call_shifts_one exclude using gist (summit_id with =, position with =, during with &&)
);
create index on private.on_call_shifts (person_id);
create index on private.on_call_shifts (added_by);
alter table private.on_call_shifts enable row level security;
select audit.watch('private.on_call_shifts', 'person_id');

-- After how many minutes without an answer an alarm goes on to the next.
create table private.on_call_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	minutes integer not null default 10 check (minutes between 2 and 120)
);
alter table private.on_call_settings enable row level security;
select audit.watch('private.on_call_settings');

-- Where a lead is reached by text message, sealed by the app.
create table private.on_call_phones (
	person_id uuid primary key references public.people (id) on update cascade on delete cascade,
	number_sealed bytea not null check (length(number_sealed) <= 200),
	key_id text not null,
	saved_at timestamptz not null default now()
);
alter table private.on_call_phones enable row level security;

-- The alarm of a concern: it goes from the first who is on call to the next, and then to all who may read the concern,
-- until one of them says that they have it.
create table private.concern_alarms (
	id uuid primary key default gen_random_uuid(),
	concern_id uuid not null references private.concerns (id) on delete cascade,
	raised_at timestamptz not null default now(),
	-- The steps that were taken.
	step smallint not null default 0,
	-- When it goes on; null: it is answered, or all were called often enough.
	next_at timestamptz,
	acknowledged_at timestamptz,
	acknowledged_by uuid references public.people (id) on update cascade on delete set null
);
create unique index concern_alarms_one_open on private.concern_alarms (concern_id) where acknowledged_at is null;
create index on private.concern_alarms (next_at) where next_at is not null;
create index on private.concern_alarms (concern_id);
create index on private.concern_alarms (acknowledged_by);
alter table private.concern_alarms enable row level security;

-- What the worker sends of an alarm: a text message, or a push to one browser. It says nothing of the concern.
create table private.alarm_calls (
	id uuid primary key default gen_random_uuid(),
	alarm_id uuid not null references private.concern_alarms (id) on delete cascade,
	step smallint not null,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	-- Null: a text message.
	subscription_id uuid references private.push_subscriptions (id) on delete cascade,
	state text not null default 'queued' check (state in ('queued', 'sending', 'sent', 'failed', 'gone')),
	attempts smallint not null default 0,
	claimed_at timestamptz,
	send_after timestamptz not null default now(),
	unique nulls not distinct (alarm_id, step, person_id, subscription_id)
);
create index on private.alarm_calls (person_id);
create index on private.alarm_calls (subscription_id);
create index on private.alarm_calls (send_after) where state in ('queued', 'sending');
alter table private.alarm_calls enable row level security;

-- Whether the lists of organisers leave a mail out: the fact that it was sent would say something about its reader.
create or replace function private.is_unlisted_mail(p_template text) returns boolean
language sql immutable set search_path = '' as $$
	select p_template in ('concern_raised', 'concern_message', 'concern_waiting', 'concern_unread', 'deputy_granted',
		'guardian_asked', 'safeguarding_needed')
$$;

-- Notifies those who may read a concern that it was raised; where nobody may, the owners, who then name a deputy.
create or replace function private.notify_concern(p_concern uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.concerns;
	v_owner uuid;
begin
	select * into c from private.concerns as x where x.id = p_concern;
	if private.notify_concern_readers(c, 'concern_raised', format('concern:%s', coalesce(c.batch_id, c.id))) then
		perform private.begin_alarm(c);
		return;
	end if;
	for v_owner in select o from private.owners_to_notify_of_concern(c) as o loop
		perform private.publish_event('person:' || v_owner, 'roles');
		perform private.enqueue_mail(v_owner, 'concern_unread', '{}', c.summit_id,
			format('concern_unread:%s:%s', coalesce(c.batch_id, c.id), v_owner), 1);
	end loop;
end
$$;

-- Adds what the reporter writes to a concern, opens it and its case again if they were closed, and notifies those who read it. Already:
-- the same form was sent before. Full: fifty were added within a day. Locks the concern.
create or replace function private.add_reporter_message(p_code_hash bytea, p_source bytea, p_form_hash bytea, p_sealed bytea,
	p_key_id text) returns private.reporter_message_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.concerns;
	v_id uuid;
begin
	if private.has_tried_too_many_codes(p_source) then return 'too_often'; end if;
	select * into c from private.concerns as x where x.code_hash = p_code_hash for update;
	if not found then
		perform private.count_wrong_code(p_source);
		return 'unknown';
	end if;
	if (select count(*)
		from private.concern_messages as x
		where x.concern_id = c.id and not x.is_from_desk and x.sent_at > now() - interval '1 day') >= 50
	then
		return 'full';
	end if;
	insert into private.concern_messages (concern_id, is_from_desk, text_sealed, key_id, form_hash)
	values (c.id, false, p_sealed, p_key_id, p_form_hash)
	on conflict (form_hash) do nothing
	returning id into v_id;
	if v_id is null then return 'already'; end if;
	if c.closed_at is not null then
		update private.concerns as x set closed_at = null, closed_by = null where x.id = c.id;
	end if;
	update private.cases as x set state = 'open', closed_at = null, outcome = null, version = x.version + 1
	where x.state = 'closed' and x.id = (select j.case_id from private.case_concerns as j where j.concern_id = c.id);
	if private.notify_concern_readers(c, 'concern_message', format('concern_message:%s', v_id)) then
		perform private.begin_alarm(c);
	else
		perform private.notify_concern(c.id);
	end if;
	return 'ok';
end
$$;

-- Answers the reporter (text sealed, in hex). Already: the same form was sent before. No code: the reporter has none, and
-- could not read it. Not found: the caller may not read the concern. Locks the concern.
create or replace function public.answer_concern(concern uuid, text_sealed text, key_id text, form_hash text)
	returns public.concern_answer_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_concern private.concerns;
begin
	select * into v_concern from private.concerns as x where x.id = concern for update;
	if not found or not private.may_read_concern(private.me(), v_concern) then return 'not_found'; end if;
	if v_concern.code_hash is null then return 'no_code'; end if;
	insert into private.concern_messages as x (concern_id, is_from_desk, author_id, text_sealed, key_id, form_hash)
	values (concern, true, private.me(), decode(answer_concern.text_sealed, 'hex'), answer_concern.key_id,
		decode(answer_concern.form_hash, 'hex'))
	on conflict on constraint concern_messages_form_hash_key do nothing;
	if not found then return 'already'; end if;
	perform private.end_alarm(concern);
	perform audit.record_event('concern.answered', concern::text, v_concern.summit_id, null, '{}');
	perform private.publish_event('person:' || r, 'concern', concern) from private.concern_readers(v_concern) as r;
	return 'ok';
end
$$;

-- Closes a concern with what was done (sealed, in hex), or opens it again. Answers ok, already or not_found. Locks the
-- concern.
create or replace function public.close_concern(concern uuid, closed boolean, note_sealed text default null,
	note_key_id text default null) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_concern private.concerns;
begin
	select * into v_concern from private.concerns where id = concern for update;
	if not found or not private.may_read_concern(private.me(), v_concern) then return 'not_found'; end if;
	if (v_concern.closed_at is not null) = closed then return 'already'; end if;
	if closed then perform private.end_alarm(concern); end if;
	-- A concern that is opened again keeps the note of what was done until then.
	update private.concerns as c
	set closed_at = case when closed then now() end,
		closed_by = case when closed then private.me() end,
		note_sealed = case when closed then decode(close_concern.note_sealed, 'hex') else c.note_sealed end,
		note_key_id = case when closed then close_concern.note_key_id else c.note_key_id end
	where c.id = concern;
	return 'ok';
end
$$;

-- Closes all open concerns of a batch that the caller may read. Answers how many.
create or replace function public.close_concern_batch(batch uuid) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_count integer;
begin
	perform private.end_alarm(c.id)
	from private.concerns as c
	where c.batch_id = batch and private.may_read_concern(private.me(), c);
	update private.concerns as c
	set closed_at = now(), closed_by = private.me()
	where c.batch_id = batch and c.closed_at is null and private.may_read_concern(private.me(), c);
	get diagnostics v_count = row_count;
	return v_count;
end
$$;

-- A concern as its reader reads it. `p_with_words`: with its sealed texts; only such a reading is logged. People of
-- source author are left out: not even a lead learns who wrote a message without a name.
create or replace function private.concern_json(c private.concerns, p_with_words boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', c.id,
		'at', private.iso(c.created_at),
		'subject', c.subject,
		'text_sealed', case when p_with_words then encode(c.text_sealed, 'hex') end,
		'key_id', c.key_id,
		'note_sealed', case when p_with_words then encode(c.note_sealed, 'hex') end,
		'note_key_id', c.note_key_id,
		'closed_at', private.iso(c.closed_at),
		'closed_by', (select p.display_name from public.people as p where p.id = c.closed_by),
		'session', (
			select jsonb_build_object('id', s.id, 'code', s.code, 'title', s.title)
			from public.sessions as s
			where s.id = c.session_id),
		'people', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', p.id, 'code', p.code, 'display_name', p.display_name, 'source', x.source) order by p.display_name), '[]')
			from private.concern_subjects as x
			join public.people as p on p.id = x.person_id
			where x.concern_id = c.id and x.source in ('reporter', 'lead')),
		'read_by', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'display_name', r.display_name, 'at', private.iso(r.at)) order by r.at desc), '[]')
			from (select p.display_name, max(e.at) as at
				from audit.entries as e
				join public.people as p on p.id = e.actor_person
				where e.table_name = 'concern.read' and e.row_id = c.id::text
				group by p.id, p.display_name) as r),
		'reporter', (
			select jsonb_build_object('display_name', p.display_name, 'affiliation', p.affiliation)
			from public.people as p
			where p.id = c.reporter_id),
		'taken_by', (select p.display_name from public.people as p where p.id = c.taken_by),
		'locale', c.locale,
		-- Whether the reporter has a code to come back with.
		'may_answer', c.code_hash is not null,
		-- The newest alarm: since when, and who has it.
		'alarm', (
			select jsonb_build_object(
				'since', private.iso(a.raised_at),
				'at', private.iso(a.acknowledged_at),
				'by', (select p.display_name from public.people as p where p.id = a.acknowledged_by))
			from private.concern_alarms as a
			where a.concern_id = c.id
			order by a.raised_at desc, a.id
			limit 1),
		'case', (
			select jsonb_build_object('id', x.id, 'reference', x.reference)
			from private.case_concerns as j
			join private.cases as x on x.id = j.case_id
			where j.concern_id = c.id),
		'messages', case when p_with_words then private.concern_messages_json(c.id, true) end)
$$;

-- Opens a case from concerns of one Summit that the caller may read; the caller is its lead. Key: the case's own,
-- sealed, in hex. Answers {status: ok, case}, or already: one of them is in a case. Locks the concerns by id.
create or replace function public.open_case(concerns uuid[], severity text, category text, key_sealed text, key_id text)
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_ids uuid[] := array(select distinct x from unnest(open_case.concerns) as x where x is not null order by x);
	v_summits uuid[];
	v_case uuid;
begin
	perform from private.concerns as c where c.id = any (v_ids) order by c.id for update;
	if v_ids = '{}'
		or cardinality(v_ids) > 100
		or (select count(*)
			from private.concerns as c
			where c.id = any (v_ids) and private.may_read_concern(v_me, c)) <> cardinality(v_ids)
	then
		return '{"status": "not_found"}';
	end if;
	v_summits := array(select distinct c.summit_id from private.concerns as c where c.id = any (v_ids));
	if cardinality(v_summits) <> 1 then return '{"status": "not_found"}'; end if;
	if exists (select from private.case_concerns as j where j.concern_id = any (v_ids)) then
		return '{"status": "already"}';
	end if;
	insert into private.cases as x (summit_id, severity, category, lead_id, key_sealed, key_id, opened_by)
	values (v_summits[1], open_case.severity, open_case.category, v_me, decode(open_case.key_sealed, 'hex'),
		open_case.key_id, v_me)
	returning x.id into v_case;
	insert into private.case_concerns (concern_id, case_id, joined_by) select x, v_case, v_me from unnest(v_ids) as x;
	perform private.end_alarm(x) from unnest(v_ids) as x;
	-- One of them may be about somebody who reads the others.
	perform private.release_case(v_case);
	perform private.publish_case(v_case);
	return jsonb_build_object('status', 'ok', 'case', v_case);
exception when check_violation or not_null_violation then
	return '{"status": "invalid"}';
end
$$;

-- Joins a concern to a case. Already: it is in one. Not found: the caller may not read one of the two, or they are of
-- different Summits. Locks the concern, then the case.
create or replace function public.join_case(this_case uuid, concern uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_concern private.concerns;
	v_case private.cases;
begin
	select * into v_concern from private.concerns as c where c.id = concern for update;
	select * into v_case from private.cases as x where x.id = this_case for update;
	if v_concern.id is null
		or v_case.id is null
		or v_concern.summit_id <> v_case.summit_id
		or not private.may_read_concern(private.me(), v_concern)
		or not private.may_read_case(private.me(), this_case)
	then
		return 'not_found';
	end if;
	insert into private.case_concerns (concern_id, case_id, joined_by)
	values (concern, this_case, private.me())
	on conflict do nothing;
	if not found then return 'already'; end if;
	perform private.end_alarm(concern);
	perform private.release_case(this_case);
	perform private.publish_case(this_case);
	return 'ok';
end
$$;

-- Whom a step of an alarm calls: the first who is on call, then the others who are, then all who may read the concern.
-- Where a step would call nobody, it calls them all.
create function private.alarm_people(c private.concerns, p_step integer, p_now timestamptz) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with readers as (
		select r from private.concern_readers(c) as r
	), on_call as (
		select s.person_id, rank() over (order by s.position) as place
		from private.on_call_shifts as s
		where s.summit_id = c.summit_id and s.during @> p_now and s.person_id in (select r from readers)
	), called as (
		select person_id from on_call where p_step = 0 and place = 1 or p_step = 1 and place > 1
	)
	select person_id from called
	union
	select r from readers where not exists (select from called)
$$;

-- Takes the next step of an alarm: queues what is sent, and says when it goes on. After twelve steps all were called ten
-- times at least, and it ends. The caller has locked the alarm.
create function private.take_alarm_step(p_alarm uuid, p_now timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_alarm private.concern_alarms;
	c private.concerns;
	v_person uuid;
begin
	select * into v_alarm from private.concern_alarms as a where a.id = p_alarm;
	select * into c from private.concerns as x where x.id = v_alarm.concern_id;
	for v_person in select p from private.alarm_people(c, v_alarm.step, p_now) as p loop
		insert into private.alarm_calls (alarm_id, step, person_id, subscription_id, send_after)
		select p_alarm, v_alarm.step, v_person, ways.subscription_id, p_now
		from (
			select ps.id as subscription_id from private.push_subscriptions as ps where ps.person_id = v_person
			union all
			select null from private.on_call_phones as o where o.person_id = v_person) as ways
		on conflict do nothing;
		-- The first mail is that of the concern itself.
		if v_alarm.step > 0 then
			perform private.enqueue_mail(v_person, 'concern_waiting', '{}', c.summit_id,
				format('concern_waiting:%s:%s:%s', p_alarm, v_alarm.step, v_person), 1);
		end if;
	end loop;
	update private.concern_alarms as a
	set step = a.step + 1,
		next_at = case when a.step < 11 then p_now + make_interval(mins => coalesce(
			(select s.minutes from private.on_call_settings as s where s.summit_id = c.summit_id), 10)) end
	where a.id = p_alarm;
	perform private.publish_event('outbox', 'alarm', p_alarm);
end
$$;

-- Begins the alarm of a concern, unless one is open, and calls the first. Where nobody may read the concern, nobody is
-- called: the owners are asked for a deputy.
create function private.begin_alarm(c private.concerns) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	insert into private.concern_alarms (concern_id)
	values (c.id)
	on conflict (concern_id) where acknowledged_at is null do nothing
	returning id into v_id;
	if v_id is not null then perform private.take_alarm_step(v_id, now()); end if;
end
$$;

-- Ends the open alarm of a concern: the caller has it. Answers whether there was one.
create function private.end_alarm(p_concern uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.concern_alarms as a
	set acknowledged_at = now(), acknowledged_by = private.me(), next_at = null
	where a.concern_id = p_concern and a.acknowledged_at is null;
	return found;
end
$$;

-- Says that the caller has a concern, so that nobody else is called. Already: somebody has. Locks the concern.
create function public.acknowledge_concern(concern uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_concern private.concerns;
begin
	select * into v_concern from private.concerns as c where c.id = concern for update;
	if not found or not private.may_read_concern(private.me(), v_concern) then return 'not_found'; end if;
	if not private.end_alarm(concern) then return 'already'; end if;
	perform audit.record_event('concern.acknowledged', concern::text, v_concern.summit_id, null, '{}');
	perform private.publish_event('person:' || r, 'concern', concern) from private.concern_readers(v_concern) as r;
	return 'ok';
end
$$;
grant execute on function public.acknowledge_concern(uuid) to authenticated;

-- Runs each minute: alarms that nobody answered go on. Locked ones are skipped, so that of several processes one takes
-- a step. The alarm of a concern that was closed in the meantime ends.
create function private.escalate_alarms(p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_alarm private.concern_alarms;
begin
	for v_alarm in
		select * from private.concern_alarms as a where a.next_at <= p_now order by a.id for update skip locked
	loop
		if exists (select from private.concerns as c where c.id = v_alarm.concern_id and c.closed_at is null) then
			perform private.take_alarm_step(v_alarm.id, p_now);
		else
			update private.concern_alarms as a set next_at = null, acknowledged_at = p_now where a.id = v_alarm.id;
		end if;
	end loop;
	-- Calls of a worker that stopped.
	update private.alarm_calls as x set state = 'queued', claimed_at = null
	where x.state = 'sending' and x.claimed_at < p_now - interval '3 minutes';
end
$$;
grant execute on function private.escalate_alarms(timestamptz) to app_server;

-- Takes up to `p_limit` calls that are due, of alarms that nobody has answered. Locked rows are skipped, so that two
-- workers never send the same call. Browsers whose session has ended are dropped first.
create function private.claim_alarm_calls(p_limit integer default 50)
returns table (
	id uuid, endpoint text, p256dh text, auth text, number_sealed bytea, key_id text, locale text, slug text,
	summit_name jsonb
)
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.push_subscriptions as ps
	where ps.session_id in (
		select private.ended_auth_sessions(array(
			select distinct other.session_id
			from private.alarm_calls as x
			join private.push_subscriptions as other on other.id = x.subscription_id
			where x.state = 'queued')));
	return query
	with picked as (
		select x.id
		from private.alarm_calls as x
		join private.concern_alarms as a on a.id = x.alarm_id and a.acknowledged_at is null
		where x.state = 'queued' and x.send_after <= now()
		order by x.send_after, x.id
		limit p_limit
		for update of x skip locked
	), taken as (
		update private.alarm_calls as x
		set state = 'sending', claimed_at = now(), attempts = x.attempts + 1
		from picked
		where x.id = picked.id
		returning x.*
	)
	select t.id, ps.endpoint, ps.p256dh, ps.auth, o.number_sealed, o.key_id,
		coalesce((select pp.locale from public.person_preferences as pp where pp.person_id = t.person_id), 'en'),
		s.slug, s.name::jsonb
	from taken as t
	join private.concern_alarms as a on a.id = t.alarm_id
	join private.concerns as c on c.id = a.concern_id
	join public.summits as s on s.id = c.summit_id
	left join private.push_subscriptions as ps on ps.id = t.subscription_id
	left join private.on_call_phones as o on o.person_id = t.person_id and t.subscription_id is null;
end
$$;
grant execute on function private.claim_alarm_calls(integer) to app_server;

-- Records the outcome of one call: sent, gone (nobody is reached there) or failed. A failed one is tried again after 10,
-- 30 and 90 seconds. Answers when; null when it is not.
create function private.record_alarm_call(p_id uuid, p_outcome text) returns timestamptz
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.alarm_calls;
	v_next timestamptz;
begin
	select * into v from private.alarm_calls as x where x.id = p_id and x.state = 'sending' for update;
	if not found then return null; end if;
	if p_outcome = 'failed' and v.attempts < 4 then
		v_next := now() + interval '10 seconds' * power(3, v.attempts - 1);
	end if;
	update private.alarm_calls as x
	set state = case when v_next is not null then 'queued' else p_outcome end,
		send_after = coalesce(v_next, x.send_after), claimed_at = null
	where x.id = p_id;
	if p_outcome = 'gone' and v.subscription_id is not null then
		delete from private.push_subscriptions as ps where ps.id = v.subscription_id;
	end if;
	return v_next;
end
$$;
grant execute on function private.record_alarm_call(uuid, text) to app_server;

-- For safeguarding leads; null for everyone else: {minutes, has_phone, leads: [{id, display_name}], shifts: [{id,
-- display_name, starts_at, ends_at, position, is_now}]}: the shifts that have not ended, the earliest first.
create function public.read_on_call(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'minutes', coalesce(
			(select s.minutes from private.on_call_settings as s where s.summit_id = read_on_call.summit), 10),
		'has_phone', exists (select from private.on_call_phones as o where o.person_id = private.me()),
		'leads', (
			select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'display_name', p.display_name)
				order by p.display_name), '[]')
			from public.people as p
			where p.id in (select private.role_holders('safeguarding', read_on_call.summit))),
		'shifts', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', s.id,
				'display_name', (select p.display_name from public.people as p where p.id = s.person_id),
				'starts_at', private.iso(lower(s.during)),
				'ends_at', private.iso(upper(s.during)),
				'position', s.position,
				'is_now', s.during @> now()) order by lower(s.during), s.position), '[]')
			from private.on_call_shifts as s
			where s.summit_id = read_on_call.summit and upper(s.during) > now()))
	where private.has_role(read_on_call.summit, 'safeguarding')
$$;
grant execute on function public.read_on_call(uuid) to authenticated;

-- Adds a shift of a lead. Taken: somebody has that position then.
create function public.add_shift(summit uuid, person uuid, starts_at timestamptz, ends_at timestamptz, "position" integer)
	returns public.shift_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'safeguarding') then return 'not_allowed'; end if;
	if not coalesce(starts_at < ends_at and ends_at > now(), false)
		or person is null
		or person not in (select private.role_holders('safeguarding', summit))
	then
		return 'invalid';
	end if;
	insert into private.on_call_shifts (summit_id, person_id, during, position, added_by)
	values (summit, person, tstzrange(starts_at, ends_at), add_shift.position, private.me());
	return 'ok';
exception
	when exclusion_violation then return 'taken';
	when check_violation or not_null_violation or numeric_value_out_of_range then return 'invalid';
end
$$;
grant execute on function public.add_shift(uuid, uuid, timestamptz, timestamptz, integer) to authenticated;

-- Removes a shift.
create function public.remove_shift(shift uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.on_call_shifts as s where s.id = shift and private.has_role(s.summit_id, 'safeguarding');
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.remove_shift(uuid) to authenticated;

-- Sets after how many minutes an alarm goes on.
create function public.save_on_call(summit uuid, minutes integer) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'safeguarding') then return 'not_allowed'; end if;
	insert into private.on_call_settings as s (summit_id, minutes)
	values (summit, save_on_call.minutes)
	on conflict on constraint on_call_settings_pkey do update set minutes = excluded.minutes;
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.save_on_call(uuid, integer) to authenticated;

-- Saves where the caller, a lead of this Summit, gets text messages (sealed, in hex); without a number it is deleted.
create function public.save_on_call_phone(summit uuid, number_sealed text default null, key_id text default null)
	returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if save_on_call_phone.number_sealed is null then
		delete from private.on_call_phones as o where o.person_id = private.me();
		return 'ok';
	end if;
	if not private.has_role(summit, 'safeguarding') then return 'not_allowed'; end if;
	insert into private.on_call_phones as o (person_id, number_sealed, key_id)
	values (private.me(), decode(save_on_call_phone.number_sealed, 'hex'), save_on_call_phone.key_id)
	on conflict on constraint on_call_phones_pkey do update
		set number_sealed = excluded.number_sealed, key_id = excluded.key_id, saved_at = now();
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.save_on_call_phone(uuid, text, text) to authenticated;

-- How long it is kept, and the copies of one's data.
insert into private.retention_rules (table_name, class)
values
	('private.concern_alarms', 'concerns'),
	('private.alarm_calls', 'concerns'),
	('private.on_call_phones', 'contact');
insert into private.retention_rules (table_name, exemption)
values
	('private.on_call_shifts', 'agenda'),
	('private.on_call_settings', 'technical');
insert into private.copied_tables (name, section, owner, owner_column, columns, sealed)
values
	('private.on_call_phones', 'roles', 'person', 'person_id', '{saved_at,number_sealed}',
		'{"number_sealed": ["on-call phone"]}');
insert into private.not_copied_tables (name, reason)
values
	('private.alarm_calls', 'staff'),
	('private.on_call_shifts', 'staff');

reset check_function_bodies;
