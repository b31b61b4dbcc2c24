-- The interpreted sound of recordings: each spoken booth is recorded with the picture, where its interpreter agreed, and
-- viewers choose what they hear.

set check_function_bodies = off;

-- Interpreters who agreed that their booths are recorded in a run.
create table private.booth_consents (
	run_id uuid not null references public.runs (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	given_at timestamptz not null default now(),
	primary key (run_id, person_id)
);
create index on private.booth_consents (person_id);
alter table private.booth_consents enable row level security;

-- The sound of a recording in one language: the interpreters, and the original where nobody interprets. Its file is as
-- long as the picture.
create table private.recording_languages (
	recording_id uuid not null references private.recordings (id) on delete cascade,
	language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' and length(language) <= 35),
	-- Null until it is made, and where it could not be made or cut.
	object_name text unique references private.stored_objects (name) on delete restrict,
	-- The file before a trim, kept as long as the whole picture.
	whole_object_name text unique references private.stored_objects (name) on delete restrict,
	-- For how long nothing came from the recorder, in milliseconds: there the file has the original.
	missing_ms integer not null default 0 check (missing_ms >= 0),
	-- Somebody interpreted who had not agreed to be recorded.
	is_refused boolean not null default false,
	-- Organisers leave it out of what is published.
	is_left_out boolean not null default false,
	-- The process that makes the file, and until when it is believed to live. The process renews this while it works.
	held_by text,
	held_until timestamptz not null default '-infinity',
	attempts integer not null default 0,
	-- Why the last try failed: interrupted (its process ended), gone (a file), unreadable, store.
	reason text not null default '' check (reason in ('', 'interrupted', 'gone', 'unreadable', 'store')),
	primary key (recording_id, language)
);
alter table private.recording_languages enable row level security;
-- A process renews its claim every few seconds, which is no act of anybody.
create trigger audit_record_insert after insert on private.recording_languages
	for each row execute function audit.record_change('', 'object_name', 'whole_object_name', 'held_by');
create trigger audit_record_update after update on private.recording_languages for each row
	when ((old.object_name, old.whole_object_name, old.is_left_out)
		is distinct from (new.object_name, new.whole_object_name, new.is_left_out))
	execute function audit.record_change('', 'object_name', 'whole_object_name', 'held_by');
create trigger audit_record_delete after delete on private.recording_languages
	for each row execute function audit.record_change('', 'object_name', 'whole_object_name', 'held_by');

-- The pieces of a language in a part, in the order in which they came, until they are made into its file.
create table private.recording_language_chunks (
	recording_id uuid not null,
	part integer not null,
	language text not null,
	number integer not null check (number between 1 and 20000),
	-- When in the part its first piece begins, in milliseconds: a booth may be opened in the middle.
	starts_ms integer not null default 0 check (starts_ms between 0 and 36000000),
	object_name text not null unique references private.stored_objects (name) on delete restrict,
	received_at timestamptz not null default now(),
	primary key (recording_id, part, language, number),
	foreign key (recording_id, part) references private.recording_parts (recording_id, number) on delete cascade,
	foreign key (recording_id, language) references private.recording_languages (recording_id, language)
		on delete cascade
);
create index on private.recording_language_chunks (recording_id, language);
alter table private.recording_language_chunks enable row level security;

-- When the recorder was told to record whose voice, by the clock of the database.
create table private.recording_voices (
	id bigint generated always as identity primary key,
	recording_id uuid not null,
	language text not null,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	started_at timestamptz not null default now(),
	ended_at timestamptz not null default now(),
	-- A process is taking this voice out of the file.
	is_leaving boolean not null default false,
	foreign key (recording_id, language) references private.recording_languages (recording_id, language)
		on delete cascade
);
create index on private.recording_voices (recording_id, language, id);
create index on private.recording_voices (person_id);
alter table private.recording_voices enable row level security;

insert into private.retention_rules (table_name, class, summit, people, since, only_if, or_if, sets, remover, with_audit)
values ('private.booth_consents', 'consents', 'private.summit_of_run(t.run_id)', 'array[t.person_id]', null,
	'not private.has_recordings($1)', null, null, null, true);
insert into private.retention_rules (table_name, class)
values
	('private.recording_languages', 'recordings'),
	('private.recording_language_chunks', 'recordings'),
	('private.recording_voices', 'recordings');
insert into private.copied_tables (name, section, owner, owner_column, columns)
values
	('private.booth_consents', 'participation', 'person', 'person_id', '{given_at,run_id}'),
	('private.recording_voices', 'participation', 'person', 'person_id', '{started_at,recording_id,language,ended_at}');
insert into private.writable_after_closing (table_name, reason)
values ('private.booth_consents', 'A consent can be withdrawn at any time.');

-- Whether the voice of an interpreter may be in the recordings of a run: they agreed in their booth, and interpret in
-- the session. Somebody under 18 needs the consent of their guardian too.
create function private.may_record_voice(p_run uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.booth_consents as c where c.run_id = p_run and c.person_id = p_person)
		and exists (
			select from public.runs
			join public.session_people as sp on sp.session_id = runs.session_id and sp.person_id = p_person
				and sp.role = 'interpreter' and sp.state <> 'declined'
			where runs.id = p_run and private.guardian_allows(p_person, runs.session_id, 'record'))
$$;

-- Who is on air in the spoken booths of a run now: the language, the identity and the person, who are null where nobody
-- interprets, and whether they may be recorded.
create function private.list_booth_voices(p_run uuid)
	returns table (language text, identity text, person uuid, is_allowed boolean)
language sql stable security definer set search_path = '' as $$
	select l ->> 'language', p.identity, p.person_id, coalesce(private.may_record_voice(p_run, p.person_id), false)
	from jsonb_array_elements(private.run_languages(p_run)) as l
	left join private.run_participants as p on p.run_id = p_run and p.identity = l ->> 'identity'
	where not (l ->> 'is_signed')::boolean
$$;

-- Whether the booths are recorded with what is recorded at this moment: never in a pause, and not by LiveKit Egress.
create function private.are_booths_recorded(p_recording private.recordings) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_recording_due(p_recording)
		and not exists (select from private.egresses as e where e.recording_id = p_recording.id)
$$;

-- [{language, identity}] of the spoken booths of what is recorded now. The identity of an interpreter who has not agreed
-- is null: the original is recorded instead.
create function private.recorded_booths(p_recording private.recordings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', v.language,
		'identity', case when v.is_allowed then v.identity end) order by v.language), '[]')
	from private.list_booth_voices(p_recording.run_id) as v
	where private.are_booths_recorded(p_recording)
$$;

-- Notes whose voice the recorder is told to record, and where somebody interprets who has not agreed. A voice that goes
-- on is one row.
create function private.note_voices(p_recording private.recordings) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_voice record;
begin
	if p_recording.id is null or not private.are_booths_recorded(p_recording) then return; end if;
	for v_voice in
		select v.* from private.list_booth_voices(p_recording.run_id) as v where v.person is not null
	loop
		insert into private.recording_languages (recording_id, language) values (p_recording.id, v_voice.language)
		on conflict do nothing;
		if not v_voice.is_allowed then
			update private.recording_languages as l set is_refused = true
			where l.recording_id = p_recording.id and l.language = v_voice.language and not l.is_refused;
			continue;
		end if;
		update private.recording_voices as o set ended_at = clock_timestamp()
		where o.person_id = v_voice.person and o.id = (
			select max(n.id) from private.recording_voices as n
			where n.recording_id = p_recording.id and n.language = v_voice.language);
		if not found then
			insert into private.recording_voices (recording_id, language, person_id)
			values (p_recording.id, v_voice.language, v_voice.person);
		end if;
	end loop;
end
$$;

-- A part of the picture begins one of each language that the run is interpreted into.
create function private.begin_recorded_languages(p_recording private.recordings) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.recording_languages (recording_id, language)
	select p_recording.id, v.language
	from private.list_booth_voices(p_recording.run_id) as v
	where private.are_booths_recorded(p_recording)
	on conflict do nothing
$$;

-- Stores a piece of a language whose bytes are in the store; `p_starts`: when in the part its first piece begins, in
-- milliseconds. Locks the recording against sealing, and the language. Answers ok, already (it came twice), gap (a piece
-- before it is missing), over.
create function private.add_language_chunk(p_hash bytea, p_part integer, p_language text, p_number integer,
	p_starts integer, p_object text, p_now timestamptz default now()) returns private.recording_chunk_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.find_recording_by_key(p_hash);
	v_last integer;
begin
	select * into v_recording from private.recordings where id = v_recording.id for share;
	if not found or v_recording.state not in ('wanted', 'running', 'paused', 'stopped')
		or not exists (select from private.recording_parts as p
			where p.recording_id = v_recording.id and p.number = p_part
				and (p.ended_at is null or p.ended_at > p_now - interval '20 seconds')) then
		return 'over';
	end if;
	insert into private.recording_languages (recording_id, language)
	select v_recording.id, b.language from private.booths as b
	where b.run_id = v_recording.run_id and b.language = p_language and not b.is_signed
	on conflict do nothing;
	perform from private.recording_languages as l
	where l.recording_id = v_recording.id and l.language = p_language
	for update;
	if not found then return 'over'; end if;
	select coalesce(max(c.number), 0) into v_last from private.recording_language_chunks as c
	where c.recording_id = v_recording.id and c.part = p_part and c.language = p_language;
	if p_number <= v_last then return 'already'; end if;
	if p_number > v_last + 1 then return 'gap'; end if;
	if not private.mark_object_used(p_object) then return 'over'; end if;
	insert into private.recording_language_chunks (recording_id, part, language, number, starts_ms, object_name)
	values (v_recording.id, p_part, p_language, p_number, p_starts, p_object);
	return 'ok';
end
$$;
grant execute on function private.add_language_chunk(bytea, integer, text, integer, integer, text, timestamptz)
	to app_server;

-- Whether a key may send now; asked before the bytes of a piece are read.
create function private.is_recorder_key(p_hash bytea) returns boolean
language sql stable security definer set search_path = '' as $$
	select (private.find_recording_by_key(p_hash)).id is not null
$$;
grant execute on function private.is_recorder_key(bytea) to app_server;

create trigger mark_object_deletable after delete on private.recording_language_chunks for each row
	execute function private.mark_row_object_deletable();

create function private.mark_language_files_deletable() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.mark_objects_deletable(old.object_name, old.whole_object_name);
	return null;
end
$$;
create trigger mark_objects_deletable after delete on private.recording_languages for each row
	execute function private.mark_language_files_deletable();

-- The pieces of a recording that is sealed or has failed never become files.
create function private.drop_language_chunks() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.recording_language_chunks as c where c.recording_id = new.id;
	return null;
end
$$;
create trigger drop_language_chunks after update of state on private.recordings for each row
	when (new.state in ('sealed', 'failed') and old.state <> new.state) execute function private.drop_language_chunks();

-- Whether somebody's voice is in the sound of a language who does not agree any more: nobody gets it until it is taken out.
create function private.has_withdrawn_voice(p_recording uuid, p_language text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.recording_voices as v
		join private.recordings as g on g.id = v.recording_id
		where v.recording_id = p_recording and v.language = p_language
			and not private.may_record_voice(g.run_id, v.person_id))
$$;

-- Whether the pieces of a language wait to be made into its file.
create function private.is_language_due(p_language private.recording_languages) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_language.attempts < 3 and exists (
		select from private.recording_language_chunks as c
		where c.recording_id = p_language.recording_id and c.language = p_language.language)
$$;

-- Whether a process makes a file of a language, or is to make one of its pieces: the recording is cut after that.
create function private.has_language_work(p_recording uuid, p_now timestamptz) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.recording_languages as l
		where l.recording_id = p_recording
			and (private.is_language_due(l) or l.held_by is not null and l.held_until > p_now))
$$;

-- The voices that are to be taken out of a language, in milliseconds of everything that was recorded. The recorder learns
-- with a delay of up to some seconds who is on air.
create function private.list_leaving_voices(p_recording uuid, p_language text)
	returns table (from_ms integer, until_ms integer)
language sql stable security definer set search_path = '' as $$
	with parts as (
		select p.started_at, p.length_ms, coalesce(sum(p.length_ms) over (
			order by p.number rows between unbounded preceding and 1 preceding), 0)::integer as before
		from private.recording_parts as p
		where p.recording_id = p_recording and p.length_ms > 0
	), spans as (
		select v.started_at - interval '2 seconds' as starts, v.ended_at + interval '8 seconds' as ends
		from private.recording_voices as v
		where v.recording_id = p_recording and v.language = p_language and v.is_leaving
	)
	select p.before + greatest(0, (extract(epoch from s.starts - p.started_at) * 1000)::integer),
		p.before + least(p.length_ms, (extract(epoch from s.ends - p.started_at) * 1000)::integer)
	from spans as s
	join parts as p on s.ends > p.started_at
		and s.starts < p.started_at + p.length_ms * interval '1 millisecond'
	order by 1
$$;
grant execute on function private.list_leaving_voices(uuid, text) to app_server;

-- Deletes the pieces of languages in which nobody interpreted who may be recorded: such a file would be the original.
create function private.drop_silent_languages() returns void
language sql volatile security definer set search_path = '' as $$
	delete from private.recording_language_chunks as c
	using private.recordings as g
	where g.id = c.recording_id and g.state = 'ready' and not exists (
		select from private.recording_voices as v
		where v.recording_id = c.recording_id and v.language = c.language
			and private.may_record_voice(g.run_id, v.person_id))
$$;

-- Gives one language to a process whose file is to be made of its pieces, or made again without a voice: {recording,
-- language, is_new}, or no row. While the picture is to be cut nothing is made again. One whose process died is given to
-- the next; three tries are enough. Locks the recording first, as sealing does.
create function private.claim_recording_language(p_process text, p_now timestamptz default now())
	returns table (recording uuid, language text, is_new boolean)
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.drop_silent_languages();
	select g.id, l.language, private.is_language_due(l) into recording, language, is_new
	from private.recordings as g
	join private.recording_languages as l on l.recording_id = g.id
	where g.state = 'ready' and l.attempts < 3 and l.held_until <= p_now
		and (private.is_language_due(l)
			or coalesce(l.object_name, l.whole_object_name) is not null
				and private.has_withdrawn_voice(g.id, l.language)
				and not private.is_trim_wanted(g.id) and not private.must_keep_recording(g))
	order by g.started_at, l.language
	limit 1
	for update of g skip locked;
	if not found then return; end if;
	update private.recording_languages as l set
		held_by = p_process,
		held_until = p_now + interval '2 minutes',
		attempts = l.attempts + 1,
		reason = 'interrupted'
	where l.recording_id = recording and l.language = claim_recording_language.language
		and l.attempts < 3 and l.held_until <= p_now;
	-- Nothing, when another process took it since this statement began.
	if not found then return; end if;
	update private.recording_voices as v set is_leaving = not private.may_record_voice(g.run_id, v.person_id)
	from private.recordings as g
	where g.id = recording and v.recording_id = recording and v.language = claim_recording_language.language;
	return next;
end
$$;
grant execute on function private.claim_recording_language(text, timestamptz) to app_server;

-- The pieces of a language in order: the part, where it begins in everything that was recorded and how long it is, when in
-- it the first piece begins, all in milliseconds, and the object.
create function private.list_language_chunks(p_recording uuid, p_language text)
	returns table (part integer, before_ms integer, length_ms integer, starts_ms integer, object text)
language sql stable security definer set search_path = '' as $$
	select p.number, p.before, p.length_ms,
		first_value(c.starts_ms) over (partition by p.number order by c.number), c.object_name
	from (
		select o.number, o.length_ms, coalesce(sum(o.length_ms) over (
			order by o.number rows between unbounded preceding and 1 preceding), 0)::integer as before
		from private.recording_parts as o
		where o.recording_id = p_recording and o.length_ms > 0) as p
	join private.recording_language_chunks as c on c.recording_id = p_recording and c.part = p.number
		and c.language = p_language
	order by p.number, c.number
$$;
grant execute on function private.list_language_chunks(uuid, text) to app_server;

-- The pictures of a recording with the sound of a language: the file, and the whole one where it is trimmed. `sound` is null
-- where there is none yet; `starts_ms` is where the file begins in everything that was recorded.
create function private.list_language_files(p_recording uuid, p_language text)
	returns table (is_whole boolean, picture text, sound text, starts_ms integer)
language sql stable security definer set search_path = '' as $$
	select false, g.object_name, l.object_name, coalesce(t.starts_ms, 0)
	from private.recordings as g
	join private.recording_languages as l on l.recording_id = g.id and l.language = p_language
	left join private.recording_trims as t on t.recording_id = g.id
	where g.id = p_recording
	union all
	select true, t.object_name, l.whole_object_name, t.whole_starts_ms
	from private.recording_trims as t
	join private.recording_languages as l on l.recording_id = t.recording_id and l.language = p_language
	where t.recording_id = p_recording and t.object_name is not null and l.whole_object_name is not null
$$;
grant execute on function private.list_language_files(uuid, text) to app_server;

-- The process still works on it. False when another process makes it.
create function private.hold_recording_language(p_recording uuid, p_language text, p_process text,
	p_now timestamptz default now()) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.recording_languages as l set held_until = p_now + interval '2 minutes'
	where l.recording_id = p_recording and l.language = p_language and l.held_by = p_process
		and exists (select from private.recordings as g where g.id = p_recording and g.state = 'ready');
	return found;
end
$$;
grant execute on function private.hold_recording_language(uuid, text, text, timestamptz) to app_server;

-- The sound of a language is in the store, without the voices that were leaving: `p_object`, and `p_whole` where the
-- recording is trimmed. `p_missing`: for how long nothing came, or null when it was made again. False when it must not be
-- kept: the recording was sealed, deleted, held or cut meanwhile, or another process makes it. Locks the recording first,
-- as sealing does.
create function private.finish_recording_language(p_recording uuid, p_language text, p_process text, p_object text,
	p_whole text, p_missing integer) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
	v_language private.recording_languages;
begin
	select * into v_recording from private.recordings where id = p_recording and state = 'ready' for update;
	if not found then return false; end if;
	select * into v_language from private.recording_languages as l
	where l.recording_id = p_recording and l.language = p_language and l.held_by = p_process
	for update;
	if not found or p_missing is null and private.must_keep_recording(v_recording)
		or p_missing is null and (v_language.object_name is null) <> (p_object is null)
		or (v_language.whole_object_name is null) <> (p_whole is null) then
		return false;
	end if;
	if p_object is not null and not private.mark_object_used(p_object)
		or p_whole is not null and not private.mark_object_used(p_whole) then
		return false;
	end if;
	update private.recording_languages as l set object_name = p_object, whole_object_name = p_whole,
		missing_ms = coalesce(p_missing, l.missing_ms), held_by = null, held_until = '-infinity', attempts = 0, reason = ''
	where l.recording_id = p_recording and l.language = p_language;
	perform private.mark_objects_deletable(v_language.object_name, v_language.whole_object_name);
	delete from private.recording_language_chunks as c
	where c.recording_id = p_recording and c.language = p_language;
	delete from private.recording_voices as v
	where v.recording_id = p_recording and v.language = p_language and v.is_leaving;
	perform private.notify_recording(v_recording);
	return true;
end
$$;
grant execute on function private.finish_recording_language(uuid, text, text, text, text, integer) to app_server;

-- This try failed; the next is five minutes later, and after the third there is none. One that ended with its process does
-- not count, and the next process begins at once.
create function private.fail_recording_language(
	p_recording uuid, p_language text, p_process text, p_reason text, p_now timestamptz default now()
) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.recording_languages as l set
		held_by = null,
		reason = p_reason,
		attempts = l.attempts - case when p_reason = 'interrupted' then 1 else 0 end,
		held_until = case when p_reason = 'interrupted' or l.attempts >= 3 then '-infinity'
			else p_now + interval '5 minutes' end
	where l.recording_id = p_recording and l.language = p_language and l.held_by = p_process;
	if found then
		perform private.notify_recording(g) from private.recordings as g where g.id = p_recording;
	end if;
end
$$;
grant execute on function private.fail_recording_language(uuid, text, text, text, timestamptz) to app_server;

-- The languages of a recording that are cut with it.
create function private.list_languages_to_cut(p_recording uuid) returns table (language text, object text)
language sql stable security definer set search_path = '' as $$
	select l.language, l.object_name from private.recording_languages as l
	where l.recording_id = p_recording and l.object_name is not null
	order by l.language
$$;
grant execute on function private.list_languages_to_cut(uuid) to app_server;

-- The picture was cut: `p_cut` has the shorter file of each language. One that could not be cut has none until the trim is
-- undone. The caller has locked the recording.
create function private.cut_languages(p_recording uuid, p_cut jsonb) returns void
language sql volatile security definer set search_path = '' as $$
	update private.recording_languages as l
	set whole_object_name = l.object_name,
		object_name = case when private.mark_object_used(p_cut ->> l.language) then p_cut ->> l.language end
	where l.recording_id = p_recording and l.object_name is not null
$$;

-- The trim of the picture was undone. The caller has locked the recording.
create function private.restore_languages(p_recording uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.mark_objects_deletable(l.object_name) from private.recording_languages as l
	where l.recording_id = p_recording and l.whole_object_name is not null and l.object_name is not null;
	update private.recording_languages as l set object_name = l.whole_object_name, whole_object_name = null
	where l.recording_id = p_recording and l.whole_object_name is not null;
end
$$;

-- What was cut off is deleted for ever. The caller has locked the trim.
create function private.drop_whole_languages(p_recording uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.mark_objects_deletable(l.whole_object_name) from private.recording_languages as l
	where l.recording_id = p_recording and l.whole_object_name is not null;
	update private.recording_languages as l set whole_object_name = null
	where l.recording_id = p_recording and l.whole_object_name is not null;
end
$$;

-- [{language, media_type, size, sha256, is_left_out}] of a recording, for whoever may have its picture; what organisers
-- leave out is for those alone who look at it before it is published.
create function private.languages_of_recording(p_recording private.recordings, p_previews boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', l.language, 'media_type', o.media_type, 'size', o.size,
		'sha256', encode(o.sha256, 'hex'), 'is_left_out', l.is_left_out) order by l.language), '[]')
	from private.recording_languages as l
	join private.stored_objects as o on o.name = l.object_name and o.state = 'kept'
	where l.recording_id = p_recording.id and (p_previews or not l.is_left_out)
		and not private.has_withdrawn_voice(p_recording.id, l.language)
$$;

-- The stored object of a language. The caller has asked `public.open_recording` who may have it.
create function private.object_of_recording_language(p_recording uuid, p_language text) returns text
language sql stable security definer set search_path = '' as $$
	select l.object_name from private.recording_languages as l
	where l.recording_id = p_recording and l.language = p_language
$$;
grant execute on function private.object_of_recording_language(uuid, text) to app_server;

-- [{language, state, missing_ms, is_refused, is_left_out}] of the languages that a recording was interpreted into, for
-- organisers. recording: it is not over. waiting: its file is being made. ready. leaving: a voice that was withdrawn is
-- being taken out. refused: nobody who interpreted had agreed. silent: nobody interpreted. failed: it has no file.
create function private.listed_languages(p_recording private.recordings) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', l.language,
		'state', case
			when p_recording.state in ('wanted', 'running', 'paused') then 'recording'
			when p_recording.state = 'stopped' or private.is_language_due(l) then 'waiting'
			when l.object_name is not null then
				case when private.has_withdrawn_voice(p_recording.id, l.language) then 'leaving' else 'ready' end
			when exists (select from private.recording_voices as v
				where v.recording_id = l.recording_id and v.language = l.language
					and private.may_record_voice(p_recording.run_id, v.person_id)) then 'failed'
			when l.is_refused or exists (select from private.recording_voices as v
				where v.recording_id = l.recording_id and v.language = l.language) then 'refused'
			else 'silent' end,
		'missing_ms', l.missing_ms, 'is_refused', l.is_refused, 'is_left_out', l.is_left_out)
		order by l.language), '[]')
	from private.recording_languages as l
	where l.recording_id = p_recording.id and p_recording.state not in ('sealed', 'failed')
$$;

-- Leaves a language out of a recording, before or after it is published, or puts it in again. For those who may edit the
-- session. Answers ok, already, not_found.
create function public.leave_out_language(recording uuid, language text, is_left_out boolean)
	returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.lock_own_recording(recording);
begin
	if v_recording.id is null or leave_out_language.is_left_out is null
		or not exists (select from private.recording_languages as l
			where l.recording_id = v_recording.id and l.language = leave_out_language.language) then
		return 'not_found';
	end if;
	update private.recording_languages as l set is_left_out = leave_out_language.is_left_out
	where l.recording_id = v_recording.id and l.language = leave_out_language.language
		and l.is_left_out <> leave_out_language.is_left_out;
	if not found then return 'already'; end if;
	perform private.notify_recording(v_recording);
	return 'ok';
end
$$;
grant execute on function public.leave_out_language(uuid, text, boolean) to authenticated;

-- What the page of a booth says to its interpreters: {state: of the recording, null while there is none, has_agreed}; null
-- for sign languages, whose picture follows the consents of the session, and where the session is not recorded.
create function private.booth_recording(p_booth private.booths, p_person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('state', g.state, 'has_agreed', exists (
		select from private.booth_consents as c where c.run_id = runs.id and c.person_id = p_person))
	from public.runs
	left join private.recordings as g on g.run_id = runs.id and g.state in ('wanted', 'running', 'paused')
	where runs.id = p_booth.run_id and not p_booth.is_signed
		and private.works_in_booth(p_person, p_booth.id)
		and (g.id is not null or (private.stage_session(runs.session_id) ->> 'is_recorded')::boolean)
		and greatest(private.level_in_force(runs.session_id), runs.level) in ('public', 'members')
$$;

-- Agrees to be recorded in the booths of a run that has not ended, or withdraws it. Answers ok, already, not_found (also
-- for somebody in no booth of what may be recorded).
create function public.set_booth_consent(run uuid, agrees boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs := private.hold_open_run(run);
begin
	if v_run.id is null or agrees is null then return 'not_found'; end if;
	if not agrees then return private.withdraw_booth_consent_of(v_run, v_me); end if;
	if not exists (
		select from private.booths as b
		where b.run_id = v_run.id and private.may_interpret_in(v_me, b.id)
			and private.booth_recording(b, v_me) is not null) then
		return 'not_found';
	end if;
	insert into private.booth_consents (run_id, person_id) values (v_run.id, v_me) on conflict do nothing;
	if not found then return 'already'; end if;
	perform private.publish_event('session:' || v_run.session_id, 'booth', v_run.id);
	return 'ok';
end
$$;
grant execute on function public.set_booth_consent(uuid, boolean) to authenticated;

-- Withdraws the consent of an interpreter: at once nobody gets a language with their voice, and a process takes it out.
-- Answers ok or already.
create function private.withdraw_booth_consent_of(p_run public.runs, p_person uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.booth_consents as c where c.run_id = p_run.id and c.person_id = p_person;
	if not found then return 'already'; end if;
	perform private.publish_event('session:' || p_run.session_id, 'booth', p_run.id);
	perform private.notify_recording(g) from private.recordings as g
	where g.run_id = p_run.id and exists (select from private.recording_voices as v
		where v.recording_id = g.id and v.person_id = p_person);
	return 'ok';
end
$$;

-- Whether the reader agreed to be recorded in a booth of a session.
create function public.has_booth_consent(session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.booth_consents as c
		join public.runs on runs.id = c.run_id
		where runs.session_id = has_booth_consent.session and c.person_id = (select private.me()))
$$;
grant execute on function public.has_booth_consent(uuid) to authenticated;

-- Withdraws the reader's consent in all runs of a session, also after their end. Answers ok or already.
create function public.withdraw_booth_consent(session uuid) returns public.ok_or_already
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_answer text := 'already';
begin
	for v_run in
		select runs.* from public.runs
		join private.booth_consents as c on c.run_id = runs.id
		where runs.session_id = withdraw_booth_consent.session and c.person_id = (select private.me())
	loop
		v_answer := private.withdraw_booth_consent_of(v_run, private.me());
	end loop;
	return v_answer;
end
$$;
grant execute on function public.withdraw_booth_consent(uuid) to authenticated;

drop function private.finish_recording_trim(uuid, text, text, integer, integer);
-- The shorter file is in the store: it begins at `p_from` of the file before and is `p_length` long, in milliseconds;
-- `p_languages` has the shorter file of each language. The copy in MP4 is deleted, and made of this file again. False when it must not be kept: the recording was sealed,
-- deleted or held meanwhile, the trim was undone, or another process makes it. Locks the recording first, as sealing does.
create function private.finish_recording_trim(p_recording uuid, p_process text, p_object text, p_from integer,
	p_length integer, p_languages jsonb default '{}') returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings;
begin
	select * into v_recording from private.recordings
	where id = p_recording and state = 'ready' and published_at is null
	for update;
	if not found or private.must_keep_recording(v_recording) then return false; end if;
	perform from private.recording_trims
	where recording_id = p_recording and held_by = p_process and from_ms is not null
	for update;
	if not found or not private.mark_object_used(p_object) then return false; end if;
	update private.recording_trims set
		object_name = v_recording.object_name,
		whole_starts_ms = starts_ms,
		whole_ends_ms = ends_ms,
		starts_ms = starts_ms + p_from,
		ends_ms = least(starts_ms + p_from + p_length, ends_ms),
		from_ms = null,
		until_ms = null,
		held_by = null,
		held_until = '-infinity',
		attempts = 0,
		reason = ''
	where recording_id = p_recording;
	update private.recordings set object_name = p_object, length_ms = p_length where id = p_recording;
	perform private.cut_languages(p_recording, p_languages);
	delete from private.recording_copies where recording_id = p_recording;
	perform private.notify_recording(v_recording);
	return true;
end
$$;
grant execute on function private.finish_recording_trim(uuid, text, text, integer, integer, jsonb) to app_server;

-- Undoes a trim: one that is not made yet is not made, and of one that is made the whole file comes back. Locks the
-- recording. Answers ok, already (there is none, or the rest is deleted), not_found, published, held (the shorter file may
-- not be deleted), refused.
create or replace function public.undo_recording_trim(recording uuid) returns public.recording_trim_undo_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.lock_own_recording(recording);
	v_trim private.recording_trims;
begin
	if v_recording.id is null then return 'not_found'; end if;
	if v_recording.published_at is not null then return 'published'; end if;
	if not private.may_preview_recording(v_recording) then return 'refused'; end if;
	select * into v_trim from private.recording_trims as t
	where t.recording_id = v_recording.id and (t.from_ms is not null or t.object_name is not null)
	for update;
	if not found then return 'already'; end if;
	if v_trim.object_name is not null and private.must_keep_recording(v_recording) then return 'held'; end if;
	perform private.cancel_trim(v_recording.id);
	if v_trim.object_name is not null then
		update private.recording_trims as t
		set object_name = null, whole_starts_ms = null, whole_ends_ms = null,
			starts_ms = v_trim.whole_starts_ms, ends_ms = v_trim.whole_ends_ms
		where t.recording_id = v_recording.id;
		update private.recordings as g
		set object_name = v_trim.object_name, length_ms = v_trim.whole_ends_ms - v_trim.whole_starts_ms
		where g.id = v_recording.id;
		perform private.mark_objects_deletable(v_recording.object_name);
		perform private.restore_languages(v_recording.id);
		delete from private.recording_copies as c where c.recording_id = v_recording.id;
	end if;
	perform private.notify_recording(v_recording);
	return 'ok';
end
$$;

-- Deletes the whole files of trimmed recordings that are published, with the lines of captions that were cut off; while a
-- hold is on one, all of it stays.
create or replace function private.drop_untrimmed_files() returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_trim private.recording_trims;
begin
	for v_trim in
		select t.* from private.recording_trims as t
		join private.recordings as g on g.id = t.recording_id
		where t.object_name is not null and g.published_at is not null and not private.must_keep_recording(g)
		for update of t skip locked
	loop
		perform private.mark_objects_deletable(v_trim.object_name);
		perform private.drop_whole_languages(v_trim.recording_id);
		perform private.drop_cut_lines(g, false) from private.recordings as g where g.id = v_trim.recording_id;
		update private.recording_trims set object_name = null, whole_starts_ms = null, whole_ends_ms = null
		where recording_id = v_trim.recording_id;
	end loop;
end
$$;

-- Gives one recording that is to be cut to a process: {recording, object, media_type, from_ms, until_ms}, or no row. One
-- whose process died is given to the next; three tries are enough. Locks the recording first, as sealing does.
create or replace function private.claim_recording_trim(p_process text, p_now timestamptz default now())
	returns table (recording uuid, object text, media_type text, from_ms integer, until_ms integer)
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.drop_untrimmed_files();
	perform private.give_up_trims(p_now);
	select g.id, g.object_name, o.media_type, t.from_ms, t.until_ms
	into recording, object, media_type, from_ms, until_ms
	from private.recordings as g
	join private.recording_trims as t on t.recording_id = g.id
	join private.stored_objects as o on o.name = g.object_name and o.state = 'kept'
	where g.state = 'ready' and g.published_at is null
		and t.from_ms is not null and t.attempts < 3 and t.held_until <= p_now
		and not private.must_keep_recording(g) and not private.has_language_work(g.id, p_now)
	order by g.started_at
	limit 1
	for update of g skip locked;
	if not found then return; end if;
	update private.recording_trims as t set
		held_by = p_process,
		held_until = p_now + interval '2 minutes',
		attempts = t.attempts + 1,
		reason = 'interrupted'
	where t.recording_id = recording and t.from_ms is not null and t.attempts < 3 and t.held_until <= p_now;
	-- Nothing, when another process took it since this statement began.
	if found then return next; end if;
end
$$;

-- What the page of the recorder shows: {due, room, identity, staged, title, on_stage: the people who have agreed, and
-- the hall, booths: who of the interpreters may be recorded}; null for a key that opens nothing. It also counts who is in the recording, so that each can withdraw their
-- consent: everybody who signs, and, when the hall is shown, everybody of the session, because they may be seen in it.
create or replace function private.recorder_view(p_hash bytea) returns jsonb
language sql volatile security definer set search_path = '' as $$
	with counted as (
		insert into private.recording_people (recording_id, person_id)
		select g.id, p.person_id
		from private.find_recording_by_key(p_hash) as g
		cross join lateral jsonb_array_elements_text(private.rendered_signing(g.run_id, true)) as s (identity)
		join private.run_participants as p on p.run_id = g.run_id and p.identity = s.identity
		where private.is_recording_due(g)
		union
		select g.id, sp.person_id
		from private.find_recording_by_key(p_hash) as g
		join public.session_people as sp on sp.session_id = g.session_id
		where private.is_recording_due(g) and private.may_record_hall(g.run_id) and sp.state <> 'declined'
			and sp.role not in ('interpreter', 'captioner')
		on conflict do nothing
	)
	select jsonb_build_object('due', private.is_recording_due(g), 'identity', r.identity,
		'room', case when private.is_recording_due(g) then private.ensure_livekit_room(g.run_id, 'stage') end,
		'staged', (select jsonb_build_object('layout', flow -> 'layout', 'spotlight', flow -> 'spotlight')
			from private.stage_progress(g.run_id) as flow),
		'title', (select s.title from public.sessions as s where s.id = g.session_id),
		'on_stage', (
			select coalesce(jsonb_agg(shown), '[]')
			from jsonb_array_elements(private.named_on_stage(g.run_id)) as shown
			where shown ->> 'role' = 'hall' and private.may_record_hall(g.run_id)
				or exists (select from private.run_participants as p
					where p.run_id = g.run_id and p.identity = shown ->> 'identity'
						and private.may_be_recorded(g.run_id, p.person_id))),
		'booths', private.recorded_booths(g))
	from private.find_recording_by_key(p_hash) as g
	join private.recorders as r on r.recording_id = g.id
	cross join lateral private.note_voices(g)
$$;

-- Begins a part, after the end of the part before. Answers its number, or null when nothing is to be recorded. Locks
-- the recording.
create or replace function private.begin_recording_part(p_hash bytea) returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_recording private.recordings := private.find_recording_by_key(p_hash);
	v_number integer;
begin
	select * into v_recording from private.recordings where id = v_recording.id for update;
	if not found or not private.is_recording_due(v_recording) then return null; end if;
	update private.recording_parts set ended_at = now() where recording_id = v_recording.id and ended_at is null;
	select coalesce(max(number), 0) + 1 into v_number from private.recording_parts where recording_id = v_recording.id;
	insert into private.recording_parts (recording_id, number) values (v_recording.id, v_number);
	perform private.begin_recorded_languages(v_recording);
	return v_number;
end
$$;

-- What the page shows: the answer of `private.recorder_view` or `private.large_audience_view`, with slides, poll and
-- signing.
create or replace function private.rendered_view(p_hash bytea) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select coalesce(private.recorder_view(p_hash), private.large_audience_view(p_hash) || '{"booths": []}')
		|| coalesce((
			select jsonb_build_object('slides', private.slides_event(k.run, null), 'poll', private.rendered_poll(k.run),
				'signing', private.rendered_signing(k.run, k.is_recorded))
			from private.find_run_by_key(p_hash) as k where k.run is not null),
			'{"slides": null, "poll": null, "signing": []}')
$$;

-- {media_type, size, sha256, copy: {media_type, size, sha256} or null, languages: [{language, media_type, size, sha256,
-- is_left_out}]} of the file, of its copy in MP4 and of its interpreted sound, for everybody who may watch it or look at it. Null for an unknown recording and for one that the reader may not see.
-- Who may have the file may have its copy and its interpreted sound, and nobody else.
create or replace function public.open_recording(summit uuid, recording uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('media_type', o.media_type, 'size', o.size, 'sha256', encode(o.sha256, 'hex'),
		'copy', (
			select jsonb_build_object('media_type', k.media_type, 'size', k.size, 'sha256', encode(k.sha256, 'hex'))
			from private.recording_copies as c
			join private.stored_objects as k on k.name = c.object_name and k.state = 'kept'
			where c.recording_id = g.id
		),
		'languages', private.languages_of_recording(g, private.may_preview_recording(g)))
	from private.recordings as g
	join private.stored_objects as o on o.name = g.object_name and o.state = 'kept'
	where g.id = recording and g.summit_id = summit
		and (private.may_watch_recording(private.me(), g) or private.may_preview_recording(g))
$$;

-- The recordings of a Summit, of the sessions that the reader may edit. A sealed recording is listed so that it can be
-- deleted; it names nobody, neither in chapters nor among those who do not want to be seen.
create or replace function public.list_recordings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'state', g.state, 'reason', g.reason,
		'recorded_at', private.iso(g.started_at),
		'length_ms', g.length_ms,
		'is_published', g.published_at is not null,
		'is_shown', private.is_recording_shown(g),
		'may_look', private.may_preview_recording(g),
		'has_file', g.object_name is not null,
		'trim', private.trim_json(g),
		'languages', private.listed_languages(g),
		'chapters', case when g.state = 'sealed' then '[]' else private.chapters_of(g.id) end,
		'code', s.code,
		'title', s.title,
		'without_consent', case when g.state = 'sealed' then '[]' else (
			select coalesce(jsonb_agg(people.display_name order by people.display_name), '[]')
			from private.recording_people as p
			join public.people on people.id = p.person_id
			where p.recording_id = g.id and not private.may_be_recorded(g.run_id, p.person_id, true)) end)
		order by g.started_at desc), '[]')
	from private.recordings as g
	join public.sessions as s on s.id = g.session_id
	where g.summit_id = summit and private.may_edit_session(s.id)
$$;

-- Deletes who spoke from the floor or agreed in a booth when the level of a run is raised to one that names nobody. Such a
-- run has no recording, so the consent has no use there.
create or replace function private.erase_floor_consents() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.floor_consents as f where f.run_id = new.id;
	delete from private.booth_consents as c where c.run_id = new.id;
	return null;
end
$$;

-- A level that was raised, lowered and is raised again during one run takes effect each time. The level of the run was
-- not lowered, so `raise_run_level` passes over it: this trigger moves the run again, and takes the names off what was
-- written by name in between.
create or replace function private.raise_level_again() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_run uuid;
begin
	-- Runs of a lower level are raised and moved by `raise_run_level`, the trigger after this one.
	for v_run in
		select runs.id from public.runs
		where runs.session_id = new.id and runs.state <> 'ended' and runs.level >= new.level
		order by runs.id
	loop
		if new.level in ('chatham_house', 'closed') then
			update private.chat_messages as x
				set author_hash = private.hash_participant(x.session_id, x.person_id), person_id = null
			where x.run_id = v_run and x.person_id is not null;
			delete from private.hands as h where h.run_id = v_run and h.state not in ('waiting', 'called');
			delete from private.floor_consents as f where f.run_id = v_run;
			delete from private.booth_consents as c where c.run_id = v_run;
		end if;
		perform private.rotate_livekit_rooms(v_run);
	end loop;
	return null;
end
$$;

-- The page of a booth, for its interpreters and for those who run the stage; null for everyone else. A room may have a
-- run on air and others that wait: a run in which the reader may interpret comes first.
create or replace function public.read_booth(summit uuid, room text, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'run', jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)),
		'session', private.stage_session(runs.session_id),
		'room', jsonb_build_object('slug', rooms.slug, 'name', rooms.name),
		'booth', private.booth_json(b),
		'languages', private.run_languages(runs.id),
		'on_stage', private.named_on_stage(runs.id),
		'flow', private.stage_progress(runs.id),
		'own', (select coalesce(jsonb_agg(o.language order by o.language), '[]')
			from private.booths as o
			where o.run_id = runs.id and private.works_in_booth(private.me(), o.id)),
		'may_run', private.may_run(private.me(), runs.session_id),
		'may_interpret', mine.interprets,
		'recording', private.booth_recording(b, private.me()),
		'me', (
			select jsonb_build_object('code', people.code, 'identity', rp.identity,
				'is_on_stage', coalesce(rp.is_on_stage, false),
				'is_on_air', rp.id is not null and rp.id is not distinct from b.on_air)
			from public.people
			left join private.run_participants as rp on rp.person_id = people.id and rp.run_id = runs.id
			where people.id = (select private.me())))
	from public.rooms
	join public.runs on runs.room_id = rooms.id and runs.state <> 'ended'
	join private.booths as b on b.run_id = runs.id and b.language = read_booth.language
	cross join lateral (select private.may_interpret_in(private.me(), b.id) as interprets) as mine
	where rooms.summit_id = summit and rooms.slug = read_booth.room
		and (mine.interprets or private.may_run(private.me(), runs.session_id)
			and private.entry_decision(private.me(), runs.session_id, 'stream') = 'ok')
	order by mine.interprets desc, runs.state not in ('live', 'paused'), runs.created_at
	limit 1
$$;

-- Withdraws every consent of a person, so that what follows from a consent ends: recordings that they are in are sealed.
create or replace function private.withdraw_consents_of(p_person uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update public.consents as c set withdrawn_at = now()
	where c.person_id = p_person and c.given_at is not null and c.withdrawn_at is null;
	update public.session_people as sp
	set consent_live = false, consent_record = false, consent_publish = false, consent_photo = false
	where sp.person_id = p_person;
	perform private.set_floor_consent(f.run_id, p_person, false)
	from (select run_id from private.floor_consents where person_id = p_person order by run_id) as f;
	perform private.withdraw_booth_consent_of(runs, p_person)
	from public.runs
	join private.booth_consents as c on c.run_id = runs.id
	where c.person_id = p_person;
end
$$;

create or replace function private.people_of_recording(p_recording uuid) returns uuid[]
language sql stable as $$
	select array(
		select p.person_id from private.recording_people as p where p.recording_id = p_recording
		union
		select v.person_id from private.recording_voices as v where v.recording_id = p_recording)
$$;

select private.close_with_summit();
