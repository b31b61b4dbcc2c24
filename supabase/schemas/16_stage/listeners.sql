-- What open pages report about themselves: the language they listen in, and whether they only read captions or watch
-- late.

-- Stores the report of an open page: the language it listens in, and whether it only reads captions or shows the late
-- stream for a large audience. At most 20,000 pages of a run are kept. Signed-out viewers of the late stream may be
-- tens of thousands: their pages send no report. Answers ok, or why the reader may not be there.
create function private.save_listener(p_person uuid, p_run uuid, p_visit text, p_language text, p_is_reading boolean,
	p_now timestamptz default now(), p_is_late boolean default false) returns private.listener_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_entry text;
	v_language text;
	v_now timestamptz := coalesce(p_now, now());
begin
	select * into v_run from public.runs where id = p_run and state <> 'ended';
	if not found then return 'none'; end if;
	v_entry := private.entry_decision(p_person, v_run.session_id, 'stream');
	if v_entry <> 'ok' then return v_entry; end if;
	if not private.may_follow_run_room(p_person, v_run) then return 'none'; end if;
	select b.language into v_language from private.booths as b where b.run_id = p_run and b.language = p_language;
	update private.run_listeners as l
	set listener = case when p_person is not null then private.hash_participant(v_run.session_id, p_person) end,
		language = v_language, is_reading = p_is_reading, is_late = p_is_late, seen_at = v_now
	where l.run_id = p_run and l.visit = p_visit;
	if not found then
		-- Only the first report of a page holds the run: there may be thousands of pages.
		v_run := private.hold_open_run(p_run);
		if v_run.id is null then return 'none'; end if;
		delete from private.run_listeners as l where l.run_id = p_run and l.seen_at < v_now - interval '5 minutes';
		insert into private.run_listeners (run_id, visit, listener, language, is_reading, is_late, seen_at)
		select p_run, p_visit,
			case when p_person is not null then private.hash_participant(v_run.session_id, p_person) end,
			v_language, p_is_reading, p_is_late, v_now
		where (select count(*) from private.run_listeners as l where l.run_id = p_run) < 20000
		on conflict do nothing;
	end if;
	if (p_is_reading or p_is_late) and p_person is not null then
		perform private.extend_page_attendance(p_run, p_person, v_now);
	end if;
	return 'ok';
end
$$;
grant execute on function private.save_listener(uuid, uuid, text, text, boolean, timestamptz, boolean) to app_server;

-- Attendance of a signed-in person whose page only reads captions or watches late, which is no connection of LiveKit's.
-- Each report extends a connection made for this; after 90 seconds without a report a new one begins, and the time in
-- between never counts. Locks the run before the connections, as `private.save_connections` does.
create function private.extend_page_attendance(p_run uuid, p_person uuid, p_now timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_participant private.run_participants;
begin
	if (private.hold_open_run(p_run)).id is null then return; end if;
	v_participant := private.ensure_participant(p_run, p_person);
	update private.run_connections as c set seen_at = p_now, left_at = p_now, reported_left_at = p_now
	where c.sid = (select last.sid from private.run_connections as last
			where last.participant_id = v_participant.id and last.sid like 'reads-%'
			order by last.seen_at desc
			limit 1)
		and c.seen_at between p_now - interval '90 seconds' and p_now;
	if not found then
		insert into private.run_connections (sid, participant_id, run_id, joined_at, seen_at, left_at, reported_left_at)
		values ('reads-' || private.random_code(24), v_participant.id, p_run, p_now, p_now, p_now, p_now);
	end if;
	perform private.write_presence(v_participant.id);
end
$$;

-- How many people listen in each language (null: the original), most first; how many only read; and how many watch
-- late: {reading, late, by_language: [{language, count}]}. Of the pages of one person the one that reported last
-- counts; a signed-out viewer is known by their page.
create function private.count_listeners(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with open as (
		select distinct on (coalesce(encode(l.listener, 'hex'), l.visit)) l.*
		from private.run_listeners as l
		where l.run_id = p_run and l.seen_at > now() - interval '2 minutes'
		order by coalesce(encode(l.listener, 'hex'), l.visit), l.seen_at desc, l.visit desc)
	select jsonb_build_object(
		'reading', (select count(*) from open where is_reading),
		'late', (select count(*) from open where is_late),
		'by_language', (
			select coalesce(jsonb_agg(jsonb_build_object('language', each.language, 'count', each.count)
				order by each.count desc, each.language), '[]')
			from (select language, count(*) from open where not is_reading and not is_late group by language) as each))
$$;

-- Deletes who listened to a run, the desks that did, and which sign-in sessions were there, when it ends.
create function private.erase_listeners() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.run_listeners where run_id = new.id;
	delete from private.desk_monitors where run_id = new.id;
	delete from private.run_sign_ins where run_id = new.id;
	return null;
end
$$;

create trigger forget_listeners after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.erase_listeners();
