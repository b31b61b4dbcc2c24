-- What is open when a Summit is closed, and what an archived one shows.

-- What is open when a Summit is to be closed: what forbids it, and what an owner accepts.

-- The items in order, with how many there are. `blocks`: the Summit is neither closed nor archived while there is one;
-- `details`: which, where they may be named.
create function private.closing_items(p_summit uuid)
	returns table (key text, blocks boolean, count bigint, details text[])
language sql stable security definer set search_path = '' as $$
	select item.key, item.blocks, coalesce(cardinality(item.found), 0)::bigint,
		case when item.blocks and item.key <> 'alarms' then item.found[:5] else '{}' end
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
		('alarms', true, array(
			select a.id::text
			from private.concern_alarms as a
			join private.concerns as c on c.id = a.concern_id
			where c.summit_id = p_summit and c.closed_at is null and a.next_at is not null and a.acknowledged_at is null)),
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

-- What forbids closing or archiving a Summit, and what the caller has not accepted: {blocked: [key], open: [key]}.
-- Concerns are nobody's to accept who may not count them.
create function private.closing_refusal(p_summit uuid, p_accepted text[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'blocked', coalesce(jsonb_agg(i.key) filter (where i.blocks), '[]'),
		'open', coalesce(jsonb_agg(i.key) filter (where not i.blocks and i.key <> 'concerns'
			and not i.key = any (p_accepted)), '[]'))
	from private.closing_items(p_summit) as i
	where i.count > 0
$$;

-- What an owner finds on the page of the closing: {items: [{key, blocks, count (null: only safeguarding knows), details}],
-- state, closed_at, ran: [classes whose clock has run], clocks: [{code, days, rows, due_at (null while the Summit is open),
-- is_held}]}; null for others.
create function public.read_closing(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'state', s.state,
		'closed_at', private.iso(k.started_at),
		'items', (
			select jsonb_agg(jsonb_build_object('key', i.key, 'blocks', i.blocks, 'details', i.details, 'count', case
				when i.key <> 'concerns' or private.has_role(s.id, 'safeguarding') then i.count end))
			from private.closing_items(s.id) as i),
		'ran', private.clocks_that_ran(s.id),
		'clocks', (
			select jsonb_agg(jsonb_build_object(
				'code', c.code,
				'days', kept.days,
				'due_at', private.iso(k.started_at + make_interval(days => kept.days)),
				'is_held', private.is_class_held(c.code, s.id, now())) order by kept.days, c.position)
			from private.retention_classes as c
			cross join lateral (select private.retention_days(c.code, s.id, now()) as days) as kept
			where c.clock = 'closed'))
	from public.summits as s
	left join private.retention_clocks as k on k.summit_id = s.id
	where s.id = read_closing.summit and private.has_role(s.id, 'owner')
$$;
grant execute on function public.read_closing(uuid) to authenticated;

-- A person (null: somebody who is not signed in) as a reader of a Summit, in one row. An archived Summit shows those who
-- were registered what it shows everybody. This and the next two have no
-- settings of their own, so that the planner makes them a part of the statement that asks.
create or replace function private.session_readers(p_person uuid, p_summit uuid) returns setof private.session_reader
language sql stable as $$
	select p_person, r.id, r.id is not null, r.mode, r.category, r.member_id, sm.sector
	from (select) as always
	left join public.summits as u on u.id = p_summit and u.state <> 'archived'
	left join public.registrations as r
		on r.person_id = p_person and r.summit_id = u.id and r.state = 'confirmed'
	left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
$$;

-- The archived Summits: they show what was public, and nothing of persons but their speakers.
create function private.archived_summits() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select id from public.summits where state = 'archived'
$$;

-- A Summit with its lists: all its columns, and {registration: closed | before | open, rooms, tracks, formats, texts,
-- contacts, consents, release}. Null when the reader does not see it.
create or replace function public.read_summit(slug text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(s) - 'created_at' - 'updated_at' || jsonb_build_object(
		'registration', case
			when s.state not in ('open', 'live') or s.registration_closes_at <= now() then 'closed'
			when s.registration_opens_at is null or s.registration_opens_at > now() then 'before'
			else 'open'
		end,
		'rooms', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'slug', r.slug, 'name', name, 'kind', kind, 'capacity', capacity,
				'is_quiet_room', is_quiet_room, 'directions', directions, 'hours', hours)
				order by position, r.slug), '[]')
			from public.rooms as r
			where summit_id = s.id),
		'tracks', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'slug', t.slug, 'name', name)
				order by position, t.slug), '[]')
			from public.tracks as t
			where summit_id = s.id),
		'formats', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'slug', f.slug, 'name', name, 'minutes', minutes) order by position, f.slug), '[]')
			from public.formats as f
			where summit_id = s.id),
		'texts', (select coalesce(jsonb_object_agg(kind, body), '{}')
			from public.summit_texts
			where summit_id = s.id
				and kind = 'debrief' and s.id in (select private.summits_with_role('owner'))),
		'contacts', (select coalesce(jsonb_agg(jsonb_build_object(
				'kind', kind, 'label', label, 'note', note, 'mail', mail, 'telephone', telephone, 'hours', hours)
				order by position), '[]')
			from public.summit_contacts
			where summit_id = s.id and (s.state <> 'archived' or kind in ('privacy', 'safeguarding'))),
		'consents', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'key', key, 'label', label, 'detail', detail, 'is_required', is_required)
				order by position), '[]')
			from public.consent_items
			where summit_id = s.id),
		'release', (select jsonb_build_object('id', id, 'number', number, 'released_at', released_at)
			from public.releases
			where id = private.newest_release(s.id)))
	from public.summits as s
	where s.slug = read_summit.slug and s.id in (select private.readable_summits())
$$;

-- Returns, for focal points, their members' delegations: [{member, acting_for, nominating, until, seats, people,
-- invitations}]. People under an alias count among the seats and are not named. Nothing says who used an invitation,
-- what somebody needs, or why somebody was declined.
create or replace function public.read_delegation(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'member', jsonb_build_object('id', m.id, 'name', m.name, 'sector', sm.sector, 'country', sm.country),
		'acting_for', (
			select p.display_name from public.people as p where p.id = private.focal_principal(f.summit_id, m.id)),
		'nominating', private.nominator_role(f.summit_id, m.id) <> 'closed'
			and private.registration_window(f.summit_id) = 'open'
			and sm.standing in ('active', 'observer'),
		'until', private.iso(private.nomination_deadline(f.summit_id)),
		'seats', private.delegation_seats(f.summit_id, m.id),
		'people', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'registration_id', r.id, 'display_name', p.display_name, 'office', p.office,
				'mode', r.mode, 'state', r.state, 'state_since', private.iso(r.state_since),
				'is_head', d.is_head and not d.is_over,
				'not_ours', exists (select from public.nomination_refusals as x where x.registration_id = r.id),
				'has_seat', exists (
					select from public.seats as s
					where s.registration_id = r.id and s.mode = r.mode and s.state <> 'released'),
				-- Until when the seat is held, for the review or the payment.
				'held_until', (
					select private.iso(s.held_until)
					from public.seats as s
					where s.registration_id = r.id and s.mode = r.mode and s.state = 'held'),
				'queue', (
					select coalesce(jsonb_agg(jsonb_build_object('mode', q.mode,
						'position', case when q.state = 'waiting' then private.queue_position(q.id) end,
						'deadline', private.iso(q.deadline)) order by q.mode), '[]')
					from public.queue_entries as q
					where q.registration_id = r.id and q.state in ('waiting', 'offered')))
				order by d.number), '[]')
			from private.list_delegates(f.summit_id, m.id) as d
			join public.registrations as r on r.id = d.registration_id
			join public.people as p on p.id = r.person_id),
		'invitations', private.delegation_invitations(f.summit_id, m.id))
		order by m.name), '[]')
	from (
		select distinct mine.summit_id, mine.member_id
			from private.my_focal_members(read_delegation.summit) as mine
			where mine.summit_id not in (select private.archived_summits())) as f
	join public.members as m on m.id = f.member_id
	join public.summit_members as sm on sm.summit_id = f.summit_id and sm.member_id = f.member_id
$$;

-- {takes, members: [{id, name}], events: [..]}: the members for which the reader is a focal point, and their side
-- events, the newest first.
create or replace function public.my_side_events(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with mine as (
		select f.member_id
		from private.my_focal_members(my_side_events.summit) as f
		where my_side_events.summit not in (select private.archived_summits())
	)
	select jsonb_build_object(
		'takes', private.takes_side_events(my_side_events.summit),
		'members', (
			select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'name', m.name) order by m.name, m.id), '[]')
			from public.members as m
			where m.id in (select member_id from mine)
		),
		'events', (
			select coalesce(jsonb_agg(private.side_event_json(e) order by e.created_at desc, e.id), '[]')
			from private.side_events as e
			where e.summit_id = my_side_events.summit and e.member_id in (select member_id from mine)
		)
	)
$$;

-- {level, may_hide, erased_after, questions: [{id, body, from, state}]} for speakers and hosts; null for others. `from`
-- is null where nobody is named.
create or replace function public.list_advance_questions(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('level', private.level_in_force(s.id), 'may_hide', private.may_run(private.me(), s.id),
		'erased_after', private.is_anonymous_level(private.level_in_force(s.id)),
		'questions', (select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'body', q.body, 'state', q.state,
				'from', case q.shown_as
					when 'name' then p.display_name
					when 'affiliation' then nullif(p.affiliation, '') end)
				order by q.state = 'answered', q.asked_at, q.id), '[]')
			from private.session_questions as q
			left join public.people as p on p.id = q.person_id
			where q.session_id = s.id and (q.state <> 'declined' or private.may_run(private.me(), s.id))))
	from public.sessions as s
	where s.id = session and private.may_read_questions(s.id) and s.summit_id not in (select private.archived_summits())
$$;

drop function public.set_summit_state(uuid, public.summit_state);

-- Changes the state, and is the only way to: nobody may update it in the table. {status: ok | already | not_allowed |
-- not_ready (items: what has to be done first, private.launch_blockers in 28_organising/checklist.sql) | clock_ran
-- (classes: what retention has begun to delete since the closing, which therefore cannot be taken back) | blocked
-- (items: what forbids closing) | open (items: what else is open, and is not among `accepted`; both
-- private.closing_items in 36_closing/items.sql)}. To close a Summit, to archive it and to take either back needs a
-- passkey. Locks the Summit, so that two changes come one after the other.
create function public.set_summit_state(summit uuid, state public.summit_state, accepted text[] default '{}')
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.summit_state;
	v_open text[];
	v_ran text[];
	v_refusal jsonb;
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
	if set_summit_state.state in ('closed', 'archived') and set_summit_state.state > v_old then
		v_refusal := private.closing_refusal(summit, coalesce(accepted, '{}'));
		if v_refusal -> 'blocked' <> '[]' then
			return jsonb_build_object('status', 'blocked', 'items', v_refusal -> 'blocked');
		elsif v_old <> 'closed' and v_refusal -> 'open' <> '[]' then
			return jsonb_build_object('status', 'open', 'items', v_refusal -> 'open');
		end if;
	end if;
	if 'closed' <= greatest(v_old, set_summit_state.state) then perform private.require_confirmation(); end if;
	update public.summits as s set state = set_summit_state.state, updated_at = now() where s.id = summit;
	return jsonb_build_object('status', 'ok');
end
$$;

grant execute on function public.set_summit_state(uuid, public.summit_state, text[]) to authenticated;
grant execute on function private.archived_summits() to anon, authenticated;

drop policy read on public.summit_contacts;
create policy read on public.summit_contacts for select to anon, authenticated
	using (summit_id in (select private.readable_summits())
		and (kind in ('privacy', 'safeguarding')
			or summit_id not in (select private.archived_summits())
			or summit_id in (select private.summits_with_role('owner'))));
