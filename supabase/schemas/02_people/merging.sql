-- The merge of two records of one person: every row that points to the one moves to the other.

-- Every column of every table that refers to a person.
create function private.person_references() returns table (table_name regclass, column_name name)
language sql stable security definer set search_path = '' as $$
	select c.conrelid::regclass, a.attname
	from pg_catalog.pg_constraint as c
	join pg_catalog.pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
	where c.contype = 'f' and c.confrelid = 'public.people'::regclass and cardinality(c.conkey) = 1
	order by c.conrelid::regclass::text, a.attname
$$;

-- Moves the rows of one column from the dropped person or member to the kept one; where the kept one has such a row
-- already, the row of the dropped one is deleted. Each row is locked first: a row that another transaction changes at
-- this moment has a new place afterwards, and the update by place would miss it.
create function private.repoint_references(p_table regclass, p_column name, p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row tid;
begin
	for v_row in execute format('select ctid from %s where %I = $1 for update', p_table, p_column) using p_drop loop
		begin
			execute format('update %s set %I = $1 where ctid = $2', p_table, p_column) using p_keep, v_row;
		exception when unique_violation then
			execute format('delete from %s where ctid = $1', p_table) using v_row;
		end;
	end loop;
end
$$;

-- The stricter of two protections stays, and with it its display record. Otherwise the kept
-- record takes from the other what it lacks itself.
create function private.merge_protection(p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	-- The two people of the staff who agreed decide on the name.
	perform set_config('app.name_freeze', 'overridden', true);
	if private.has_alias(p_drop) and not private.has_alias(p_keep) then
		delete from private.protections where person_id = p_keep;
		update public.people as k
		set display_name = d.display_name,
			office = d.office,
			affiliation = d.affiliation,
			country = d.country,
			biography = d.biography,
			portrait_path = d.portrait_path,
			links = d.links,
			updated_at = now()
		from public.people as d
		where k.id = p_keep and d.id = p_drop;
	elsif not private.has_alias(p_keep) then
		update public.people as k
		set display_name = case when k.display_name = '' then d.display_name else k.display_name end,
			office = case when k.office = '' then d.office else k.office end,
			affiliation = case when k.affiliation = '' then d.affiliation else k.affiliation end,
			country = coalesce(k.country, d.country),
			portrait_path = coalesce(k.portrait_path, d.portrait_path),
			biography = case when k.biography = '{}'::jsonb then d.biography else k.biography end,
			links = case when k.links = '[]'::jsonb then d.links else k.links end,
			updated_at = now()
		from public.people as d
		where k.id = p_keep and d.id = p_drop and not private.has_alias(p_drop);
	end if;
end
$$;

-- Moves the connections of a dropped participant to the kept one in the same run. Otherwise they would be deleted with
-- the place of the dropped one, and the minutes with the next event of LiveKit: who followed one session under two
-- records has the minutes of both.
create function private.merge_connections(p_keep uuid, p_drop uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.run_connections as c set participant_id = kept.id
	from private.run_participants as dropped
	join private.run_participants as kept on kept.run_id = dropped.run_id and kept.person_id = p_keep
	where dropped.person_id = p_drop and c.participant_id = dropped.id
$$;

-- Merges who may sign in, and the addresses.
create function private.merge_accounts(p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	-- Accounts: when both may sign in, the kept account stays the person's own, and the other one keeps no person; it
	-- finds this person again by its verified address. Nobody is their own assistant.
	delete from public.account_people as a
	where a.person_id = p_drop
		and a.relation = 'self'
		and exists (select from public.account_people as k where k.person_id = p_keep and k.relation = 'self');
	delete from public.account_people as a
	where a.relation = 'assistant'
		and a.person_id in (p_keep, p_drop)
		and exists (select from public.account_people as s
			where s.account_id = a.account_id and s.relation = 'self' and s.person_id in (p_keep, p_drop));
	-- Addresses: one is primary. One that was typed at a desk goes when the other record has it verified.
	update private.person_addresses as a set is_primary = false
	where a.person_id = p_drop
		and exists (select from private.person_addresses as k where k.person_id = p_keep and k.is_primary);
	delete from private.person_addresses as a
	using private.person_addresses as own
	where a.typed_hash = own.address_hash
		and a.person_id in (p_keep, p_drop)
		and own.person_id in (p_keep, p_drop);
end
$$;

-- Writes the presence of the kept person again, by stream and by door, and the people counted in each place on these
-- days, ['summit day'].
create function private.merge_presence(p_keep uuid, p_days text[]) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_each record;
begin
	perform private.write_presence(p.id) from private.run_participants as p where p.person_id = p_keep;
	for v_each in
		select split_part(day, ' ', 1)::uuid as summit, split_part(day, ' ', 2)::date as day
		from unnest(p_days) as day
		order by 1, 2
	loop
		perform private.derive_door_periods(v_each.summit, p_keep, v_each.day);
		perform private.update_over_capacity(v_each.summit, place, v_each.day)
		from (select distinct s.place
			from private.door_scans as s
			where s.person_id = p_keep and s.summit_id = v_each.summit and s.day = v_each.day
			order by 1) as places;
	end loop;
end
$$;

-- Merges two records, once both people of the staff agreed and all is locked (confirm_merge in
-- 02_people/merge_requests.sql). Also locks both at the door, so that nobody is scanned meanwhile. The order of the
-- steps matters.
create function private.merge_people(p_keep uuid, p_drop uuid, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_keep uuid := p_keep;
	v_has_alias boolean := private.has_alias(p_keep) or private.has_alias(p_drop);
	v_column record;
	v_days text[];
begin
	perform private.set_audit_context(p_keep, p_reason);
	perform private.allow_closed_summits();
	perform set_config('app.merging', 'yes', true);
	perform private.merge_protection(p_keep, p_drop);
	perform private.merge_accounts(p_keep, p_drop);
	perform private.merge_watch_list_matches(p_keep, p_drop);
	perform private.merge_connections(p_keep, p_drop);
	perform private.merge_group_people(p_keep, p_drop);
	perform private.merge_campaign_recipients(p_keep, p_drop);
	perform private.merge_meeting_people(p_keep, p_drop);
	perform private.merge_watched_recordings(p_keep, p_drop);
	-- Days on which both were scanned at doors are computed again after the merge.
	perform private.lock_person_at_door(each.summit_id, each.person_id)
	from (select distinct s.summit_id, s.person_id
		from private.door_scans as s
		where s.person_id in (p_keep, p_drop)
		order by 1, 2) as each;
	v_days := array(select distinct s.summit_id || ' ' || s.day
		from private.door_scans as s
		where s.person_id = p_keep and exists (select from private.door_scans as other
			where other.person_id = p_drop and other.summit_id = s.summit_id and other.day = s.day));
	-- The code of the certificate that goes then says that it was replaced.
	perform private.close_certificate(c.id, 'replaced')
	from private.certificates as c
	join private.certificates as k on k.summit_id = c.summit_id
		and k.kind = c.kind
		and k.person_id = p_keep
		and k.ended_at is null
	where c.person_id = p_drop and c.ended_at is null;
	-- Everything else that refers to the person.
	for v_column in select c.table_name, c.column_name from private.person_references() as c loop
		perform private.repoint_references(v_column.table_name, v_column.column_name, p_keep, p_drop);
	end loop;
	perform private.merge_presence(p_keep, v_days);
	insert into private.former_ids (former_id, person_id) values (p_drop, p_keep);
	delete from public.people as p where p.id = p_drop;
	perform set_config('app.merging', '', true);
	-- With an alias, one of the two ids was known under another name than the one that is left.
	if v_has_alias then v_keep := private.rotate_person_identity(p_keep); end if;
	perform audit.record_event('people.merged', v_keep::text, null, v_keep, jsonb_build_object('dropped', p_drop));
	perform private.publish_event('person:' || person, 'rights') from unnest(array[v_keep, p_drop]) as person;
end
$$;
