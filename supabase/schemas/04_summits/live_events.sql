-- Live events about what public and cached pages show.

-- One event when a statement changed what signed-out readers and cached pages may show.
create function private.tell_site() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('site', 'changed');
	return null;
end
$$;
create trigger tell_site after update or delete on public.sessions for each statement
	execute function private.tell_site();
create trigger tell_site after update or delete on public.session_people for each statement
	execute function private.tell_site();
create trigger tell_site after update or delete on public.session_audiences for each statement
	execute function private.tell_site();

-- The same for a person. Cached pages name a person only when a release does, so a rush of registrations drops none of
-- them.
create function private.tell_site_of_person() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if exists (select from public.release_people where person_id in (old.id, new.id)) then
		perform private.publish_event('site', 'changed');
	end if;
	return null;
end
$$;
create trigger tell_site after update on public.people for each row
	when (old.* is distinct from new.*) execute function private.tell_site_of_person();

-- The same for a setting, and an event for the open pages of its Summit.
create function private.tell_settings() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('site', 'changed');
	perform private.publish_event('summit:' || (coalesce(to_jsonb(new), to_jsonb(old)) ->> case
		when tg_table_name = 'summits' then 'id' else 'summit_id' end), 'settings');
	return null;
end
$$;
create trigger tell_settings after insert or update or delete on public.rooms for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update or delete on public.tracks for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update or delete on public.formats for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update or delete on public.summit_texts for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update or delete on public.summit_contacts for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update or delete on public.consent_items for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update or delete on public.fees for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update or delete on public.mode_capacities for each row
	execute function private.tell_settings();
create trigger tell_settings after insert or update on public.summits for each row
	execute function private.tell_settings();
