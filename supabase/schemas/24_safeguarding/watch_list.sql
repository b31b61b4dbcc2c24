-- Keeping the watch list: read it, add, confirm and end entries. Decisions about matches are in match_decisions.sql.

-- Whether the caller is a safeguarding lead of a Summit, or (null) of all Summits.
create function private.manages_watch_list(p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(private.has_role(p_summit, 'safeguarding', 'owner'), false)
$$;

-- Whether the caller and the first person are two people: neither is the other, nor acts for the other.
create function private.is_second_person(p_first uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_first is not null
		and private.me() is not null
		and p_first <> private.me()
		and p_first not in (select private.my_people())
		and not exists (select from public.account_people as first
			join public.account_people as second on second.account_id = first.account_id
			where first.person_id = p_first
				and first.relation = 'self'
				and second.person_id = (select private.me())
				and (second.until is null or second.until > now()))
$$;

-- Whether the list may name a person. It does not name a person with an alias unless the entry was made for the alias,
-- because that would reveal them (Rule 7); nor a person who is known only by an address and has not come to this
-- Summit.
create function private.may_watch_list_name(e private.watch_list_entries, p_person uuid, p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select case
		when private.has_alias(p_person)
			then coalesce(e.person_id = p_person, false)
				and not exists (select from private.former_ids as f
					where f.person_id = p_person and f.since >= e.added_at)
		else e.person_id = p_person
			or exists (select from public.registrations as r
				where r.person_id = p_person and r.summit_id = p_summit and r.state <> 'draft')
	end
$$;

-- A match as those who keep the list read it; person is null when it may not be named.
create function private.watch_list_match_json(m private.watch_list_matches, e private.watch_list_entries, p_summit uuid)
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'id', m.id,
		'level', m.level,
		'found_at', private.iso(m.found_at),
		'held_back_at', private.iso(m.held_back_at),
		'is_same', m.is_same,
		'is_sealed', private.is_sealed_match(e, p.id),
		'decided_at', private.iso(m.decided_at),
		'decided_by', (select d.display_name from public.people as d where d.id = m.decided_by),
		'may_decide', private.may_decide_match(m, e),
		'may_decline', coalesce(m.is_same, false)
			and e.state = 'active'
			and exists (select from public.registrations as r
				where r.person_id = p.id
					and r.summit_id = p_summit
					and r.state in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed')),
		'person', case when private.may_watch_list_name(e, p.id, p_summit) then jsonb_build_object(
			'display_name', p.display_name,
			'office', p.office,
			'affiliation', p.affiliation,
			'country', p.country,
			'registrations', (
				select coalesce(jsonb_agg(jsonb_build_object(
					'reference', r.reference, 'state', r.state, 'mode', r.mode) order by r.created_at), '[]')
				from public.registrations as r
				where r.person_id = p.id and r.summit_id = p_summit and r.state <> 'draft')) end)
	from public.people as p
	where p.id = m.person_id
$$;

-- The list, for those who keep it; null for everybody else. Answers {may_everywhere, entries: [{id, everywhere, state,
-- person, details_sealed (hex), key_id, country, has_address, until, added_at, added_by, confirmed_at, confirmed_by,
-- end_asked_at, end_asked_by, ended_at, ended_by, may_confirm, may_end, matches}]}. Sealed matches are for safeguarding
-- alone. The audit notes each reading.
create function public.read_watch_list(summit uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.manages_watch_list(summit) then return null; end if;
	perform audit.record_event('barred.read', '', summit, null, null);
	return jsonb_build_object('may_everywhere', private.manages_watch_list(null), 'entries', (
		select coalesce(jsonb_agg(jsonb_build_object(
			'id', e.id,
			'everywhere', e.summit_id is null,
			'state', e.state,
			'person', (
				select p.display_name
				from public.people as p
				where p.id = e.person_id and private.may_watch_list_name(e, p.id, read_watch_list.summit)),
			'details_sealed', encode(e.details_sealed, 'hex'),
			'key_id', e.key_id,
			'country', e.country,
			'has_address', e.address_hash is not null,
			'until', private.iso(e.until),
			'added_at', private.iso(e.added_at),
			'added_by', (select p.display_name from public.people as p where p.id = e.added_by),
			'confirmed_at', private.iso(e.confirmed_at),
			'confirmed_by', (select p.display_name from public.people as p where p.id = e.confirmed_by),
			'end_asked_at', private.iso(e.end_asked_at),
			'end_asked_by', (select p.display_name from public.people as p where p.id = e.end_asked_by),
			'ended_at', private.iso(e.ended_at),
			'ended_by', (select p.display_name from public.people as p where p.id = e.ended_by),
			'may_confirm', e.state = 'proposed' and private.is_second_person(e.added_by),
			'may_end', e.state = 'active' and e.end_asked_at is not null and private.is_second_person(e.end_asked_by),
			'matches', (
				select coalesce(jsonb_agg(private.watch_list_match_json(m, e, read_watch_list.summit)
					order by m.is_same is not null, m.level, m.found_at), '[]')
				from private.watch_list_matches as m
				where m.entry_id = e.id
					and (not private.is_sealed_match(e, m.person_id)
						or private.has_role(read_watch_list.summit, 'safeguarding')))
		) order by e.state, e.added_at desc), '[]')
		from private.watch_list_entries as e
		where e.summit_id is null or e.summit_id = read_watch_list.summit));
end
$$;
grant execute on function public.read_watch_list(uuid) to authenticated;

-- Proposes an entry and looks for its matches. fields: {everywhere, registration (a reference), name, name_key_hash,
-- name_skeleton_hash, country, address_hash, details_sealed, key_id, until}; hashes and sealed details in hex. Answers
-- {status: ok | not_allowed | invalid | nothing (neither person, name nor address) | unknown_person | own, id}.
create function public.add_watch_list_entry(summit uuid, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_scope uuid := case when fields -> 'everywhere' = 'true' then null else summit end;
	v_until timestamptz := private.parse_instant(fields ->> 'until');
	v_person uuid;
	v_key text := private.name_key(fields ->> 'name');
	v_id uuid;
begin
	if not private.manages_watch_list(v_scope) then return jsonb_build_object('status', 'not_allowed'); end if;
	if coalesce(fields ->> 'details_sealed', '') !~ '^([0-9a-f]{2})+$'
		or length(fields ->> 'details_sealed') not between 58 and 40000
		or coalesce(fields ->> 'key_id', '') = ''
		or coalesce(fields ->> 'country', '') !~ '^([A-Z]{2})?$'
		or coalesce(fields ->> 'address_hash', '') !~ '^([0-9a-f]{64})?$'
		or coalesce(fields ->> 'name_key_hash', '') !~ '^([0-9a-f]{64})?$'
		or coalesce(fields ->> 'name_skeleton_hash', '') !~ '^([0-9a-f]{64})?$'
		or fields ->> 'until' is not null and v_until is null
		or v_until <= now()
	then
		return jsonb_build_object('status', 'invalid');
	end if;
	if coalesce(fields ->> 'registration', '') <> '' then
		select r.person_id into v_person
		from public.registrations as r
		where r.summit_id = summit and r.state <> 'draft' and r.reference = upper(btrim(fields ->> 'registration'));
		if not found then return jsonb_build_object('status', 'unknown_person'); end if;
		if v_person in (select private.my_people()) then return jsonb_build_object('status', 'own'); end if;
	end if;
	if v_person is null and v_key = '' and coalesce(fields ->> 'address_hash', '') = '' then
		return jsonb_build_object('status', 'nothing');
	end if;
	insert into private.watch_list_entries (summit_id, person_id, name_key, name_skeletons, key_hash, skeleton_hash,
		country, address_hash, details_sealed, key_id, until, added_by)
	values (v_scope, v_person, v_key, private.name_skeletons(fields ->> 'name'),
		decode(nullif(fields ->> 'name_key_hash', ''), 'hex'),
		decode(nullif(fields ->> 'name_skeleton_hash', ''), 'hex'),
		nullif(fields ->> 'country', ''),
		decode(nullif(fields ->> 'address_hash', ''), 'hex'),
		decode(fields ->> 'details_sealed', 'hex'),
		fields ->> 'key_id',
		v_until,
		private.me())
	returning id into v_id;
	perform private.match_watch_list_entry(v_id);
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.add_watch_list_entry(uuid, jsonb) to authenticated;

-- Changes the state of an entry. action: confirm or refuse a proposal; ask_end, then end or keep an active entry.
-- confirm and end need a second person; any safeguarding lead may refuse a proposal. Answers ok, own (another person
-- must do it, or the entry means the caller), wrong_state or not_found. Locks the entry.
create function public.update_watch_list_entry(summit uuid, entry uuid, action text) returns public.second_person_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_entry private.watch_list_entries;
begin
	select * into v_entry
	from private.watch_list_entries as e
	where e.id = entry and (e.summit_id is null or e.summit_id = summit)
	for update;
	if not found or not private.manages_watch_list(v_entry.summit_id) then return 'not_found'; end if;
	if exists (select from private.watch_list_matches as m
		where m.entry_id = entry
			and m.is_same is distinct from false
			and m.level = 'certain'
			and m.person_id in (select private.my_people()))
	then
		return 'own';
	end if;
	if action in ('confirm', 'refuse') and v_entry.state <> 'proposed'
		or action in ('ask_end', 'end', 'keep') and v_entry.state <> 'active'
		or action = 'ask_end' and v_entry.end_asked_at is not null
		or action in ('end', 'keep') and v_entry.end_asked_at is null
	then
		return 'wrong_state';
	end if;
	if action = 'confirm' and not private.is_second_person(v_entry.added_by)
		or action = 'end' and not private.is_second_person(v_entry.end_asked_by)
	then
		return 'own';
	end if;
	case action
		when 'confirm' then
			update private.watch_list_entries as e
			set state = 'active', confirmed_by = private.me(), confirmed_at = now()
			where e.id = entry;
		when 'refuse' then
			update private.watch_list_entries as e
			set state = 'refused', ended_by = private.me(), ended_at = now()
			where e.id = entry;
		when 'ask_end' then
			update private.watch_list_entries as e
			set end_asked_by = private.me(), end_asked_at = now()
			where e.id = entry;
		when 'end' then
			update private.watch_list_entries as e
			set state = 'ended', ended_by = private.me(), ended_at = now()
			where e.id = entry;
		when 'keep' then
			update private.watch_list_entries as e
			set end_asked_by = null, end_asked_at = null
			where e.id = entry;
		else raise sqlstate 'PT400' using message = 'confirm, refuse, ask_end, end or keep';
	end case;
	if action = 'confirm' then perform private.match_watch_list_entry(entry); end if;
	perform private.apply_watch_list();
	return 'ok';
end
$$;
grant execute on function public.update_watch_list_entry(uuid, uuid, text) to authenticated;
