-- Members and roles are copied into a new edition with a confirmation, as their holders get rights; `Factory` is no
-- time zone that a runtime knows.

-- The members in good standing, as they were at the earlier edition, with focal points whose end is not set. Not those
-- who have since been suspended or have left.
create or replace function private.copy_members(p_from uuid, p_to uuid) returns void
language plpgsql volatile set search_path = '' as $$
begin
	insert into public.summit_members (summit_id, member_id, standing, sector, country, region)
	select p_to, m.member_id, m.standing, m.sector, m.country, m.region
	from public.summit_members as m
	where m.summit_id = p_from
		and m.standing in ('active', 'observer')
		and (
			select n.standing
			from public.summit_members as n
			join public.summits as s on s.id = n.summit_id and (s.state <> 'draft' or s.id = p_from)
			where n.member_id = m.member_id
			order by s.starts_on desc, s.id
			limit 1) in ('active', 'observer');
	insert into public.focal_points (summit_id, member_id, person_id)
	select p_to, f.member_id, f.person_id
	from public.focal_points as f
	join public.summit_members as m on m.summit_id = p_to and m.member_id = f.member_id
	where f.summit_id = p_from and f.until is null;
end
$$;

-- The roles for the earlier edition that one owner may give; those that need a second person are proposed again. As
-- with `grant_role`, their holders learn of it.
create or replace function private.copy_roles(p_from uuid, p_to uuid) returns void
language plpgsql volatile set search_path = '' as $$
declare
	v_grant record;
begin
	for v_grant in
		select distinct g.person_id, g.role
		from private.live_grants as g
		where g.summit_id = p_from and g.until is null and not private.needs_second_person(g.role)
	loop
		perform private.insert_role_grant(v_grant.person_id, v_grant.role, p_to, null, private.me(), null, null);
		perform private.publish_event('person:' || v_grant.person_id, 'rights');
		perform private.enqueue_mail(v_grant.person_id, 'role_granted', jsonb_build_object('role', v_grant.role), p_to);
	end loop;
end
$$;

-- Creates a Summit as a draft from an earlier edition, with the given settings before its own; `parts`: what else is
-- copied, by default all but members and roles. For owners of all Summits. Answers as `create_summit`:
-- {status: ok | not_allowed | slug_taken | invalid, faults, slug}.
create or replace function public.create_summit_from(
	template uuid,
	settings jsonb,
	parts text[] default '{rooms,programme,seats,fees,forms,wordings,pages,checkpoints}'
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_from public.summits;
	v_new public.summits;
	v_faults text[] := private.invalid_summit_settings(settings);
	v_made jsonb;
begin
	if not private.has_role(null, 'owner') or not private.has_role(template, 'owner') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	select * into v_from from public.summits where id = template;
	if not found then return jsonb_build_object('status', 'not_allowed'); end if;
	if parts is null or not parts <@ private.edition_parts() then v_faults := v_faults || array['parts']; end if;
	if v_faults <> '{}' then return jsonb_build_object('status', 'invalid', 'faults', v_faults); end if;
	-- Both give people rights.
	if parts && array['members', 'roles'] then perform private.require_confirmation(); end if;
	begin
		v_new := jsonb_populate_record(v_from, settings);
	exception when data_exception or check_violation then
		return jsonb_build_object('status', 'invalid', 'faults', array['starts_on', 'ends_on']);
	end;
	v_made := public.create_summit(private.template_settings(v_from, v_new) || settings);
	if v_made ->> 'status' <> 'ok' then return v_made; end if;
	select * into v_new from public.summits where slug = settings ->> 'slug';
	insert into private.edition_origins (summit_id, from_id) values (v_new.id, v_from.id);
	perform private.copy_edition_parts(v_from, v_new, parts);
	return v_made;
end
$$;

update public.person_preferences set time_zone = null where time_zone = 'Factory';
update public.summits set zone = 'UTC' where zone = 'Factory';
delete from private.time_zones where name = 'Factory';
