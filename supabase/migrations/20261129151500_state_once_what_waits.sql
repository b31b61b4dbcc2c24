-- States once which registration is to decide, and asks for the last sign of a person once.

-- The same of one registration. Without a search_path of its own, so that it becomes part of the expression that uses it.
create function private.is_registration_to_decide(r public.registrations) returns boolean
language sql stable as $$
	select private.is_to_decide(r.state,
		exists (select from private.decision_proposals as d where d.registration_id = r.id and d.state = 'open'),
		exists (
			select from private.information_requests as q
			where q.registration_id = r.id and q.state = 'open' and q.deadline > now()))
$$;

-- Returns each registration with what it is counted by. Protected people and minors are guarded: released figures count
-- them in totals only.
create or replace function private.figure_registrations(p_summit uuid)
	returns table (state public.registration_state, mode text, category text, sector text, region text, country text,
		is_guarded boolean, sent_on date, confirmed_on date, is_to_decide boolean)
language sql stable security definer set search_path = '' as $$
	select r.state, r.mode::text, r.category::text, coalesce(sm.sector, asked.sector)::text,
		nullif(sm.region, ''), coalesce(p.country, sm.country)::text,
		r.is_minor or exists (select from private.protections as x where x.person_id = r.person_id),
		(r.submitted_at at time zone s.zone)::date,
		case when r.state = 'confirmed' then (r.state_since at time zone s.zone)::date end,
		private.is_registration_to_decide(r)
	from public.summits as s
	join public.registrations as r on r.summit_id = s.id
	join public.people as p on p.id = r.person_id
	left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	left join public.member_requests as asked on asked.registration_id = r.id and asked.state = 'open'
	where s.id = p_summit
$$;

-- What waits at a Summit for the roles of the reader: {registrations | second | re_reviews | member_requests | conflicts |
-- proposals | suggestions | bank_rows | waivers | concerns | matches: {count, since}}; `since`: when the oldest began to
-- wait. What nobody waits for, and what the reader's roles do not open, is left out.
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
		select 'proposals', coalesce(p.submitted_at, p.created_at)
		from held
		join private.proposals as p on held.programme and p.summit_id = list_waiting.summit and p.state = 'submitted'
		where not exists (
			select from private.proposal_decisions as d where d.proposal_id = p.id and d.decision is not null)
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

-- Warns people a month before their account is erased, by mail: to sign in keeps it. At most so many at once; the rest
-- is warned an hour later.
create or replace function private.warn_inactive_people(p_now timestamptz, p_limit integer) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_before timestamptz := p_now + interval '30 days'
		- make_interval(days => private.retention_days('contact', null, p_now));
	v_person record;
begin
	if private.is_class_held('contact', null, p_now) then return; end if;
	for v_person in
		select p.id, sign.at as last_sign
		from public.people as p
		cross join lateral (select private.last_sign_of(p.id) as at offset 0) as sign
		left join private.inactivity_warnings as w on w.person_id = p.id
		where greatest(p.created_at, p.updated_at) <= v_before
			and exists (select from private.person_addresses as a where a.person_id = p.id)
			and sign.at <= v_before
			and coalesce(w.last_sign_at < sign.at, true)
			and not private.is_person_held(p.id, p_now)
		limit p_limit
		for update of p skip locked
	loop
		insert into private.inactivity_warnings as w (person_id, last_sign_at, warned_at)
		values (v_person.id, v_person.last_sign, p_now)
		on conflict (person_id) do update
			set last_sign_at = excluded.last_sign_at, warned_at = excluded.warned_at;
		perform private.enqueue_mail(v_person.id, 'account_inactive', jsonb_build_object(
			'since', private.iso(v_person.last_sign), 'erased_on', private.iso(p_now + interval '30 days')));
	end loop;
end
$$;

-- Whether an inactive person can be erased: a month after the warning, at once where nobody could be warned. A warning
-- from before their last sign does not count.
create or replace function private.is_warning_over(p_person uuid, p_now timestamptz) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (select from private.person_addresses as a where a.person_id = p_person)
		or exists (
			select from private.inactivity_warnings as w
			where w.person_id = p_person
				and w.warned_at <= p_now - interval '30 days'
				and w.last_sign_at >= private.last_sign_of(p_person))
$$;

drop function private.is_inactivity_announced(uuid);

-- An entry as JSON: {id, at, table, area, action, by, for, reason, subject, person, currency,
-- fields: [{name, old, new}], sealed: [names], can_open}.
create or replace function private.audit_json(p_summit uuid, e audit.entries) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', e.id::text,
		'at', to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
		'table', e.table_name,
		'area', t.area,
		'action', e.action,
		-- A decision by safeguarding to decline is shown without its actor outside of the area protection.
		'by', case
			when t.area <> 'protection' and exists (select from private.declines_without_reason as d
				where d.registration_id = e.registration_id and e.at between d.began_at and d.ended_at)
				then '{"kind": "system"}'
			when t.area <> 'protection' and private.is_by_guardian(e, r) then '{"kind": "guardian"}'
			else private.audit_actor(e.actor_person, e.actor_account, subject.person_id)
		end,
		'for', case when e.principal_person is not null
			then private.audit_actor(e.principal_person, null, subject.person_id) end,
		'reason', case when not guarded.yes or t.area = 'protection' then e.reason end,
		'subject', private.audit_subject(e, t.area, r, o, m),
		-- On a stage everybody saw whom the act was about, and in a session its readers did, by the name of that moment.
		-- Who has another name now is not named.
		'person', case
			when e.table_name in ('public.focal_points', 'public.role_grants', 'private.role_proposals',
					'private.concern_deputies')
				or t.area in ('stage', 'session') and not guarded.yes
				then (select p.display_name from public.people as p where p.id = e.person_id)
		end,
		'currency', coalesce(e.new_values ->> 'currency', e.old_values ->> 'currency', o.currency, case e.table_name
			when 'public.fees'
				then (select f.currency from public.fees as f where f.id::text = e.row_id)
			when 'public.waiver_budgets'
				then (select b.currency from public.waiver_budgets as b where b.id::text = e.row_id)
		end),
		'fields', private.audit_fields(e, t.shown),
		-- Only of an update: an insert would name all columns, filled or not.
		'sealed', case
			when e.action = 'update' then (select coalesce(jsonb_agg(s.name order by s.place), '[]')
				from unnest(t.opened || t.named) with ordinality as s (name, place)
				where s.name = any (e.changed))
			else '[]'
		end,
		'can_open', e.personal is not null
			and t.opened && e.changed
			and (not guarded.yes or t.area = 'protection')
			and exists (select from private.person_keys as k where k.person_id = e.person_id and k.key <> ''))
	from private.audited_tables as t
	left join public.registrations as r on case
		when e.registration_id is not null then r.id = e.registration_id
		else t.area in ('registration', 'protection') and r.id = (select x.id
			from public.registrations as x
			where x.summit_id = p_summit and x.person_id = e.person_id
			order by x.created_at desc
			limit 1)
	end
	left join public.orders as o on o.id = e.order_id
	left join public.members as m on m.id = coalesce(
		(select g.kept_id from private.merged_members as g where g.dropped_id = e.member_id),
		e.member_id)
	cross join lateral (select coalesce(r.person_id, e.person_id) as person_id) as subject
	cross join lateral (select coalesce(private.has_identity_history(subject.person_id), false)
		or coalesce(private.has_identity_history(e.person_id), false) as yes) as guarded
	where t.name = e.table_name
$$;
