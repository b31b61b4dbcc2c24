-- Booths: one for each language that a run is interpreted into, spoken or signed. Who is the voice of a language is
-- state of the run; a track in LiveKit alone makes nobody a voice.

-- Sign languages by their ISO 639-3 codes: those of the larger deaf communities, International Sign, and the group
-- code.
create function private.is_sign_language(p_language text) returns boolean
language sql immutable set search_path = '' as $$
	select split_part(p_language, '-', 1) in ('sgn', 'ils', 'ase', 'bfi', 'fsl', 'gsg', 'ssp', 'ise', 'dse', 'vgt',
		'sfb', 'psr', 'bzs', 'mfs', 'asq', 'gss', 'csl',
		'jsl', 'kvk', 'ins', 'rsl', 'ukl', 'pso', 'swl', 'dsl', 'nsl', 'fse', 'isg', 'asf', 'nzs', 'sfs', 'tsm', 'jos',
			'ssr', 'aed', 'csn', 'lsp', 'ugy', 'csg')
$$;

create function private.is_of_booth(p_person uuid, p_booth uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.booths as b join public.runs on runs.id = b.run_id
		join public.session_people as sp on sp.session_id = runs.session_id and sp.person_id = p_person
			and sp.role = 'interpreter' and sp.state <> 'declined'
		where b.id = p_booth and coalesce((select s.is_seated from private.booth_seats as s
			where s.booth_id = b.id and s.person_id = p_person),
			exists (select from public.interpreter_languages as l
				where l.person_id = p_person and l.summit_id = runs.summit_id
				and (l.target = b.language or b.language like l.target || '-%' or l.target like b.language || '-%'))))
$$;

-- Whether somebody may work in a booth at this moment: an interpreter of the session, into this language or seated
-- there, who may enter.
create function private.interprets(p_person uuid, p_booth uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and private.is_of_booth(p_person, p_booth)
		and private.entry_of(p_person, runs.session_id, 'stream') = 'ok'
	from private.booths as b join public.runs on runs.id = b.run_id where b.id = p_booth
$$;

-- The languages of a run as its readers choose among them: {language, is_signed, identity (null: silent), is_staffed}.
create function private.run_languages(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('language', b.language, 'is_signed', b.is_signed, 'identity',
		voice.identity,
		'is_staffed', voice.identity is not null or exists (select from public.session_people as sp
			where sp.session_id = runs.session_id and sp.role = 'interpreter'
				and private.is_of_booth(sp.person_id, b.id))) order by b.is_signed, b.language), '[]')
	from private.booths as b join public.runs on runs.id = b.run_id
	left join lateral (select p.identity from private.run_participants as p
		where p.id = b.on_air and runs.state <> 'ended' and not p.is_on_stage
			and private.interprets(p.person_id, b.id)) as voice on true
	where b.run_id = p_run
$$;

-- A run has a booth for each language that its session is interpreted into, from the beginning and when one is added.
create function private.open_booths(p_run uuid) returns void
language sql volatile security definer set search_path = '' as $$
	insert into private.booths (run_id, language, is_signed)
	select runs.id, language, private.is_sign_language(language)
	from public.runs join public.sessions as s on s.id = runs.session_id
	cross join lateral (select distinct unnest(s.interpreted) as language) as each
	where runs.id = p_run and runs.state <> 'ended' and language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'
		and length(language) <= 35
	on conflict (run_id, language) do nothing
$$;

create function private.open_booths_of_run() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.open_booths(new.id);
	return null;
end
$$;

create trigger open_booths after insert on public.runs for each row execute function private.open_booths_of_run();

create function private.open_booths_of_session() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.open_booths(id), private.tell('session:' || session_id, 'stage', id),
		private.tell('run:' || id, 'languages', id) from public.runs where session_id = new.id and state <> 'ended';
	return null;
end
$$;

create trigger open_booths after update of interpreted on public.sessions for each row
	when (new.interpreted is distinct from old.interpreted) execute function private.open_booths_of_session();

-- Whoever comes on stage leaves the booth.
create function private.leave_booth_for_stage() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.booths set on_air = null, on_air_since = null, offered_at = null where on_air = new.id;
	return null;
end
$$;

create trigger leave_booth after update of is_on_stage on private.run_participants for each row
	when (new.is_on_stage and not old.is_on_stage) execute function private.leave_booth_for_stage();

-- After a run nothing is kept of who worked when and of what partners wrote.
create function private.empty_booths() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.booth_lines as l using private.booths as b where b.id = l.booth_id and b.run_id = new.id;
	if new.state = 'ended' then
		delete from private.booth_beats as w using private.booths as b where b.id = w.booth_id and b.run_id = new.id;
		update private.booths set on_air = null, on_air_since = null, offered_at = null
			where run_id = new.id and on_air is not null;
	end if;
	return null;
end
$$;

create trigger empty_booths after update of state, level on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended' or new.level > old.level)
		execute function private.empty_booths();

-- The languages of a room's run as its listeners choose among them, and a booth as those who work in it see it.

-- {run, languages: [{language, is_signed, identity, is_staffed}], own: booths that the reader works in} of what is on
-- in a room; null for whoever may not enter.
create function public.read_languages(summit uuid, room text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('run', runs.id, 'languages', private.run_languages(runs.id),
		'own', (select coalesce(jsonb_agg(b.language order by b.language), '[]') from private.booths as b
			where b.run_id = runs.id and private.is_of_booth(private.me(), b.id)))
	from public.rooms join public.runs on runs.id = private.current_run(private.me(), rooms.id)
	where rooms.summit_id = summit and rooms.slug = read_languages.room
		and summit in (select private.readable_summits())
		and private.entry_of(private.me(), runs.session_id, 'stream') = 'ok'
$$;
grant execute on function public.read_languages(uuid, text) to anon, authenticated;

-- The interpreters of a session with regard to one booth.
create function private.booth_people(p_booth private.booths) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('code', p.code, 'display_name', p.display_name, 'is_of_booth',
		private.is_of_booth(p.id, p_booth.id),
		'is_here', private.is_in_booth(p_booth.id, p.id), 'is_on_air', rp.id is not null and rp.id = p_booth.on_air,
		'pairs', (select coalesce(jsonb_agg(jsonb_build_object('source', l.source, 'target', l.target)
			order by l.source, l.target), '[]')
			from public.interpreter_languages as l where l.person_id = p.id and l.summit_id = runs.summit_id))
				order by p.display_name, p.code), '[]')
	from public.runs join public.session_people as sp on sp.session_id = runs.session_id and sp.role = 'interpreter'
		and sp.state <> 'declined'
	join public.people as p on p.id = sp.person_id
	left join private.run_participants as rp on rp.run_id = runs.id and rp.person_id = p.id
	where runs.id = p_booth.run_id
$$;

-- One booth with its people and what they wrote.
create function private.booth_json(p_booth private.booths) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('language', p_booth.language, 'is_signed', p_booth.is_signed, 'hint_minutes',
		p_booth.hint_minutes,
		'is_on_air', p_booth.on_air is not null, 'since', private.iso(p_booth.on_air_since), 'is_offered',
			p_booth.offered_at is not null,
		'people', private.booth_people(p_booth),
		'lines', (select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'by', l.display_name, 'is_mine',
			l.person_id = private.me(), 'words', l.words,
				'at', private.iso(l.said_at)) order by l.id), '[]')
			from (select lines.*, people.display_name
				from private.booth_lines as lines join public.people on people.id = lines.person_id
				where lines.booth_id = p_booth.id order by lines.id desc limit 50) as l))
$$;

-- A booth's page: for its interpreters and for those who run the stage; null for everyone else. A room may have a run
-- on air and others that wait: the reader's own work comes first.
create function public.read_booth(summit uuid, room text, language text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('run',
		jsonb_build_object('id', runs.id, 'state', runs.state, 'started_at', private.iso(runs.started_at)),
		'session', private.stage_session(runs.session_id), 'room',
			jsonb_build_object('slug', rooms.slug, 'name', rooms.name),
		'booth', private.booth_json(b), 'languages', private.run_languages(runs.id), 'on_stage',
			private.named_on_stage(runs.id), 'flow', private.stage_flow(runs.id),
		'own', (select coalesce(jsonb_agg(o.language order by o.language), '[]') from private.booths as o
			where o.run_id = runs.id and private.is_of_booth(private.me(), o.id)),
		'may_run', private.may_run(private.me(), runs.session_id), 'may_interpret', mine.interprets,
		'me', (select jsonb_build_object('code', people.code, 'identity', rp.identity, 'is_on_stage',
			coalesce(rp.is_on_stage, false),
				'is_on_air', rp.id is not null and rp.id is not distinct from b.on_air)
			from public.people left
				join private.run_participants as rp on rp.person_id = people.id and rp.run_id = runs.id
				where people.id = private.me()))
	from public.rooms join public.runs on runs.room_id = rooms.id and runs.state <> 'ended'
	join private.booths as b on b.run_id = runs.id and b.language = read_booth.language
	cross join lateral (select private.interprets(private.me(), b.id) as interprets) as mine
	where rooms.summit_id = summit and rooms.slug = read_booth.room
		and (mine.interprets or private.may_run(private.me(), runs.session_id)
			and private.entry_of(private.me(), runs.session_id, 'stream') = 'ok')
	order by mine.interprets desc, runs.state not in ('live', 'paused'), runs.created_at
	limit 1
$$;
grant execute on function public.read_booth(uuid, text, text) to authenticated;

-- Every booth of a run for whoever runs it, and for its interpreters their own; null for everyone else.
create function public.read_booths(run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_agg(private.booth_json(b) order by b.is_signed, b.language)
	from private.booths as b join public.runs on runs.id = b.run_id
	where runs.id = read_booths.run and runs.state <> 'ended'
		and (private.may_run(private.me(), runs.session_id) or private.interprets(private.me(), b.id))
$$;
grant execute on function public.read_booths(uuid) to authenticated;
