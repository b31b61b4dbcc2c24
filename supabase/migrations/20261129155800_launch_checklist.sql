-- The checklist before a Summit opens and goes live, and three more kinds of what waits for organisers.

alter table public.money_settings add column has_no_fees boolean not null default false;

-- Only functions write a Summit.
drop policy change on public.summits;
revoke update on public.summits from authenticated;

update private.audited_tables
set shown = '{transfer_allowed,issuer_name,issuer_address,issuer_tax_number,iban,bic,bank_name,invoice_prefix,terms_days,grace_days,invoice_note,has_no_fees}'
where name = 'public.money_settings';

drop function public.set_summit_state(uuid, public.summit_state);

-- Changes the state, and is the only way to: nobody may update it in the table. {status: ok | already | not_allowed |
-- not_ready (items: what has to be done first, private.launch_blockers in 28_organising/checklist.sql)}. Locks the
-- Summit, so that two changes come one after the other.
create function public.set_summit_state(summit uuid, state public.summit_state) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.summit_state;
	v_open text[];
begin
	if not private.has_role(summit, 'owner') then return jsonb_build_object('status', 'not_allowed'); end if;
	select s.state into v_old from public.summits as s where s.id = summit for update;
	if v_old = set_summit_state.state then return jsonb_build_object('status', 'already'); end if;
	v_open := private.launch_blockers(summit, v_old, set_summit_state.state);
	if v_open <> '{}' then return jsonb_build_object('status', 'not_ready', 'items', v_open); end if;
	update public.summits as s set state = set_summit_state.state, updated_at = now() where s.id = summit;
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.set_summit_state(uuid, public.summit_state) to authenticated;

-- Whether a device is offline, by when it was last seen.
create function private.is_device_offline(p_last_seen_at timestamptz) returns boolean
language sql stable as $$
	select p_last_seen_at is null or p_last_seen_at < now() - interval '2 minutes'
$$;

-- {day, came, building, arrivals: [{at, people}] by quarter of an hour, doors, conflicts, mail, mark}: what all readers
-- share.
create or replace function private.door_day_overview(p_summit uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_day date := private.door_day(p_summit);
begin
	return jsonb_build_object('day', v_day,
		'came', (select count(distinct d.person_id)
			from private.door_periods as d
			where d.summit_id = p_summit and d.day = v_day),
		'building', private.count_people_inside(p_summit, v_day),
		'arrivals', (select coalesce(
				jsonb_agg(jsonb_build_object('at', private.iso(q.at), 'people', q.people) order by q.at), '[]')
			from (select date_bin('15 minutes', first.at, '2000-01-01') as at, count(*) as people
				from (select min(d.entered_at) as at
					from private.door_periods as d
					where d.summit_id = p_summit and d.day = v_day
					group by d.person_id) as first
				group by 1) as q),
		-- Nothing measures a queue of people; its signs are how many come through and how many scans wait in the
		-- devices.
		'doors', (select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', coalesce(c.name, r.name),
				'kind', c.kind,
				'now', (select count(*)
					from private.door_scans as s
					where s.checkpoint_id = c.id and s.scanned_at > now() - interval '5 minutes'),
				'refused', (select count(*)
					from private.door_scans as s
					where s.checkpoint_id = c.id and s.scanned_at > now() - interval '5 minutes' and not s.is_counted),
				'inside', private.count_inside(p_summit, c.place, v_day), 'capacity', private.checkpoint_capacity(c),
				'devices', dev.open, 'silent', dev.silent, 'queued', dev.queued)
				order by c.position, c.kind, c.id), '[]')
			from public.checkpoints as c
			left join public.rooms as r on r.id = c.room_id
			cross join lateral (select count(*) as open,
					count(*) filter (where private.is_device_offline(t.last_seen_at)) as silent,
					coalesce(sum(t.queued), 0) as queued
				from private.door_devices as d
				left join private.door_device_states as t on t.device_id = d.id
				where d.checkpoint_id = c.id and d.device_revoked_at is null and d.expires_at > now()) as dev
			where c.summit_id = p_summit and c.ended_at is null),
		'conflicts',
			(select count(*) from private.door_conflicts as c where c.summit_id = p_summit and c.resolved_at is null),
		'mail', (select count(*)
			from private.outbox as o
			where o.summit_id = p_summit and o.state = 'dead' and o.created_at > now() - interval '1 day'
				and o.last_error is distinct from 'withdrawn' and not private.is_unlisted_mail(o.template)),
		'mark', private.upcoming_sessions_version(p_summit, v_day));
end
$$;

-- Whether a proposal has waited two weeks without a review, at a Summit that has reviewers.
create function private.is_proposal_stale(p private.proposals) returns boolean
language sql stable security definer set search_path = '' as $$
	select p.state = 'submitted'
		and p.submitted_at < now() - interval '14 days'
		and exists (select from private.reviewers as r where r.summit_id = p.summit_id and r.ended_at is null)
		and not exists (select from private.reviews as r where r.proposal_id = p.id and r.sent_at is not null)
		and not exists (
			select from private.proposal_decisions as d where d.proposal_id = p.id and d.decision is not null)
$$;

-- A proposal in the list. `p_withheld`: why its scores are withheld from the reader, null when they are shown.
create or replace function private.selection_row_json(p private.proposals, g private.proposal_grade, p_withheld text)
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'code', p.code,
		'title', p.title,
		'state', p.state,
		'level', p.level,
		'attendance', p.attendance,
		'format_id', p.format_id,
		'track_id', p.track_id,
		'decision', d.decision,
		'released_decision', d.released_decision,
		'version', coalesce(d.version, 0),
		'session_id', d.session_id,
		'brings_survivors', coalesce(
			(select m.brings_survivors from private.proposal_marks as m where m.proposal_id = p.id), false
		),
		'withheld', p_withheld,
		'score', case when p_withheld is null then round(g.score, 2) end,
		'spread', case when p_withheld is null then round(g.spread, 2) end,
		'normalised', case when p_withheld is null then round(g.normalised, 2) end,
		'reviews', case when p_withheld is null then coalesce(g.reviews, 0) end,
		'assigned', (select count(*) from private.review_assignments as a where a.proposal_id = p.id),
		'is_stale', p_withheld is distinct from 'conflict' and private.is_proposal_stale(p),
		'people', private.selection_names_json(p.id)
	)
	from (select) as one
	left join private.proposal_decisions as d on d.proposal_id = p.id
$$;

-- Records that there are no fees, which a Summit needs to know before it opens, or takes that back. Answers ok or
-- not_allowed.
create function public.set_no_fees(summit uuid, has_no_fees boolean) returns public.ok_or_not_allowed
language plpgsql volatile security definer set search_path = '' as $$
begin
	if has_no_fees is null or not private.has_role(set_no_fees.summit, 'finance') then return 'not_allowed'; end if;
	insert into public.money_settings (summit_id, has_no_fees)
	values (set_no_fees.summit, set_no_fees.has_no_fees)
	on conflict (summit_id) do update set has_no_fees = excluded.has_no_fees;
	return 'ok';
end
$$;
grant execute on function public.set_no_fees(uuid, boolean) to authenticated;

-- The checklist before a Summit opens and before it goes live: what is done, and what has to be done first. Changing the
-- state of a Summit asks the same list (public.set_summit_state in 04_summits/settings.sql).

-- The languages of a Summit in which a text that everybody has to read is missing, as `text:language`.
create function private.missing_texts(p_summit uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_agg(required.kind || ':' || language.tag order by language.position, required.position)
	from public.summits as s
	cross join unnest(s.languages) with ordinality as language (tag, position)
	cross join (values (1, 'name'), (2, 'privacy'), (3, 'code_of_conduct')) as required (position, kind)
	left join public.summit_texts as t on t.summit_id = s.id and t.kind = required.kind
	where s.id = p_summit
		and btrim(coalesce(case required.kind when 'name' then s.name else t.body end ->> language.tag, '')) = ''
$$;

-- The modes with seats that members may have: {in_person, virtual}.
create function private.modes_with_seats(p_summit uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_agg(c.mode::text order by c.mode)
	from public.mode_capacities as c
	where c.summit_id = p_summit
		and c.capacity > 0
		and exists (
			select from public.allocation_policies as p
			where p.summit_id = c.summit_id and p.mode = c.mode and p.ceiling > 0
			union all
			select from public.allocation_exceptions as e
			where e.summit_id = c.summit_id and e.mode = c.mode and e.ceiling > 0)
$$;

-- Whether a contact of one of these kinds names an address or a number.
create function private.has_contact(p_summit uuid, variadic p_kinds text[]) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from public.summit_contacts as c
		where c.summit_id = p_summit
			and c.kind = any (p_kinds)
			and (btrim(coalesce(c.mail, '')) <> '' or btrim(coalesce(c.telephone, '')) <> ''))
$$;

-- The items of a Summit in order. `phase`: the state that an item comes before; `blocks`: that state is refused while
-- the item is open; `count`: how many there are, null where a number says nothing; `details`: what is missing, or what
-- is there; `roles`: who does it.
create function private.launch_items(p_summit uuid) returns table (key text, phase public.summit_state, blocks boolean,
	done boolean, count bigint, details text[], roles public.organiser_role[])
language sql stable security definer set search_path = '' as $$
	with counted as materialized (
		select
			s.*,
			coalesce(private.missing_texts(s.id), '{}') as missing,
			coalesce(private.modes_with_seats(s.id), '{}') as modes,
			(select count(*) from public.consent_items as c where c.summit_id = s.id) as consents,
			(select count(*) from public.fees as f where f.summit_id = s.id) as fees,
			exists (select from public.money_settings as o where o.summit_id = s.id and o.has_no_fees) as has_no_fees,
			(select count(*) from private.role_holders('owner', s.id)) as owners,
			(select count(*) from private.role_holders('safeguarding', s.id)) as leads,
			exists (select from private.outbox as o where o.summit_id = s.id and o.state = 'sent') as has_sent_mail,
			(select count(distinct r.room_id) from public.runs as r where r.summit_id = s.id) as rooms_tried,
			(select count(*) from private.door_devices as d where d.summit_id = s.id) as devices
		from public.summits as s
		where s.id = p_summit
	)
	select item.*
	from counted as c
	cross join lateral (values
		('texts', 'open'::public.summit_state, true, c.missing = '{}', cardinality(c.missing)::bigint, c.missing,
			'{owner}'::public.organiser_role[]),
		('seats', 'open', true, c.modes <> '{}', null, c.modes, '{registration}'),
		('safeguarding_contact', 'open', true, private.has_contact(c.id, 'safeguarding'), null, '{}',
			'{owner,safeguarding}'),
		('contact', 'open', true, private.has_contact(c.id, 'registration', 'general'), null, '{}',
			'{owner,registration}'),
		('consents', 'open', true, c.consents > 0, c.consents, '{}', '{owner,registration}'),
		('fees', 'open', true, c.fees > 0 or c.has_no_fees, c.fees, '{}', '{finance}'),
		('registration', 'open', false, c.registration_opens_at is not null, null, '{}', '{owner,registration}'),
		('place', 'open', false, c.country is not null and c.city <> '{}', null, '{}', '{owner}'),
		('mail', 'open', false, c.has_sent_mail, null, '{}', '{registration}'),
		('owners', 'open', false, c.owners > 1, c.owners, '{}', '{owner}'),
		('safeguarding_lead', 'live', true, c.leads > 0, c.leads, '{}', '{owner,safeguarding}'),
		('release', 'live', true, private.newest_release(c.id) is not null, null, '{}', '{programme}'),
		('stage', 'live', false, c.rooms_tried > 0, c.rooms_tried, '{}', '{stage}'),
		('door', 'live', false, c.devices > 0, c.devices, '{}', '{registration}')
	) as item (key, phase, blocks, done, count, details, roles)
	-- A Summit without seats in the hall has no door.
	where item.key <> 'door' or 'in_person' = any (c.modes)
$$;

-- The open items that forbid a change of state, in order. Leaving the draft needs those of `open`, going live those of
-- `live`, and from the draft both. Nothing forbids going back, or closing.
create function private.launch_blockers(p_summit uuid, p_from public.summit_state, p_to public.summit_state)
	returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce(array_agg(i.key order by i.position), '{}')
	from private.launch_items(p_summit) with ordinality as i (key, phase, blocks, done, count, details, roles, position)
	where i.blocks
		and not i.done
		and (i.phase = 'open' and p_from = 'draft' and p_to <> 'draft' or i.phase = 'live' and p_to = 'live')
$$;

-- What the reader's roles do before a Summit opens and goes live: [{key, phase: open | live, blocks, done, count, details}]
-- in order. What their roles do not do is left out.
create function public.list_launch_items(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'key', i.key,
				'phase', i.phase,
				'blocks', i.blocks,
				'done', i.done,
				'count', i.count,
				'details', i.details
			)
			order by i.position
		),
		'[]'
	)
	from private.launch_items(list_launch_items.summit)
		with ordinality as i (key, phase, blocks, done, count, details, roles, position)
	where private.has_role(list_launch_items.summit, variadic i.roles)
$$;
grant execute on function public.list_launch_items(uuid) to authenticated;

-- What waits at a Summit for the roles of the reader: {registrations | second | re_reviews | member_requests | conflicts |
-- devices | proposals | stale_proposals | suggestions | checks | bank_rows | waivers | concerns | matches: {count,
-- since}}; `since`: when the oldest began to wait, null where nothing says so. What nobody waits for, and what the
-- reader's roles do not open, is left out.
create or replace function public.list_waiting(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with held as materialized (
		select
			private.has_role(list_waiting.summit, 'registration') as registration,
			private.has_role(list_waiting.summit, 'programme') as programme,
			private.has_role(list_waiting.summit, 'finance') as finance,
			private.has_role(list_waiting.summit, 'safeguarding') as safeguarding
	), waiting (key, since) as (
		select 'registrations', r.state_since
		from held
		join public.registrations as r on held.registration and r.summit_id = list_waiting.summit
			and r.state in ('submitted', 'nominated')
		where private.is_registration_to_decide(r)
		union all
		select 'second', d.proposed_at
		from held
		join private.decision_proposals as d on held.registration and d.state = 'open'
		join public.registrations as r on r.id = d.registration_id and r.summit_id = list_waiting.summit
		union all
		select 're_reviews', v.opened_at
		from held
		join private.re_reviews as v on held.registration and v.state = 'open'
		join public.registrations as r on r.id = v.registration_id and r.summit_id = list_waiting.summit
		union all
		select 'member_requests', q.created_at
		from held
		join public.member_requests as q on held.registration and q.summit_id = list_waiting.summit and q.state = 'open'
		join public.registrations as r on r.id = q.registration_id
			and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
		union all
		select 'conflicts', c.found_at
		from held
		join private.door_conflicts as c on (held.registration or held.safeguarding)
			and c.summit_id = list_waiting.summit and c.resolved_at is null
		union all
		select 'devices', coalesce(t.last_seen_at, d.enrolled_at)
		from held
		join private.door_devices as d on (held.registration or held.safeguarding) and d.summit_id = list_waiting.summit
			and d.device_revoked_at is null and d.expires_at > now()
		left join private.door_device_states as t on t.device_id = d.id
		where private.is_device_offline(t.last_seen_at)
		union all
		select 'proposals', coalesce(p.submitted_at, p.created_at)
		from held
		join private.proposals as p on held.programme and p.summit_id = list_waiting.summit and p.state = 'submitted'
		where not exists (
			select from private.proposal_decisions as d where d.proposal_id = p.id and d.decision is not null)
		union all
		select 'stale_proposals', p.submitted_at
		from held
		join private.proposals as p on held.programme and p.summit_id = list_waiting.summit
			and private.is_proposal_stale(p)
		where private.scores_withheld_reason(p.id) is distinct from 'conflict'
		union all
		select 'checks', null
		from held
		cross join lateral (
			select from private.findings(list_waiting.summit) as f
			where held.programme and f.severity = 'block' and f.sessions <@ array(
				select private.visible_sessions((select private.me()), list_waiting.summit))
		) as found
		union all
		select 'suggestions', g.suggested_at
		from held
		join (
			select t.summit_id, t.session_id, t.suggested_at from private.text_suggestions as t where t.state = 'open'
			union all
			select c.summit_id, c.session_id, c.suggested_at from private.co_speaker_suggestions as c
			where c.state = 'open'
		) as g on held.programme and g.summit_id = list_waiting.summit
		where private.may_edit_session(g.session_id)
		union all
		select 'bank_rows', b.imported_at
		from held
		join private.bank_rows as b on held.finance and b.summit_id = list_waiting.summit and b.state = 'open'
		union all
		select 'waivers', w.created_at
		from held
		join public.waiver_requests as w on held.finance and w.summit_id = list_waiting.summit and w.state = 'open'
		union all
		select 'concerns', c.created_at
		from held
		join private.concerns as c on held.safeguarding and c.summit_id = list_waiting.summit and c.closed_at is null
		where private.may_read_concern((select private.me()), c)
		union all
		select 'matches', m.found_at
		from held
		join private.watch_list_entries as e on held.safeguarding and e.summit_id = list_waiting.summit
			and e.state in ('proposed', 'active')
		join private.watch_list_matches as m on m.entry_id = e.id and m.is_same is null
	), counted as (
		select w.key, count(*) as count, min(w.since) as since from waiting as w group by w.key
	)
	select coalesce(
		jsonb_object_agg(c.key, jsonb_build_object('count', c.count, 'since', private.iso(c.since))),
		'{}')
	from counted as c
$$;
