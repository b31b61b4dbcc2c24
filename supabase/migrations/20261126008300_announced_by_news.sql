-- What was announced, by news: whom it reached changes with each reader, and those who may announce hear that it did.
-- They are told that something changed and not what: of a closed session not all of them may know.

create function private.hears_announced(p_person uuid, p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.holds_role(p_person, p_summit, 'programme', 'registration', 'stage', 'safeguarding')
$$;

create or replace function public.allowed_topics(topics text[]) returns text[]
language sql stable security definer set search_path = '' as $$
	with asked as (
		select topic, split_part(topic, ':', 1) as kind, split_part(topic, ':', 2)::uuid as id
		from unnest(topics[1:200]) as topic
		where topic ~ '^(summit|session|person|organise|run|chat|desk|door|announced):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
	)
	select coalesce(array_agg(topic), '{}') from asked
	where case kind
		when 'summit' then id in (select private.readable_summits())
		when 'session' then private.can_see((select private.me()), id)
		when 'person' then id in (select private.my_people())
		when 'run' then private.hears_run((select private.me()), id)
		when 'chat' then private.hears_chat((select private.me()), id)
		when 'desk' then private.hears_desk((select private.me()), id)
		when 'door' then private.hears_door((select private.me()), id)
		when 'announced' then private.hears_announced((select private.me()), id)
		else private.has_role(id, 'programme', 'registration', 'finance', 'stage', 'door', 'owner', 'safeguarding')
	end
$$;
create or replace function private.stale_hearers(p_topic text, p_people uuid[]) returns table (person_id uuid)
language sql stable security definer set search_path = '' as $$
	select each from unnest(p_people) as each
	where not case split_part(p_topic, ':', 1) when 'run' then private.hears_run(each, split_part(p_topic, ':', 2)::uuid)
		when 'chat' then private.hears_chat(each, split_part(p_topic, ':', 2)::uuid)
		when 'door' then private.hears_door(each, split_part(p_topic, ':', 2)::uuid)
		when 'announced' then private.hears_announced(each, split_part(p_topic, ':', 2)::uuid)
		when 'registered' then private.hears_registered(each, split_part(p_topic, ':', 2)::uuid)
		when 'session' then private.can_see(each, split_part(p_topic, ':', 2)::uuid)
		else private.hears_desk(each, split_part(p_topic, ':', 2)::uuid) end
$$;

create function private.tell_announced() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.tell('announced:' || each.summit_id, 'counts') from (select distinct changed.summit_id from changed) as each;
	return null;
end
$$;
create trigger tell_announced_made after insert on private.announcements referencing new table as changed for each statement execute function private.tell_announced();
create trigger tell_announced_changed after update on private.announcements referencing new table as changed for each statement execute function private.tell_announced();

-- Of readers, and of what was pushed to their devices.
create function private.tell_reached() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.tell('announced:' || each.summit_id, 'counts') from (select distinct a.summit_id
		from changed join private.announcements as a on a.id = changed.announcement_id) as each;
	return null;
end
$$;
create trigger tell_reached_made after insert on private.announcement_readers referencing new table as changed for each statement execute function private.tell_reached();
create trigger tell_reached_changed after update on private.announcement_readers referencing new table as changed for each statement execute function private.tell_reached();
create trigger tell_reached_pushed after update on private.pushes referencing new table as changed for each statement execute function private.tell_reached();

create function private.tell_mailed() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.tell('announced:' || new.summit_id, 'counts');
	return null;
end
$$;
create trigger tell_announced_mailed after update on private.outbox for each row
	when (new.template = 'announcement' and new.state = 'sent' and old.state <> 'sent') execute function private.tell_mailed();
