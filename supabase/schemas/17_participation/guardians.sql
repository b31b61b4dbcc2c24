-- Minors on stage. Their guardian says whether they may be called on stage from the floor, and whether they may be
-- recorded. Until then neither happens, whatever the minors say themselves. From the floor they are never named.

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.guardian_stage_agreements', 'registration', '{}', '{on_stage,recorded,forbids_photographs}', '{guardian_id}');

-- The registration of a minor at the Summit of a session, a live one first; no row for adults.
create function private.find_minor_registration(p_person uuid, p_session uuid) returns setof public.registrations
language sql stable security definer set search_path = '' rows 1 as $$
	select last.*
	from (select r.*
		from public.registrations as r
		join public.sessions as s on s.summit_id = r.summit_id
		where s.id = p_session and r.person_id = p_person
		order by r.state in ('declined', 'withdrawn', 'expired'), r.created_at desc limit 1) as last
	where last.is_minor
$$;

-- Whether the guardian of a minor allows `part` (taking part at all), `stage` (being called from the floor) or
-- `record`. True for adults. When the guardian's registration ends, every agreement ends.
create function private.guardian_allows(p_person uuid, p_session uuid, p_what text) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (select from private.find_minor_registration(p_person, p_session) as r
		left join public.registrations as g
			on g.id = r.guardian_id and g.state not in ('declined', 'withdrawn', 'expired')
		left join private.guardian_stage_agreements as a on a.registration_id = r.id and a.guardian_id = g.id
		where not coalesce(g.id is not null and r.guardian_consent_at is not null
			and case p_what when 'part' then true when 'stage' then a.on_stage when 'record' then a.recorded end,
			false))
$$;

-- Whether a person on a stage is a minor from the floor, whose name nobody else may see.
create function private.is_unnamed_minor(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.find_minor_registration(p_person, p_session))
		and not exists (select from public.session_people as sp
			where sp.session_id = p_session and sp.person_id = p_person and sp.state <> 'declined')
$$;

-- Applies what guardians say to the open runs: a minor who is no longer allowed leaves the stage and the queue, and
-- recordings with them are sealed. Locks the runs.
create function private.apply_guardian_agreement(p_person uuid, p_summit uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_lowered boolean;
begin
	-- Takes runs in the same order as the actions of hosts.
	for v_run in
		select runs.*
		from public.runs
		where runs.summit_id = p_summit and runs.state <> 'ended'
			and (exists (select from private.run_participants as p where p.run_id = runs.id and p.person_id = p_person)
				or exists (select from private.hands as h where h.run_id = runs.id and h.person_id = p_person))
		order by runs.id for share
	loop
		if not private.guardian_allows(p_person, v_run.session_id, 'stage') then
			update private.run_participants as p
			set is_on_stage = false, may_microphone = false, may_camera = false, may_screen = false
			where p.run_id = v_run.id and p.person_id = p_person and p.is_promoted and p.is_on_stage;
			v_lowered := found;
			update private.hands as h set state = 'lowered'
			where h.run_id = v_run.id and h.person_id = p_person and h.state = 'waiting';
			if found or v_lowered then
				perform private.publish_event('person:' || p_person, 'hand', v_run.id);
				perform private.notify_participation(v_run.id, 'hands', null, true);
			end if;
		end if;
		perform private.publish_event('session:' || v_run.session_id, 'stage', v_run.id);
	end loop;
	perform private.seal_recording(g.id, 'consent')
	from private.recordings as g
	join private.recording_people as p on p.recording_id = g.id
	where g.summit_id = p_summit and p.person_id = p_person and not private.may_be_recorded(g.run_id, p_person);
	perform private.sync_recording(runs.id)
	from public.runs
	where runs.summit_id = p_summit and runs.state <> 'ended'
		and exists (select from private.run_participants as p
			where p.run_id = runs.id and p.person_id = p_person and p.is_on_stage);
end
$$;

-- A guardian says whether a minor may be called on stage, and be recorded there. The last answer counts. Answers ok |
-- not_found (the reader is not a guardian who has consented). Locks the minor's registration.
create function public.agree_for_minor(registration uuid, on_stage boolean, recorded boolean)
	returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	-- Only the guardian in person: an assistant of the guardian cannot agree for a child.
	select r.* into v_r
	from public.registrations as r
	join public.registrations as g on g.id = r.guardian_id
	where r.id = registration and g.person_id = (select private.me()) and r.guardian_consent_at is not null
		and g.state not in ('declined', 'withdrawn', 'expired')
		and r.state not in ('declined', 'withdrawn', 'expired')
	for no key update of r;
	if not found then return 'not_found'; end if;
	insert into private.guardian_stage_agreements as a (registration_id, guardian_id, on_stage, recorded)
	values (v_r.id, v_r.guardian_id, coalesce(agree_for_minor.on_stage, false),
		coalesce(agree_for_minor.recorded, false))
	on conflict (registration_id) do update
	set guardian_id = excluded.guardian_id, on_stage = excluded.on_stage, recorded = excluded.recorded,
		agreed_at = now();
	perform private.apply_guardian_agreement(v_r.person_id, v_r.summit_id);
	-- The minor's own pages refresh, because their right to raise a hand has changed.
	perform private.publish_event('person:' || v_r.person_id, 'hand');
	return 'ok';
end
$$;
grant execute on function public.agree_for_minor(uuid, boolean, boolean) to authenticated;

-- When a guardian's registration ends, their agreements no longer count.
create function private.apply_guardian_end() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.apply_guardian_agreement(r.person_id, r.summit_id)
	from public.registrations as r
	where r.guardian_id = new.id;
	return null;
end
$$;
create trigger end_without_guardian after update of state on public.registrations for each row
	when (new.state in ('declined', 'withdrawn', 'expired') and old.state not in ('declined', 'withdrawn', 'expired'))
	execute function private.apply_guardian_end();

-- What guardianship asks of the reader: {own: {registration_id, typed, consented_at} of their registration as a minor
-- or null, may_consent: the reader takes part as an adult, asking: [{registration_id, display_name}] who name the
-- reader as their guardian, minors: [{registration_id, display_name, state, consented_at, on_stage, recorded}]}.
create function public.my_guardianship(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'own', (select jsonb_build_object('registration_id', r.id, 'typed', private.guardian_claim_json(r.id),
				'consented_at', private.iso(r.guardian_consent_at))
			from public.registrations as r
			where r.summit_id = my_guardianship.summit and r.person_id = (select private.me()) and r.is_minor
				and r.state not in ('declined', 'withdrawn', 'expired')),
		'may_consent', private.my_adult_registration(my_guardianship.summit) is not null,
		'asking', (select coalesce(jsonb_agg(jsonb_build_object('registration_id', r.id, 'display_name', p.display_name)
				order by p.display_name, r.id), '[]')
			from private.guardian_claims as c
			join public.registrations as r on r.id = c.registration_id
			join public.people as p on p.id = r.person_id
			where r.summit_id = my_guardianship.summit and r.guardian_id is null
				and private.is_asked_as_guardian(c, r)),
		'minors', (select coalesce(jsonb_agg(jsonb_build_object('registration_id', r.id, 'display_name', p.display_name,
				'state', r.state, 'consented_at', private.iso(r.guardian_consent_at),
				'on_stage', coalesce(a.on_stage, false), 'recorded', coalesce(a.recorded, false))
				order by p.display_name), '[]')
			from public.registrations as g
			join public.registrations as r on r.guardian_id = g.id
			join public.people as p on p.id = r.person_id
			left join private.guardian_stage_agreements as a on a.registration_id = r.id and a.guardian_id = g.id
			where g.summit_id = my_guardianship.summit and g.person_id = (select private.me())
				and r.state not in ('declined', 'withdrawn', 'expired')))
$$;
grant execute on function public.my_guardianship(uuid) to authenticated;
