-- The draft of the agenda: sessions, their people, audiences and slots. Rule 4: a room is never double-booked.

-- Pages and files on the web that a session names: [{url, title, kind: link | attachment}], by whole addresses of http
-- or https. The address is ASCII and names its host plainly (no user before an @), so that readers can be shown where
-- it leads; the title is one line, or '' where there is none.
create function private.are_session_links(p_links jsonb) returns boolean
language sql immutable set search_path = '' as $$
	select case when jsonb_typeof(p_links) is distinct from 'array' then false
		else jsonb_array_length(p_links) <= 100 and length(p_links::text) <= 20000
			and not exists (select from jsonb_array_elements(p_links) as link
			where jsonb_typeof(link) <> 'object' or link - '{url,title,kind}'::text[] <> '{}'
				or jsonb_typeof(link -> 'url') is distinct from 'string' or jsonb_typeof(link -> 'title') is distinct
					from 'string'
				or length(link ->> 'url') > 2000 or link ->> 'url' !~ '^https?://[^/?#@\\]+([/?#].*)?$'
					or link ->> 'url' ~ '[^!-~]|["<>]'
				or length(link ->> 'title') > 300
					or link ->> 'title' ~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]'
				or link -> 'kind' not in ('"link"', '"attachment"') or link -> 'kind' is null) end
$$;
grant execute on function private.are_session_links(jsonb) to public;

-- Two organisers who book one room at once would else wait for each other until one is ended as a deadlock.
create function private.book_in_turn() returns trigger
language plpgsql set search_path = '' as $$
begin
	perform pg_advisory_xact_lock(hashtextextended(new.room_id::text, 4));
	return new;
end
$$;

create trigger book_in_turn before insert or update on public.slot_rooms for each row
	execute function private.book_in_turn();

-- A release is immutable.
create function private.refuse_release_change() returns trigger
language plpgsql set search_path = '' as $$
begin
	-- A merge of two people, or a new id of one under an alias, rewrites the id; nothing else does.
	if tg_op = 'UPDATE' and tg_table_name = 'release_people' and current_setting('app.merging', true) = 'yes' then
		return new;
	end if;
	-- A name that a protected person no longer bears is written in no release either.
	if tg_op = 'UPDATE' and tg_table_name = 'release_sessions' and current_setting('app.renaming', true) = 'yes' then
		return new;
	end if;
	raise exception 'a release is never changed' using errcode = 'insufficient_privilege';
end
$$;

create trigger release_sessions_fixed before update on public.release_sessions for each row
	execute function private.refuse_release_change();
create trigger release_slots_fixed before update on public.release_slots for each row
	execute function private.refuse_release_change();
create trigger release_people_fixed before update on public.release_people for each row
	execute function private.refuse_release_change();
