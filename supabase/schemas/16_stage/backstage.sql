-- What is written in the green room: among the people of a session and to those who run it. Kept while the run lasts,
-- and on no topic that viewers hear.

-- Whether somebody belongs behind the stage of a session.
create function private.is_backstage(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null and private.stage_role_of(p_person, p_session) <> 'viewer'
		and private.entry_of(p_person, p_session, 'stream') = 'ok'
$$;

-- Answers ok, too_long, too_often (twenty in a minute), not_found.
create function public.say_backstage(run uuid, words text) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_run public.runs;
	v_reader uuid;
begin
	select * into v_run from public.runs where id = run and state <> 'ended' for share;
	if not found or not private.is_backstage(v_me, v_run.session_id) or coalesce(btrim(words), '') = '' then
		return 'not_found';
	end if;
	if length(btrim(words)) > 1000 then return 'too_long'; end if;
	perform from public.people where id = v_me for update;
	if (select count(*) from private.backstage_messages as b
		where b.run_id = run and b.person_id = v_me and b.written_at > now() - interval '1 minute') >= 20 then
		return 'too_often';
	end if;
	insert into private.backstage_messages (run_id, person_id, words) values (run, v_me, btrim(say_backstage.words));
	for v_reader in
		select sp.person_id from public.session_people as sp
			where sp.session_id = v_run.session_id and sp.state <> 'declined'
		union
		select g.person_id from public.role_grants as g where g.role in ('stage', 'owner') and g.ended_at is null
			and (g.summit_id is null or g.summit_id = v_run.summit_id)
	loop
		perform private.tell('person:' || v_reader, 'stage');
	end loop;
	return 'ok';
end
$$;
grant execute on function public.say_backstage(uuid, text) to authenticated;

-- The last hundred of a session's run, oldest first; null for whoever does not belong behind its stage.
create function public.read_backstage_messages(session uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', last.id, 'code', p.code, 'display_name', p.display_name, 'words',
		last.words,
		'at', private.iso(last.written_at)) order by last.written_at), '[]')
	from (select b.* from private.backstage_messages as b join public.runs on runs.id = b.run_id
		where runs.session_id = session and runs.state <> 'ended' order by b.written_at desc limit 100) as last
	join public.people as p on p.id = last.person_id
	having private.is_backstage(private.me(), session)
$$;
grant execute on function public.read_backstage_messages(uuid) to authenticated;

create function private.forget_backstage() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.backstage_messages where run_id = new.id;
	return null;
end
$$;

create trigger forget_backstage after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended') execute function private.forget_backstage();
