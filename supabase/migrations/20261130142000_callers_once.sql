-- Functions of groups and the library ask once, not for each row, who the caller is.

create or replace function private.chosen_library_group(p_item uuid, p_number integer, p_code text) returns uuid
language sql stable security definer set search_path = '' as $$
	with before as (
		select v.group_id
		from private.library_versions as v
		where v.item_id = p_item and v.number <= p_number
		order by v.number desc
		limit 1
	)
	select case when coalesce(p_code, '') = '' then (select b.group_id from before as b) else (
		select g.id
		from private.groups as g
		where g.code = p_code
			and g.id in (select private.visible_groups(private.me()))
			and (g.id = (select b.group_id from before as b)
				or g.ended_at is null
					and (private.runs_community()
						or exists (
							select from private.live_group_people as x
							where x.group_id = g.id and x.person_id = (select private.me()))))) end
$$;

create or replace function public.save_library_item(item uuid, revision integer, fields jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v private.library_items;
	v_unknown text;
	v_begins boolean;
begin
	if not private.submits_to_library() then return jsonb_build_object('status', 'not_allowed'); end if;
	if item is null then
		perform pg_advisory_xact_lock(hashtextextended('library:' || private.me(), 0));
		if (
			select count(*)
			from private.library_items as i
			where i.owner_id = (select private.me()) and i.state in ('draft', 'submitted')) >= 50 then
			return jsonb_build_object('status', 'limited');
		end if;
		insert into private.library_items as i (owner_id) values (private.me()) returning * into v;
	else
		v := private.lock_library_item(item);
		if v.id is null then return jsonb_build_object('status', 'not_found'); end if;
		if v.revision is distinct from save_library_item.revision then return jsonb_build_object('status', 'conflict'); end if;
		if v.state not in ('draft', 'published') then return jsonb_build_object('status', 'wrong_state'); end if;
		v_begins := v.state = 'published';
		update private.library_items as i
		set version = i.version + (i.state = 'published')::integer, state = 'draft', revision = i.revision + 1, updated_at = now()
		where i.id = v.id
		returning * into v;
	end if;
	perform private.write_library_version(v.id, v.version, fields);
	perform private.record_library_writer(v);
	if v_begins then
		insert into private.library_ties (item_id, number, session_id, group_id, commitment_id)
		select t.item_id, v.version, t.session_id, t.group_id, t.commitment_id
		from private.library_ties as t
		where t.item_id = v.id and t.number = v.version - 1 and t.member_id is null;
	end if;
	v_unknown := private.write_library_ties(v.id, v.version, fields);
	if v_unknown is not null then
		-- The exception takes back what was written.
		raise exception using errcode = 'no_data_found', message = v_unknown;
	end if;
	return jsonb_build_object('status', 'ok', 'code', v.code);
exception
	when no_data_found then
		return jsonb_build_object('status', 'unknown', 'name', sqlerrm);
	when check_violation or not_null_violation or data_exception then
		return jsonb_build_object('status', 'invalid');
end
$$;

create or replace function public.begin_library_file(item uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('bytes', 50000000, 'status', case
		when i.id is null or not private.works_on_library_item(i) then 'not_found'
		when i.state <> 'draft' then 'wrong_state'
		when (
			select sum(o.size)
			from private.library_files as f
			join private.stored_objects as o on o.name = f.object_name
			where f.uploaded_by = (select private.me()) and f.uploaded_at > now() - interval '1 day') > 1000000000 then 'full'
		else 'ok' end)
	from (select) as always
	left join private.library_items as i on i.id = item
$$;

create or replace function public.list_library_work() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'own', (
			select coalesce(jsonb_agg(private.library_work_row(i) order by i.updated_at desc, i.code), '[]')
			from private.library_items as i
			where i.owner_id = (select private.me()) and private.submits_to_library()),
		'review', case when private.runs_community() then (
			select coalesce(jsonb_agg(private.library_work_row(i) order by i.updated_at, i.code), '[]')
			from private.library_items as i
			join private.library_versions as v on v.item_id = i.id and v.number = i.version
			where i.state in ('submitted', 'reviewed') or i.state = 'published' and v.embargo_until > now()) end)
$$;

create or replace function private.has_written_version(p private.library_items) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(p.owner_id = private.me(), false)
		or exists (
			select from private.library_version_writers as w
			where w.item_id = p.id and w.number = p.version and w.person_id = (select private.me()))
$$;

create or replace function public.decide_join_request(request uuid, accept boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.group_requests;
begin
	select * into v from private.group_requests as r where r.id = request;
	if private.lock_led_group((select g.code from private.groups as g where g.id = v.group_id)) is null
		or v.person_id = (select private.me()) and private.has_leader(v.group_id) then
		return 'not_found';
	end if;
	update private.group_requests as r
	set state = case when accept then 'accepted' else 'declined' end, decided_at = now(), decided_by = private.me()
	where r.id = request and r.state = 'open'
	returning r.* into v;
	if not found then return 'already'; end if;
	if accept then perform private.add_group_person(v.group_id, v.person_id, 'member'); end if;
	return 'ok';
end
$$;
