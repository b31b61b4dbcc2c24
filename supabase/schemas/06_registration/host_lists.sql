-- The list of participants for the host state, which reveals many people at once. One organiser requests it, another
-- confirms it, and the requester takes it once; the audit records that before a row is served. It holds the people who
-- are accredited in person at that moment, without people under an alias: revealing one of them needs a passkey
-- (Rule 7).

-- Returns the registrations that would be on the list now: accredited and in person, under an alias (`p_alias`) or not.
create function private.host_list_registrations(p_summit uuid, p_alias boolean) returns setof public.registrations
language sql stable security definer set search_path = '' as $$
	select r.*
	from public.registrations as r
	where r.summit_id = p_summit
		and r.mode = 'in_person'
		and r.state in ('accredited', 'awaiting_payment', 'confirmed')
		and private.has_alias(r.person_id) = p_alias
$$;

-- Returns, for registration and safeguarding: {may_ask, now: {rows, withheld}, fields: those collected for the host
-- state, lists: [{id, purpose, recipient, fields: [labels], state, asked_at, order_charge, decided_at, decided_by,
-- expires_at, is_expired, taken_at, taken_by, rows, withheld, reveal: its state or null, may_reveal, may_decide,
-- may_take}]}; null for everybody else.
create function public.read_host_lists(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'may_ask', private.has_role(read_host_lists.summit, 'registration'),
		'now', jsonb_build_object(
			'rows', (select count(*) from private.host_list_registrations(read_host_lists.summit, false)),
			'withheld', (select count(*) from private.host_list_registrations(read_host_lists.summit, true))),
		'fields', (
			select coalesce(jsonb_agg(
				jsonb_build_object('id', f.id, 'key', f.key, 'label', f.label) order by f.position, f.key), '[]')
			from public.logistics_fields as f
			where f.summit_id = read_host_lists.summit and f.for_host and f.retired_at is null),
		'lists', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', l.id, 'purpose', l.purpose, 'recipient', l.recipient, 'state', l.state,
				'fields', (
					-- Those that take_host_list would give, or gave when the list was taken.
					select coalesce(jsonb_agg(f.label order by f.position), '[]')
					from public.logistics_fields as f
					where f.id = any (l.fields)
						and (f.for_host or l.taken_at is not null)
						and (f.retired_at is null or f.retired_at > l.taken_at)),
				'asked_at', private.iso(l.asked_at),
				'asked_by', (select p.display_name from public.people as p where p.id = l.asked_by),
				'decided_at', private.iso(l.decided_at),
				'decided_by', (select p.display_name from public.people as p where p.id = l.decided_by),
				'expires_at', private.iso(l.expires_at),
				'is_expired', l.state in ('asked', 'confirmed') and l.expires_at <= now(),
				'taken_at', private.iso(l.taken_at),
				'taken_by', (select p.display_name from public.people as p where p.id = l.taken_by),
				'rows', l.rows, 'withheld', l.withheld,
				'reveal', (select x.state
					from private.name_reveals as x
					where x.host_list_id = l.id and (x.expires_at > now() or x.state not in ('asked', 'confirmed'))
					order by x.asked_at desc
					limit 1),
				'may_reveal', l.state in ('asked', 'confirmed') and l.expires_at > now() and l.asked_by = (select private.me()),
				'may_decide', l.state = 'asked' and l.expires_at > now() and private.is_second_person(l.asked_by),
				'may_take', l.state = 'confirmed' and l.expires_at > now() and l.asked_by = (select private.me()))
				order by l.asked_at desc), '[]')
			from private.host_lists as l
			where l.summit_id = read_host_lists.summit))
	where private.has_role(read_host_lists.summit, 'registration')
		or private.has_role(read_host_lists.summit, 'safeguarding')
$$;
grant execute on function public.read_host_lists(uuid) to authenticated;

-- A registration organiser requests a list, with purpose, recipient and fields. Returns {status: ok | not_allowed |
-- invalid, id}.
create function public.request_host_list(summit uuid, purpose text, recipient text, fields uuid[]) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_id uuid;
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if length(btrim(coalesce(purpose, ''))) not between 1 and 1000
		or length(btrim(coalesce(recipient, ''))) not between 1 and 300
		or exists (
			select from unnest(fields) as wanted
			where not exists (
				select from public.logistics_fields as f
				where f.id = wanted and f.summit_id = summit and f.for_host and f.retired_at is null)) then
		return jsonb_build_object('status', 'invalid');
	end if;
	insert into private.host_lists (summit_id, purpose, recipient, fields, asked_by)
	values (summit, btrim(request_host_list.purpose), btrim(request_host_list.recipient),
		array(select distinct unnest(request_host_list.fields)), private.me())
	returning id into v_id;
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.request_host_list(uuid, text, text, uuid[]) to authenticated;

-- A second person of registration or safeguarding confirms or refuses. A confirmed list can be taken for a day. Locks
-- the list. Returns ok, own (the requester cannot confirm), wrong_state (decided or expired) or not_found.
create function public.decide_host_list(summit uuid, list uuid, confirmed boolean) returns public.second_person_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_list private.host_lists;
begin
	select * into v_list from private.host_lists as l where l.id = list and l.summit_id = summit for update;
	if not found
		or confirmed is null
		or not (private.has_role(summit, 'registration') or private.has_role(summit, 'safeguarding')) then
		return 'not_found';
	end if;
	if v_list.state <> 'asked' or v_list.expires_at <= now() then return 'wrong_state'; end if;
	if confirmed and not private.is_second_person(v_list.asked_by) then return 'own'; end if;
	update private.host_lists as l
	set state = case when confirmed then 'confirmed' else 'refused' end,
		decided_by = private.me(), decided_at = now(), expires_at = now() + interval '1 day'
	where l.id = list;
	return 'ok';
end
$$;
grant execute on function public.decide_host_list(uuid, uuid, boolean) to authenticated;

-- The requester, who must still have the role, takes the list, once. The audit entry is written in the same transaction
-- before the rows are returned. Locks the list. Returns {status: ok | not_found | wrong_state (taken, refused, not
-- confirmed or expired), withheld, fields: [{id, kind, label, choices}], rows: [{reference,
-- display_name, real_name: {sealed (hex), key_id} of somebody under an alias, office, affiliation, country, member,
-- category, answers: {field id: {sealed, key_id}}}]}.
create function public.take_host_list(summit uuid, list uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_list private.host_lists;
	v_rows jsonb;
	v_withheld integer;
	v_reveal uuid;
begin
	select * into v_list from private.host_lists as l where l.id = list and l.summit_id = summit for update;
	if not found or v_list.asked_by is distinct from private.me() or not private.has_role(summit, 'registration') then
		return jsonb_build_object('status', 'not_found');
	end if;
	if v_list.state <> 'confirmed' or v_list.expires_at <= now() then
		return jsonb_build_object('status', 'wrong_state');
	end if;
	perform private.require_confirmation();
	v_reveal := private.take_host_list_reveal(list);
	-- One statement reads both groups, so that rows and count are of the same moment.
	select coalesce(jsonb_agg(jsonb_build_object(
			'reference', r.reference, 'display_name', p.display_name, 'office', p.office,
			'real_name', case when n.person_id is not null then
				jsonb_build_object('sealed', encode(x.real_name_sealed, 'hex'), 'key_id', x.key_id) end,
			'affiliation', p.affiliation, 'country', p.country,
			'member', (select m.name from public.members as m where m.id = r.member_id),
			'category', r.category,
			'answers', (
				select coalesce(jsonb_object_agg(a.field_id,
					jsonb_build_object('sealed', encode(a.answer_sealed, 'hex'), 'key_id', a.key_id)), '{}')
				from private.logistics_answers as a
				join public.logistics_fields as f on f.id = a.field_id and f.for_host and f.retired_at is null
				where a.registration_id = r.id and a.field_id = any (v_list.fields)))
			order by p.display_name, r.reference) filter (where not r.is_alias or n.person_id is not null), '[]'),
		count(*) filter (where r.is_alias and n.person_id is null)
	into v_rows, v_withheld
	from (
		select h.*, false as is_alias from private.host_list_registrations(summit, false) as h
		union all select h.*, true from private.host_list_registrations(summit, true) as h) as r
	join public.people as p on p.id = r.person_id
	left join private.revealed_people as n on n.reveal_id = v_reveal and n.person_id = r.person_id
	left join private.protections as x on x.person_id = n.person_id;
	update private.host_lists as l
	set state = 'taken', taken_by = private.me(), taken_at = now(), rows = jsonb_array_length(v_rows),
		withheld = v_withheld
	where l.id = list;
	perform audit.record_event('host_list.taken', list::text, summit, null,
		jsonb_build_object('recipient', v_list.recipient, 'rows', jsonb_array_length(v_rows), 'withheld', v_withheld));
	return jsonb_build_object(
		'status', 'ok', 'withheld', v_withheld, 'rows', v_rows,
		'fields', (
			select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'kind', f.kind, 'label', f.label,
				'choices', f.choices) order by f.position, f.key), '[]')
			from public.logistics_fields as f
			where f.id = any (v_list.fields) and f.for_host and f.retired_at is null));
end
$$;
grant execute on function public.take_host_list(uuid, uuid) to authenticated;
