-- Two records of one person become one. Audited, refused when both have a live registration at one Summit.

-- Every column that points to a person, whichever migration made it.
create function private.person_columns() returns table (table_name regclass, column_name name)
language sql stable security definer set search_path = '' as $$
	select c.conrelid::regclass, a.attname
	from pg_catalog.pg_constraint as c
	join pg_catalog.pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
	where c.contype = 'f' and c.confrelid = 'public.people'::regclass and cardinality(c.conkey) = 1
	order by c.conrelid::regclass::text, a.attname
$$;

-- Moves the rows of one column; where the kept person has such a row already, the dropped one's goes.
create function private.move_person(p_table regclass, p_column name, p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row tid;
begin
	for v_row in execute format('select ctid from %s where %I = $1', p_table, p_column) using p_drop loop
		begin
			execute format('update %s set %I = $1 where ctid = $2', p_table, p_column) using p_keep, v_row;
		exception when unique_violation then
			execute format('delete from %s where ctid = $1', p_table) using v_row;
		end;
	end loop;
end
$$;

-- The stricter protection stays, and with it the display record that it stands for.
create function private.merge_protection(p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.has_alias(p_drop) and not private.has_alias(p_keep) then
		delete from private.protections where person_id = p_keep;
		update public.people as k
		set display_name = d.display_name, office = d.office, affiliation = d.affiliation, country = d.country, biography = d.biography,
			portrait_path = d.portrait_path, code = private.random_code(8), updated_at = now()
		from public.people as d where k.id = p_keep and d.id = p_drop;
	elsif not private.has_alias(p_keep) then
		update public.people as k
		set display_name = case when k.display_name = '' then d.display_name else k.display_name end,
			office = case when k.office = '' then d.office else k.office end,
			affiliation = case when k.affiliation = '' then d.affiliation else k.affiliation end,
			country = coalesce(k.country, d.country), portrait_path = coalesce(k.portrait_path, d.portrait_path),
			biography = case when k.biography = '{}'::jsonb then d.biography else k.biography end, updated_at = now()
		from public.people as d where k.id = p_keep and d.id = p_drop and not private.has_alias(p_drop);
	end if;
end
$$;

-- Answers ok, not_allowed, unknown_person, same_person, both_registered, reason_needed. By an owner, or a registration organiser of
-- all Summits; never of oneself, and of somebody with roles only by an owner: a merge hands over addresses and rights.
create function public.merge_people(keep uuid, duplicate uuid, reason text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_drop uuid := duplicate;
	v_column record;
begin
	if not private.has_role(null, 'registration') then return 'not_allowed'; end if;
	if keep = v_drop then return 'same_person'; end if;
	if btrim(coalesce(reason, '')) = '' then return 'reason_needed'; end if;
	if private.me() in (keep, v_drop) then return 'not_allowed'; end if;
	if not private.has_role(null, 'owner') and exists (select from public.role_grants as g where g.person_id in (keep, v_drop) and g.ended_at is null) then
		return 'not_allowed';
	end if;
	perform private.lock_modes(variadic array(select r.summit_id from public.registrations as r where r.person_id in (keep, v_drop)));
	perform from public.people as p where p.id in (keep, v_drop) order by p.id for update;
	if (select count(*) from public.people as p where p.id in (keep, v_drop)) < 2 then return 'unknown_person'; end if;
	if exists (select from public.registrations as a join public.registrations as b on b.summit_id = a.summit_id and b.person_id = v_drop
		and b.state not in ('declined', 'withdrawn', 'expired')
		where a.person_id = keep and a.state not in ('declined', 'withdrawn', 'expired')) then
		return 'both_registered';
	end if;
	perform private.act_for(keep, reason);
	perform set_config('app.merging', 'yes', true);
	perform private.merge_protection(keep, v_drop);
	-- Both may sign in: the kept account stays the person's own, and the other goes on with the address that proves it.
	delete from public.account_people as a where a.person_id = v_drop and a.relation = 'self'
		and exists (select from public.account_people as k where k.person_id = keep and k.relation = 'self');
	delete from public.account_people as a where a.relation = 'assistant' and a.person_id in (keep, v_drop)
		and exists (select from public.account_people as s where s.account_id = a.account_id and s.relation = 'self' and s.person_id in (keep, v_drop));
	update private.person_addresses as a set is_primary = false
	where a.person_id = v_drop and exists (select from private.person_addresses as k where k.person_id = keep and k.is_primary);
	for v_column in select c.table_name, c.column_name from private.person_columns() as c loop
		perform private.move_person(v_column.table_name, v_column.column_name, keep, v_drop);
	end loop;
	insert into private.merged_people (dropped_id, kept_id) values (v_drop, keep);
	delete from public.people as p where p.id = v_drop;
	perform set_config('app.merging', '', true);
	perform audit.note('people.merged', keep::text, null, keep, jsonb_build_object('dropped', v_drop));
	perform private.tell('person:' || person, 'rights') from unnest(array[keep, v_drop]) as person;
	return 'ok';
end
$$;
grant execute on function public.merge_people(uuid, uuid, text) to authenticated;
