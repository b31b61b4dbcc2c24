-- What is told of a run's connections takes the run first, as its end does: at the end of a session many leave, and a host's end and a
-- word of somebody's leaving waited for each other.

-- Reads connections as LiveKit told of them: [{sid, identity, joined_at, left_at?}]. Any order, any number of times.
create or replace function private.note_connections(p_name text, p_connections jsonb, p_at timestamptz) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run uuid;
	v_changed uuid;
	v_count integer := 0;
begin
	-- The green room is no attendance.
	select run_id into v_run from private.run_rooms where name = p_name and purpose = 'stage';
	if not found then return 0; end if;
	perform from public.runs where id = v_run for key share;
	-- Whoever is seen after an end that was only concluded is still there.
	for v_changed in
		update private.run_connections as c set left_at = null
		from jsonb_to_recordset(p_connections) as told (sid text, left_at timestamptz)
		where c.sid = told.sid and told.left_at is null and c.told_left_at is null and c.left_at < p_at
			and exists (select from public.runs where runs.id = v_run and runs.state <> 'ended')
		returning c.participant_id
	loop
		perform private.write_presence(v_changed);
	end loop;
	for v_changed in
		insert into private.run_connections as c (sid, participant_id, run_id, joined_at, seen_at, left_at, told_left_at)
		select told.sid, p.id, v_run, least(told.joined_at, coalesce(told.left_at, told.joined_at)), p_at, told.left_at, told.left_at
		from jsonb_to_recordset(p_connections) as told (sid text, identity text, joined_at timestamptz, left_at timestamptz)
		join private.run_participants as p on p.run_id = v_run and p.identity = told.identity
		order by told.sid
		on conflict (sid) do update set seen_at = greatest(c.seen_at, excluded.seen_at), told_left_at = coalesce(c.told_left_at, excluded.told_left_at),
			left_at = coalesce(c.told_left_at, excluded.told_left_at, c.left_at),
			joined_at = least(c.joined_at, excluded.joined_at)
		returning case when xmax = 0 or left_at is not null then participant_id end
	loop
		if v_changed is not null then
			perform private.write_presence(v_changed);
			v_count := v_count + 1;
		end if;
	end loop;
	return v_count;
end
$$;

create or replace function private.end_lost_connections(p_open_names text[], p_at timestamptz default now()) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_gone uuid;
	v_count integer := 0;
begin
	perform from public.runs where id in (select c.run_id from private.run_connections as c where c.left_at is null and c.seen_at < p_at - interval '20 seconds')
	order by id for key share;
	for v_gone in
		update private.run_connections as c set left_at = greatest(c.seen_at, c.joined_at)
		where c.left_at is null and c.seen_at < p_at - interval '20 seconds'
			and not exists (select from private.run_rooms as r where r.run_id = c.run_id and r.name = any (p_open_names))
		returning participant_id
	loop
		perform private.write_presence(v_gone);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

-- A page with a person that only reads captions is no connection of LiveKit's, and attendance all the same. Each word of it moves the
-- end of a connection of its own on; after a silence of 90 seconds a new one begins: what lies between is never counted.
create or replace function private.note_reader(p_run uuid, p_person uuid, p_now timestamptz) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_participant private.run_participants;
begin
	perform from public.runs where id = p_run for key share;
	v_participant := private.stage_participant(p_run, p_person);
	update private.run_connections as c set seen_at = p_now, left_at = p_now, told_left_at = p_now
	where c.sid = (select last.sid from private.run_connections as last where last.participant_id = v_participant.id and last.sid like 'reads-%'
			order by last.seen_at desc limit 1)
		and c.seen_at between p_now - interval '90 seconds' and p_now;
	if not found then
		insert into private.run_connections (sid, participant_id, run_id, joined_at, seen_at, left_at, told_left_at)
		values ('reads-' || private.random_code(24), v_participant.id, p_run, p_now, p_now, p_now, p_now);
	end if;
	perform private.write_presence(v_participant.id);
end
$$;
