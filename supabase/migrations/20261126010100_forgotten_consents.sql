-- Where nobody is named, nothing is left that says who spoke from the floor: not their consent to be recorded, which has no use there any
-- more, and not the names in what the list of recordings tells of one that was sealed.

create function private.forget_floor_consents() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.floor_consents as f where f.run_id = new.id;
	return null;
end
$$;
create trigger forget_floor_consents after update of level on public.runs for each row
	when (new.level > old.level and new.level in ('chatham_house', 'closed')) execute function private.forget_floor_consents();
delete from private.floor_consents as f using public.runs where runs.id = f.run_id and runs.level in ('chatham_house', 'closed');

-- Recordings of a Summit as whoever edits their sessions sees them; of one that is sealed, nobody's name.
create or replace function public.list_recordings(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'state', g.state, 'reason', g.reason, 'level', g.level, 'recorded_at', private.iso(g.started_at),
			'length_ms', g.length_ms, 'is_published', g.published_at is not null, 'is_shown', private.is_shown(g), 'may_look', private.may_look_at(g),
			'has_file', g.object_name is not null, 'chapters', case when g.state = 'sealed' then '[]' else private.chapters_of(g.id) end,
			'code', s.code, 'title', s.title, 'current_level', private.level_in_force(s.id),
			'unwilling', case when g.state = 'sealed' then '[]' else (select coalesce(jsonb_agg(people.display_name order by people.display_name), '[]') from private.recording_people as p
				join public.people on people.id = p.person_id
				where p.recording_id = g.id and not private.may_be_recorded(g.run_id, p.person_id, true)) end) order by g.started_at desc), '[]')
	from private.recordings as g join public.sessions as s on s.id = g.session_id
	where g.summit_id = summit and private.may_edit_session(s.id)
$$;
