-- Rooms for rest, with how to find them and when they are open.

alter table public.rooms
	add column is_quiet_room boolean not null default false,
	add column directions public.text_map not null default '{}',
	add column hours public.text_map not null default '{}',
	add constraint directions_one_line check (private.are_one_line(directions)),
	add constraint hours_one_line check (private.are_one_line(hours));

-- A Summit with its lists: all its columns, and {registration: closed | before | open, rooms, tracks, formats, texts,
-- contacts, consents, release}. Null when the reader does not see it.
create or replace function public.read_summit(slug text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(s) - 'created_at' - 'updated_at' || jsonb_build_object(
		'registration', case
			when s.state not in ('open', 'live') or s.registration_closes_at <= now() then 'closed'
			when s.registration_opens_at is null or s.registration_opens_at > now() then 'before'
			else 'open'
		end,
		'rooms', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'slug', r.slug, 'name', name, 'kind', kind, 'capacity', capacity,
				'is_quiet_room', is_quiet_room, 'directions', directions, 'hours', hours)
				order by position, r.slug), '[]')
			from public.rooms as r
			where summit_id = s.id),
		'tracks', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'slug', t.slug, 'name', name)
				order by position, t.slug), '[]')
			from public.tracks as t
			where summit_id = s.id),
		'formats', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'slug', f.slug, 'name', name, 'minutes', minutes) order by position, f.slug), '[]')
			from public.formats as f
			where summit_id = s.id),
		'texts', (select coalesce(jsonb_object_agg(kind, body), '{}')
			from public.summit_texts
			where summit_id = s.id),
		'contacts', (select coalesce(jsonb_agg(jsonb_build_object(
				'kind', kind, 'label', label, 'note', note, 'mail', mail, 'telephone', telephone, 'hours', hours)
				order by position), '[]')
			from public.summit_contacts
			where summit_id = s.id),
		'consents', (select coalesce(jsonb_agg(jsonb_build_object(
				'id', id, 'key', key, 'label', label, 'detail', detail, 'is_required', is_required)
				order by position), '[]')
			from public.consent_items
			where summit_id = s.id),
		'release', (select jsonb_build_object('id', id, 'number', number, 'released_at', released_at)
			from public.releases
			where id = private.newest_release(s.id)))
	from public.summits as s
	where s.slug = read_summit.slug and s.id in (select private.readable_summits())
$$;

-- The columns of a list that its form sets; null for any other table.
create or replace function private.setting_columns(p_table text) returns text[]
language sql immutable set search_path = '' as $$
	select case p_table
		when 'rooms' then array['slug', 'name', 'kind', 'capacity', 'is_quiet_room', 'directions', 'hours']
		when 'tracks' then array['slug', 'name']
		when 'formats' then array['slug', 'name', 'minutes']
		when 'consent_items' then array['key', 'label', 'detail', 'is_required']
		when 'summit_contacts' then array['kind', 'label', 'note', 'mail', 'telephone', 'hours']
		when 'fees' then array['mode', 'category', 'sector', 'amount', 'currency']
	end
$$;

-- Adds a row (row_id null) or changes one. Answers ok | taken | unknown | not_allowed | invalid.
create or replace function public.save_setting(summit uuid, table_name text, row_id uuid, fields jsonb)
	returns public.setting_status
language plpgsql volatile security invoker set search_path = '' as $$
declare
	v_columns text := (select string_agg(format('%I', c), ', ') from unnest(private.setting_columns(table_name)) as c);
	v_rows integer;
begin
	if v_columns is null then return 'unknown'; end if;
	if table_name = 'rooms' then
		fields := '{"is_quiet_room": false, "directions": {}, "hours": {}}'::jsonb || fields;
	end if;
	-- An amount is in minor units of its currency: from a form that shows another currency it would be another amount.
	if table_name = 'fees' and exists (select from public.fees as f
		where f.id = row_id and f.summit_id = summit and f.currency is distinct from fields ->> 'currency') then
		return 'invalid';
	end if;
	if row_id is not null then
		execute format('update public.%1$I as t
			set (%2$s) = (select %2$s from jsonb_populate_record(null::public.%1$I, $1))
			where t.id = $2 and t.summit_id = $3', table_name, v_columns) using fields, row_id, summit;
	elsif table_name = 'fees' then
		execute format('insert into public.fees (summit_id, %1$s)
			select $2, %1$s from jsonb_populate_record(null::public.fees, $1)', v_columns) using fields, summit;
	else
		execute format('insert into public.%1$I (summit_id, position, %2$s)
			select $2, (select coalesce(max(t.position) + 1, 0) from public.%1$I as t where t.summit_id = $2), %2$s
			from jsonb_populate_record(null::public.%1$I, $1)', table_name, v_columns) using fields, summit;
	end if;
	get diagnostics v_rows = row_count;
	return case when v_rows = 0 then 'unknown' else 'ok' end;
exception
	when unique_violation then return 'taken';
	when insufficient_privilege then return 'not_allowed';
	when check_violation or not_null_violation or data_exception then return 'invalid';
end
$$;

