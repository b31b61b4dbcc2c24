-- Cases: the work of safeguarding on concerns, sealed with a key of its own.
set check_function_bodies = off;

-- Changing a case. Changed: somebody else changed it in the meantime.
create domain public.case_change_status as text check (value in ('ok', 'changed', 'not_found', 'invalid'));

-- Adding to the timeline of a case.
create domain public.case_entry_status as text check (value in ('ok', 'already', 'not_found', 'invalid'));

-- A case. Its texts are sealed by the app with the case's own key, which is sealed with SEALING_KEY: with this row goes
-- the key, and nothing of the case can be read any more. The reference is random: it counts nothing.
create table private.cases (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	reference text not null unique default private.random_code(6) check (reference ~ '^[A-Z0-9]{6}$'),
	severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
	category text not null check (category in ('child', 'material', 'sexual', 'harassment', 'threat', 'privacy',
		'wellbeing', 'other')),
	state text not null default 'open' check (state in ('open', 'waiting', 'closed')),
	lead_id uuid references public.people (id) on update cascade on delete set null,
	key_sealed bytea not null check (length(key_sealed) <= 200),
	key_id text not null,
	-- Counts the changes: of two leads who change a case at once, the second is told.
	version integer not null default 1,
	opened_by uuid references public.people (id) on update cascade on delete set null,
	opened_at timestamptz not null default now(),
	closed_at timestamptz,
	outcome text check (outcome in ('resolved', 'referred', 'not_confirmed', 'no_action', 'other')),
	check ((state = 'closed') = (closed_at is not null)),
	check ((closed_at is null) = (outcome is null))
);
create index on private.cases (summit_id, opened_at desc);
create index on private.cases (lead_id);
create index on private.cases (opened_by);
alter table private.cases enable row level security;
select audit.watch('private.cases', '', 'key_sealed', 'key_id');

-- The concerns of a case. A concern is in one case at most. Whom one of them is about sees none of them, and nothing of
-- the case.
create table private.case_concerns (
	concern_id uuid primary key references private.concerns (id) on delete cascade,
	case_id uuid not null references private.cases (id) on delete cascade,
	joined_by uuid references public.people (id) on update cascade on delete set null,
	joined_at timestamptz not null default now()
);
create index on private.case_concerns (case_id);
create index on private.case_concerns (joined_by);
alter table private.case_concerns enable row level security;
select audit.watch('private.case_concerns');

-- The timeline of a case: notes, hand-overs to the next shift, acts, and how it ended. Nothing is changed or deleted.
create table private.case_entries (
	id uuid primary key default gen_random_uuid(),
	case_id uuid not null references private.cases (id) on delete cascade,
	kind text not null check (kind in ('note', 'handover', 'act', 'outcome')),
	text_sealed bytea not null check (length(text_sealed) <= 20000),
	-- Of the form and what it said: a form that is sent twice adds one entry.
	form_hash bytea not null unique check (length(form_hash) = 32),
	author_id uuid references public.people (id) on update cascade on delete set null,
	at timestamptz not null default clock_timestamp()
);
create index on private.case_entries (case_id, at);
create index on private.case_entries (author_id);
alter table private.case_entries enable row level security;
select audit.watch('private.case_entries', '', 'text_sealed', 'form_hash');

-- Whether one concern, by itself, is about this person or about somebody whom they act for.
create function private.is_concern_itself_about(p_person uuid, c private.concerns) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from (
			select p_person as id
			union
			select other.person_id
			from public.account_people as own
			join public.account_people as other on other.account_id = own.account_id
			where own.person_id = p_person and own.relation = 'self' and (other.until is null or other.until > now())
		) as self
		where self.id in (select s.person_id from private.concern_subjects as s where s.concern_id = c.id)
			or self.id in (select sp.person_id
				from public.session_people as sp
				where sp.session_id = c.session_id and sp.state <> 'declined')
			or self.id in (select h.person_id from private.run_hosts as h where h.run_id = c.run_id)
			or c.author_hash = (select extensions.hmac(self.id::text::bytea, q.salt, 'sha256')
				from private.session_salts as q
				where q.session_id = c.session_id))
$$;

-- The same, of a concern with all that were joined to it in a case: whom one of them is about sees none of them.
create or replace function private.is_concern_about(p_person uuid, c private.concerns) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_concern_itself_about(p_person, c)
		or exists (select
			from private.case_concerns as own
			join private.case_concerns as joined on joined.case_id = own.case_id and joined.concern_id <> own.concern_id
			join private.concerns as other on other.id = joined.concern_id
			where own.concern_id = c.id and private.is_concern_itself_about(p_person, other))
$$;

-- Marks that a concern is about a person, or takes the mark of a lead back. The person no longer finds the concern;
-- where no lead is left who may read it, the deputies or the owners are notified. Answers ok, already or not_found.
-- Locks the concern.
create or replace function public.mark_concern_subject(concern uuid, person uuid, is_about boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_concern private.concerns;
begin
	select * into v_concern from private.concerns where id = concern for update;
	if not found
		or is_about is null
		or not private.may_read_concern(private.me(), v_concern)
		or not exists (select from public.people as p where p.id = person)
	then
		return 'not_found';
	end if;
	if is_about then
		insert into private.concern_subjects as x (concern_id, person_id, source, marked_by)
		values (concern, person, 'lead', private.me())
		on conflict (concern_id, person_id) do update
			set source = 'lead', marked_by = excluded.marked_by, marked_at = now()
			where x.source = 'session';
	else
		delete from private.concern_subjects as x
		where x.concern_id = concern and x.person_id = person and x.source = 'lead';
	end if;
	if not found then return 'already'; end if;
	perform audit.record_event(case when is_about then 'concern.about' else 'concern.not_about' end, concern::text,
		v_concern.summit_id, person, '{}');
	perform private.publish_event('person:' || person, 'rights');
	if is_about and not exists (select from private.concern_leads(v_concern)) then
		perform private.notify_concern(concern);
	end if;
	perform private.release_case(j.case_id) from private.case_concerns as j where j.concern_id = concern;
	return 'ok';
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
	if not private.notify_concern_readers(c, 'concern_message', format('concern_message:%s', v_id)) then
		perform private.notify_concern(c.id);
	end if;
	return 'ok';
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
		'case', (
			select jsonb_build_object('id', x.id, 'reference', x.reference)
			from private.case_concerns as j
			join private.cases as x on x.id = j.case_id
			where j.concern_id = c.id),
		'messages', case when p_with_words then private.concern_messages_json(c.id, true) end)
$$;

-- Whether a person may read a case: all of its concerns have the same readers.
create function private.may_read_case(p_person uuid, p_case uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((
		select private.may_read_concern(p_person, c)
		from private.case_concerns as j
		join private.concerns as c on c.id = j.concern_id
		where j.case_id = p_case
		order by c.id
		limit 1), false)
$$;

-- Tells the readers of a case, on their own topics, that it changed.
create function private.publish_case(p_case uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.concerns;
begin
	select x.* into c
	from private.case_concerns as j
	join private.concerns as x on x.id = j.concern_id
	where j.case_id = p_case
	order by x.id
	limit 1;
	if found then
		perform private.publish_event('person:' || r, 'concern', p_case) from private.concern_readers(c) as r;
	end if;
end
$$;

-- Follows a change of whom the concerns of a case are about: a lead who may no longer read it is not its lead any more,
-- and where nobody is left who may, those are notified who name another reader.
create function private.release_case(p_case uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.concerns;
begin
	update private.cases as x set lead_id = null, version = x.version + 1
	where x.id = p_case and x.lead_id is not null and not private.may_read_case(x.lead_id, p_case);
	select x.* into c
	from private.case_concerns as j
	join private.concerns as x on x.id = j.concern_id
	where j.case_id = p_case
	order by x.id
	limit 1;
	if found and not exists (select from private.concern_leads(c)) then perform private.notify_concern(c.id); end if;
end
$$;

-- Opens a case from concerns of one Summit that the caller may read; the caller is its lead. Key: the case's own,
-- sealed, in hex. Answers {status: ok, case}, or already: one of them is in a case. Locks the concerns by id.
create function public.open_case(concerns uuid[], severity text, category text, key_sealed text, key_id text)
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
	-- One of them may be about somebody who reads the others.
	perform private.release_case(v_case);
	perform private.publish_case(v_case);
	return jsonb_build_object('status', 'ok', 'case', v_case);
exception when check_violation or not_null_violation then
	return '{"status": "invalid"}';
end
$$;
grant execute on function public.open_case(uuid[], text, text, text, text) to authenticated;

-- Joins a concern to a case. Already: it is in one. Not found: the caller may not read one of the two, or they are of
-- different Summits. Locks the concern, then the case.
create function public.join_case(this_case uuid, concern uuid) returns public.change_status
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
	perform private.release_case(this_case);
	perform private.publish_case(this_case);
	return 'ok';
end
$$;
grant execute on function public.join_case(uuid, uuid) to authenticated;

-- Changes a case: severity, category, open or waiting (which opens a closed one again), and its lead, who must be able
-- to read it. Changed: somebody else changed it since `version`. Locks the case.
create function public.save_case(this_case uuid, version integer, severity text, category text, state text,
	lead uuid default null) returns public.case_change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_case private.cases;
begin
	select * into v_case from private.cases as x where x.id = this_case for update;
	if not found or not private.may_read_case(private.me(), this_case) then
		return 'not_found';
	end if;
	if v_case.version is distinct from save_case.version then return 'changed'; end if;
	if coalesce(save_case.state, '') not in ('open', 'waiting')
		or lead is not null and not private.may_read_case(lead, this_case)
	then
		return 'invalid';
	end if;
	update private.cases as x
	set severity = save_case.severity, category = save_case.category, state = save_case.state, lead_id = lead,
		closed_at = null, outcome = null, version = x.version + 1
	where x.id = this_case;
	perform private.publish_case(this_case);
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.save_case(uuid, integer, text, text, text, uuid) to authenticated;

-- Adds to the timeline: a note, a hand-over or an act (text sealed with the case's key, in hex). Already: the same form
-- was sent before.
create function public.add_case_entry(this_case uuid, kind text, text_sealed text, form_hash text)
	returns public.case_entry_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_read_case(private.me(), this_case) then return 'not_found'; end if;
	if add_case_entry.kind = 'outcome' then return 'invalid'; end if;
	insert into private.case_entries as e (case_id, kind, text_sealed, form_hash, author_id)
	values (this_case, add_case_entry.kind, decode(add_case_entry.text_sealed, 'hex'),
		decode(add_case_entry.form_hash, 'hex'), private.me())
	on conflict on constraint case_entries_form_hash_key do nothing;
	if not found then return 'already'; end if;
	perform private.publish_case(this_case);
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
when foreign_key_violation then
	-- Its time was over at this very moment.
	return 'not_found';
end
$$;
grant execute on function public.add_case_entry(uuid, text, text, text) to authenticated;

-- Closes a case and its open concerns, with how it ended. Changed: somebody else changed it since `version`. Locks the
-- concerns by id, then the case.
create function public.close_case(this_case uuid, version integer, outcome text, text_sealed text, form_hash text)
	returns public.case_change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_case private.cases;
begin
	perform from private.concerns as c
	where c.id in (select j.concern_id from private.case_concerns as j where j.case_id = this_case)
	order by c.id
	for update;
	select * into v_case from private.cases as x where x.id = this_case for update;
	if not found or not private.may_read_case(private.me(), this_case) then
		return 'not_found';
	end if;
	if v_case.version is distinct from close_case.version or v_case.state = 'closed' then return 'changed'; end if;
	insert into private.case_entries as e (case_id, kind, text_sealed, form_hash, author_id)
	values (this_case, 'outcome', decode(close_case.text_sealed, 'hex'), decode(close_case.form_hash, 'hex'),
		private.me());
	update private.cases as x
	set state = 'closed', closed_at = now(), outcome = close_case.outcome, version = x.version + 1
	where x.id = this_case;
	update private.concerns as c
	set closed_at = now(), closed_by = private.me()
	where c.closed_at is null
		and c.id in (select j.concern_id from private.case_concerns as j where j.case_id = this_case);
	perform private.publish_case(this_case);
	return 'ok';
exception when check_violation or not_null_violation or unique_violation then
	return 'invalid';
end
$$;
grant execute on function public.close_case(uuid, integer, text, text, text) to authenticated;

-- The people to whom a case may be given: [{id, display_name}].
create function private.case_leads_json(p_case uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'display_name', p.display_name) order by p.display_name),
		'[]')
	from public.people as p
	where p.id in (
		select r
		from (select c
			from private.case_concerns as j
			join private.concerns as c on c.id = j.concern_id
			where j.case_id = p_case
			order by c.id
			limit 1) as first,
			private.concern_readers(first.c) as r)
$$;

-- For safeguarding leads and deputies: the cases that they may read, without any text, open ones first; null for
-- everyone else. [{id, reference, severity, category, state, lead, opened_at, last_at, is_new, is_handed_over}].
-- Is new: something was added since the caller last read it. The list itself is logged as read.
create function public.list_cases(summit uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if not private.has_role(summit, 'safeguarding')
		and not exists (select from private.concern_deputies as d
			where d.summit_id = list_cases.summit and d.person_id = v_me and d.ended_at is null)
	then
		return null;
	end if;
	perform audit.record_event('case.listed', summit::text, summit, null, '{}');
	return (
		select coalesce(jsonb_agg(jsonb_build_object(
				'id', x.id,
				'reference', x.reference,
				'severity', x.severity,
				'category', x.category,
				'state', x.state,
				'lead', (select p.display_name from public.people as p where p.id = x.lead_id),
				'opened_at', private.iso(x.opened_at),
				'last_at', private.iso(last.at),
				'is_new', not exists (select
					from audit.entries as e
					where e.table_name = 'case.read'
						and e.row_id = x.id::text
						and e.actor_person = v_me
						and e.at >= last.at),
				'is_handed_over', coalesce(x.state <> 'closed' and last_entry.kind = 'handover', false))
			order by x.state = 'closed', array_position(array['critical', 'high', 'medium', 'low'], x.severity),
				x.opened_at), '[]')
		from private.cases as x
		left join lateral (
			select e.kind, e.at
			from private.case_entries as e
			where e.case_id = x.id
			order by e.at desc
			limit 1) as last_entry on true
		cross join lateral (
			select greatest(x.opened_at, last_entry.at, (
				select max(m.sent_at)
				from private.case_concerns as j
				join private.concern_messages as m on m.concern_id = j.concern_id
				where j.case_id = x.id), (
				select max(j.joined_at) from private.case_concerns as j where j.case_id = x.id)) as at) as last
		where x.summit_id = list_cases.summit and private.may_read_case(v_me, x.id));
end
$$;
grant execute on function public.list_cases(uuid) to authenticated;

-- One case with its key, its timeline and its concerns, for those who may read it; null for everyone else. The reading
-- is logged, of the case and of each concern, before anything is answered.
create function public.read_case(summit uuid, this_case uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_case private.cases;
begin
	select * into v_case from private.cases as x where x.id = this_case and x.summit_id = read_case.summit;
	if not found or not private.may_read_case(private.me(), this_case) then return null; end if;
	perform audit.record_event('case.read', this_case::text, summit, null, '{}');
	perform private.log_concern_readings(
		array(select j.concern_id from private.case_concerns as j where j.case_id = this_case), summit);
	return jsonb_build_object(
		'id', v_case.id,
		'reference', v_case.reference,
		'severity', v_case.severity,
		'category', v_case.category,
		'state', v_case.state,
		'outcome', v_case.outcome,
		'version', v_case.version,
		'key_sealed', encode(v_case.key_sealed, 'hex'),
		'key_id', v_case.key_id,
		'lead', v_case.lead_id,
		'leads', private.case_leads_json(this_case),
		'opened_at', private.iso(v_case.opened_at),
		'opened_by', (select p.display_name from public.people as p where p.id = v_case.opened_by),
		'closed_at', private.iso(v_case.closed_at),
		'entries', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', e.id,
				'at', private.iso(e.at),
				'kind', e.kind,
				'author', (select p.display_name from public.people as p where p.id = e.author_id),
				'text_sealed', encode(e.text_sealed, 'hex')) order by e.at, e.id), '[]')
			from private.case_entries as e
			where e.case_id = this_case),
		'concerns', (
			select coalesce(jsonb_agg(private.concern_json(c, true) || jsonb_build_object('batch', c.batch_id)
				order by c.created_at, c.id), '[]')
			from private.case_concerns as j
			join private.concerns as c on c.id = j.concern_id
			where j.case_id = this_case),
		'read_by', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'display_name', r.display_name, 'at', private.iso(r.at)) order by r.at desc), '[]')
			from (select p.display_name, max(e.at) as at
				from audit.entries as e
				join public.people as p on p.id = e.actor_person
				where e.table_name = 'case.read' and e.row_id = this_case::text
				group by p.id, p.display_name) as r));
end
$$;
grant execute on function public.read_case(uuid, uuid) to authenticated;

-- How long it is kept.
create function private.people_of_case(p_case uuid) returns uuid[]
language sql stable as $$
	select array(select person
		from private.case_concerns as j
		join private.concerns as c on c.id = j.concern_id
		cross join lateral unnest(private.people_of_concern(c)) as person
		where j.case_id = p_case)
$$;

-- A concern stays as long as the case that it is in.
create function private.is_in_case(p_concern uuid) returns boolean
language sql stable as $$ select exists (select from private.case_concerns as j where j.concern_id = p_concern) $$;

update private.retention_rules set only_if = 'not private.is_in_case(t.id)' where table_name = 'private.concerns';
insert into private.retention_rules
	(table_name, class, summit, people, since, only_if, or_if, sets, remover, with_audit)
values
	('private.cases', 'concerns', 't.summit_id', 'private.people_of_case(t.id)', 't.closed_at', null, null, null,
		null, true);
insert into private.retention_rules (table_name, class)
values
	('private.case_concerns', 'concerns'),
	('private.case_entries', 'concerns');

reset check_function_bodies;
