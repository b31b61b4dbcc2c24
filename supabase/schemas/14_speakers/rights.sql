-- Who may act for a speaker: the speaker, and the assistants whose scope includes speaking.

-- Whether the signed-in person may act for this speaker of a Summit: it is they themselves or somebody they assist.
create function private.may_act_for_speaker(p_summit uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person in (select private.my_people('speaking'))
		and exists (select from public.session_people as sp
			where sp.summit_id = p_summit and sp.person_id = p_person and sp.state <> 'declined')
$$;

-- Writes into the audit context for whom the signed-in person acts.
create function private.set_speaker_principal(p_person uuid) returns void
language sql volatile set search_path = '' as $$
	select set_config('app.principal',
		case when p_person is distinct from private.me() then coalesce(p_person::text, '') else '' end, true)
$$;

-- Whether a part in a session lets its holder write the texts and suggest co-speakers.
create function private.may_edit_session_texts(p public.session_people) returns boolean
language sql immutable set search_path = '' as $$
	select p.state = 'confirmed' and p.role in ('speaker', 'chair', 'moderator')
$$;
