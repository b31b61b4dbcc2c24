-- What speakers need, by kind. Who may read each kind and when it is erased is fixed, and shown beside the field. The
-- app seals the text.

-- The organiser roles that may read needs of this kind.
create function private.need_reader_roles(p_kind text) returns public.organiser_role[]
language sql immutable set search_path = '' as $$
	select case p_kind
		when 'equipment' then '{programme,stage}'
		when 'interpretation' then '{programme,stage}'
		else '{programme}' end::public.organiser_role[]
$$;

-- Whether the signed-in person may read needs of this kind. Unlike other rights, an owner's role alone does not
-- suffice.
create function private.may_read_need(p_summit uuid, p_kind text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.usable_grants as g
		where g.person_id = (select private.me())
			and (g.summit_id is null or g.summit_id = p_summit)
			and g.role = any (private.need_reader_roles(p_kind)))
$$;

-- The last day on which the needs are kept; the sweep of 27_privacy deletes them.
create function private.needs_erasure_date(p_summit uuid) returns date
language sql stable security definer set search_path = '' as $$
	select s.ends_on + 30 from public.summits as s where s.id = p_summit
$$;

-- {is_open, erased_on, needs: [{kind, visible_to, need_sealed (hex) | null, key_id}]} for the person and their
-- assistants; null for others.
create function public.read_speaker_needs(summit uuid, person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('is_open', u.state in ('draft', 'open', 'live'),
		'erased_on', private.needs_erasure_date(u.id),
		'needs',
			(select jsonb_agg(jsonb_build_object('kind', k.kind, 'visible_to', to_jsonb(private.need_reader_roles(k.kind)),
				'need_sealed', encode(n.need_sealed, 'hex'), 'key_id', n.key_id)
				order by k.place)
			from unnest(array['equipment', 'access', 'interpretation', 'arrival']) with ordinality as k (kind, place)
			left join private.speaker_needs as n on n.kind = k.kind and n.summit_id = u.id and n.person_id = person))
	from public.summits as u
	where u.id = summit and private.may_act_for_speaker(summit, person)
$$;
grant execute on function public.read_speaker_needs(uuid, uuid) to authenticated;

-- Saves needs: {kind: {sealed (hex), key_id} or null to delete}. Kinds that are not given stay as they are. Answers ok
-- | not_found | closed | invalid.
create function public.save_speaker_needs(summit uuid, person uuid, needs jsonb) returns public.speaker_needs_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_act_for_speaker(summit, person) then return 'not_found'; end if;
	if not exists (select from public.summits as u where u.id = summit and u.state in ('draft', 'open', 'live')) then
		return 'closed';
	end if;
	if jsonb_typeof(needs) is distinct from 'object'
		or exists (select from jsonb_each(needs) as each
			where each.key not in ('equipment', 'access', 'interpretation', 'arrival')
				or each.value <> 'null'
					and (coalesce(each.value ->> 'sealed', '') !~ '^([0-9a-f]{2})+$'
						or length(each.value ->> 'sealed') not between 56 and 20000
						or coalesce(each.value ->> 'key_id', '') = ''))
	then
		return 'invalid';
	end if;
	perform private.set_speaker_principal(person);
	delete from private.speaker_needs as n
	using jsonb_each(needs) as each
	where n.person_id = person and n.summit_id = summit and n.kind = each.key and each.value = 'null';
	insert into private.speaker_needs (person_id, summit_id, kind, need_sealed, key_id)
	select person, summit, each.key, decode(each.value ->> 'sealed', 'hex'), each.value ->> 'key_id'
	from jsonb_each(needs) as each
	where each.value <> 'null'
	on conflict (person_id, summit_id, kind) do update
	set need_sealed = excluded.need_sealed, key_id = excluded.key_id, saved_at = now();
	perform audit.record_event('needs.saved', person::text, summit, person,
		jsonb_build_object('fields', (select count(*) from jsonb_object_keys(needs))));
	perform private.publish_event('organise:' || summit, 'people');
	return 'ok';
end
$$;
grant execute on function public.save_speaker_needs(uuid, uuid, jsonb) to authenticated;

-- [{kind, need_sealed, key_id}] for organisers, about people of sessions that they see, each kind for the roles
-- alone. Every reading is audited.
create function public.reveal_speaker_needs(summit uuid, person uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_needs jsonb;
begin
	if not exists (select from public.session_people as sp
		where sp.summit_id = summit and sp.person_id = person and sp.state <> 'declined'
			and private.can_see(private.me(), sp.session_id))
	then
		return '[]';
	end if;
	select coalesce(jsonb_agg(jsonb_build_object('kind', n.kind, 'need_sealed', encode(n.need_sealed, 'hex'),
		'key_id', n.key_id)
		order by n.kind), '[]') into v_needs
	from private.speaker_needs as n
	where n.summit_id = summit and n.person_id = person and private.may_read_need(summit, n.kind);
	if v_needs <> '[]' then
		perform audit.record_event('needs.read', person::text, summit, person,
			jsonb_build_object('rows', jsonb_array_length(v_needs)));
	end if;
	return v_needs;
end
$$;
grant execute on function public.reveal_speaker_needs(uuid, uuid) to authenticated;

-- Deletes the needs of a person who no longer speaks at the Summit.
create function private.delete_withdrawn_needs() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.speaker_needs as n
	where n.person_id = old.person_id and n.summit_id = old.summit_id
		and not exists (select from public.session_people as sp
			where sp.person_id = old.person_id and sp.summit_id = old.summit_id and sp.state <> 'declined');
	return null;
end
$$;
create trigger forget_needs after delete or update of state on public.session_people for each row
	execute function private.delete_withdrawn_needs();
