-- Adding a member and changing its record: who may, what is valid, and no overwriting of what somebody else changed.

-- Returns whether the reader may change the lasting record of a member, which outlives Summits: an owner of all
-- Summits, or a registration organiser of the member's newest Summit that is not archived. A draft counts only for
-- members that are at no other one, and a rehearsal only for its own. What holds at one Summit is in summit_members,
-- which its own registration organisers change.
create function private.may_change_member(p_member uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.has_role(null, 'owner') or coalesce((
		select private.has_role(s.id, 'registration')
		from public.summit_members as sm
		join public.summits as s on s.id = sm.summit_id and s.state <> 'archived'
		where sm.member_id = p_member
		order by s.is_rehearsal, s.state = 'draft', s.starts_on desc, s.id
		limit 1), false)
$$;

-- Returns the members whose lasting record the reader may change, for the row security of public.members.
create function private.my_editable_members() returns setof uuid
language sql stable security definer set search_path = '' as $$
	select m.id from public.members as m where private.may_change_member(m.id)
$$;
grant execute on function private.my_editable_members() to anon, authenticated;

-- Returns a hash of what a page shows of a member. A page that saves sends back the version it has read, so that
-- another organiser's change is not overwritten.
create function private.member_version(p_summit uuid, p_member uuid) returns text
language sql stable security definer set search_path = '' as $$
	select md5(row(m.name, m.website, sm.standing, sm.sector, sm.country, sm.region)::text)
	from public.members as m
	left join public.summit_members as sm on sm.summit_id = p_summit and sm.member_id = m.id
	where m.id = p_member
$$;

-- Returns the first invalid field, or null. Names must be trimmed already, with single spaces. No field may hold a line
-- break or an invisible sign that turns the text around it.
create function private.invalid_member_field(p_fields jsonb) returns text
language sql immutable set search_path = '' as $$
	select case
		when p_fields ? 'name' and (p_fields ->> 'name' is null
			or length(p_fields ->> 'name') not between 2 and 200
			or not private.is_one_line(p_fields ->> 'name')
			or p_fields ->> 'name' <> btrim(regexp_replace(p_fields ->> 'name', '\s+', ' ', 'g')))
			then 'name'
		when p_fields ? 'website' and (coalesce(p_fields ->> 'website', '') !~ '^(https?://[^\s]{3,})?$'
			or not private.is_one_line(p_fields ->> 'website')
			or length(p_fields ->> 'website') > 300)
			then 'website'
		when p_fields ? 'sector' and coalesce(p_fields ->> 'sector', '')
			not in ('government', 'intergovernmental', 'civil_society', 'private_sector')
			then 'sector'
		when p_fields ? 'standing' and coalesce(p_fields ->> 'standing', '')
			not in ('active', 'observer', 'suspended', 'left')
			then 'standing'
		when p_fields ? 'country' and coalesce(p_fields ->> 'country', '') !~ '^([A-Z]{2})?$' then 'country'
		when p_fields ? 'region' and (length(coalesce(p_fields ->> 'region', '')) > 80
			or not private.is_one_line(coalesce(p_fields ->> 'region', '')))
			then 'region'
	end
$$;

-- Writes those of name, website, sector, country, region and standing that `p_fields` has: to the member at this
-- Summit, and to the lasting record only if the writer may change it. The caller has checked the role.
create function private.write_member(p_summit uuid, p_member uuid, p_fields jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.may_change_member(p_member) then
		update public.members as m
		set name = coalesce(p_fields ->> 'name', m.name),
			website = case when p_fields ? 'website' then nullif(p_fields ->> 'website', '') else m.website end,
			sector = coalesce((p_fields ->> 'sector')::public.sector, m.sector),
			country = case when p_fields ? 'country' then nullif(p_fields ->> 'country', '') else m.country end,
			region = case when p_fields ? 'region' then coalesce(p_fields ->> 'region', '') else m.region end,
			updated_at = now()
		where m.id = p_member
			and (p_fields ?| array['name', 'website', 'sector', 'country', 'region']);
	end if;
	update public.summit_members as sm
	set standing = coalesce((p_fields ->> 'standing')::public.standing, sm.standing),
		sector = coalesce((p_fields ->> 'sector')::public.sector, sm.sector),
		country = case when p_fields ? 'country' then nullif(p_fields ->> 'country', '') else sm.country end,
		region = case when p_fields ? 'region' then coalesce(p_fields ->> 'region', '') else sm.region end
	where sm.summit_id = p_summit
		and sm.member_id = p_member
		and (p_fields ?| array['standing', 'sector', 'country', 'region']);
end
$$;

-- Saves a member's record at a Summit. `version` is the version that the page has read (private.member_version).
-- Locks the modes, then the member at the Summit: a change of sector or standing can change what seats are allowed.
-- Returns {status, fault, detail}, with status ok | conflict (somebody else changed it) | invalid (see `fault`) |
-- taken (another member has the name) | not_lasting (name or website may not be changed by this reader) | stranded
-- (seats in use would exceed the new ceiling, see `detail`) | not_allowed | not_found.
create function public.save_member(summit uuid, member uuid, version text, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_fault text := private.invalid_member_field(fields);
	v_detail text;
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_fault is not null then return jsonb_build_object('status', 'invalid', 'fault', v_fault); end if;
	perform private.lock_modes(summit);
	perform from public.summit_members as sm
	where sm.summit_id = summit and sm.member_id = member
	for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if version is distinct from private.member_version(summit, member) then
		return jsonb_build_object('status', 'conflict');
	end if;
	if not private.may_change_member(member) and exists (
		select from public.members as m
		where m.id = member
			and (m.name <> coalesce(fields ->> 'name', m.name)
				or fields ? 'website' and m.website is distinct from nullif(fields ->> 'website', ''))) then
		return jsonb_build_object('status', 'not_lasting');
	end if;
	begin
		-- The seat guards judge the whole change in finish_seat_quota_change (07_seats/capacities.sql), not each row.
		perform set_config('app.allowances', 'together', true);
		perform private.write_member(summit, member, fields);
		perform set_config('app.allowances', '', true);
		perform private.finish_seat_quota_change(summit);
	exception
		when unique_violation then return jsonb_build_object('status', 'taken');
		when sqlstate 'PT409' then
			get stacked diagnostics v_detail = pg_exception_detail;
			return jsonb_build_object('status', 'stranded', 'detail', v_detail);
	end;
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.save_member(uuid, uuid, text, jsonb) to authenticated;

-- Adds a member to this Summit. One whose name is the same but for accents and case is not created again, it only
-- joins the Summit; of several, the one that is written so, then the one of this country. Returns {status: ok | exists
-- (at this Summit already) | invalid | not_allowed, id}.
create function public.add_member(summit uuid, name text, sector public.sector, country text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_name text := btrim(regexp_replace(name, '\s+', ' ', 'g'));
	v_id uuid;
begin
	if not private.has_role(summit, 'registration') then return jsonb_build_object('status', 'not_allowed'); end if;
	if v_name is null or length(v_name) not between 2 and 200 or not private.is_one_line(v_name)
		or sector is null or country !~ '^[A-Z]{2}$' then
		return jsonb_build_object('status', 'invalid');
	end if;
	select m.id into v_id
	from public.members as m
	where private.fold_for_search(m.name) = private.fold_for_search(v_name)
	order by m.name = v_name desc, m.country is not distinct from add_member.country::char(2) desc, m.id
	limit 1;
	if v_id is null then
		insert into public.members (name, sector, country)
		values (v_name, add_member.sector, add_member.country)
		on conflict on constraint members_name_key do nothing
		returning id into v_id;
	end if;
	-- Another organiser added it at the same moment.
	if v_id is null then select m.id into v_id from public.members as m where m.name = v_name; end if;
	insert into public.summit_members (summit_id, member_id, sector, country)
	values (summit, v_id, add_member.sector, add_member.country)
	on conflict (summit_id, member_id) do nothing;
	return jsonb_build_object('status', case when found then 'ok' else 'exists' end, 'id', v_id);
end
$$;
grant execute on function public.add_member(uuid, text, public.sector, text) to authenticated;
