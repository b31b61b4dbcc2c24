-- Conflicts at the door: what does not fit together, for somebody to examine and resolve. Of a session that names
-- nobody, a conflict shows the person only as long as the scan itself does; neither the conflict nor the audit keeps
-- them.

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.door_conflicts', 'registration', '{kind,resolved_at}', '{note}', '{}');

-- Lists a place that was over its capacity at any moment of the day, by the stays as they are known now, and removes
-- the conflict when later or undone scans show otherwise. Locks the place.
create function private.update_over_capacity(p_summit uuid, p_place text, p_day date) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_c public.checkpoints;
	v_capacity integer;
	v_most integer;
	v_at timestamptz;
	v_facts jsonb;
begin
	select * into v_c
	from public.checkpoints as c
	where c.summit_id = p_summit and c.place = p_place and private.checkpoint_capacity(c) is not null
	order by c.capacity nulls last, c.id limit 1;
	if not found then return; end if;
	v_capacity := private.checkpoint_capacity(v_c);
	-- Takes the same lock as `admit`: each counts what the other lets in.
	perform pg_advisory_xact_lock(hashtextextended('place ' || p_summit || p_place, 0));
	select peak.inside, peak.at into v_most, v_at
	from (select at, sum(step) over (order by at, step) as inside
		from (select entered_at as at, 1 as step
			from private.door_periods as d
			where d.summit_id = p_summit and d.place = p_place and d.day = p_day
			union all
			select left_at, -1
			from private.door_periods as d
			where d.summit_id = p_summit and d.place = p_place and d.day = p_day and d.left_at is not null) as steps
		order by inside desc, at limit 1) as peak;
	if coalesce(v_most, 0) <= v_capacity then
		delete from private.door_conflicts as c
		where c.summit_id = p_summit and c.kind = 'over_capacity' and c.subject = p_place || ' ' || p_day
			and c.resolved_at is null;
		return;
	end if;
	v_facts := jsonb_build_object('most', v_most, 'capacity', v_capacity, 'at', private.iso(v_at));
	insert into private.door_conflicts (summit_id, kind, subject, checkpoint_id, facts)
	values (p_summit, 'over_capacity', p_place || ' ' || p_day, v_c.id, v_facts)
	on conflict (summit_id, kind, subject) do update
	set facts = excluded.facts,
		-- More people than when the conflict was resolved reopen it.
		resolved_at = case
			when (excluded.facts ->> 'most')::integer > (door_conflicts.facts ->> 'most')::integer then null
			else door_conflicts.resolved_at end
	where door_conflicts.facts <> excluded.facts;
end
$$;

-- {id, kind, found_at, facts, note, resolved_at, handled_by, person, resolved_by, device, checkpoint}, with people by
-- display name. A bar does not say that it is one: its words are safeguarding's.
create function private.conflict_json(p_c private.door_conflicts) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', p_c.id, 'kind', p_c.kind, 'found_at', private.iso(p_c.found_at), 'facts', p_c.facts,
		'note', p_c.note, 'resolved_at', private.iso(p_c.resolved_at),
		'handled_by', case
			when p_c.kind = 'barred' then 'safeguarding'
			when p_c.kind in ('wrong_clock', 'over_capacity') then 'door'
			else 'registration' end,
		'person', (select display_name
			from public.people
			where id = coalesce(p_c.person_id,
				(select s.person_id from private.door_scans as s where s.id = p_c.scan_id))),
		'resolved_by', (select display_name from public.people where id = p_c.resolved_by),
		'device', (select name from private.door_devices where id = p_c.device_id), 'checkpoint', p_c.checkpoint_id)
$$;

-- Resolves a conflict with a note. Answers ok | not_found | invalid.
create function public.resolve_door_conflict(conflict uuid, note text) returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
begin
	if length(btrim(coalesce(note, ''))) not between 3 and 1000 then return 'invalid'; end if;
	update private.door_conflicts as c
	set resolved_at = now(), resolved_by = private.me(), note = btrim(resolve_door_conflict.note)
	where c.id = conflict and private.has_role(c.summit_id, 'registration', 'safeguarding')
	returning c.summit_id into v_summit;
	if v_summit is null then return 'not_found'; end if;
	perform private.publish_event('organise:' || v_summit, 'door');
	return 'ok';
end
$$;
grant execute on function public.resolve_door_conflict(uuid, text) to authenticated;
