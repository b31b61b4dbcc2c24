-- Of two people who become one, and were both read at doors on one day, that day is written anew: in at two places, out at one, counted once.

-- The merge itself, once both have agreed and all is locked.
create or replace function private.merge_people(p_keep uuid, p_drop uuid, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_keep uuid := p_keep;
	v_has_alias boolean := private.has_alias(p_keep) or private.has_alias(p_drop);
	v_column record;
	v_each record;
	v_days text[];
begin
	perform private.act_for(p_keep, p_reason);
	perform set_config('app.merging', 'yes', true);
	perform private.merge_protection(p_keep, p_drop);
	-- Both may sign in: the kept account stays the person's own, and the other goes on with the address that proves it.
	delete from public.account_people as a where a.person_id = p_drop and a.relation = 'self'
		and exists (select from public.account_people as k where k.person_id = p_keep and k.relation = 'self');
	delete from public.account_people as a where a.relation = 'assistant' and a.person_id in (p_keep, p_drop)
		and exists (select from public.account_people as s where s.account_id = a.account_id and s.relation = 'self' and s.person_id in (p_keep, p_drop));
	update private.person_addresses as a set is_primary = false
	where a.person_id = p_drop and exists (select from private.person_addresses as k where k.person_id = p_keep and k.is_primary);
	-- What was typed at a desk is proven by the one who has it.
	delete from private.person_addresses as a using private.person_addresses as own
	where a.typed_hash = own.address_hash and a.person_id in (p_keep, p_drop) and own.person_id in (p_keep, p_drop);
	perform private.merge_bars(p_keep, p_drop);
	perform private.merge_connections(p_keep, p_drop);
	-- Nobody is scanned meanwhile; and days on which both were are written anew.
	perform private.lock_at_door(each.summit_id, each.person_id) from (select distinct s.summit_id, s.person_id from private.door_scans as s
		where s.person_id in (p_keep, p_drop) order by 1, 2) as each;
	v_days := array(select distinct s.summit_id || ' ' || s.day from private.door_scans as s where s.person_id = p_keep
		and exists (select from private.door_scans as other where other.person_id = p_drop and other.summit_id = s.summit_id and other.day = s.day));
	-- Whoever has the code of the one that goes is told that it holds no more.
	perform private.end_certificate(c.id, 'replaced') from private.certificates as c join private.certificates as k
		on k.summit_id = c.summit_id and k.kind = c.kind and k.person_id = p_keep and k.ended_at is null where c.person_id = p_drop and c.ended_at is null;
	for v_column in select c.table_name, c.column_name from private.person_columns() as c loop
		perform private.move_rows(v_column.table_name, v_column.column_name, p_keep, p_drop);
	end loop;
	perform private.write_presence(p.id) from private.run_participants as p where p.person_id = p_keep;
	for v_each in select split_part(day, ' ', 1)::uuid as summit, split_part(day, ' ', 2)::date as day from unnest(v_days) as day order by 1, 2 loop
		perform private.derive_presence(v_each.summit, p_keep, v_each.day);
		perform private.note_crowding(v_each.summit, place, v_each.day) from (select distinct s.place from private.door_scans as s
			where s.person_id = p_keep and s.summit_id = v_each.summit and s.day = v_each.day order by 1) as places;
	end loop;
	insert into private.former_ids (former_id, person_id) values (p_drop, p_keep);
	delete from public.people as p where p.id = p_drop;
	perform set_config('app.merging', '', true);
	-- One of the two ids was known under another name than the one that is left.
	if v_has_alias then v_keep := private.renew_person(p_keep); end if;
	perform audit.note('people.merged', v_keep::text, null, v_keep, jsonb_build_object('dropped', p_drop));
	perform private.tell('person:' || person, 'rights') from unnest(array[v_keep, p_drop]) as person;
end
$$;
