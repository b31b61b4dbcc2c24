-- Notes of organisers about a registration, for each other, sealed with the key of the person.

-- Refuses to change a note: notes are only added.
create function private.refuse_note_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	if (new.registration_id, new.sealed, new.for_safeguarding, new.at)
		is distinct from (old.registration_id, old.sealed, old.for_safeguarding, old.at)
	then
		raise sqlstate 'PT409' using message = 'a note is never changed';
	end if;
	return new;
end
$$;
create trigger refuse_note_change before update on private.registration_notes for each row
	execute function private.refuse_note_change();

-- Adds a note. The same words of one author within ten minutes are the same form sent twice, and are added once. Answers
-- ok, invalid or not_allowed. Nobody writes notes about themselves or a person they act for.
create function public.add_registration_note(registration uuid, note text, for_safeguarding boolean default false)
	returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_sealed bytea;
	v_note text := btrim(coalesce(note, ''));
begin
	select * into v_r from public.registrations as r where r.id = registration and r.state <> 'draft';
	if not found
		or not private.has_role(v_r.summit_id, 'registration')
		or v_r.person_id in (select private.my_people())
	then
		return 'not_allowed';
	end if;
	if length(v_note) not between 1 and 4000 then return 'invalid'; end if;
	perform pg_advisory_xact_lock(hashtextextended('note ' || v_r.id || private.me(), 0));
	if exists (select from private.registration_notes as n
		where n.registration_id = v_r.id and n.author_id = (select private.me()) and n.at > now() - interval '10 minutes'
			and n.for_safeguarding = coalesce(add_registration_note.for_safeguarding, false)
			and private.open_sealed(n.key_person, n.sealed) ->> 'note' = v_note) then
		return 'ok';
	end if;
	perform private.set_audit_context(v_r.person_id);
	v_sealed := private.seal_for_audit(v_r.person_id, jsonb_build_object('note', v_note));
	-- The key of an erased person is gone, so nothing more is stored about them.
	if v_sealed is null then return 'not_allowed'; end if;
	insert into private.registration_notes (registration_id, sealed, key_person, for_safeguarding, author_id)
	values (v_r.id, v_sealed, v_r.person_id, coalesce(add_registration_note.for_safeguarding, false), private.me());
	perform private.publish_event('organise:' || v_r.summit_id, 'registration', v_r.id);
	return 'ok';
end
$$;
grant execute on function public.add_registration_note(uuid, text, boolean) to authenticated;

-- The notes about a registration, newest first: [{id, at, author, for_safeguarding, note}]. `p_marked`: only those for
-- safeguarding. Empty for the person and those who act for them.
create function private.list_registration_notes(p_r public.registrations, p_marked boolean) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', n.id,
		'at', private.iso(n.at),
		'author', (select a.display_name from public.people as a where a.id = n.author_id),
		'for_safeguarding', n.for_safeguarding,
		'note', private.open_sealed(n.key_person, n.sealed) ->> 'note'
	) order by n.id desc), '[]')
	from private.registration_notes as n
	where n.registration_id = p_r.id
		and (not p_marked or n.for_safeguarding)
		and p_r.person_id not in (select private.my_people())
$$;

-- For safeguarding leads: what registration organisers noted for them, newest first: [{registration_id, reference,
-- display_name, state, notes}]. Null for everybody else.
create function public.list_safeguarding_notes(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'registration_id', r.id,
		'reference', r.reference,
		'display_name', p.display_name,
		'state', r.state,
		'notes', private.list_registration_notes(r, true)
	) order by marked.last desc), '[]')
	from (select n.registration_id, max(n.id) as last
		from private.registration_notes as n
		where n.for_safeguarding
		group by n.registration_id) as marked
	join public.registrations as r on r.id = marked.registration_id and r.summit_id = list_safeguarding_notes.summit
	join public.people as p on p.id = r.person_id
	where r.person_id not in (select private.my_people())
	having private.has_role(list_safeguarding_notes.summit, 'safeguarding')
$$;
grant execute on function public.list_safeguarding_notes(uuid) to authenticated;
