-- Those under 18 on stage: their guardian says whether they may be called there from the floor, and whether they may be recorded. Until
-- the guardian has said so they are not called and not recorded, whatever they say themselves; from the floor they are named nowhere.

create table private.stage_agreements (
	id uuid primary key default gen_random_uuid(),
	registration_id uuid not null unique references public.registrations (id) on delete cascade,
	-- Who said it: another guardian begins anew.
	guardian_id uuid not null references public.registrations (id) on delete cascade,
	on_stage boolean not null,
	recorded boolean not null,
	said_at timestamptz not null default now()
);
alter table private.stage_agreements enable row level security;
create index on private.stage_agreements (guardian_id);
select audit.watch('private.stage_agreements', 'registration_id', 'guardian_id', 'on_stage', 'recorded');
insert into private.audited_tables (name, area, shown, opened, named) values
	('private.stage_agreements', 'registration', '{}', '{on_stage,recorded}', '{guardian_id}');

-- The registration of somebody under 18 at the Summit of a session, the live one before those that are over; no row for all others.
create function private.minor_at(p_person uuid, p_session uuid) returns setof public.registrations
language sql stable security definer set search_path = '' rows 1 as $$
	select last.* from (
		select r.* from public.registrations as r join public.sessions as s on s.summit_id = r.summit_id
		where s.id = p_session and r.person_id = p_person
		order by r.state in ('declined', 'withdrawn', 'expired'), r.created_at desc limit 1) as last
	where last.is_minor
$$;

-- Whether the guardian of somebody under 18 lets them: `part` (take part at all), `stage` (be called from the floor), `record`. True for
-- everybody else. A guardian who takes part no more has taken it back.
create function private.guardian_lets(p_person uuid, p_session uuid, p_what text) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (select from private.minor_at(p_person, p_session) as r
		left join public.registrations as g on g.id = r.guardian_id and g.state not in ('declined', 'withdrawn', 'expired')
		left join private.stage_agreements as a on a.registration_id = r.id and a.guardian_id = g.id
		where not coalesce(g.id is not null and r.guardian_consent_at is not null
			and case p_what when 'part' then true when 'stage' then a.on_stage when 'record' then a.recorded end, false))
$$;

-- Whether somebody on a stage comes from the floor and is under 18: nobody else is told who it is.
create function private.is_unnamed_on(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.minor_at(p_person, p_session))
		and not exists (select from public.session_people as sp where sp.session_id = p_session and sp.person_id = p_person and sp.state <> 'declined')
$$;

-- As what somebody comes on stage: host or speaker of the session, a promoted delegate as a speaker; null: not at all.
create or replace function private.comes_on(p_run uuid, p_person uuid) returns public.stage_role
language sql stable security definer set search_path = '' as $$
	select case when role in ('host', 'speaker') then case when private.guardian_lets(p_person, runs.session_id, 'part') then role end
		when exists (select from private.run_participants as p where p.run_id = runs.id and p.person_id = p_person and p.is_promoted)
			and private.guardian_lets(p_person, runs.session_id, 'stage') then 'speaker' end
	from public.runs cross join lateral private.stage_role_of(p_person, runs.session_id) as role
	where runs.id = p_run
$$;

-- What LiveKit must allow one person in one of the run's rooms at this moment: the list of what they may publish, or null when
-- they may not be there. On the stage only who is on stage publishes, and only while it is live.
create or replace function private.stage_rights(p_run public.runs, p_participant private.run_participants, p_purpose text) returns text[]
language sql stable security definer set search_path = '' as $$
	select case
		when p_run.state = 'ended' or private.entry_of(p_participant.person_id, p_run.session_id, 'stream') <> 'ok' then null
		when p_purpose = 'green_room' then case when role = 'viewer' then null else array['camera', 'microphone'] end
		when p_run.state = 'live' and p_participant.is_on_stage and private.comes_on(p_run.id, p_participant.person_id) is not null then array_remove(array[
			case when p_participant.may_camera then 'camera' end, case when p_participant.may_microphone then 'microphone' end,
			case when p_participant.may_screen then 'screen' end], null)
		else private.booth_rights(p_run, p_participant) end
	from private.stage_role_of(p_participant.person_id, p_run.session_id) as role
$$;

-- Whether somebody on the stage of a run has agreed to be recorded: people of the session by each of their parts in it, others by
-- what they said when they raised their hand; under 18, their guardian too. `p_publish`: and to others seeing it.
create or replace function private.may_be_recorded(p_run uuid, p_person uuid, p_publish boolean default false) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce((select bool_and(sp.consent_record and (sp.consent_publish or not p_publish))
			from public.session_people as sp join public.runs on runs.session_id = sp.session_id
			where runs.id = p_run and sp.person_id = p_person and sp.state <> 'declined' and sp.role not in ('interpreter', 'captioner')),
		exists (select from private.floor_consents as f where f.run_id = p_run and f.person_id = p_person)
			or exists (select from public.session_people as sp join public.runs on runs.session_id = sp.session_id
				where runs.id = p_run and sp.person_id = p_person and sp.state <> 'declined' and sp.role = 'interpreter'
					and sp.consent_record and (sp.consent_publish or not p_publish)))
		and private.guardian_lets(p_person, (select runs.session_id from public.runs where runs.id = p_run), 'record')
$$;

-- Who of a session stands in the way of recording it: all who may come on stage, whether they have answered or not.
create or replace function private.lacks_recording_consent(p_session uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select distinct sp.person_id from public.session_people as sp
	where sp.session_id = p_session and sp.state <> 'declined' and sp.role not in ('interpreter', 'captioner')
		and not (sp.consent_record and private.guardian_lets(sp.person_id, p_session, 'record'))
$$;

-- Whether everybody who is on stage at this moment agreed to be recorded; whoever came from the floor has not been asked.
create or replace function private.all_consent(p_run uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (select from private.on_stage(p_run) as s where s.person_id is not null
		and not (exists (select from public.session_people as sp where sp.session_id = p_session and sp.person_id = s.person_id
			and sp.state <> 'declined' and sp.consent_record) and private.guardian_lets(s.person_id, p_session, 'record')))
$$;

-- The people of a session with what each is and does in its run, and the delegates who were called; under 18, they are named to whoever
-- runs it alone.
create or replace function private.stage_people(p_session uuid, p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('code', case when shown.is_named then p.code else rp.identity end,
		'display_name', case when shown.is_named then p.display_name else '' end, 'office', case when shown.is_named then p.office else '' end,
		'affiliation', case when shown.is_named then p.affiliation else '' end,
		'role', each.role, 'identity', rp.identity, 'is_on_stage', coalesce(rp.is_on_stage, false), 'is_kept_off', coalesce(rp.is_kept_off, false),
		'is_silenced', coalesce(rp.is_on_stage and not rp.may_microphone, false), 'is_run_host', exists (select from private.run_hosts as h where h.run_id = p_run and h.person_id = p.id),
		'is_barred', exists (select from private.entry_bars as b where b.person_id = p.id and b.session_id = p_session)) order by each.role, each.position, p.display_name), '[]')
	from (select sp.person_id, private.stage_role_of(sp.person_id, p_session) as role, min(sp.position) as position
		from public.session_people as sp where sp.session_id = p_session and sp.state <> 'declined' group by sp.person_id
		union all
		select called.person_id, 'speaker', 1000 from private.run_participants as called where called.run_id = p_run and called.is_promoted
			and not exists (select from public.session_people as sp where sp.session_id = p_session and sp.person_id = called.person_id and sp.state <> 'declined')) as each
	join public.people as p on p.id = each.person_id
	left join private.run_participants as rp on rp.run_id = p_run and rp.person_id = p.id
	cross join lateral (select p.id = private.me() or not private.is_unnamed_on(p.id, p_session) or private.may_run(private.me(), p_session) as is_named) as shown
$$;

-- What a recording is divided by, as far as it lies in it. Names are those of this moment.
create or replace function private.chapters_of(p_recording uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with placed as (
		select distinct on (place.at) place.at, k.kind, case when not private.is_unnamed_on(people.id, g.session_id) then people.display_name end as name, k.page
		from private.recording_marks as k
		join private.recordings as g on g.id = k.recording_id
		cross join lateral (select private.position_in_recording(p_recording, k.at) / 1000 * 1000 as at) as place
		left join public.people on people.id = k.person_id
		where k.recording_id = p_recording and place.at is not null
		order by place.at, k.kind = 'began', k.id desc
	), followed as (
		select placed.*, kind = lag(kind) over earlier and name is not distinct from lag(name) over earlier and page is not distinct from lag(page) over earlier as is_same
		from placed window earlier as (order by at)
	)
	-- Who left the stage for a moment and came again is named once, and so is a page that was turned back to at once.
	select coalesce(jsonb_agg(jsonb_build_object('at', at, 'kind', kind, 'name', name, 'page', page) order by at), '[]') from followed
	where kind = 'began' or not coalesce(is_same, false)
$$;

-- `may_record`: whether they agree to be recorded while they speak; null: they were not asked, and what they said before holds.
-- Answers ok | already | closed | on_stage | guardian (under 18, and the guardian has not agreed), or why not as may_take_part says it.
create or replace function public.raise_hand(run uuid, place public.hand_place default null, with_camera boolean default false, may_record boolean default null) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_may text;
begin
	select * into v_run from public.runs where id = run for share;
	v_may := private.may_take_part(v_me, v_run);
	if v_may <> 'ok' then return v_may; end if;
	if not (private.participation_of(v_run.session_id)).takes_hands then return 'closed'; end if;
	if not private.guardian_lets(v_me, v_run.session_id, 'stage') then return 'guardian'; end if;
	if exists (select from private.run_participants as p where p.run_id = run and p.person_id = v_me and p.is_on_stage) then return 'on_stage'; end if;
	-- Each one is told to all who watch.
	if (select count(*) from private.hands as h where h.run_id = run and h.person_id = v_me and h.raised_at > clock_timestamp() - interval '1 minute') >= 6 then
		return 'too_soon';
	end if;
	insert into private.hands (run_id, person_id, place, with_camera)
	values (run, v_me, private.hand_place_of(v_me, v_run.session_id, raise_hand.place), coalesce(raise_hand.with_camera, false))
	on conflict (run_id, person_id) where state in ('waiting', 'called') do nothing;
	if not found then return 'already'; end if;
	if may_record is not null and private.asks_floor_consent(v_run.session_id) then perform private.say_floor_consent(run, v_me, may_record); end if;
	-- Their other windows hear that it is theirs.
	perform private.tell('person:' || v_me, 'hand', run);
	perform private.tell_participation(run, 'hands', null, true);
	return 'ok';
end
$$;

-- Brings a host or speaker of the session on stage, or takes them off. They do it themselves, or a host or stage organiser does.
-- Answers ok, already, not_found, not_a_speaker, guardian (under 18, without the guardian's consent), kept_off (only a host brings back
-- whom a host took off), ended.
create or replace function public.set_on_stage(run uuid, person text, on_stage boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_person uuid;
	v_row private.run_participants;
	v_runs_it boolean;
	v_kept_off boolean;
	v_silenced boolean;
begin
	select * into v_run from public.runs where id = run for share;
	if not found or v_me is null or not private.can_see(v_me, v_run.session_id) then return 'not_found'; end if;
	v_runs_it := private.may_run(v_me, v_run.session_id);
	select people.id into v_person from public.people where people.code = set_on_stage.person;
	if v_person is null or v_person <> v_me and not v_runs_it then return 'not_found'; end if;
	if v_run.state = 'ended' then return 'ended'; end if;
	if on_stage and private.stage_role_of(v_person, v_run.session_id) in ('host', 'speaker') and not private.guardian_lets(v_person, v_run.session_id, 'part') then
		return 'guardian';
	end if;
	if on_stage and (private.comes_on(run, v_person) is null
		or private.entry_of(v_person, v_run.session_id, 'stream') <> 'ok') then
		return 'not_a_speaker';
	end if;
	if not on_stage and not exists (select from private.run_participants where run_id = run and person_id = v_person) then return 'already'; end if;
	perform private.stage_participant(run, v_person);
	select * into v_row from private.run_participants where run_id = run and person_id = v_person for update;
	if on_stage and v_row.is_kept_off and not v_runs_it then return 'kept_off'; end if;
	v_kept_off := not on_stage and (v_person <> v_me or v_row.is_kept_off);
	if v_row.is_on_stage = on_stage and v_row.is_kept_off = v_kept_off then return 'already'; end if;
	-- Whoever runs the stage and brings somebody on gives the microphone, too.
	v_silenced := v_row.is_silenced and not (on_stage and v_runs_it);
	update private.run_participants set is_on_stage = on_stage, may_camera = on_stage, may_microphone = on_stage and not v_silenced, may_screen = on_stage,
		is_kept_off = v_kept_off, is_silenced = v_silenced
	where id = v_row.id;
	-- Whoever is on stage waits in no queue: called from it, they would have a delegate's rights alone.
	if on_stage then
		update private.hands as h set state = 'lowered' where h.run_id = run and h.person_id = v_person and h.state = 'waiting';
		if found then perform private.tell_participation(run, 'hands', null, true); end if;
	end if;
	perform private.tell('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;

-- {mine, order[], may_choose_place, asks_consent, has_agreed, needs_guardian, queue[] (of who runs it)}.
create or replace function private.hands_for(p_person uuid, p_run public.runs) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'mine', (select jsonb_build_object('id', h.id, 'state', h.state, 'place', h.place, 'with_camera', h.with_camera) from private.hands as h
			where h.run_id = p_run.id and h.person_id = p_person and h.state in ('waiting', 'called')),
		'order', private.told_hands(p_run.id, null) -> 'order', 'may_choose_place', private.hand_place_of(p_person, p_run.session_id, null) = 'hall',
		'asks_consent', private.asks_floor_consent(p_run.session_id), 'has_agreed', private.has_agreed_on_floor(p_run.id, p_person),
		'needs_guardian', not private.guardian_lets(p_person, p_run.session_id, 'stage'),
		'queue', case when private.may_run(p_person, p_run.session_id) then
			(select coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'name', people.display_name, 'affiliation', people.affiliation, 'place', h.place, 'with_camera', h.with_camera, 'state', h.state)
				order by h.state, q.n, h.called_at), '[]')
			from private.hands as h join public.people on people.id = h.person_id left join private.hand_queue(p_run.id) as q on q.hand_id = h.id
			where h.run_id = p_run.id and h.state in ('waiting', 'called')) end)
$$;

-- Holds what is on at this moment against what guardians say: whoever is let no more is off the stage and out of the queue, and what they
-- are in is sealed.
create function private.follow_guardian(p_person uuid, p_summit uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_lowered boolean;
begin
	-- In the order in which hosts take them.
	for v_run in select runs.* from public.runs where runs.summit_id = p_summit and runs.state <> 'ended'
		and (exists (select from private.run_participants as p where p.run_id = runs.id and p.person_id = p_person)
			or exists (select from private.hands as h where h.run_id = runs.id and h.person_id = p_person)) order by runs.id for share
	loop
		if not private.guardian_lets(p_person, v_run.session_id, 'stage') then
			update private.run_participants as p set is_on_stage = false, may_microphone = false, may_camera = false, may_screen = false
			where p.run_id = v_run.id and p.person_id = p_person and p.is_promoted and p.is_on_stage;
			v_lowered := found;
			update private.hands as h set state = 'lowered' where h.run_id = v_run.id and h.person_id = p_person and h.state = 'waiting';
			if found or v_lowered then
				perform private.tell('person:' || p_person, 'hand', v_run.id);
				perform private.tell_participation(v_run.id, 'hands', null, true);
			end if;
		end if;
		perform private.tell('session:' || v_run.session_id, 'stage', v_run.id);
	end loop;
	perform private.seal_recording(g.id, 'consent') from private.recordings as g join private.recording_people as p on p.recording_id = g.id
	where g.summit_id = p_summit and p.person_id = p_person and not private.may_be_recorded(g.run_id, p_person);
	perform private.judge_recording(runs.id) from public.runs where runs.summit_id = p_summit and runs.state <> 'ended'
		and exists (select from private.run_participants as p where p.run_id = runs.id and p.person_id = p_person and p.is_on_stage);
end
$$;

-- A guardian says whether somebody under 18 may be called on stage, and be recorded there; said anew, it holds from then on.
-- Answers ok | not_found (nobody for whom the reader is guardian and has consented).
create function public.agree_for_ward(registration uuid, on_stage boolean, recorded boolean) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	-- Nobody agrees for another's child: not even an assistant of the guardian.
	select r.* into v_r from public.registrations as r join public.registrations as g on g.id = r.guardian_id
	where r.id = registration and g.person_id = private.me() and r.guardian_consent_at is not null
		and g.state not in ('declined', 'withdrawn', 'expired') and r.state not in ('declined', 'withdrawn', 'expired') for no key update of r;
	if not found then return 'not_found'; end if;
	insert into private.stage_agreements as a (registration_id, guardian_id, on_stage, recorded)
	values (v_r.id, v_r.guardian_id, coalesce(agree_for_ward.on_stage, false), coalesce(agree_for_ward.recorded, false))
	on conflict (registration_id) do update set guardian_id = excluded.guardian_id, on_stage = excluded.on_stage, recorded = excluded.recorded, said_at = now();
	perform private.follow_guardian(v_r.person_id, v_r.summit_id);
	-- Their own pages: whether they may raise a hand has changed.
	perform private.tell('person:' || v_r.person_id, 'hand');
	return 'ok';
end
$$;
grant execute on function public.agree_for_ward(uuid, boolean, boolean) to authenticated;

-- A guardian who takes part no more answers for nobody.
create function private.follow_guardian_gone() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.follow_guardian(r.person_id, r.summit_id) from public.registrations as r where r.guardian_id = new.id;
	return null;
end
$$;
create trigger follow_guardian_gone after update of state on public.registrations for each row
	when (new.state in ('declined', 'withdrawn', 'expired') and old.state not in ('declined', 'withdrawn', 'expired')) execute function private.follow_guardian_gone();

-- What the reader has to do with guardians at a Summit: {registration_id, typed, consented_at} of their own registration (`own`, null when they
-- are of age), those who ask the reader to be their guardian (`asking`: [{registration_id, display_name}]; `may_consent`: the reader takes part as an
-- adult), and those for whom they are guardian (`wards`: [{registration_id, display_name, state, consented_at, on_stage, recorded}]).
create function public.my_guardianship(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'own', (select jsonb_build_object('registration_id', r.id, 'typed', private.guardian_typed(r.id), 'consented_at', private.iso(r.guardian_consent_at))
			from public.registrations as r
			where r.summit_id = my_guardianship.summit and r.person_id = private.me() and r.is_minor and r.state not in ('declined', 'withdrawn', 'expired')),
		'may_consent', private.guardian_registration(my_guardianship.summit) is not null,
		'asking', (select coalesce(jsonb_agg(jsonb_build_object('registration_id', r.id, 'display_name', p.display_name) order by p.display_name, r.id), '[]')
			from private.guardian_claims as c join public.registrations as r on r.id = c.registration_id join public.people as p on p.id = r.person_id
			where r.summit_id = my_guardianship.summit and r.guardian_id is null and private.is_asked_as_guardian(c, r)),
		'wards', (select coalesce(jsonb_agg(jsonb_build_object('registration_id', r.id, 'display_name', p.display_name, 'state', r.state,
				'consented_at', private.iso(r.guardian_consent_at), 'on_stage', coalesce(a.on_stage, false), 'recorded', coalesce(a.recorded, false)) order by p.display_name), '[]')
			from public.registrations as g join public.registrations as r on r.guardian_id = g.id join public.people as p on p.id = r.person_id
			left join private.stage_agreements as a on a.registration_id = r.id and a.guardian_id = g.id
			where g.summit_id = my_guardianship.summit and g.person_id = private.me() and r.state not in ('declined', 'withdrawn', 'expired')))
$$;
grant execute on function public.my_guardianship(uuid) to authenticated;
