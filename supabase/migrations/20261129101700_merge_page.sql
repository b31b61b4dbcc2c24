-- A page for merging two records, and the passkey of whoever confirms it.

-- Whether a person may ask for or confirm merges: an owner, registration organiser or safeguarding lead of all Summits.
-- The caller's own roles count as in every act of theirs.
create or replace function private.may_merge(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select case
		when p_person = private.me() then private.has_role(null, 'registration', 'safeguarding')
		else private.holds_role(p_person, null, 'registration', 'safeguarding')
	end
$$;

-- Confirms a request and merges in the same transaction. Answers ok, not_allowed, unknown (answered already, or never
-- asked), second_person_needed, owner_needed, lead_needed, protected or both_registered. Locks the seats of the modes
-- of the registrations first, then both people in id order, then the request, which is read again under the lock.
create or replace function public.confirm_merge(request uuid) returns public.merge_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_request public.merge_requests;
	v_obstacle text;
begin
	if not private.may_merge(v_me) then return 'not_allowed'; end if;
	select * into v_request from public.merge_requests as q where q.id = request and q.state = 'open';
	if not found then return 'unknown'; end if;
	perform private.lock_modes(variadic array(select r.summit_id
		from public.registrations as r
		where r.person_id in (v_request.keep_id, v_request.duplicate_id)));
	perform from public.people as p where p.id in (v_request.keep_id, v_request.duplicate_id) order by p.id for update;
	select * into v_request from public.merge_requests as q where q.id = request and q.state = 'open' for update;
	if not found or v_request.keep_id = v_request.duplicate_id then return 'unknown'; end if;
	v_obstacle := private.merge_obstacle(v_request.keep_id, v_request.duplicate_id, v_request.asked_by, v_me);
	if v_obstacle is not null then return v_obstacle; end if;
	perform private.require_confirmation();
	update public.merge_requests as q set state = 'confirmed', decided_by = v_me, decided_at = now()
		where q.id = request;
	perform private.merge_people(v_request.keep_id, v_request.duplicate_id, v_request.reason);
	return 'ok';
end
$$;

-- A record as those who merge see it: {id, display_name, office, affiliation, country, has_account, addresses,
-- registrations: [{summit, reference, state}], sessions, roles}. A name that somebody goes by is like any other here.
create function private.merge_record(p_person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', p.id,
		'display_name', p.display_name,
		'office', p.office,
		'affiliation', p.affiliation,
		'country', p.country,
		'has_account', exists (select from public.account_people as a where a.person_id = p.id and a.relation = 'self'),
		'addresses', (select count(*) from private.person_addresses as a where a.person_id = p.id),
		'registrations', (select coalesce(jsonb_agg(jsonb_build_object(
				'summit', s.name, 'reference', r.reference, 'state', r.state) order by s.starts_on desc, r.created_at), '[]')
			from public.registrations as r
			join public.summits as s on s.id = r.summit_id
			where r.person_id = p.id and r.state <> 'draft'),
		'sessions', (select count(*) from public.session_people as sp where sp.person_id = p.id and sp.state <> 'declined'),
		'roles', (select count(*) from private.live_grants as g where g.person_id = p.id))
	from public.people as p
	where p.id = p_person
$$;

-- The records of two registrations, by their references: {keep, duplicate, is_same, both_registered: at one Summit}.
-- A record that is not found is null. Null for those who may not merge.
create function public.compare_merge(keep text, duplicate text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'keep', private.merge_record(k.person_id),
		'duplicate', private.merge_record(d.person_id),
		'is_same', coalesce(k.person_id = d.person_id, false),
		'both_registered', exists (select
			from public.registrations as a
			join public.registrations as b on b.summit_id = a.summit_id
				and b.person_id = d.person_id
				and b.state not in ('declined', 'withdrawn', 'expired')
			where a.person_id = k.person_id and a.state not in ('declined', 'withdrawn', 'expired')))
	from (select upper(btrim(compare_merge.keep)) as keep, upper(btrim(compare_merge.duplicate)) as duplicate) as wanted
	left join public.registrations as k on k.reference = wanted.keep and k.state <> 'draft'
	left join public.registrations as d on d.reference = wanted.duplicate and d.state <> 'draft'
	where private.may_merge((select private.me()))
$$;
grant execute on function public.compare_merge(text, text) to authenticated;

-- Records that bear one name, but for case, accents, order and particles: [{keep, duplicate: references, display_name}],
-- 20 at most, of people registered at the Summit. The record with the older registration is kept.
create function public.suggest_merges(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with named as materialized (
		select r.person_id, min(r.created_at) as since, private.name_key(p.display_name) as name_key,
			(array_agg(r.reference order by r.summit_id = suggest_merges.summit desc, r.created_at))[1] as reference,
			bool_or(r.summit_id = suggest_merges.summit) as is_here
		from public.registrations as r
		join public.people as p on p.id = r.person_id
		where r.state not in ('draft', 'declined', 'withdrawn', 'expired')
			and p.display_name <> ''
			and private.may_merge((select private.me()))
		group by r.person_id, p.display_name
	)
	select coalesce(jsonb_agg(jsonb_build_object(
		'keep', pair.keep, 'duplicate', pair.duplicate, 'display_name', pair.display_name) order by pair.display_name), '[]')
	from (
		select k.reference as keep, d.reference as duplicate, p.display_name
		from named as d
		join named as k on k.name_key = d.name_key and (k.since, k.person_id) < (d.since, d.person_id)
		join public.people as p on p.id = d.person_id
		where (d.is_here or k.is_here)
			and not exists (select
				from public.merge_requests as q
				where q.keep_id in (k.person_id, d.person_id) and q.duplicate_id in (k.person_id, d.person_id))
		order by p.display_name
		limit 20) as pair
$$;
grant execute on function public.suggest_merges(uuid) to authenticated;

-- Open requests, and the last 20 that were decided: [{id, state, keep, duplicate: records, reason, asked_by, asked_at,
-- decided_by, decided_at, is_mine}], open ones first. After a merge both records are one. Empty for those who may not
-- merge.
create function public.list_merge_requests() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', q.id,
		'state', q.state,
		'keep', private.merge_record(q.keep_id),
		'duplicate', private.merge_record(q.duplicate_id),
		'reason', q.reason,
		'asked_by', (select p.display_name from public.people as p where p.id = q.asked_by),
		'asked_at', private.iso(q.asked_at),
		'decided_by', (select p.display_name from public.people as p where p.id = q.decided_by),
		'decided_at', private.iso(q.decided_at),
		'is_mine', q.asked_by is not distinct from (select private.me()))
		order by q.state <> 'open', coalesce(q.decided_at, q.asked_at) desc), '[]')
	from (
		select *, row_number() over (partition by r.state = 'open' order by coalesce(r.decided_at, r.asked_at) desc) as rank
		from public.merge_requests as r) as q
	where (q.state = 'open' or q.rank <= 20) and private.may_merge((select private.me()))
$$;
grant execute on function public.list_merge_requests() to authenticated;
