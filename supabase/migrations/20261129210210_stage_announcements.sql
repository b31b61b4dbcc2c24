-- Those who run a session announce to everybody who watches.

-- What those who run a session announce to everybody who watches a run: one text at a time, until it is taken back or
-- its time is over. They are deleted with the end of the run; the audit keeps who announced.
create table private.stage_announcements (
	id uuid primary key default gen_random_uuid(),
	run_id uuid not null references public.runs (id) on delete cascade,
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	words text not null check (btrim(words) = words and length(words) between 1 and 280),
	announced_at timestamptz not null default clock_timestamp(),
	shown_until timestamptz not null,
	withdrawn_at timestamptz,
	constraint words_one_line check (private.is_one_line(words))
);
create index on private.stage_announcements (run_id, announced_at desc);
create index on private.stage_announcements (summit_id);
create index on private.stage_announcements (person_id);
alter table private.stage_announcements enable row level security;
select audit.watch('private.stage_announcements', 'person_id', 'words');

-- Announcing from a stage. Already: the same words are shown. Too often: more than four in a minute.
create domain public.stage_announcement_status as text check (value in (
	'ok', 'already', 'not_found', 'invalid', 'too_long', 'too_often'
));

-- Announcements from a stage: a short text of those who run the session, which everybody who watches the run sees at
-- once, beside the picture, at the desk and on the screen of the room.

-- The announcement that a run shows at this moment: {id, words, until}; null: none.
create function private.shown_announcement(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', a.id, 'words', a.words, 'until', private.iso(a.shown_until))
	from private.stage_announcements as a
	where a.run_id = p_run and a.withdrawn_at is null and a.shown_until > clock_timestamp()
	order by a.announced_at desc
	limit 1
$$;

-- Announces to everybody who watches a run, for so many minutes, in place of what was announced before. Hosts of the
-- session and stage organisers may. Locks the staging of the run, so that of two at the same moment one replaces the
-- other and the limit holds. Answers ok, already (the same words are shown), invalid (no words, several lines, or not 1
-- to 60 minutes), too_long, too_often (more than four in a minute), not_found.
create function public.announce_on_stage(run uuid, words text, minutes integer)
	returns public.stage_announcement_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.find_managed_run(run);
	v_words text := btrim(words);
begin
	if v_run.id is null then return 'not_found'; end if;
	if coalesce(v_words, '') = '' or not private.is_one_line(v_words) or coalesce(minutes, 0) not between 1 and 60 then
		return 'invalid';
	end if;
	if length(v_words) > 280 then return 'too_long'; end if;
	-- The run may have ended since.
	if (private.lock_stage_settings(run)).run_id is null then return 'not_found'; end if;
	if private.shown_announcement(run) ->> 'words' = v_words then return 'already'; end if;
	if (select count(*) from private.stage_announcements as a
		where a.run_id = run and a.announced_at > clock_timestamp() - interval '1 minute') >= 4 then
		return 'too_often';
	end if;
	update private.stage_announcements as a set withdrawn_at = clock_timestamp()
	where a.run_id = run and a.withdrawn_at is null and a.shown_until > clock_timestamp();
	insert into private.stage_announcements (run_id, summit_id, person_id, words, shown_until)
	values (run, v_run.summit_id, private.me(), v_words, clock_timestamp() + make_interval(mins => minutes));
	perform private.publish_event('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;
grant execute on function public.announce_on_stage(uuid, text, integer) to authenticated;

-- Takes back what a run announces. Those who may announce may take back what another announced. Answers ok, already,
-- not_found.
create function public.withdraw_stage_announcement(run uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs := private.find_managed_run(run);
begin
	if v_run.id is null then return 'not_found'; end if;
	perform private.lock_stage_settings(run);
	update private.stage_announcements as a set withdrawn_at = clock_timestamp()
	where a.run_id = run and a.withdrawn_at is null and a.shown_until > clock_timestamp();
	if not found then return 'already'; end if;
	perform private.publish_event('session:' || v_run.session_id, 'stage', run);
	return 'ok';
end
$$;
grant execute on function public.withdraw_stage_announcement(uuid) to authenticated;

-- Deletes the announcements when the run ends.
create function private.erase_stage_announcements() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.stage_announcements where run_id = new.id;
	return null;
end
$$;

create trigger forget_announcements after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.erase_stage_announcements();

-- The stage of a room as the reader may see it; null for a room that does not exist. Only readers who may enter learn
-- who is on stage: delegates whom a host called are named in no agenda. `people` and `clock` are for those who run it.
create or replace function public.read_stage(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'room', jsonb_build_object('id', rooms.id, 'slug', rooms.slug, 'name', rooms.name),
		'run', case when runs.id is not null
			then jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)) end,
		'session', case when runs.id is not null then private.stage_session(runs.session_id) end,
		'entry', case when runs.id is not null then private.entry_decision(private.me(), runs.session_id, 'stream') end,
		'role', case when runs.id is not null then private.stage_role_of(private.me(), runs.session_id) end,
		'may_run', runs.id is not null and private.may_run(private.me(), runs.session_id),
		'on_stage', case
			when runs.id is null then null
			when private.may_run(private.me(), runs.session_id)
				or private.entry_decision(private.me(), runs.session_id, 'stream') = 'ok'
				then private.named_on_stage(runs.id)
			else '[]' end,
		'me', (
			select jsonb_build_object('code', people.code, 'identity', p.identity,
				'is_on_stage', coalesce(p.is_on_stage, false),
				'is_kept_off', coalesce(p.is_kept_off, false),
				'is_silenced', coalesce(p.is_on_stage and not p.may_microphone, false))
			from public.people
			left join private.run_participants as p on p.person_id = people.id and p.run_id = runs.id
			where people.id = (select private.me()) and runs.id is not null),
		'is_confirmed', runs.id is not null and private.has_confirmed_notice(private.me(), runs.session_id),
		'people', case when private.may_run(private.me(), runs.session_id)
			then private.stage_people(runs.session_id, runs.id) end,
		'clock', case when private.may_run(private.me(), runs.session_id)
			then private.session_timer(runs.session_id) end,
		'flow', case when runs.id is not null then private.stage_progress(runs.id) end,
		'announcement', case
			when private.may_run(private.me(), runs.session_id)
				or private.entry_decision(private.me(), runs.session_id, 'stream') = 'ok'
				then private.shown_announcement(runs.id) end)
	from public.rooms
	left join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and rooms.slug = read_stage.room and summit in (select private.readable_summits())
$$;

-- The payload of the `stage` event: what every reader of a run sees of its stage, as `read_stage` answers it, without
-- anything that differs between readers, such as what comes next in the room. It is read once in each process for all
-- readers, so that their pages read nothing. Null once the run has ended.
create or replace function private.stage_event(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'run', jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)),
		'room', rooms.slug,
		'session', private.stage_session(runs.session_id),
		'on_stage', private.named_on_stage(runs.id),
		'flow', private.stage_progress(runs.id) - 'next',
		'announcement', private.shown_announcement(runs.id),
		'recording', (
			select jsonb_build_object('state', g.state, 'why', case
				when g.state = 'paused' then case when runs.state = 'paused' then 'run' else 'consent' end end)
			from (select) as always
			left join private.recordings as g on g.run_id = runs.id and g.state in ('wanted', 'running', 'paused')),
		'large', case
			when not private.wants_hls(runs.id) then 'off'
			when exists (select from private.egresses as e where e.run_id = runs.id and e.state = 'active') then 'on'
			else 'begins' end)
	from public.runs
	join public.rooms on rooms.id = runs.room_id
	where runs.id = p_run and runs.state <> 'ended'
$$;

-- One run as the desk shows it. A voice on air whose interpreter has lost the connection is not shown as on air.
create or replace function private.desk_run(p_run uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_answer jsonb;
begin
	select * into v_run from public.runs where id = p_run;
	select jsonb_build_object('id', v_run.id, 'state', v_run.state, 'started_at', private.iso(v_run.started_at),
		'room', (select jsonb_build_object('slug', rooms.slug, 'name', rooms.name)
			from public.rooms where rooms.id = v_run.room_id),
		'session', private.stage_session(v_run.session_id),
		'flow', private.stage_progress(v_run.id),
		'announcement', private.shown_announcement(v_run.id),
		'people', (
			select coalesce(jsonb_agg(p || jsonb_build_object('is_connected', coalesce((
				select private.is_connected(rp.id) from private.run_participants as rp
				where rp.run_id = p_run and rp.identity = p ->> 'identity'), false))), '[]')
			from jsonb_array_elements(private.stage_people(v_run.session_id, v_run.id)) as p),
		'viewers', (select count(*) from private.run_participants as rp
			where rp.run_id = p_run and rp.role = 'viewer' and not rp.is_on_stage and private.is_connected(rp.id)),
		'signed_out_viewers', (select coalesce(sum(rr.signed_out_viewers), 0) from private.livekit_rooms as rr
			where rr.run_id = p_run and rr.purpose = 'stage' and rr.closed_at is null),
		'listening', private.count_listeners(p_run),
		'hall', private.desk_hall(p_run),
		'camera', private.camera_facts(v_run.session_id),
		'languages', (
			select coalesce(jsonb_agg(jsonb_build_object('language', l ->> 'language', 'is_on_air', coalesce((
				select private.is_connected(rp.id) from private.run_participants as rp
				where rp.run_id = p_run and rp.identity = l ->> 'identity'), false))), '[]')
			from jsonb_array_elements(private.run_languages(p_run)) as l),
		'hands', (select count(*) from private.hands as h where h.run_id = p_run and h.state = 'waiting'),
		'questions', (select count(*) from private.session_questions as q
			where q.session_id = v_run.session_id and q.state = 'asked' and q.merged_into is null),
		'recording', (select r.state from private.recordings as r
			where r.run_id = p_run and r.state in ('wanted', 'running', 'paused')),
		'is_recording_silent', coalesce((select private.is_recorder_silent(r) from private.recordings as r
			where r.run_id = p_run and r.state in ('wanted', 'running', 'paused')), false),
		'has_recording_lost_sound', coalesce((select private.has_lost_sound(r) from private.recordings as r
			where r.run_id = p_run and r.state in ('wanted', 'running')), false))
	into v_answer;
	return v_answer;
end
$$;

-- The page of the green room; null for everyone who does not belong there.
create or replace function public.read_backstage(summit uuid, code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('session', private.stage_session(s.id),
		'room', (select jsonb_build_object('slug', rooms.slug, 'name', rooms.name)
			from public.rooms
			where rooms.id = coalesce(runs.room_id, (select room_id from private.slot_at(s.id)))),
		'run', case when runs.id is not null
			then jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)) end,
		'role', mine.role,
		'may_run', private.may_run(private.me(), s.id),
		'is_near', private.is_near_session_time(s.id),
		'me', (
			select jsonb_build_object('code', people.code, 'identity', p.identity,
				'is_on_stage', coalesce(p.is_on_stage, false),
				'is_kept_off', coalesce(p.is_kept_off, false),
				'is_silenced', coalesce(p.is_on_stage and not p.may_microphone, false),
				'no_photographs',
					exists (select from private.protections as x where x.person_id = people.id and x.no_photographs)
					or exists (select from public.person_preferences as x
						where x.person_id = people.id and x.no_photographs))
			from public.people
			left join private.run_participants as p on p.person_id = people.id and p.run_id = runs.id
			where people.id = (select private.me())),
		'people', private.stage_people(s.id, runs.id),
		'guests', private.green_room_guests(s.id, runs.id),
		'flow', case when runs.id is not null then private.stage_progress(runs.id) end,
		'announcement', private.shown_announcement(runs.id),
		'clock', private.session_timer(s.id),
		'booths', private.list_own_booths(private.me(), runs.id))
	from public.sessions as s
	cross join lateral (select private.stage_role_of(private.me(), s.id) as role) as mine
	left join public.runs on runs.session_id = s.id and runs.state <> 'ended'
	where s.summit_id = summit and s.code = read_backstage.code and s.state <> 'cancelled'
		and private.can_see(private.me(), s.id)
		and mine.role <> 'viewer' and private.entry_decision(private.me(), s.id, 'stream') = 'ok'
$$;

insert into private.audited_tables (name, area, shown, opened, named) values
	('private.stage_announcements', 'stage', '{shown_until,withdrawn_at}', '{}', '{words}');
insert into private.copied_tables (name, section, owner, owner_column, columns, sealed) values
	('private.stage_announcements', 'participation', 'person', 'person_id', '{announced_at,run_id,words}', default);
insert into private.retention_rules (table_name, class, summit, people) values
	('private.stage_announcements', 'participation', 't.summit_id', 'array[t.person_id]');
