-- Creating a Summit and changing its settings, for owners.

-- Which of the settings cannot be written; empty when all can.
create function private.invalid_summit_settings(p jsonb) returns text[]
language sql stable set search_path = '' as $$
	select array_remove(array[
		case when coalesce(p ->> 'slug', '') !~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$' then 'slug' end,
		case when not private.is_text_map(p -> 'name') or p -> 'name' = '{}' then 'name' end,
		case when p ? 'summary' and not private.is_text_map(p -> 'summary') then 'summary' end,
		case when p ? 'venue_name' and not private.is_text_map(p -> 'venue_name') then 'venue_name' end,
		case when p ? 'city' and not private.is_text_map(p -> 'city') then 'city' end,
		case when not exists (select from private.time_zones where name = p ->> 'zone') then 'zone' end,
		case when coalesce(p ->> 'starts_on', '') !~ '^\d{4}-\d\d-\d\d$' then 'starts_on' end,
		case when coalesce(p ->> 'ends_on', '') !~ '^\d{4}-\d\d-\d\d$' or p ->> 'ends_on' < p ->> 'starts_on'
			then 'ends_on' end,
		case when coalesce(p ->> 'currency', 'EUR') !~ '^[A-Z]{3}$' then 'currency' end,
		case when p ->> 'registration_closes_at' <= p ->> 'registration_opens_at' then 'registration_closes_at' end],
		null)
$$;

-- Creates a Summit without seats, for owners of all Summits: with every setting that is given, or not at all.
-- {status: ok | not_allowed | slug_taken | invalid, faults, slug}
create function public.create_summit(settings jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_faults text[] := private.invalid_summit_settings(settings);
	v_id uuid;
	v_saved jsonb;
begin
	if not private.has_role(null, 'owner') then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	begin
		insert into public.summits (slug, name, zone, starts_on, ends_on)
		values (
			settings ->> 'slug',
			settings -> 'name',
			settings ->> 'zone',
			(settings ->> 'starts_on')::date,
			(settings ->> 'ends_on')::date)
		returning id into v_id;
		insert into public.mode_capacities (summit_id, mode, capacity)
		values (v_id, 'in_person', 0), (v_id, 'virtual', 0);
		v_saved := public.save_summit(v_id, settings);
		-- Undoes what this block has written.
		if v_saved ->> 'status' <> 'ok' then raise sqlstate 'PT409' using message = 'settings were refused'; end if;
	exception
		when sqlstate 'PT409' then
			if v_saved is null then raise; end if;
			return v_saved;
		when unique_violation then return jsonb_build_object('status', 'slug_taken');
		when check_violation or datetime_field_overflow
			then return jsonb_build_object('status', 'invalid', 'faults', array['slug', 'starts_on', 'ends_on']);
	end;
	return jsonb_build_object('status', 'ok', 'slug', settings ->> 'slug');
end
$$;
grant execute on function public.create_summit(jsonb) to authenticated;

-- Changes the settings that are given. {status: ok | not_allowed | slug_taken | invalid, faults, slug}.
-- Locks the modes, because orders may get a new deadline (extend_lapsed_orders in 09_payments/deadlines.sql), and the
-- Summit, so that no deadline is set after its new end (private.is_after_summit_end in 04_summits/deadlines.sql).
create function public.save_summit(summit uuid, settings jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.summits;
	v_new public.summits;
	v_faults text[];
begin
	if not private.has_role(summit, 'owner') then return jsonb_build_object('status', 'not_allowed'); end if;
	perform private.lock_modes(summit);
	select * into v_old from public.summits where id = summit for update;
	if not found then return jsonb_build_object('status', 'not_allowed'); end if;
	if jsonb_typeof(settings) is distinct from 'object' then
		return jsonb_build_object('status', 'invalid', 'faults', array[]::text[]);
	end if;
	-- Another function changes the state.
	settings := settings - array['id', 'state', 'created_at', 'updated_at'];
	v_faults := private.invalid_summit_settings(to_jsonb(v_old) || settings);
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	begin
		v_new := jsonb_populate_record(v_old, settings);
		-- The Summit does not end before any deadline, those of the call, of files and of speakers included, which have
		-- tables of their own.
		v_faults := private.deadlines_after_summit_end(v_new);
		if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
		update public.summits
		set slug = v_new.slug,
			name = v_new.name,
			summary = v_new.summary,
			zone = v_new.zone,
			starts_on = v_new.starts_on,
			ends_on = v_new.ends_on,
			venue_name = v_new.venue_name,
			city = v_new.city,
			country = v_new.country,
			address = v_new.address,
			languages = v_new.languages,
			currency = v_new.currency,
			registration_opens_at = v_new.registration_opens_at,
			registration_closes_at = v_new.registration_closes_at,
			nominations_close_at = v_new.nominations_close_at,
			names_freeze_at = v_new.names_freeze_at,
			logistics_due_at = v_new.logistics_due_at,
			review_days = v_new.review_days,
			payment_days = v_new.payment_days,
			offer_hours = v_new.offer_hours,
			refund_until = v_new.refund_until,
			refund_percent = v_new.refund_percent,
			updated_at = now()
		where id = summit;
	exception
		when unique_violation then return jsonb_build_object('status', 'slug_taken');
		when check_violation or not_null_violation or data_exception then
			return jsonb_build_object('status', 'invalid', 'faults', array[]::text[]);
	end;
	return jsonb_build_object('status', 'ok', 'slug', v_new.slug);
end
$$;
grant execute on function public.save_summit(uuid, jsonb) to authenticated;

-- Changes the state, and is the only way to: nobody may update it in the table. {status: ok | already | not_allowed |
-- not_ready (items: what has to be done first, private.launch_blockers in 28_organising/checklist.sql) | clock_ran
-- (classes: what retention has begun to delete since the closing, which therefore cannot be taken back) | blocked
-- (items: what forbids closing) | open (items: what else is open, and is not among `accepted`; both
-- private.closing_items in 36_closing/items.sql)}. To close a Summit, to archive it and to take either back needs a
-- passkey. Locks the modes and the Summit, so that two changes come one after the other.
create function public.set_summit_state(summit uuid, state public.summit_state, accepted text[] default '{}')
	returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_old public.summit_state;
	v_open text[];
	v_ran text[];
	v_refusal jsonb;
begin
	if not private.has_role(summit, 'owner') then return jsonb_build_object('status', 'not_allowed'); end if;
	perform private.lock_modes(summit);
	select s.state into v_old from public.summits as s where s.id = summit for update;
	if v_old = set_summit_state.state then return jsonb_build_object('status', 'already'); end if;
	v_open := private.launch_blockers(summit, v_old, set_summit_state.state);
	if v_open <> '{}' then return jsonb_build_object('status', 'not_ready', 'items', v_open); end if;
	if v_old > set_summit_state.state and v_old in ('closed', 'archived') then
		v_ran := private.clocks_that_ran(summit);
		if v_ran <> '{}' then return jsonb_build_object('status', 'clock_ran', 'classes', v_ran); end if;
	end if;
	if set_summit_state.state in ('closed', 'archived') and set_summit_state.state > v_old then
		v_refusal := private.closing_refusal(summit, coalesce(accepted, '{}'));
		if v_refusal -> 'blocked' <> '[]' then
			return jsonb_build_object('status', 'blocked', 'items', v_refusal -> 'blocked');
		elsif v_old <> 'closed' and v_refusal -> 'open' <> '[]' then
			return jsonb_build_object('status', 'open', 'items', v_refusal -> 'open');
		end if;
	end if;
	if 'closed' <= greatest(v_old, set_summit_state.state) then perform private.require_confirmation(); end if;
	update public.summits as s set state = set_summit_state.state, updated_at = now() where s.id = summit;
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.set_summit_state(uuid, public.summit_state, text[]) to authenticated;
