-- Campaigns reach the members that took part in a Summit, and an open stage that is not live forbids closing too.
set check_function_bodies = off;

create or replace function private.is_campaign_segment(p_segment jsonb) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_typeof(p_segment) = 'object'
		and length(p_segment::text) <= 8000
		and p_segment ->> 'recipients' in ('focal_points', 'people')
		and p_segment - array['recipients', 'sectors', 'regions', 'countries', 'standings', 'took_part', 'not_nominated',
			'overdue', 'group'] = '{}'
		and not jsonb_path_exists(p_segment, '$.keyvalue() ? (@.key == "sectors" || @.key == "regions"
			|| @.key == "countries" || @.key == "standings").value ? (@.type() != "string")')
		and jsonb_typeof(coalesce(p_segment -> 'overdue', 'false')) = 'boolean'
		and not exists (
			select from unnest(array[p_segment ->> 'took_part', p_segment ->> 'not_nominated']) as named (summit)
			where named.summit is not null and not exists (
				select from public.summits as s where s.id = private.parse_uuid(named.summit) and s.state <> 'draft'))
		and (p_segment ->> 'group' is null or exists (
			select from private.groups as g
			where g.code = p_segment ->> 'group' and g.level <> 'closed')), false)
$$;

create or replace function private.campaign_members(p_segment jsonb) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with newest as (
		select distinct on (sm.member_id) sm.member_id, sm.standing, sm.sector, sm.region, sm.country
		from public.summit_members as sm
		join public.summits as s on s.id = sm.summit_id and s.state <> 'draft'
		order by sm.member_id, s.starts_on desc, s.id
	)
	select n.member_id
	from newest as n
	where private.segment_has(coalesce(nullif(p_segment -> 'standings', '[]'), '["active", "observer"]'), n.standing::text)
		and private.segment_has(p_segment -> 'sectors', n.sector::text)
		and private.segment_has(p_segment -> 'regions', n.region)
		and private.segment_has(p_segment -> 'countries', n.country)
		and (p_segment ->> 'group' is null or exists (
			select from private.group_members as gm
			join private.groups as g on g.id = gm.group_id and g.level <> 'closed' and g.ended_at is null
			where g.code = p_segment ->> 'group' and gm.member_id = n.member_id))
		and (p_segment ->> 'took_part' is null or exists (
			select from public.registrations as r
			where r.summit_id = private.parse_uuid(p_segment ->> 'took_part')
				and r.member_id = n.member_id
				and r.state = 'confirmed'))
		and (p_segment ->> 'not_nominated' is null or exists (
			select from public.summit_members as own
			where own.summit_id = private.parse_uuid(p_segment ->> 'not_nominated')
				and own.member_id = n.member_id
				and own.standing in ('active', 'observer')
				and not private.has_nominated(own.summit_id, own.member_id)))
		and (not coalesce((p_segment ->> 'overdue')::boolean, false) or private.has_overdue_commitment(n.member_id))
$$;

create or replace function public.send_campaign_test(campaign uuid) returns public.campaign_test_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.campaigns;
	v_me uuid := private.me();
	v_locale text;
	v_id uuid;
begin
	select * into c from private.campaigns as x where x.id = send_campaign_test.campaign;
	if not found or not private.runs_community() then return 'not_found'; end if;
	perform pg_advisory_xact_lock(hashtextextended('mail_test:' || v_me, 5));
	if (select count(*)
		from private.outbox as o
		where o.person_id = v_me
			and o.template = 'campaign'
			and o.params ->> 'test' is not null
			and o.created_at > now() - interval '10 minutes') >= 30 then
		return 'too_many';
	end if;
	for v_locale in select jsonb_object_keys(c.texts) loop
		insert into private.outbox (person_id, template, locale, params, summit_id, priority)
		values (v_me, 'campaign', v_locale, private.campaign_params(c, array(
			select x.id
			from public.members as x
			-- Where the segment means no member today, any stands for one.
			order by x.id not in (select s.id from private.campaign_members(c.segment) as s (id)), x.name
			limit 1)) || '{"test": true}', c.summit_id, 5)
		returning id into v_id;
		perform private.publish_event('outbox', 'mail', v_id);
	end loop;
	return 'ok';
end
$$;

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
