-- A line of captions that a person took away stays away: its engine cannot say it anew under the same key.

create table private.taken_captions (
	token_id uuid not null references private.caption_tokens (id) on delete cascade,
	key text not null,
	run_id uuid not null references public.runs (id) on delete cascade,
	number integer not null,
	primary key (token_id, key)
);
alter table private.taken_captions enable row level security;
create index on private.taken_captions (run_id);

-- Corrects a line while the run is on; without words it is taken away. Answers ok | not_found | invalid.
create or replace function public.correct_caption(run uuid, language text, number integer, words text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_words text := private.one_line(words);
	v_line private.caption_lines;
begin
	if not exists (select from public.runs where id = run and state <> 'ended' and private.may_caption(private.me(), session_id)) then return 'not_found'; end if;
	if length(v_words) > 500 then return 'invalid'; end if;
	-- The engine says the same line anew before this, or finds it done.
	perform pg_advisory_xact_lock(hashtextextended(run || correct_caption.language, 52));
	if v_words = '' then
		delete from private.caption_lines as c where c.run_id = run and c.language = correct_caption.language and c.number = correct_caption.number returning c.* into v_line;
		if v_line.token_id is not null and v_line.key is not null then
			insert into private.taken_captions values (v_line.token_id, v_line.key, run, v_line.number) on conflict do nothing;
		end if;
	else
		update private.caption_lines as c set words = v_words, is_final = true, corrected_at = now(), corrected_by = private.me()
		where c.run_id = run and c.language = correct_caption.language and c.number = correct_caption.number returning c.* into v_line;
	end if;
	if v_line.id is null then return 'not_found'; end if;
	perform private.tell_caption(run, v_line.id);
	return 'ok';
end
$$;

-- Writes a line, or with a key of before says it anew. `p_took`: how long it took to say, in milliseconds. Gives its number back.
create or replace function private.add_caption(p_run public.runs, p_language text, p_words text, p_took integer, p_by uuid, p_token uuid default null,
	p_key text default null, p_final boolean default true) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_now integer := floor(extract(epoch from clock_timestamp() - p_run.started_at) * 1000);
	v_nameless boolean := private.level_in_force(p_run.session_id) in ('chatham_house', 'closed') or p_run.level in ('chatham_house', 'closed');
	v_line private.caption_lines;
	v_number integer;
begin
	-- One line after the other: two captioners give no number twice.
	perform pg_advisory_xact_lock(hashtextextended(p_run.id || p_language, 52));
	-- What a person has corrected or taken away, no engine says anew.
	select c.number into v_number from private.caption_lines as c where c.token_id = p_token and c.key = p_key and c.language = p_language and c.corrected_at is not null for update;
	if not found then select t.number into v_number from private.taken_captions as t where t.token_id = p_token and t.key = p_key; end if;
	if found then return v_number; end if;
	update private.caption_lines set words = p_words, is_final = p_final, ends = greatest(ends, v_now), is_kept = is_kept and private.all_consent(p_run.id, p_run.session_id)
	where token_id = p_token and key = p_key and language = p_language returning * into v_line;
	if not found then
		insert into private.caption_lines (run_id, language, number, starts, ends, words, key, is_final, is_kept, written_by, token_id)
		values (p_run.id, p_language, (select coalesce(max(number), 0) + 1 from private.caption_lines where run_id = p_run.id and language = p_language),
			greatest(0, v_now - least(greatest(coalesce(p_took, 2000), 0), 30000)), greatest(0, v_now), p_words, p_key, p_final,
			not v_nameless and private.all_consent(p_run.id, p_run.session_id), p_by, p_token)
		returning * into v_line;
	end if;
	if v_line.is_kept then
		insert into private.caption_people (run_id, person_id) select p_run.id, s.person_id from private.on_stage(p_run.id) as s where s.person_id is not null on conflict do nothing;
	end if;
	if v_nameless then
		delete from private.caption_lines where run_id = p_run.id and ends < v_now - 600000;
	end if;
	perform private.tell_caption(p_run.id, v_line.id);
	return v_line.number;
end
$$;

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
