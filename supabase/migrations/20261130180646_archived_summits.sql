-- Who sees what of an archived Summit, what owners learn of safeguarding when they close one, and what has been deleted
-- since.

-- The classes of a closed Summit of which the sweep has deleted rows because their period had run, and since when. A
-- longer period or a hold that comes later does not bring them back.
create table private.begun_deletions (
	summit_id uuid not null references public.summits (id) on delete cascade,
	class text not null references private.retention_classes (code) on delete cascade,
	begun_at timestamptz not null,
	primary key (summit_id, class)
);
create index on private.begun_deletions (class);
alter table private.begun_deletions enable row level security;
insert into private.retention_rules (table_name, exemption) values ('private.begun_deletions', 'technical');
insert into private.writable_after_closing (table_name, reason)
values ('private.begun_deletions', 'Retention: what the sweep did.');

-- The sessions of a Summit (or the one given) that a person sees; null: somebody who is not signed in. Every other
-- function of visibility asks this one. Role grants count for this person alone, never for people they act for.
create or replace function private.visible_sessions(p_person uuid, p_summit uuid, p_session uuid default null) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with reader as (
		select each.*, organiser.level as organiser_level
		from private.session_readers(p_person, p_summit) as each,
			private.organiser_levels(p_person, p_summit) as organiser
	), held as (
		select
			s.id,
			greatest(s.level, rs.level) as level,
			rs.session_id is not null and s.state <> 'draft' and u.state <> 'draft' as is_released,
			u.state = 'archived' as is_archived
		from public.sessions as s
		join public.summits as u on u.id = s.summit_id
		left join public.release_sessions as rs
			on rs.session_id = s.id and rs.release_id = (select private.newest_release(p_summit))
		where s.summit_id = p_summit
			and (p_session is null or s.id = p_session)
	)
	select held.id
	from held, reader
	where private.is_seen(
		held.level,
		not held.is_archived and exists (
			select
			from public.session_people as sp
			where sp.session_id = held.id and sp.person_id = p_person and sp.state <> 'declined'
		),
		reader.organiser_level,
		held.is_released,
		reader.is_registered,
		private.is_listed(held.id, p_person, reader.member_id, reader.sector, reader.category)
	)
$$;

-- Whether a person may read a version of a session that had this level: a version from when the session was closed
-- stays closed, also after the session was opened. It does not ask whether the person sees the session today
-- (`can_see`).
create or replace function private.may_read_version(p_person uuid, p_session uuid, p_level public.confidentiality) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_level = 'public'
		or exists (
			select
			from public.sessions as s,
				private.session_readers(p_person, s.summit_id) as reader,
				private.organiser_levels(p_person, s.summit_id) as organiser
			where s.id = p_session
				and private.is_seen(
					p_level,
					s.summit_id not in (select private.archived_summits()) and exists (
						select
						from public.session_people as sp
						where sp.session_id = s.id and sp.person_id = p_person and sp.state <> 'declined'
					),
					organiser.level,
					true,
					reader.is_registered,
					private.is_listed(s.id, p_person, reader.member_id, reader.sector, reader.category)
				)
		)
$$;

-- The sessions whose draft the reader reads: those that they take part in (or act for somebody who does) until the Summit
-- is archived, and as an organiser those that they see.
create or replace function private.draft_sessions() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select sp.session_id
	from public.session_people as sp
	where sp.person_id in (select private.my_people('speaking'))
		and sp.state <> 'declined'
		and sp.summit_id not in (select private.archived_summits())
	union
	select seen
	from private.summits_with_role('programme', 'stage', 'safeguarding') as s (id),
		private.visible_sessions((select private.me()), s.id) as seen
$$;

-- What the signed-in account may do with the files of a session: `organiser` and `person` add and change them, `reader`
-- gets them before the audience (people who have not confirmed yet, interpreters and captioners, stage organisers and
-- safeguarding); null: the same as the audience, as for the people of a session whose Summit is archived.
create or replace function private.file_access_of(p_session uuid) returns text
language sql stable security definer set search_path = '' as $$
	with mine as (
		select sp.state = 'confirmed' and sp.role not in ('interpreter', 'captioner') as brings
		from public.session_people as sp
		where sp.session_id = p_session
			and sp.person_id in (select private.my_people('speaking'))
			and sp.state <> 'declined'
			and sp.summit_id not in (select private.archived_summits())
			and not private.has_entry_bar(sp.person_id, p_session)
	)
	select case
		when private.may_edit_session(p_session) then 'organiser'
		when (select bool_or(brings) from mine) then 'person'
		when exists (select from mine)
			or exists (select
				from public.sessions as s
				where s.id = p_session
					and private.has_role(s.summit_id, 'stage', 'safeguarding')
					and private.can_see(private.me(), p_session))
			then 'reader'
	end
$$;

-- The items in order, with how many there are. `blocks`: the Summit is neither closed nor archived while there is one;
-- `details`: which, where they may be named.
create or replace function private.closing_items(p_summit uuid)
	returns table (key text, blocks boolean, count bigint, details text[])
language sql stable security definer set search_path = '' as $$
	select item.key, item.blocks, coalesce(cardinality(item.found), 0)::bigint,
		case when item.blocks then item.found[:5] else '{}' end
	from (values
		('live_runs', true, array(
			select s.code
			from public.runs as r
			join public.sessions as s on s.id = r.session_id
			where r.summit_id = p_summit and r.state in ('live', 'paused')
			order by s.code)),
		('payments', true, array(
			select distinct o.reference
			from public.orders as o
			join public.checkouts as c on c.order_id = o.id
			where o.summit_id = p_summit
				and (c.state = 'processing' or c.state in ('requested', 'open') and c.expires_at > now())
			order by o.reference)),
		('refunds', false, array(
			select f.id::text
			from public.refunds as f
			join public.orders as o on o.id = f.order_id
			where o.summit_id = p_summit and f.state in ('due', 'sent', 'failed'))),
		('invoices', false, array(
			select i.id::text
			from public.invoices as i
			where i.summit_id = p_summit and private.invoice_state(i) in ('due', 'overdue'))),
		('bank_rows', false, array(
			select b.id::text from private.bank_rows as b where b.summit_id = p_summit and b.state = 'open')),
		('registrations', false, array(
			select r.id::text
			from public.registrations as r
			where r.summit_id = p_summit
				and r.state in ('submitted', 'nominated', 'accredited', 'awaiting_payment'))),
		('requests', false, array(
			select q.id::text from public.member_requests as q where q.summit_id = p_summit and q.state = 'open'
			union all
			select v.id::text from private.re_reviews as v where v.summit_id = p_summit and v.state = 'open'
			union all
			select e.id::text
			from private.erasure_requests as e
			join public.registrations as r on r.person_id = e.person_id and r.summit_id = p_summit
			where e.stopped_at is null and e.erased_at is null)),
		('letters', false, array(
			select r.id::text
			from public.registrations as r
			where r.summit_id = p_summit and r.state = 'confirmed' and private.may_have_visa_letter(r)
				and private.missing_visa_letter_fields(r) = '{}'
				and not exists (select from private.visa_letters as l
					where l.registration_id = r.id and l.replaced_at is null and l.withdrawn_at is null))),
		('needs', false, array(
			select w.id::text
			from private.needs as w
			where w.summit_id = p_summit and w.state in ('open', 'in_hand'))),
		('proposals', false, array(
			select p.id::text
			from private.proposals as p
			where p.summit_id = p_summit and p.state = 'submitted'
				and not exists (select from private.proposal_decisions as d
					where d.proposal_id = p.id and d.decision is not null))),
		('agenda', false, array(
			select d.session_id::text from private.draft_changes(p_summit) as d where d.change <> 'none')),
		('pages', false, array(
			select p.id::text
			from private.pages as p
			left join private.page_versions as v on v.page_id = p.id and v.number = p.published
			where p.summit_id = p_summit
				and (v.title, v.summary, v.blocks) is distinct from (p.title, p.summary, p.blocks))),
		('mails', false, array(
			select x.id::text from private.outbox as x where x.summit_id = p_summit and x.state in ('queued', 'sending', 'dead')
			union all
			select g.id::text
			from public.group_messages as g
			where g.summit_id = p_summit and g.state in ('draft', 'paused'))),
		('recordings', false, array(
			select g.id::text
			from private.recordings as g
			where g.summit_id = p_summit and g.state = 'ready' and g.published_at is null
				and private.all_consent_to_recording(g, true))),
		('consents', false, array(
			select g.id::text
			from private.recordings as g
			where g.summit_id = p_summit and g.state = 'ready' and not private.all_consent_to_recording(g, true))),
		('certificates', false, array(
			select r.id::text
			from public.registrations as r
			where r.summit_id = p_summit and r.state = 'confirmed'
				and not exists (select from public.certificate_settings as c
					where c.summit_id = p_summit and c.is_offered))),
		('concerns', false, array(
			select c.id::text from private.concerns as c where c.summit_id = p_summit and c.closed_at is null))
	) as item (key, blocks, found)
$$;

-- Whether an alarm of safeguarding at a Summit waits for an answer.
create or replace function private.is_alarm_open(p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.concern_alarms as a
		join private.concerns as c on c.id = a.concern_id
		where c.summit_id = p_summit and c.closed_at is null and a.next_at is not null and a.acknowledged_at is null)
$$;

-- What forbids closing or archiving a Summit, and what the caller has not accepted: {blocked: [key], open: [key]}.
-- Concerns are nobody's to accept who may not count them. An alarm that nobody has answered forbids the closing too, and
-- is said as `concerns` when all else is done: owners do not learn of alarms before they act.
create or replace function private.closing_refusal(p_summit uuid, p_accepted text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when found.blocked = '[]' and found.open = '[]' and private.is_alarm_open(p_summit)
			then jsonb_build_object('blocked', jsonb_build_array('concerns'), 'open', found.open)
		else jsonb_build_object('blocked', found.blocked, 'open', found.open)
	end
	from (
		select coalesce(jsonb_agg(i.key) filter (where i.blocks), '[]') as blocked,
			coalesce(jsonb_agg(i.key) filter (where not i.blocks and i.key <> 'concerns'
				and not i.key = any (p_accepted)), '[]') as open
		from private.closing_items(p_summit) as i
		where i.count > 0) as found
$$;

-- The classes of data whose clock has run since a Summit was closed, in order: retention deletes them, so the Summit
-- cannot be opened again as it was. A class under a legal hold is not deleted; one of which rows were deleted counts
-- although its period was lengthened or a hold was placed since.
create or replace function private.clocks_that_ran(p_summit uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce(array_agg(c.code order by c.position), '{}')
	from private.retention_classes as c
	join private.retention_clocks as k on k.summit_id = p_summit
	where c.clock = 'closed'
		and (k.started_at + make_interval(days => private.retention_days(c.code, p_summit, now())) <= now()
				and not private.is_class_held(c.code, p_summit, now())
			or exists (select from private.begun_deletions as b where b.summit_id = p_summit and b.class = c.code))
$$;

-- The next step from a place on: removes what is due of one table at one Summit, at most `p_limit` rows, and answers
-- where to go on; null: the round is over, and the next one begins after an hour. What cannot be removed is reported,
-- and keeps nothing else waiting.
create or replace function private.sweep_retention(
	p_from integer default 0, p_now timestamptz default now(), p_limit integer default 200
) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_step record;
	v_days integer;
	v_table text;
	v_count integer;
	v_fault text;
begin
	if p_from = 0 and exists (
		select from private.last_retention_round as l where l.at between p_now - interval '1 hour' and p_now) then
		return null;
	end if;
	-- Changes of periods and holds wait for this step.
	perform pg_catalog.pg_advisory_xact_lock_shared(pg_catalog.hashtextextended('retention', 0));
	perform set_config('app.reason', 'retention', true);
	perform set_config('app.retention', 'sweep', true);
	if p_from = 0 then perform private.warn_inactive_people(p_now, p_limit); end if;
	for v_step in select * from private.retention_steps() as s where s.place >= p_from order by s.place loop
		continue when private.is_class_held(v_step.class, v_step.summit_id, p_now);
		v_days := private.retention_days(v_step.class, v_step.summit_id, p_now);
		v_table := coalesce((v_step.rule).table_name, 'audit.entries');
		v_fault := null;
		begin
			v_count := case when (v_step.rule).table_name is null
				then private.sweep_audit(v_step.class, v_step.summit_id, p_now, v_days, p_limit)
				else private.sweep_rule(v_step.rule, v_step.clock, v_step.summit_id, p_now, v_days, p_limit) end;
		exception when others then
			v_count := 0;
			v_fault := sqlstate;
		end;
		if v_count > 0 and v_step.clock = 'closed' then
			insert into private.begun_deletions (summit_id, class, begun_at)
			select k.summit_id, v_step.class, p_now
			from private.retention_clocks as k
			where k.summit_id = v_step.summit_id and k.started_at + make_interval(days => v_days) <= p_now
			on conflict do nothing;
		end if;
		if v_count > 0 or v_fault is not null then
			perform private.report_sweep(v_step.class, v_step.summit_id, v_table, v_count, p_now, v_fault);
			return case when v_fault is null then v_step.place else v_step.place + 1 end;
		end if;
	end loop;
	insert into private.last_retention_round (at) values (p_now) on conflict (id) do update set at = excluded.at;
	return null;
end
$$;
