-- Captions: what is said in a run, line by line, in one or more languages. Captioners of the session write them, or an
-- engine with a token that whoever runs the stage has made. At a level that allows no transcript they are shown while
-- they are spoken, and erased.

create function private.may_caption(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null
		and (private.may_run(p_person, p_session) or exists (select from public.session_people as sp
		where sp.session_id = p_session and sp.person_id = p_person and sp.role = 'captioner'
			and sp.state <> 'declined')
			and private.entry_of(p_person, p_session, 'stream') = 'ok')
$$;

--[patch guardian_stage] Those under 18 on stage: their guardian says whether they may be called there from the floor, and whether they may be recorded. Until
--[patch guardian_stage] the guardian has said so they are not called and not recorded, whatever they say themselves; from the floor they are named nowhere.
-- Whether everybody who is on stage at this moment agreed to be recorded; whoever came from the floor has not been asked.
create function private.all_consent(p_run uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (select from private.on_stage(p_run) as s where s.person_id is not null
		and not (exists (select from public.session_people as sp
			where sp.session_id = p_session and sp.person_id = s.person_id
			and sp.state <> 'declined' and sp.consent_record)
				and private.guardian_lets(s.person_id, p_session, 'record')))
$$;

create function private.tell_caption(p_run uuid, p_line uuid) returns void
language sql volatile set search_path = '' as $$
	select private.tell('run:' || p_run, 'caption', p_line)
$$;

--[patch transcribed_people] Whose words a transcript may hold: whoever was on stage when a line was kept. Taken out of the session, or saying no to it, they have taken
--[patch transcribed_people] their consent back, and nobody reads it any more; as with recordings.
--[patch taken_captions] A line of captions that a person took away stays away: its engine cannot say it anew under the same key.
-- Writes a line, or with a key of before says it anew. `p_took`: how long it took to say, in milliseconds. Gives its number back.
create function private.add_caption(p_run public.runs, p_language text, p_words text, p_took integer, p_by uuid,
	p_token uuid default null,
	p_key text default null, p_final boolean default true) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_now integer := floor(extract(epoch from clock_timestamp() - p_run.started_at) * 1000);
	v_nameless boolean := private.level_in_force(p_run.session_id) in ('chatham_house', 'closed')
		or p_run.level in ('chatham_house', 'closed');
	v_line private.caption_lines;
	v_number integer;
begin
	-- One line after the other: two captioners give no number twice.
	perform pg_advisory_xact_lock(hashtextextended(p_run.id || p_language, 52));
	-- What a person has corrected or taken away, no engine says anew.
	select c.number into v_number from private.caption_lines as c
		where c.token_id = p_token and c.key = p_key and c.language = p_language and c.corrected_at is not null
		for update;
	if not found then
		select t.number into v_number from private.taken_captions as t where t.token_id = p_token and t.key = p_key;
	end if;
	if found then return v_number; end if;
	update private.caption_lines
		set words = p_words, is_final = p_final, ends = greatest(ends, v_now), is_kept = is_kept
		and private.all_consent(p_run.id, p_run.session_id)
	where token_id = p_token and key = p_key and language = p_language returning * into v_line;
	if not found then
		insert into private.caption_lines (run_id, language, number, starts, ends, words, key, is_final, is_kept,
			written_by, token_id)
		values (p_run.id, p_language, (select coalesce(max(number), 0) + 1 from private.caption_lines
			where run_id = p_run.id and language = p_language),
			greatest(0, v_now - least(greatest(coalesce(p_took, 2000), 0), 30000)), greatest(0, v_now), p_words, p_key,
				p_final,
			not v_nameless and private.all_consent(p_run.id, p_run.session_id), p_by, p_token)
		returning * into v_line;
	end if;
	if v_line.is_kept then
		insert into private.caption_people (run_id, person_id) select p_run.id, s.person_id
			from private.on_stage(p_run.id) as s where s.person_id is not null on conflict do nothing;
	end if;
	if v_nameless then
		delete from private.caption_lines where run_id = p_run.id and ends < v_now - 600000;
	end if;
	perform private.tell_caption(p_run.id, v_line.id);
	return v_line.number;
end
$$;

-- Writes a line by hand. {status: ok | not_found | not_live | invalid | too_often, number}.
create function public.write_caption(run uuid, language text, words text, took integer default 2000) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_words text := private.one_line(words);
begin
	select * into v_run from public.runs where id = run and state <> 'ended';
	if not found or not private.may_caption(private.me(), v_run.session_id) then
		return jsonb_build_object('status', 'not_found');
	end if;
	if v_run.state <> 'live' then return jsonb_build_object('status', 'not_live'); end if;
	if length(v_words) not between 1 and 500 or write_caption.language !~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'
		or length(write_caption.language) > 35 then
		return jsonb_build_object('status', 'invalid');
	end if;
	if (select count(*) from private.caption_lines as c where c.run_id = run and c.written_by = private.me()
		and c.ends > extract(epoch from clock_timestamp() - v_run.started_at) * 1000 - 10000) >= 40 then
		return jsonb_build_object('status', 'too_often');
	end if;
	return jsonb_build_object('status', 'ok', 'number',
		private.add_caption(v_run, write_caption.language, v_words, took, private.me()));
end
$$;
grant execute on function public.write_caption(uuid, text, text, integer) to authenticated;

--[patch taken_captions] A line of captions that a person took away stays away: its engine cannot say it anew under the same key.
-- Corrects a line while the run is on; without words it is taken away. Answers ok | not_found | invalid.
create function public.correct_caption(run uuid, language text, number integer, words text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_words text := private.one_line(words);
	v_line private.caption_lines;
begin
	if not exists (select from public.runs
		where id = run and state <> 'ended' and private.may_caption(private.me(), session_id)) then
		return 'not_found';
	end if;
	if length(v_words) > 500 then return 'invalid'; end if;
	-- The engine says the same line anew before this, or finds it done.
	perform pg_advisory_xact_lock(hashtextextended(run || correct_caption.language, 52));
	if v_words = '' then
		delete from private.caption_lines as c
			where c.run_id = run and c.language = correct_caption.language and c.number = correct_caption.number
			returning c.* into v_line;
		if v_line.token_id is not null and v_line.key is not null then
			insert into private.taken_captions values (v_line.token_id, v_line.key, run, v_line.number)
				on conflict do nothing;
		end if;
	else
		update private.caption_lines as c
			set words = v_words, is_final = true, corrected_at = now(), corrected_by = private.me()
		where c.run_id = run and c.language = correct_caption.language and c.number = correct_caption.number
			returning c.* into v_line;
	end if;
	if v_line.id is null then return 'not_found'; end if;
	perform private.tell_caption(run, v_line.id);
	return 'ok';
end
$$;
grant execute on function public.correct_caption(uuid, text, integer, text) to authenticated;

create function private.caption_json(c private.caption_lines) returns jsonb
language sql stable set search_path = '' as $$
	select jsonb_build_object('id', c.id, 'language', c.language, 'number', c.number, 'starts', c.starts, 'ends',
		c.ends, 'words', c.words,
		'is_final', c.is_final, 'is_corrected', c.corrected_at is not null)
$$;

--[was in made_levels] One line as all who watch the run may see it; null when it was taken away.
--[patch made_levels] Lowering a level opens nothing that was made before: what was written, asked, voted on or said at a stricter level stays with those who
--[patch made_levels] could be there then, in the same run and after it.
--[patch older_news] News of what was made at a stricter level than today's says only that it changed: those who read it look again themselves, and all others
--[patch older_news] have nothing to look at. What is gone, or hidden from everybody, comes as nothing, as before.
-- One line as all who watch the run may see it; null when it was taken away.
create function private.told_caption(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when c.level <= private.level_in_force(runs.session_id) then private.caption_json(c)
		else '{"older": true}' end
	from private.caption_lines as c join public.runs on runs.id = c.run_id where c.id = p_id and c.run_id = p_run
$$;
grant execute on function private.told_caption(uuid, uuid) to app_server;

--[was in captions] The lines of the last minutes, oldest first.
--[patch made_levels] Lowering a level opens nothing that was made before: what was written, asked, voted on or said at a stricter level stays with those who
--[patch made_levels] could be there then, in the same run and after it.
-- The lines of the last minutes, oldest first; `p_most`: of those that were said at this level or a more open one.
create function private.recent_captions(p_run uuid, p_language text default null, p_most public.confidentiality
	default 'closed') returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(private.caption_json(c) order by c.language, c.number), '[]')
	from private.caption_lines as c join public.runs on runs.id = c.run_id
	where c.run_id = p_run and c.level <= p_most and (p_language is null or c.language = p_language)
		and c.ends > extract(epoch from now() - runs.started_at) * 1000 - 600000
$$;

--[patch made_levels] Lowering a level opens nothing that was made before: what was written, asked, voted on or said at a stricter level stays with those who
--[patch made_levels] could be there then, in the same run and after it.
-- {run, languages, lines, may_write} of what is on in a room; null for whoever may not enter.
create function public.read_captions(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('run', runs.id, 'lines',
		private.recent_captions(runs.id, null, private.heard_level(private.me(), runs.session_id)),
		'may_write', private.may_caption(private.me(), runs.session_id),
		'languages', (select coalesce(jsonb_agg(distinct each.language), '[]') from (
			select c.language from private.caption_lines as c where c.run_id = runs.id
			union select t.language from private.caption_tokens as t
				where t.run_id = runs.id and t.revoked_at is null) as each))
	from public.rooms join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and rooms.slug = read_captions.room and summit in (select private.readable_summits())
		and private.entry_of(private.me(), runs.session_id, 'stream') = 'ok'
$$;
grant execute on function public.read_captions(uuid, text) to anon, authenticated;

-- The captioner's page of one language; null for everyone else. The reader's own work comes first in a room where
-- another run waits.
create function public.read_captioning(summit uuid, room text, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('run',
		jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)),
		'session', private.stage_session(runs.session_id), 'room',
			jsonb_build_object('slug', rooms.slug, 'name', rooms.name),
		'language', read_captioning.language, 'lines', private.recent_captions(runs.id, read_captioning.language),
			'on_stage', private.named_on_stage(runs.id), 'flow', private.stage_flow(runs.id),
		'is_kept', private.level_in_force(runs.session_id) in ('public', 'members')
			and runs.level in ('public', 'members'))
	from public.rooms join public.runs on runs.room_id = rooms.id and runs.state <> 'ended'
	where rooms.summit_id = summit and rooms.slug = read_captioning.room
		and private.may_caption(private.me(), runs.session_id)
		and read_captioning.language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(read_captioning.language) <= 35
	order by not exists (select from public.session_people as sp
		where sp.session_id = runs.session_id and sp.person_id = private.me() and sp.role = 'captioner'),
		runs.state not in ('live', 'paused'), runs.created_at
	limit 1
$$;
grant execute on function public.read_captioning(uuid, text, text) to authenticated;

-- Requests of an engine may overtake each other: a half line that comes after its whole one is old. It undid the whole
-- one, which was then no final line and erased with the end of the session. What is said anew much later lasts no
-- longer for it either.
create function private.keep_final_caption() returns trigger
language plpgsql set search_path = '' as $$
begin
	new.ends := old.ends;
	if not new.is_final then
		new.is_final := true;
		new.words := old.words;
		new.is_kept := old.is_kept;
	end if;
	return new;
end
$$;

create trigger keep_final before update of words, ends on private.caption_lines for each row
	when (old.is_final) execute function private.keep_final_caption();

-- A line of captions that a person took away stays away: its engine cannot say it anew under the same key.

-- With the run nothing is said anew.
create function private.forget_taken_captions() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.taken_captions as t where t.run_id = new.id;
	return null;
end
$$;

create trigger forget_taken_captions after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.forget_taken_captions();
