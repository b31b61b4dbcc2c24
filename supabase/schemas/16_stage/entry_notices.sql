-- The notice that a viewer confirms before entering: where nobody is named, and where the session warns of its content.
-- In a session that names nobody, confirmations are kept while its run lasts and at no other time.

-- A fingerprint of a content note, '' where there are no words: a page and a confirmation say by it which note they
-- mean.
create function private.note_version(p_note jsonb) returns text
language sql immutable set search_path = '' as $$
	select case when exists (select from jsonb_each_text(p_note) as note (tag, words)
			where tag <> 'original' and btrim(words) <> '')
		then left(md5(p_note::text), 16) else '' end
$$;

-- The version of the content note that the stage of a session shows.
create function private.shown_note_version(p_session uuid) returns text
language sql stable security definer set search_path = '' as $$
	select coalesce(private.stage_session(p_session) ->> 'note_version', '')
$$;

-- Whether somebody has confirmed the notice at the level in force, or at a stricter one, with the content note that is
-- shown now.
create function private.has_confirmed_notice(p_person uuid, p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.entry_notices as n
		where n.session_id = p_session and n.person_id = p_person and n.level >= private.level_in_force(p_session)
			and private.shown_note_version(p_session) in ('', n.note_version))
$$;

-- Whether somebody must confirm the notice before they enter, again after the level was raised or the content note
-- changed. A signed-out viewer confirms with each request (`p_has_said`): their browser remembers for which level and
-- note, and it is stored nowhere else. The people of the session and everybody on
-- stage need not.
create function private.must_confirm_notice(p_person uuid, p_session uuid, p_has_said boolean) returns boolean
language sql stable security definer set search_path = '' as $$
	select (private.level_in_force(p_session) in ('chatham_house', 'closed')
			or private.shown_note_version(p_session) <> '')
		and case
			when p_person is null then not p_has_said
			else private.stage_role_of(p_person, p_session) = 'viewer'
				and not private.has_confirmed_notice(p_person, p_session)
				and not exists (
					select from private.run_participants as p
					join public.runs on runs.id = p.run_id and runs.state <> 'ended'
					where runs.session_id = p_session and p.person_id = p_person and p.is_on_stage) end
$$;

-- Confirms the notice for the reader at the level in force. `note` is the version of the content note that they were
-- shown: when it changed meanwhile, the new one must still be confirmed. Without it, the one that is shown now. Answers
-- ok, or why they may not enter.
create function public.confirm_notice(session uuid, note text default null) returns public.stream_entry_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_entry text := private.entry_decision(v_me, session, 'stream');
begin
	if v_entry <> 'ok' then return v_entry; end if;
	if v_me is null then return 'sign_in'; end if;
	-- The lock keeps the run from ending, and its confirmations from being deleted, before the row is written.
	perform from public.runs where runs.session_id = session and runs.state <> 'ended' for share;
	if not found and private.is_anonymous_level(private.level_in_force(session)) then return 'ok'; end if;
	insert into private.entry_notices as n (session_id, person_id, level, note_version)
	values (session, v_me, private.level_in_force(session),
		case when note is null then private.shown_note_version(session) when note ~ '^[0-9a-f]{16}$' then note else '' end)
	on conflict (session_id, person_id) do update
	set level = excluded.level, note_version = excluded.note_version, confirmed_at = now();
	return 'ok';
end
$$;
grant execute on function public.confirm_notice(uuid, text) to authenticated;

-- Sends the new content notes of a release to the open stages of their sessions.
create function private.notify_note_changes(p_summit uuid, p_previous uuid, p_release uuid) returns void
language sql volatile security definer set search_path = '' as $$
	select private.publish_event('session:' || runs.session_id, 'stage', runs.id)
	from public.runs
	left join public.release_sessions as a on a.release_id = p_previous and a.session_id = runs.session_id
	left join public.release_sessions as b on b.release_id = p_release and b.session_id = runs.session_id
	where runs.summit_id = p_summit and runs.state <> 'ended'
		and a.content_note is distinct from b.content_note
$$;

-- A content note that is added to the draft is shown on the stage before it is released.
create function private.notify_draft_note() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('session:' || new.id, 'stage', runs.id)
	from public.runs
	where runs.session_id = new.id and runs.state <> 'ended';
	return null;
end
$$;

create trigger notify_draft_note after update of content_note on public.sessions for each row
	when (new.content_note is distinct from old.content_note)
	execute function private.notify_draft_note();

-- Deletes the confirmations of a session that names nobody when its run ends.
create function private.erase_ended_notices() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.entry_notices where session_id = new.session_id;
	return null;
end
$$;

create trigger forget_notices after update of state on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended' and new.level in ('chatham_house', 'closed'))
	execute function private.erase_ended_notices();

-- Deletes what was confirmed before the level was raised to one that names nobody.
create function private.erase_lower_notices() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.entry_notices as n where n.session_id = new.id and n.level < new.level;
	return null;
end
$$;

create trigger forget_lower_notices after update of level on public.sessions for each row
	when (new.level > old.level and new.level in ('chatham_house', 'closed'))
	execute function private.erase_lower_notices();
