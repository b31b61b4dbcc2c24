-- What is open when a Summit is to be closed: what forbids it, and what an owner accepts.

-- The items in order, with how many there are. `blocks`: the Summit is neither closed nor archived while there is one;
-- `details`: which, where they may be named.
create function private.closing_items(p_summit uuid)
	returns table (key text, blocks boolean, count bigint, details text[])
language sql stable security definer set search_path = '' as $$
	select item.key, item.blocks, coalesce(cardinality(item.found), 0)::bigint,
		case when item.blocks then item.found[:5] else '{}' end
	from (values
		('live_runs', true, array(
			select s.code
			from public.runs as r
			join public.sessions as s on s.id = r.session_id
			where r.summit_id = p_summit and r.state <> 'ended'
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
create function private.is_alarm_open(p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from private.concern_alarms as a
		join private.concerns as c on c.id = a.concern_id
		where c.summit_id = p_summit and c.closed_at is null and a.next_at is not null and a.acknowledged_at is null)
$$;

-- What forbids closing or archiving a Summit, and what the caller has not accepted: {blocked: [key], open: [key]}.
-- Concerns are nobody's to accept who may not count them. An alarm that nobody has answered forbids the closing too, and
-- is said as `concerns` when all else is done: owners do not learn of alarms before they act.
create function private.closing_refusal(p_summit uuid, p_accepted text[]) returns jsonb
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
