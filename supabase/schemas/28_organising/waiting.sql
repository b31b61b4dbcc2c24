-- What waits for organisers: the counts of their menu and the first list of their overview.

-- What waits at a Summit for the roles of the reader: {backups | registrations | second | re_reviews | member_requests | conflicts |
-- devices | proposals | stale_proposals | side_events | suggestions | checks | commitments_to_check |
-- commitments_to_announce | bank_rows | waivers | concerns | matches | needs: {count, since}}; `since`: when the oldest began to wait, null where nothing says so. What nobody waits for, and
-- what the reader's roles do not open, is left out.
create function public.list_waiting(summit uuid) returns jsonb
language sql stable security definer set search_path = '' set plan_cache_mode = force_generic_plan as $$
	with held as materialized (
		select
			private.has_role(list_waiting.summit, 'registration') as registration,
			private.has_role(list_waiting.summit, 'programme') as programme,
			private.has_role(list_waiting.summit, 'finance') as finance,
			private.has_role(list_waiting.summit, 'safeguarding') as safeguarding,
			private.has_role(list_waiting.summit, 'stage') as stage,
			private.runs_community() as community,
			private.has_role(null, 'owner') as installation
	), waiting (key, since) as (
		select 'backups', old.since
		from held
		cross join private.old_backup_since(now()) as old (since)
		where held.installation and old.since is not null
		union all
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
		select 'side_events', e.updated_at
		from held
		join private.side_events as e on held.programme and e.summit_id = list_waiting.summit and e.state = 'requested'
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
		select case c.state when 'agreed' then 'commitments_to_check' else 'commitments_to_announce' end, c.updated_at
		from held
		join private.commitments as c on c.summit_id = list_waiting.summit
			and (held.community and c.state in ('agreed', 'checked') or held.stage and c.state = 'checked')
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
		union all
		select 'needs', n.opened_at from private.team_needs(list_waiting.summit) as n where n.state = 'open'
	), counted as (
		select w.key, count(*) as count, min(w.since) as since from waiting as w group by w.key
	)
	select coalesce(
		jsonb_object_agg(c.key, jsonb_build_object('count', c.count, 'since', private.iso(c.since))),
		'{}')
	from counted as c
$$;
grant execute on function public.list_waiting(uuid) to authenticated;
