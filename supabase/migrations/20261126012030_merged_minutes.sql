-- Who followed one session under two records has the minutes of both: the connections of the one that goes are the other's from then on.
-- They went with its place in the run, and the minutes with the next word of LiveKit.
create function private.merge_connections(p_keep uuid, p_drop uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.run_connections as c set participant_id = kept.id
	from private.run_participants as dropped join private.run_participants as kept on kept.run_id = dropped.run_id and kept.person_id = p_keep
	where dropped.person_id = p_drop and c.participant_id = dropped.id
$$;

-- The merge itself, once both have agreed and all is locked.
create or replace function private.merge_people(p_keep uuid, p_drop uuid, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_keep uuid := p_keep;
	v_has_alias boolean := private.has_alias(p_keep) or private.has_alias(p_drop);
	v_column record;
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
	perform private.merge_bars(p_keep, p_drop);
	perform private.merge_connections(p_keep, p_drop);
	for v_column in select c.table_name, c.column_name from private.person_columns() as c loop
		perform private.move_rows(v_column.table_name, v_column.column_name, p_keep, p_drop);
	end loop;
	perform private.write_presence(p.id) from private.run_participants as p where p.person_id = p_keep;
	insert into private.former_ids (former_id, person_id) values (p_drop, p_keep);
	delete from public.people as p where p.id = p_drop;
	perform set_config('app.merging', '', true);
	-- One of the two ids was known under another name than the one that is left.
	if v_has_alias then v_keep := private.renew_person(p_keep); end if;
	perform audit.note('people.merged', v_keep::text, null, v_keep, jsonb_build_object('dropped', p_drop));
	perform private.tell('person:' || person, 'rights') from unnest(array[v_keep, p_drop]) as person;
end
$$;
