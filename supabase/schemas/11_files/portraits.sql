-- Portraits of those who speak: adding and removing them, and who sees them.

-- The objects of a portrait are deleted with the portrait.
create function private.mark_portrait_objects_deletable() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.mark_objects_deletable(old.large_object, old.small_object);
	return null;
end
$$;
create trigger mark_portrait_objects after delete on private.portraits for each row
	execute function private.mark_portrait_objects_deletable();

-- Deletes a portrait that no display record names any more: an alias clears the record, and a merge keeps one of two.
-- At the end of the transaction, when all records are written.
create function private.drop_unnamed_portraits() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.portraits as t
	where t.id = old.portrait_path
		and not exists (select from public.people as p where p.portrait_path = t.id);
	return null;
end
$$;
create constraint trigger drop_unnamed_portraits after update of portrait_path on public.people
	deferrable initially deferred
	for each row
	when (old.portrait_path is not null and old.portrait_path is distinct from new.portrait_path)
	execute function private.drop_unnamed_portraits();

-- The people whose portrait the signed-in account may change at a Summit: those for whom it acts and who take part in a
-- session. [{person, display_name, code, portrait, is_me, is_protected}]
create function public.list_portrait_people(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'person', p.id,
		'display_name', p.display_name,
		'code', p.code,
		'portrait', private.visible_portrait_path(p.id),
		'is_me', p.id = private.me(),
		'is_protected', private.must_hide_portrait(p.id)) order by p.id = private.me() desc, p.display_name), '[]')
	from public.people as p
	where p.id in (select private.my_people('speaking'))
		and exists (select
			from public.session_people as sp
			where sp.summit_id = summit and sp.person_id = p.id and sp.state <> 'declined')
$$;
grant execute on function public.list_portrait_people(uuid) to authenticated;

-- Saves a portrait. The objects are known to the app alone, which made them. Answers ok, not_found or protected. Locks
-- the person, so that an alias that is put on at this moment either comes first or clears the portrait.
create function public.save_portrait(summit uuid, person uuid, portrait text, large text, small text)
	returns public.portrait_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform from public.people as p where p.id = person for no key update;
	if not exists (select from jsonb_array_elements(public.list_portrait_people(summit)) as each
		where (each ->> 'person')::uuid = person) then
		return 'not_found';
	end if;
	if private.must_hide_portrait(person) then return 'protected'; end if;
	if not private.mark_object_used(large) or not private.mark_object_used(small) then return 'not_found'; end if;
	perform set_config('app.principal', case when person = private.me() then '' else person::text end, true);
	delete from private.portraits as t where t.person_id = person;
	insert into private.portraits (id, person_id, large_object, small_object)
	values (portrait, person, large, small);
	update public.people as p set portrait_path = portrait, updated_at = now() where p.id = person;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function public.save_portrait(uuid, uuid, text, text, text) to authenticated;

-- Removes a portrait. Answers ok or not_found.
create function public.remove_portrait(summit uuid, person uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not exists (select from jsonb_array_elements(public.list_portrait_people(summit)) as each
		where (each ->> 'person')::uuid = person) then
		return 'not_found';
	end if;
	perform set_config('app.principal', case when person = private.me() then '' else person::text end, true);
	update public.people as p set portrait_path = null, updated_at = now()
		where p.id = person and p.portrait_path is not null;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function public.remove_portrait(uuid, uuid) to authenticated;

-- A portrait that the reader may see: {sha256, size}; null when there is none or the reader may not see it.
create function public.open_portrait(portrait text, is_large boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('sha256', encode(o.sha256, 'hex'), 'size', o.size)
	from public.people as p
	join private.portraits as t on t.id = p.portrait_path and t.person_id = p.id
	join private.stored_objects as o on o.name = case when is_large then t.large_object else t.small_object end
		and o.state = 'kept'
	where p.portrait_path = portrait
		and private.visible_portrait_path(p.id) is not null
		and (p.id in (select private.visible_people()) or p.id in (select private.my_people('speaking')))
$$;
grant execute on function public.open_portrait(text, boolean) to anon, authenticated;

-- The name of the object of a portrait, for the app alone.
create function private.object_of_portrait(p_portrait text, p_is_large boolean) returns text
language sql stable security definer set search_path = '' as $$
	select case when p_is_large then t.large_object else t.small_object end
	from private.portraits as t
	where t.id = p_portrait
$$;
grant execute on function private.object_of_portrait(text, boolean) to app_server;

-- Whether no portrait of a person is shown, whatever is stored: they are protected, or under 18.
create function private.must_hide_portrait(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.protections as x where x.person_id = p_person)
		or exists (select from public.registrations as r where r.person_id = p_person and r.is_minor)
$$;

-- The path of the portrait that is shown; null: none.
create function private.visible_portrait_path(p_person uuid) returns text
language sql stable security definer set search_path = '' as $$
	select p.portrait_path from public.people as p where p.id = p_person and not private.must_hide_portrait(p.id)
$$;
