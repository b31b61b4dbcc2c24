-- Whoever watches the stream for a large audience, some seconds late, is no connection of LiveKit's either, and attends all the same. Of
-- strangers there may be tens of thousands: their pages say nothing.

-- Such a page is no reader of captions: it is counted by itself.
alter table private.run_listeners add column is_late boolean not null default false;
-- Whose page it is, as a hash of this session alone: somebody with a phone and a computer is counted once. Null: a stranger's.
alter table private.run_listeners add column listener bytea;

drop function private.note_listener(uuid, uuid, text, text, boolean, timestamptz);

-- A page says that it is open, in which language it listens, and whether it only reads or watches late. At most 20,000 of a run are kept.
-- Answers ok, or why they may not be there.
create function private.note_listener(p_person uuid, p_run uuid, p_visit text, p_language text, p_is_reading boolean, p_now timestamptz default now(),
	p_is_late boolean default false) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_run public.runs;
	v_entry text;
	v_language text;
	v_now timestamptz := coalesce(p_now, now());
	v_listener bytea;
begin
	select * into v_run from public.runs where id = p_run and state <> 'ended';
	if not found then return 'none'; end if;
	v_entry := private.entry_of(p_person, v_run.session_id, 'stream');
	if v_entry <> 'ok' then return v_entry; end if;
	select b.language into v_language from private.booths as b where b.run_id = p_run and b.language = p_language;
	v_listener := case when p_person is not null then private.asker_hash(v_run.session_id, p_person) end;
	update private.run_listeners as l set listener = v_listener, language = v_language, is_reading = p_is_reading, is_late = p_is_late, seen_at = v_now where l.run_id = p_run and l.visit = p_visit;
	if not found then
		delete from private.run_listeners as l where l.run_id = p_run and l.seen_at < v_now - interval '5 minutes';
		insert into private.run_listeners (run_id, visit, listener, language, is_reading, is_late, seen_at)
		select p_run, p_visit, v_listener, v_language, p_is_reading, p_is_late, v_now
		where (select count(*) from private.run_listeners as l where l.run_id = p_run) < 20000
		on conflict do nothing;
	end if;
	if (p_is_reading or p_is_late) and p_person is not null then perform private.note_reader(p_run, p_person, v_now); end if;
	return 'ok';
end
$$;
grant execute on function private.note_listener(uuid, uuid, text, text, boolean, timestamptz, boolean) to app_server;

-- How many people listen in each language (null: the floor), most first; how many only read; and how many registered people watch late.
-- Of somebody's pages the one that spoke last counts: what they do on it, they do. A stranger is known by their page.
create or replace function private.heard_languages(p_run uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	with open as (select distinct on (coalesce(encode(l.listener, 'hex'), l.visit)) l.* from private.run_listeners as l
		where l.run_id = p_run and l.seen_at > now() - interval '2 minutes' order by coalesce(encode(l.listener, 'hex'), l.visit), l.seen_at desc, l.visit desc)
	select jsonb_build_object('reading', (select count(*) from open where is_reading), 'late', (select count(*) from open where is_late),
		'by_language', (select coalesce(jsonb_agg(jsonb_build_object('language', each.language, 'count', each.count) order by each.count desc, each.language), '[]')
			from (select language, count(*) from open where not is_reading and not is_late group by language) as each))
$$;
