-- The texts of a session, written by its speakers, chairs and moderators: until the deadline directly in the draft,
-- afterwards as a suggestion that a programme organiser accepts or declines. No save overwrites a change that somebody
-- else saved meanwhile.

-- {title, abstract, content_note, links} of a session.
create function private.session_texts_json(s public.sessions) returns jsonb
language sql immutable set search_path = '' as $$
	select jsonb_build_object('title', s.title, 'abstract', s.abstract, 'content_note', s.content_note,
		'links', s.links)
$$;

-- The fields whose value is invalid.
create function private.session_text_faults(p jsonb) returns text[]
language sql immutable set search_path = '' as $$
	-- The app counts characters as people do; here one such character may be several, so these limits are wider.
	select array_remove(array[
		case
			when not private.fits_text_limits(p -> 'title', 2000) or p -> 'title' = '{}'
				or btrim(coalesce(p -> 'title' ->> (p -> 'title' ->> 'original'), '')) = ''
				or not private.are_one_line(p -> 'title')
				then 'title' end,
		case when not private.fits_text_limits(p -> 'abstract', 16000) then 'abstract' end,
		case when not private.fits_text_limits(p -> 'content_note', 2000) then 'content_note' end,
		case when p ? 'links' and not private.are_session_links(p -> 'links') then 'links' end], null)
$$;

-- A three-way merge of one text by language: takes the changes from `p_base` to `p_theirs` and keeps everything else of
-- `p_now`.
create function private.merge_text(p_base jsonb, p_theirs jsonb, p_now jsonb) returns jsonb
language sql immutable set search_path = '' as $$
	select case
		when merged = '{}' or merged ? (merged ->> 'original') then merged
		when merged - 'original' = '{}' then '{}'
		else merged
			|| jsonb_build_object('original', (select min(tag) from jsonb_object_keys(merged - 'original') as tag)) end
	from (select coalesce(jsonb_object_agg(tag,
			case when p_theirs -> tag is distinct from p_base -> tag then p_theirs -> tag else p_now -> tag end)
			filter (where case
				when p_theirs -> tag is distinct from p_base -> tag then p_theirs ? tag
				else p_now ? tag end), '{}') as merged
		from (select jsonb_object_keys(p_theirs || p_now || p_base) as tag) as tags) as each
$$;

-- Saves the texts in the draft under a new version, and notifies open pages.
create function private.update_session_texts(p_session uuid, p jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	update public.sessions as s
	set title = p -> 'title', abstract = p -> 'abstract', content_note = p -> 'content_note',
		links = coalesce(p -> 'links', s.links), version = s.version + 1, updated_at = now()
	where s.id = p_session;
	perform private.publish_event('organise:' || s.summit_id, 'session') from public.sessions as s
		where s.id = p_session;
	perform private.publish_event('session:' || p_session, 'texts', p_session);
end
$$;

-- {texts, version, may_write_in_chat, due_at, is_direct, suggestion: {texts, state, reason, suggested_at} | null}; null
-- for others than the participant and their assistants.
create function public.read_session_texts(participation uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('texts', private.session_texts_json(s), 'version', s.version,
		'may_write', private.may_edit_session_texts(sp) and s.state <> 'cancelled'
			and u.state not in ('closed', 'archived'),
		'due_at', private.iso(t.texts_due_at), 'is_direct', coalesce(t.texts_due_at > now(), true),
		'suggestion', (select jsonb_build_object('texts', g.texts, 'state', g.state, 'reason', g.reason,
				'suggested_at', private.iso(g.suggested_at))
			from private.text_suggestions as g
			where g.session_id = s.id and g.person_id = sp.person_id
			order by g.suggested_at desc limit 1))
	from public.session_people as sp
	join public.sessions as s on s.id = sp.session_id
	join public.summits as u on u.id = s.summit_id, lateral private.speaker_settings_of(s.summit_id) as t
	where sp.id = participation and sp.person_id in (select private.my_people('speaking')) and sp.state <> 'declined'
$$;
grant execute on function public.read_session_texts(uuid) to authenticated;

-- Saves texts, given the version that the writer saw. {status: ok (in the draft) | suggested | same | conflict (texts,
-- version) | closed | not_found | invalid (faults)}. Locks the draft before the session.
create function public.save_session_texts(participation uuid, texts jsonb, version integer) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row public.session_people;
	v_session public.sessions;
begin
	select * into v_row
	from public.session_people as sp
	where sp.id = participation and sp.person_id in (select private.my_people('speaking'));
	if not found or not private.may_edit_session_texts(v_row) then
		return jsonb_build_object('status', 'not_found');
	end if;
	if private.session_text_faults(texts) <> '{}' then
		return jsonb_build_object('status', 'invalid', 'faults', private.session_text_faults(texts));
	end if;
	perform private.lock_draft(v_row.summit_id);
	select * into v_session from public.sessions as s where s.id = v_row.session_id for no key update;
	if v_session.state = 'cancelled'
		or exists (select from public.summits as u
			where u.id = v_row.summit_id and u.state in ('closed', 'archived'))
	then
		return jsonb_build_object('status', 'closed');
	end if;
	if v_session.version is distinct from save_session_texts.version then
		return jsonb_build_object('status', 'conflict', 'texts', private.session_texts_json(v_session),
			'version', v_session.version);
	end if;
	texts := jsonb_build_object('title', texts -> 'title', 'abstract', texts -> 'abstract',
		'content_note', texts -> 'content_note', 'links', coalesce(texts -> 'links', v_session.links));
	if texts = private.session_texts_json(v_session) then return jsonb_build_object('status', 'same'); end if;
	perform private.set_speaker_principal(v_row.person_id);
	if coalesce((private.speaker_settings_of(v_row.summit_id)).texts_due_at > now(), true) then
		perform private.update_session_texts(v_session.id, texts);
		return jsonb_build_object('status', 'ok');
	end if;
	insert into private.text_suggestions as g (session_id, summit_id, person_id, texts, base)
	values (v_session.id, v_row.summit_id, v_row.person_id, texts, private.session_texts_json(v_session))
	on conflict (session_id, person_id) where state = 'open' do update
	set texts = excluded.texts, base = excluded.base, suggested_at = now();
	perform private.publish_event('organise:' || v_row.summit_id, 'suggestion');
	return jsonb_build_object('status', 'suggested');
end
$$;
grant execute on function public.save_session_texts(uuid, jsonb, integer) to authenticated;

-- Withdraws the speaker's open suggestion. Answers ok or not_found.
create function public.withdraw_session_texts(participation uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.text_suggestions as g
	using public.session_people as sp
	where sp.id = participation
		and sp.person_id in (select private.my_people('speaking'))
		and g.session_id = sp.session_id and g.person_id = sp.person_id and g.state = 'open';
	if not found then return 'not_found'; end if;
	perform private.publish_event('organise:' || sp.summit_id, 'suggestion')
	from public.session_people as sp
	where sp.id = participation;
	return 'ok';
end
$$;
grant execute on function public.withdraw_session_texts(uuid) to authenticated;

-- The open suggestions for sessions that the programme organiser may edit: [{id, session_id, code, level, by,
-- suggested_at, version, now, base, texts}]
create function public.list_text_suggestions(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'session_id', s.id, 'code', s.code, 'level', s.level,
		'by', p.display_name, 'suggested_at', private.iso(g.suggested_at), 'version', s.version,
		'now', private.session_texts_json(s), 'base', g.base, 'texts', g.texts)
		order by g.suggested_at, g.id), '[]')
	from private.text_suggestions as g
	join public.sessions as s on s.id = g.session_id
	join public.people as p on p.id = g.person_id
	where g.summit_id = summit and g.state = 'open' and private.may_edit_session(s.id)
$$;
grant execute on function public.list_text_suggestions(uuid) to authenticated;

-- Accepts or declines a suggestion. `version` is that of the session that the organiser saw beside it. Answers ok |
-- not_found | conflict | invalid (the merged texts have a fault). Locks the draft, the session and then the suggestion.
create function public.decide_text_suggestion(suggestion uuid, accept boolean, version integer, reason text default '')
	returns public.text_decision_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_g private.text_suggestions;
	v_session public.sessions;
	v_texts jsonb;
begin
	select * into v_g from private.text_suggestions as g where g.id = suggestion;
	if not found or accept is null or not private.may_edit_session(v_g.session_id) then return 'not_found'; end if;
	perform private.lock_draft(v_g.summit_id);
	select * into v_session from public.sessions as s where s.id = v_g.session_id for no key update;
	select * into v_g from private.text_suggestions as g where g.id = suggestion and g.state = 'open' for update;
	if not found then return 'not_found'; end if;
	if accept then
		if v_session.version is distinct from decide_text_suggestion.version then return 'conflict'; end if;
		select jsonb_object_agg(field,
			private.merge_text(v_g.base -> field, v_g.texts -> field, private.session_texts_json(v_session) -> field))
			into v_texts
		from unnest(array['title', 'abstract', 'content_note']) as field;
		-- Links have an order, so a suggestion that changed any of them replaces the whole list.
		v_texts := v_texts
			|| jsonb_build_object('links', case
				when v_g.texts -> 'links' is distinct from v_g.base -> 'links' then v_g.texts -> 'links'
				else v_session.links end);
		if private.session_text_faults(v_texts) <> '{}' then return 'invalid'; end if;
		perform private.update_session_texts(v_session.id, v_texts);
	end if;
	update private.text_suggestions as g
	set state = case when accept then 'accepted' else 'declined' end,
		reason = left(btrim(coalesce(decide_text_suggestion.reason, '')), 1000), closed_by = private.me(),
		closed_at = now()
	where g.id = suggestion;
	perform private.publish_event('person:' || v_g.person_id, 'speaking');
	perform private.publish_event('organise:' || v_g.summit_id, 'suggestion');
	return 'ok';
end
$$;
grant execute on function public.decide_text_suggestion(uuid, boolean, integer, text) to authenticated;
