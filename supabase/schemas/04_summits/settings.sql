-- Reading and changing what an owner sets.

-- The Summit that "/" shows: the one that is live, else the next that is open, else the last that was held.
create function public.current_summit() returns text
language sql stable security definer set search_path = '' as $$
	select slug from public.summits
	where state <> 'draft'
	order by array_position(array['live', 'open', 'closed', 'archived']::public.summit_state[], state),
		case when state = 'open' then starts_on end, starts_on desc
	limit 1
$$;
grant execute on function public.current_summit() to anon, authenticated;

create function public.read_summit(slug text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select to_jsonb(s) - 'created_at' - 'updated_at' || jsonb_build_object(
		'registration', case when s.state not in ('open', 'live') or s.registration_closes_at <= now() then 'closed'
			when s.registration_opens_at is null or s.registration_opens_at > now() then 'before' else 'open' end,
		'rooms', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'slug', r.slug, 'name', name, 'kind', kind,
			'capacity', capacity) order by position, r.slug), '[]')
			from public.rooms as r where summit_id = s.id),
		'tracks', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'slug', t.slug, 'name', name)
			order by position, t.slug), '[]') from public.tracks as t where summit_id = s.id),
		'formats', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'slug', f.slug, 'name', name, 'minutes',
			minutes) order by position, f.slug), '[]') from public.formats as f where summit_id = s.id),
		'texts', (select coalesce(jsonb_object_agg(kind, body), '{}') from public.summit_texts where summit_id = s.id),
		'contacts', (select coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'label', label, 'note', note, 'mail',
			mail, 'telephone', telephone, 'hours', hours) order by position), '[]')
			from public.summit_contacts where summit_id = s.id),
		'consents', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'key', key, 'label', label, 'detail',
			detail, 'is_required', is_required) order by position), '[]')
			from public.consent_items where summit_id = s.id),
		'release', (select jsonb_build_object('id', id, 'number', number, 'released_at', released_at)
			from public.releases where id = private.newest_release(s.id)))
	from public.summits as s
	where s.slug = read_summit.slug and s.id in (select private.readable_summits())
$$;
grant execute on function public.read_summit(text) to anon, authenticated;

-- Which of the settings cannot be written, and why; empty when all is well.
create function private.summit_faults(p jsonb) returns text[]
language sql stable set search_path = '' as $$
	select array_remove(array[
		case when coalesce(p ->> 'slug', '') !~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$' then 'slug' end,
		case when not private.is_text_map(p -> 'name') or p -> 'name' = '{}' then 'name' end,
		case when p ? 'summary' and not private.is_text_map(p -> 'summary') then 'summary' end,
		case when p ? 'venue_name' and not private.is_text_map(p -> 'venue_name') then 'venue_name' end,
		case when p ? 'city' and not private.is_text_map(p -> 'city') then 'city' end,
		case when not exists (select from private.time_zones where name = p ->> 'zone') then 'zone' end,
		case when coalesce(p ->> 'starts_on', '') !~ '^\d{4}-\d\d-\d\d$' then 'starts_on' end,
		case when coalesce(p ->> 'ends_on', '') !~ '^\d{4}-\d\d-\d\d$'
			or p ->> 'ends_on' < p ->> 'starts_on' then 'ends_on' end,
		case when coalesce(p ->> 'currency', 'EUR') !~ '^[A-Z]{3}$' then 'currency' end,
		case when p ->> 'registration_closes_at' <= p ->> 'registration_opens_at' then 'registration_closes_at' end],
			null)
$$;

-- Answers {status: ok | not_allowed | slug_taken | invalid, faults, slug, id}.
create function public.create_summit(settings jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_faults text[] := private.summit_faults(settings);
	v_id uuid;
begin
	if not private.has_role(null, 'owner') then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	begin
		insert into public.summits (slug, name, zone, starts_on, ends_on)
		values (settings ->> 'slug', settings -> 'name', settings ->> 'zone', (settings ->> 'starts_on')::date,
			(settings ->> 'ends_on')::date)
		returning id into v_id;
	exception
		when unique_violation then return jsonb_build_object('status', 'slug_taken');
		when check_violation or datetime_field_overflow
			then return jsonb_build_object('status', 'invalid', 'faults', array['slug', 'starts_on', 'ends_on']);
	end;
	insert into public.mode_capacities (summit_id, mode, capacity) values (v_id, 'in_person', 0), (v_id, 'virtual', 0);
	perform public.save_summit(v_id, settings);
	return jsonb_build_object('status', 'ok', 'id', v_id, 'slug', settings ->> 'slug');
end
$$;
grant execute on function public.create_summit(jsonb) to authenticated;

create function public.save_summit(summit uuid, settings jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.summits;
	v_new public.summits;
	v_faults text[];
begin
	select * into v_old from public.summits where id = summit for update;
	if not found or not private.has_role(summit, 'owner') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	-- Only what an owner may set; the state has a function of its own.
	settings := settings - array['id', 'state', 'created_at', 'updated_at'];
	v_faults := private.summit_faults(to_jsonb(v_old) || settings);
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	begin
		v_new := jsonb_populate_record(v_old, settings);
		-- With those of the call, of files and of speakers, which have tables of their own: the Summit does not end
		-- before them either.
		v_faults := private.late_deadlines(v_new);
		if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
		update public.summits set slug = v_new.slug, name = v_new.name, summary = v_new.summary, zone = v_new.zone,
			starts_on = v_new.starts_on,
			ends_on = v_new.ends_on, venue_name = v_new.venue_name, city = v_new.city, country = v_new.country,
				address = v_new.address,
			languages = v_new.languages, currency = v_new.currency, registration_opens_at = v_new.registration_opens_at,
			registration_closes_at = v_new.registration_closes_at, nominations_close_at = v_new.nominations_close_at,
			names_freeze_at = v_new.names_freeze_at, details_due_at = v_new.details_due_at,
				review_days = v_new.review_days, payment_days = v_new.payment_days,
			offer_hours = v_new.offer_hours, refund_until = v_new.refund_until, refund_percent = v_new.refund_percent,
				updated_at = now()
		where id = summit;
	exception
		when unique_violation then return jsonb_build_object('status', 'slug_taken');
		when check_violation or not_null_violation or data_exception
			then return jsonb_build_object('status', 'invalid', 'faults', array[]::text[], 'detail', sqlerrm);
	end;
	return jsonb_build_object('status', 'ok', 'id', summit, 'slug', v_new.slug);
end
$$;
grant execute on function public.save_summit(uuid, jsonb) to authenticated;

create function public.set_summit_state(summit uuid, state public.summit_state) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'owner') then return 'not_allowed'; end if;
	update public.summits as s set state = set_summit_state.state, updated_at = now()
		where s.id = summit and s.state <> set_summit_state.state;
	return case when found then 'ok' else 'already' end;
end
$$;
grant execute on function public.set_summit_state(uuid, public.summit_state) to authenticated;

-- What signed-out and kept pages show has changed. One statement tells once; equal notifications of a transaction are
-- one.
create function private.tell_site() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.tell('site', 'changed');
	return null;
end
$$;

-- A name is on a kept page only when a release names the person: a rush of registrations changes none of them.
create function private.tell_site_of_person() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if exists (select from public.release_people where person_id in (old.id, new.id)) then
		perform private.tell('site', 'changed');
	end if;
	return null;
end
$$;

create trigger tell_site after update on public.people for each row when (old.* is distinct from new.*)
	execute function private.tell_site_of_person();

create function private.tell_settings() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.tell('site', 'changed');
	perform private.tell('summit:' || (coalesce(to_jsonb(new), to_jsonb(old)) ->> case
		when tg_table_name = 'summits' then 'id' else 'summit_id' end), 'settings');
	return null;
end
$$;

create trigger tell_site after update or delete on public.sessions for each statement
	execute function private.tell_site();
create trigger tell_site after update or delete on public.session_people for each statement
	execute function private.tell_site();
create trigger tell_site after update or delete on public.session_audiences for each statement
	execute function private.tell_site();
create trigger tell_settings after insert or update or delete on public.rooms for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update or delete on public.tracks for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update or delete on public.formats for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update or delete on public.summit_texts for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update or delete on public.summit_contacts for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update or delete on public.consent_items for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update or delete on public.fees for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update or delete on public.mode_capacities for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update on public.summits for each row
	execute function private.tell_settings();

-- Rows of the lists that an owner keeps (rooms, tracks, formats, consents, contacts, fees). As the caller: the row
-- rules of each table decide; a refusal that is to be expected is a word.

create function private.setting_columns(p_table text) returns text[]
language sql immutable set search_path = '' as $$
	select case p_table
		when 'rooms' then array['slug', 'name', 'kind', 'capacity']
		when 'tracks' then array['slug', 'name']
		when 'formats' then array['slug', 'name', 'minutes']
		when 'consent_items' then array['key', 'label', 'detail', 'is_required']
		when 'summit_contacts' then array['kind', 'label', 'note', 'mail', 'telephone', 'hours']
		when 'fees' then array['mode', 'category', 'sector', 'amount', 'currency'] end
$$;
grant execute on function private.setting_columns(text) to authenticated;

-- Adds a row (row_id null) or changes one. Answers ok | taken | unknown | not_allowed | invalid.
create function public.save_setting(summit uuid, table_name text, row_id uuid, fields jsonb) returns text
language plpgsql volatile security invoker set search_path = '' as $$
declare
	v_columns text := (select string_agg(format('%I', c), ', ') from unnest(private.setting_columns(table_name)) as c);
	v_rows integer;
begin
	if v_columns is null then return 'unknown'; end if;
	-- An amount is in minor units of the currency it was made in: from a form that shows another one, it would be
	-- another amount.
	if table_name = 'fees' and exists (select from public.fees as f
		where f.id = row_id and f.summit_id = summit and f.currency is distinct from fields ->> 'currency') then
		return 'invalid';
	end if;
	if row_id is not null then
		execute format('update public.%1$I as t set (%2$s) = (select %2$s from jsonb_populate_record(null::public.%1$I, $1)) where t.id = $2 and t.summit_id = $3',
			table_name, v_columns) using fields, row_id, summit;
	elsif table_name = 'fees' then
		execute format('insert into public.fees (summit_id, %1$s) select $2, %1$s from jsonb_populate_record(null::public.fees, $1)',
			v_columns)
			using fields, summit;
	else
		execute format('insert into public.%1$I (summit_id, position, %2$s)
			select $2, (select coalesce(max(t.position) + 1, 0) from public.%1$I as t where t.summit_id = $2), %2$s from jsonb_populate_record(null::public.%1$I, $1)',
			table_name, v_columns) using fields, summit;
	end if;
	get diagnostics v_rows = row_count;
	return case when v_rows = 0 then 'unknown' else 'ok' end;
exception
	when unique_violation then return 'taken';
	when insufficient_privilege then return 'not_allowed';
	when check_violation or not_null_violation or data_exception then return 'invalid';
end
$$;
grant execute on function public.save_setting(uuid, text, uuid, jsonb) to authenticated;

-- Answers ok | in_use | unknown.
create function public.remove_setting(summit uuid, table_name text, row_id uuid) returns text
language plpgsql volatile security invoker set search_path = '' as $$
declare
	v_rows integer;
begin
	if private.setting_columns(table_name) is null then return 'unknown'; end if;
	execute format('delete from public.%I as t where t.id = $1 and t.summit_id = $2', table_name) using row_id, summit;
	get diagnostics v_rows = row_count;
	return case when v_rows = 0 then 'unknown' else 'ok' end;
exception
	-- Which of the two depends on the version of PostgreSQL.
	when foreign_key_violation or restrict_violation then return 'in_use';
end
$$;
grant execute on function public.remove_setting(uuid, text, uuid) to authenticated;

-- Moves a row one place: by -1 up, by 1 down.
create function public.move_setting(summit uuid, table_name text, row_id uuid, by integer) returns text
language plpgsql volatile security invoker set search_path = '' as $$
begin
	if private.setting_columns(table_name) is null or table_name = 'fees' or by not in (-1, 1) then
		return 'unknown';
	end if;
	execute format('update public.%1$I as t set position = placed.place
		from (select id, row_number() over (order by at) as place
			from (select s.id, row_number() over (order by s.position, s.id) + case when s.id = $2 then 1.5 * $3 else 0 end as at from public.%1$I as s where s.summit_id = $1) as moved) as placed
		where t.id = placed.id and t.position <> placed.place', table_name) using summit, row_id, by;
	return 'ok';
end
$$;
grant execute on function public.move_setting(uuid, text, uuid, integer) to authenticated;

-- One of the Summit's texts; an empty one is taken away.
create function public.save_text(summit uuid, kind text, body jsonb) returns text
language plpgsql volatile security invoker set search_path = '' as $$
begin
	if not private.is_text_map(body) then return 'invalid'; end if;
	if body = '{}'::jsonb then
		delete from public.summit_texts as t where t.summit_id = summit and t.kind = save_text.kind;
	else
		insert into public.summit_texts (summit_id, kind, body) values (summit, save_text.kind, save_text.body)
		on conflict on constraint summit_texts_summit_id_kind_key do update set body = excluded.body;
	end if;
	return 'ok';
exception
	when insufficient_privilege then return 'not_allowed';
	when check_violation then return 'invalid';
end
$$;
grant execute on function public.save_text(uuid, text, jsonb) to authenticated;
