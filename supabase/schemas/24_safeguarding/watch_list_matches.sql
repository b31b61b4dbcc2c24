-- Matches between entries of the watch list and people: how they are found, kept and settled into bars.

-- The entries that may mean a person. certain: the person or an address. likely: the whole name, and no other country.
-- possible: another spelling of the name, at least two words of it. Names are compared only for people who have
-- submitted a registration to a Summit of the entry. Sealed names and addresses are compared with confirmed entries
-- only: nobody learns whose a name is by typing it into a proposal.
create function private.find_watch_list_matches(p_person uuid) returns table (entry_id uuid, level text)
language sql stable security definer set search_path = '' as $$
	-- Materialized: computed once for the person, not once for each entry.
	with who as materialized (
		select p.id, p.country, private.has_alias(p.id) as has_alias, private.name_key(p.display_name) as key,
			private.name_skeletons(p.display_name) as skeletons, n.key_hash, n.skeleton_hash,
			array(select coalesce(a.typed_hash, a.address_hash)
				from private.person_addresses as a
				where a.person_id = p.id) as addresses,
			array(select r.summit_id
				from public.registrations as r
				where r.person_id = p.id
					and r.state not in ('draft', 'declined', 'withdrawn', 'expired')) as summits
		from public.people as p
		left join private.sealed_name_hashes as n on n.person_id = p.id
		where p.id = p_person
	), judged as (
		select e.id, case
			when e.person_id = who.id then 'certain'
			when who.has_alias and e.state <> 'active' then null
			when e.address_hash = any (who.addresses) then 'certain'
			when who.summits = '{}' or e.summit_id <> all (who.summits) then null
			when who.has_alias and e.key_hash = who.key_hash then 'likely'
			when who.has_alias and e.skeleton_hash = who.skeleton_hash then 'possible'
			when who.has_alias or e.name_key = '' then null
			when e.name_key = who.key then case when e.country <> who.country then 'possible' else 'likely' end
			when e.name_skeletons = who.skeletons then 'possible'
			when least(cardinality(e.name_skeletons), cardinality(who.skeletons)) >= 2
				and (e.name_skeletons <@ who.skeletons or e.name_skeletons @> who.skeletons)
				then 'possible'
		end as level
		from private.watch_list_entries as e, who
		where e.state in ('proposed', 'active') and (e.until is null or e.until > now())
	)
	select j.id, j.level from judged as j where j.level is not null
$$;

-- Stores the matches of a person and settles their bars. What safeguarding has decided about a match stays.
create function private.save_watch_list_matches(p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not exists (select from private.watch_list_entries as e where e.state in ('proposed', 'active')) then
		return;
	end if;
	insert into private.watch_list_matches as m (entry_id, person_id, level)
	select c.entry_id, p_person, c.level
	from private.find_watch_list_matches(p_person) as c
	order by c.entry_id
	on conflict (entry_id, person_id) do update
		set level = excluded.level
		where m.is_same is null and m.level <> excluded.level;
	if exists (select from private.watch_list_matches as m where m.person_id = p_person) then
		perform private.apply_watch_list(p_person);
	end if;
end
$$;

-- Whether a match would reveal who is behind an alias: it was found by a sealed name or address, or by what was known
-- of the person before they had the alias. Only safeguarding sees such a match and decides on it; for everybody else it
-- does not exist (Rule 7).
create function private.is_sealed_match(e private.watch_list_entries, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_alias(p_person)
		and (e.person_id is distinct from p_person
			or exists (select from private.former_ids as f where f.person_id = p_person and f.since >= e.added_at))
$$;

-- Looks for the people whom a new entry may mean: by person and address among all, by name among those who are
-- registered at a Summit of the entry that is not archived.
create function private.match_watch_list_entry(p_entry uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_entry private.watch_list_entries;
	v_person uuid;
begin
	select * into v_entry from private.watch_list_entries as e where e.id = p_entry;
	for v_person in
		select v_entry.person_id
		where v_entry.person_id is not null
		union
		select a.person_id
		from private.person_addresses as a
		where v_entry.address_hash in (a.address_hash, a.typed_hash)
		union
		select r.person_id
		from public.registrations as r
		join public.summits as s on s.id = r.summit_id and s.state <> 'archived'
		join public.people as p on p.id = r.person_id
		left join private.sealed_name_hashes as n on n.person_id = p.id
		where r.state not in ('draft', 'declined', 'withdrawn', 'expired')
			and (v_entry.summit_id is null or r.summit_id = v_entry.summit_id)
			and (v_entry.name_key <> '' and private.name_skeletons(p.display_name) && v_entry.name_skeletons
				or n.key_hash = v_entry.key_hash
				or n.skeleton_hash = v_entry.skeleton_hash)
		order by 1
	loop
		perform private.save_watch_list_matches(v_person);
	end loop;
end
$$;

-- Looks for matches when a person gets an address that is on the list.
create function private.match_address_with_watch_list() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if exists (select from private.watch_list_entries as e
		where e.address_hash in (new.address_hash, new.typed_hash) and e.state in ('proposed', 'active'))
	then
		perform private.save_watch_list_matches(new.person_id);
	end if;
	return null;
end
$$;
create trigger match_address_with_watch_list after insert or update of person_id on private.person_addresses
	for each row
	execute function private.match_address_with_watch_list();

-- Bars people as the list says, of one person or (null) of all. A certain match of an active entry counts as the same
-- person, unless it is sealed. A person who is the same is barred from every Summit of the entry that is not archived.
-- A bar that no entry supports any more is removed.
create function private.apply_watch_list(p_person uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.watch_list_matches as m
	set is_same = true, decided_at = now()
	from private.watch_list_entries as e
	where e.id = m.entry_id
		and e.state = 'active'
		and m.level = 'certain'
		and m.is_same is null
		and (p_person is null or m.person_id = p_person)
		and not private.is_sealed_match(e, m.person_id);
	insert into private.entry_bars (summit_id, person_id, is_from_watch_list)
	select distinct s.id, m.person_id, true
	from private.watch_list_matches as m
	join private.watch_list_entries as e on e.id = m.entry_id
		and e.state = 'active'
		and (e.until is null or e.until > now())
	join public.summits as s on (e.summit_id is null or s.id = e.summit_id) and s.state <> 'archived'
	where m.is_same
		and (p_person is null or m.person_id = p_person)
		and not exists (select from private.entry_bars as b
			where b.summit_id = s.id and b.person_id = m.person_id and b.session_id is null)
	on conflict do nothing;
	delete from private.entry_bars as b
	where b.is_from_watch_list
		and (p_person is null or b.person_id = p_person)
		and not exists (select from private.watch_list_matches as m
			join private.watch_list_entries as e on e.id = m.entry_id
			where m.person_id = b.person_id
				and m.is_same
				and e.state = 'active'
				and (e.until is null or e.until > now())
				and (e.summit_id is null or e.summit_id = b.summit_id));
end
$$;

-- When two records of one person are merged, a match of either that is the same person holds for the record that is
-- kept.
create function private.merge_watch_list_matches(p_keep uuid, p_drop uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.watch_list_matches as k
	set is_same = true, decided_by = d.decided_by, decided_at = d.decided_at
	from private.watch_list_matches as d
	where d.entry_id = k.entry_id
		and k.person_id = p_keep
		and d.person_id = p_drop
		and d.is_same
		and k.is_same is distinct from true
$$;

-- A regular job: ends entries whose time is over, settles all bars, and notifies safeguarding once of each sealed match
-- that waits for a decision.
create function private.expire_watch_list_entries(p_now timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
begin
	if not exists (select from private.watch_list_entries) then return; end if;
	update private.watch_list_entries as e
	set state = 'ended', ended_at = p_now
	where e.state in ('proposed', 'active') and e.until <= p_now;
	perform private.apply_watch_list();
	for v_summit in
		with due as (
			update private.watch_list_matches as m
			set notified_at = p_now
			from private.watch_list_entries as e
			where e.id = m.entry_id
				and e.state = 'active'
				and m.is_same is null
				and m.notified_at is null
				and private.is_sealed_match(e, m.person_id)
			returning m.person_id, e.summit_id
		)
		select distinct r.summit_id
		from due as d
		join public.registrations as r on r.person_id = d.person_id
			and (d.summit_id is null or r.summit_id = d.summit_id)
			and r.state not in ('draft', 'declined', 'withdrawn', 'expired')
	loop
		perform private.mail_safeguarding_leads(v_summit);
	end loop;
end
$$;
