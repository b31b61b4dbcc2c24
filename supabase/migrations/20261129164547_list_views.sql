-- Organisers save views of their lists.

-- A list is named by its place after `/organise/`. What was searched for is not saved: it may be the name of a person.
create table private.list_views (
	id uuid primary key default gen_random_uuid(),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	list text not null check (list ~ '^[a-z-]{1,40}(/[a-z-]{1,40}){0,2}$'),
	name text not null check (btrim(name) = name and length(name) between 1 and 60),
	query text not null check (length(query) <= 1000 and query ~ '^\?[!-~]+$' and query !~ '[?&]q='),
	created_at timestamptz not null default now(),
	unique (person_id, summit_id, list, name),
	constraint name_one_line check (private.is_one_line(name))
);
alter table private.list_views enable row level security;

-- The reader's views of all lists of a Summit, by name: [{id, list, name, query}].
create function public.my_list_views(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'list', w.list, 'name', w.name, 'query', w.query)
		order by lower(w.name), w.id), '[]')
	from private.list_views as w
	where w.person_id = (select private.me()) and w.summit_id = my_list_views.summit
$$;
grant execute on function public.my_list_views(uuid) to authenticated;

-- The answer to saving a view; `full`: the reader has twenty of this list.
create domain public.list_view_status as text check (value in ('ok', 'invalid', 'full', 'not_allowed'));

-- Saves a view of the reader; one of the same name is replaced.
create function public.save_list_view(summit uuid, list text, name text, query text) returns public.list_view_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if not private.has_role(summit, variadic enum_range(null::public.organiser_role)) then return 'not_allowed'; end if;
	-- Two windows that save at once: the second sees the views of the first.
	perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('list_views ' || v_me, 0));
	if (select count(*) >= 20
		from private.list_views as w
		where w.person_id = v_me and w.summit_id = save_list_view.summit and w.list = save_list_view.list
			and w.name <> btrim(save_list_view.name)) then
		return 'full';
	end if;
	insert into private.list_views as w (person_id, summit_id, list, name, query)
	values (v_me, summit, list, btrim(save_list_view.name), query)
	on conflict on constraint list_views_person_id_summit_id_list_name_key do update set query = excluded.query;
	return 'ok';
exception when check_violation or not_null_violation or string_data_right_truncation then
	return 'invalid';
end
$$;
grant execute on function public.save_list_view(uuid, text, text, text) to authenticated;

-- Deletes a view of the reader.
create function public.delete_list_view(view uuid) returns public.ok_or_none
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.list_views as w where w.id = view and w.person_id = private.me();
	if not found then return 'none'; end if;
	return 'ok';
end
$$;
grant execute on function public.delete_list_view(uuid) to authenticated;
insert into private.copied_tables (name, section, owner, owner_column, columns, sealed)
values ('private.list_views', 'roles', 'person', 'person_id', '{created_at,summit_id,list,name,query}', default);
insert into private.retention_rules (table_name, class) values ('private.list_views', 'contact');
