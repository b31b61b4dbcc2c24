-- Suggested co-speakers: a confirmed speaker, chair or moderator suggests a person for their session, and an organiser
-- invites or declines them. The address is sealed, and no answer reveals whether somebody has it.

-- Suggests a person. `address`: {hash, sealed, key_id}, in hexadecimal. Answers ok | not_found | closed | limited (ten
-- open suggestions for the session) | invalid. Locks the session, so that the limit holds.
create function public.suggest_co_speaker(participation uuid, wanted public.session_role, address jsonb,
	display_name text, note text default '') returns public.co_speaker_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row public.session_people;
begin
	select * into v_row
	from public.session_people as sp
	where sp.id = participation and sp.person_id in (select private.my_people('speaking'));
	if not found or not private.may_edit_session_texts(v_row) then return 'not_found'; end if;
	if coalesce(address ->> 'hash', '') !~ '^[0-9a-f]{64}$'
		or coalesce(address ->> 'sealed', '') !~ '^([0-9a-f]{2})+$'
		or length(address ->> 'sealed') not between 32 and 4096
		or coalesce(address ->> 'key_id', '') = ''
		or length(private.one_line(display_name)) not between 1 and 120
		or wanted is null or wanted in ('interpreter', 'captioner')
	then
		return 'invalid';
	end if;
	perform from public.sessions as s where s.id = v_row.session_id for no key update;
	if exists (select from public.sessions as s
		join public.summits as u on u.id = s.summit_id
		where s.id = v_row.session_id and (s.state = 'cancelled' or u.state in ('closed', 'archived')))
	then
		return 'closed';
	end if;
	if (select count(*)
		from private.co_speaker_suggestions as g
		where g.session_id = v_row.session_id and g.state = 'open') >= 10
	then
		return 'limited';
	end if;
	perform private.set_speaker_principal(v_row.person_id);
	insert into private.co_speaker_suggestions (session_id, summit_id, person_id, part, display_name, address_hash,
		address_sealed, key_id, note)
	values (v_row.session_id, v_row.summit_id, v_row.person_id, wanted, private.one_line(display_name),
		decode(address ->> 'hash', 'hex'), decode(address ->> 'sealed', 'hex'), address ->> 'key_id',
		left(btrim(coalesce(note, '')), 1000))
	on conflict (session_id, address_hash, part) where state = 'open' do nothing;
	perform private.publish_event('organise:' || v_row.summit_id, 'suggestion');
	return 'ok';
end
$$;
grant execute on function public.suggest_co_speaker(uuid, public.session_role, jsonb, text, text) to authenticated;

-- [{id, display_name, part, state, is_mine}] of the session, for those who may suggest.
-- They see the name that was entered and nothing else about the person.
create function public.list_co_speakers(participation uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'display_name', g.display_name, 'part', g.part,
		'state', g.state, 'is_mine', g.person_id = sp.person_id)
		order by g.suggested_at, g.id), '[]')
	from public.session_people as sp
	join private.co_speaker_suggestions as g on g.session_id = sp.session_id
	where sp.id = participation
		and sp.person_id in (select private.my_people('speaking'))
		and private.may_edit_session_texts(sp)
$$;
grant execute on function public.list_co_speakers(uuid) to authenticated;

-- Withdraws the caller's open suggestion. Answers ok or not_found.
create function public.withdraw_co_speaker(suggestion uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
begin
	delete from private.co_speaker_suggestions as g
	where g.id = suggestion and g.state = 'open' and g.person_id in (select private.my_people('speaking'))
	returning g.summit_id into v_summit;
	if not found then return 'not_found'; end if;
	perform private.publish_event('organise:' || v_summit, 'suggestion');
	return 'ok';
end
$$;
grant execute on function public.withdraw_co_speaker(uuid) to authenticated;

-- [{id, session_id, code, title, level, by, display_name, part, note, suggested_at}]: open suggestions for sessions
-- that the programme organiser may edit.
create function public.list_co_speaker_suggestions(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'session_id', s.id, 'code', s.code, 'title', s.title,
		'level', s.level, 'by', p.display_name, 'display_name', g.display_name, 'part', g.part, 'note', g.note,
		'suggested_at', private.iso(g.suggested_at))
		order by g.suggested_at, g.id), '[]')
	from private.co_speaker_suggestions as g
	join public.sessions as s on s.id = g.session_id
	join public.people as p on p.id = g.person_id
	where g.summit_id = summit and g.state = 'open' and private.may_edit_session(s.id)
$$;
grant execute on function public.list_co_speaker_suggestions(uuid) to authenticated;

-- Accepting sends the invitation that organisers send, declining closes the suggestion. Answers ok | not_found |
-- cancelled | limited.
create function public.decide_co_speaker(suggestion uuid, accept boolean) returns public.co_speaker_decision_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_g private.co_speaker_suggestions;
	v_status text;
begin
	select * into v_g from private.co_speaker_suggestions as g where g.id = suggestion and g.state = 'open' for update;
	if not found or accept is null or not private.may_edit_session(v_g.session_id) then return 'not_found'; end if;
	if accept then
		if exists (select from public.sessions as s where s.id = v_g.session_id and s.state = 'cancelled') then
			return 'cancelled';
		end if;
		v_status := private.create_role_invitation(v_g.summit_id, null, v_g.session_id, v_g.part,
			jsonb_build_object('hash', encode(v_g.address_hash, 'hex'), 'sealed', encode(v_g.address_sealed, 'hex'),
				'key_id', v_g.key_id),
			v_g.display_name);
		if v_status <> 'ok' then return v_status; end if;
	end if;
	update private.co_speaker_suggestions as g
	set state = case when accept then 'invited' else 'declined' end, closed_by = private.me(), closed_at = now()
	where g.id = suggestion;
	perform private.publish_event('person:' || v_g.person_id, 'speaking');
	perform private.publish_event('organise:' || v_g.summit_id, 'suggestion');
	return 'ok';
end
$$;
grant execute on function public.decide_co_speaker(uuid, boolean) to authenticated;
