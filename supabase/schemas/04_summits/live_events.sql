-- Live events about what public and cached pages show.

-- One event when a statement changed what signed-out readers and cached pages may show.
create function private.notify_site_changed() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('site', 'changed');
	return null;
end
$$;
create trigger notify_site after update or delete on public.sessions for each statement
	execute function private.notify_site_changed();
create trigger notify_site after update or delete on public.session_people for each statement
	execute function private.notify_site_changed();
create trigger notify_site after update or delete on public.session_audiences for each statement
	execute function private.notify_site_changed();

-- The same for a person. Cached pages name a person only when a release does, so a rush of registrations drops none of
-- them.
create function private.notify_site_person_changed() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if exists (select from public.release_people where person_id in (old.id, new.id)) then
		perform private.publish_event('site', 'changed');
	end if;
	return null;
end
$$;
create trigger notify_site after update on public.people for each row
	when (old.* is distinct from new.*) execute function private.notify_site_person_changed();

-- The same for a setting, and an event for the open pages of its Summit.
create function private.notify_settings_changed() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.publish_event('site', 'changed');
	perform private.publish_event('summit:' || (coalesce(to_jsonb(new), to_jsonb(old)) ->> case
		when tg_table_name = 'summits' then 'id' else 'summit_id' end), 'settings');
	return null;
end
$$;
create trigger notify_settings after insert or update or delete on public.rooms for each row
	execute function private.notify_settings_changed();
create trigger notify_settings after insert or update or delete on public.tracks for each row
	execute function private.notify_settings_changed();
create trigger notify_settings after insert or update or delete on public.formats for each row
	execute function private.notify_settings_changed();
create trigger notify_settings after insert or update or delete on public.summit_texts for each row
	execute function private.notify_settings_changed();
create trigger notify_settings after insert or update or delete on public.summit_contacts for each row
	execute function private.notify_settings_changed();
create trigger notify_settings after insert or update or delete on public.consent_items for each row
	execute function private.notify_settings_changed();
create trigger notify_settings after insert or update or delete on public.fees for each row
	execute function private.notify_settings_changed();
create trigger notify_settings after insert or update or delete on public.mode_capacities for each row
	execute function private.notify_settings_changed();
create trigger notify_settings after insert or update on public.summits for each row
	execute function private.notify_settings_changed();
