-- Whose words a transcript may hold: whoever was on stage when a line was kept. Taken out of the session, or saying no to it, they have taken
-- their consent back, and nobody reads it any more; as with recordings.

create table private.caption_people (
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	primary key (run_id, person_id)
);
alter table private.caption_people enable row level security;
create index on private.caption_people (person_id);

create function private.all_agree_to_transcript(p_run uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select not exists (select from private.caption_people as p where p.run_id = p_run and not private.may_be_recorded(p_run, p.person_id, true))
$$;

-- Of a run without names nobody is remembered.
create function private.forget_caption_people() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.caption_people as p where p.run_id = new.id;
	return null;
end
$$;
create trigger forget_caption_people after update of level on public.runs for each row
	when (new.level > old.level and new.level in ('chatham_house', 'closed')) execute function private.forget_caption_people();

-- Writes a line, or with a key of before says it anew. `p_took`: how long it took to say, in milliseconds. Gives its number back.
create or replace function private.add_caption(p_run public.runs, p_language text, p_words text, p_took integer, p_by uuid, p_token uuid default null,
	p_key text default null, p_final boolean default true) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_now integer := floor(extract(epoch from clock_timestamp() - p_run.started_at) * 1000);
	v_nameless boolean := private.level_in_force(p_run.session_id) in ('chatham_house', 'closed') or p_run.level in ('chatham_house', 'closed');
	v_line private.caption_lines;
begin
	-- What a person has corrected, no engine says anew.
	select c.* into v_line from private.caption_lines as c where c.token_id = p_token and c.key = p_key and c.language = p_language and c.corrected_at is not null for update;
	if found then return v_line.number; end if;
	-- One line after the other: two captioners give no number twice.
	perform pg_advisory_xact_lock(hashtextextended(p_run.id || p_language, 52));
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
