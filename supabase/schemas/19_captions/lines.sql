-- Writing, correcting and deleting lines of captions. Captioners of the session write them, or an engine
-- (19_captions/engines.sql). At a level that allows no transcript they are shown while they are spoken, and deleted.

-- Whether somebody writes captions in a session: those who run it, and its captioners.
create function private.may_caption(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null
		and (private.may_run(p_person, p_session)
			or exists (select from public.session_people as sp
				where sp.session_id = p_session and sp.person_id = p_person and sp.role = 'captioner'
					and sp.state <> 'declined')
			and private.entry_decision(p_person, p_session, 'stream') = 'ok')
$$;

-- Whether everybody who is on stage at this moment agreed to be recorded, with each of their parts in the session, and
-- the guardian too of those under 18. Of a workshop no line is kept, because everybody there may speak. Parts as an interpreter or captioner do not count here. Delegates who came from
-- the floor were not asked: no line is kept while one of them is on stage.
create function private.all_on_stage_consent(p_run uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (
		select from private.on_stage(p_run) as s
		where s.person_id is not null
			and not (coalesce((select bool_and(sp.consent_record)
					from public.session_people as sp
					where sp.session_id = p_session and sp.person_id = s.person_id and sp.state <> 'declined'
						and sp.role not in ('interpreter', 'captioner')), false)
				and private.guardian_allows(s.person_id, p_session, 'record')))
$$;

-- Notifies every reader of a run that a line was written, corrected or deleted.
create function private.notify_caption(p_run uuid, p_line uuid) returns void
language sql volatile set search_path = '' as $$
	select private.publish_event('run:' || p_run, 'caption', p_line)
$$;

-- Writes a line, or writes again the line of the same key, and answers its number. `p_took`: how long it took to say,
-- in milliseconds. Lines of one run and language are written one after the other, by an advisory lock. The caller
-- holds the run.
create function private.add_caption(p_run public.runs, p_language text, p_words text, p_took integer, p_by uuid,
	p_token uuid default null, p_key text default null, p_final boolean default true) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_now integer := floor(extract(epoch from clock_timestamp() - p_run.started_at) * 1000);
	v_nameless boolean := private.level_in_force(p_run.session_id) in ('chatham_house', 'closed')
		or p_run.level in ('chatham_house', 'closed');
	v_line private.caption_lines;
	v_number integer;
begin
	-- Two captioners must not give the same number.
	perform pg_advisory_xact_lock(hashtextextended(p_run.id || p_language, 52));
	-- No engine writes again what a person has corrected or deleted.
	select c.number into v_number
	from private.caption_lines as c
	where c.token_id = p_token and c.key = p_key and c.language = p_language and c.corrected_at is not null
	for update;
	if not found then
		select t.number into v_number from private.deleted_captions as t where t.token_id = p_token and t.key = p_key;
	end if;
	if found then return v_number; end if;
	-- A line of this key is written again; otherwise it is a new line.
	update private.caption_lines set words = p_words, is_final = p_final, ends = greatest(ends, v_now),
		is_kept = is_kept and private.all_on_stage_consent(p_run.id, p_run.session_id)
	where token_id = p_token and key = p_key and language = p_language
	returning * into v_line;
	if not found then
		insert into private.caption_lines (run_id, language, number, starts, ends, words, key, is_final, is_kept,
			written_by, token_id)
		values (p_run.id, p_language,
			(select coalesce(max(number), 0) + 1 from private.caption_lines
				where run_id = p_run.id and language = p_language),
			greatest(0, v_now - least(greatest(coalesce(p_took, 2000), 0), 30000)), greatest(0, v_now), p_words, p_key,
			p_final, not v_nameless and p_run.stage_format <> 'meeting'
				and private.all_on_stage_consent(p_run.id, p_run.session_id), p_by, p_token)
		returning * into v_line;
	end if;
	-- Everybody on stage is in the transcript, and can withdraw their consent to it.
	if v_line.is_kept then
		insert into private.caption_people (run_id, person_id)
		select p_run.id, s.person_id from private.on_stage(p_run.id) as s where s.person_id is not null
		on conflict do nothing;
	end if;
	-- Where nobody is named, lines are deleted ten minutes after they were spoken.
	if v_nameless then
		delete from private.caption_lines where run_id = p_run.id and ends < v_now - 600000;
	end if;
	perform private.notify_caption(p_run.id, v_line.id);
	return v_line.number;
end
$$;

-- Writes a line by hand. {status: ok | not_found | not_live | invalid | too_often (40 lines in ten seconds), number}.
create function public.write_caption(run uuid, language text, words text, took integer default 2000) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_words text := private.one_line(words);
begin
	v_run := private.hold_open_run(run);
	if v_run.id is null or not private.may_caption(private.me(), v_run.session_id) then
		return jsonb_build_object('status', 'not_found');
	end if;
	if v_run.state <> 'live' then return jsonb_build_object('status', 'not_live'); end if;
	if length(v_words) not between 1 and 500 or write_caption.language !~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'
		or length(write_caption.language) > 35 then
		return jsonb_build_object('status', 'invalid');
	end if;
	if (select count(*) from private.caption_lines as c
		where c.run_id = run and c.written_by = (select private.me())
			and c.ends > extract(epoch from clock_timestamp() - v_run.started_at) * 1000 - 10000) >= 40 then
		return jsonb_build_object('status', 'too_often');
	end if;
	return jsonb_build_object('status', 'ok', 'number',
		private.add_caption(v_run, write_caption.language, v_words, took, private.me()));
end
$$;
grant execute on function public.write_caption(uuid, text, text, integer) to authenticated;

-- Corrects a line while the run is open; without words it deletes the line, and its engine cannot write it again under
-- the same key. Takes the advisory lock of `private.add_caption`: an engine that writes the same line again does so
-- before this, or finds it corrected. Answers ok | not_found | invalid.
create function public.correct_caption(run uuid, language text, number integer, words text) returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_words text := private.one_line(words);
	v_line private.caption_lines;
begin
	if not coalesce(private.may_caption(private.me(), (private.hold_open_run(run)).session_id), false) then
		return 'not_found';
	end if;
	if length(v_words) > 500 then return 'invalid'; end if;
	perform pg_advisory_xact_lock(hashtextextended(run || correct_caption.language, 52));
	if v_words = '' then
		delete from private.caption_lines as c
		where c.run_id = run and c.language = correct_caption.language and c.number = correct_caption.number
		returning c.* into v_line;
		if v_line.token_id is not null and v_line.key is not null then
			insert into private.deleted_captions values (v_line.token_id, v_line.key, run, v_line.number)
			on conflict do nothing;
		end if;
	else
		update private.caption_lines as c
		set words = v_words, is_final = true, corrected_at = now(), corrected_by = private.me()
		where c.run_id = run and c.language = correct_caption.language and c.number = correct_caption.number
		returning c.* into v_line;
	end if;
	if v_line.id is null then return 'not_found'; end if;
	perform private.notify_caption(run, v_line.id);
	return 'ok';
end
$$;
grant execute on function public.correct_caption(uuid, text, integer, text) to authenticated;

-- Keeps a final line final. Requests of an engine may overtake each other, and a part of a line that arrives after the
-- whole line is old: it would replace the whole, which would no longer be final and would be deleted at the end of the
-- run. A line that is written again much later does not end later either.
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

-- The end of a run revokes its tokens and deletes the lines that may not be kept. A level raised to one that names
-- nobody deletes all lines, in runs that have ended too; while nothing of the transcript of such a run may be deleted, its
-- lines are only left out of it, and deleted when that ends
-- (private.drop_held_captions).
create function private.end_captions() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if new.state = 'ended' or new.level in ('chatham_house', 'closed') then
		update private.caption_tokens set revoked_at = now() where run_id = new.id and revoked_at is null;
	end if;
	if new.state = 'ended' and old.state = 'ended' and private.must_keep_transcript(new) then
		update private.caption_lines as c set is_kept = false
		where c.run_id = new.id and c.is_kept and new.level in ('chatham_house', 'closed');
		return null;
	end if;
	delete from private.caption_lines
	where run_id = new.id
		and (new.level in ('chatham_house', 'closed') or new.state = 'ended' and not (is_kept and is_final));
	return null;
end
$$;

create trigger end_captions after update of state, level on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended' or new.level > old.level)
	execute function private.end_captions();

-- After the end of a run no engine writes: the list of deleted lines is deleted too.
create function private.erase_deleted_captions() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.deleted_captions as t where t.run_id = new.id;
	return null;
end
$$;

create trigger forget_withdrawn_captions after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.erase_deleted_captions();
