-- Who reads what is published, who works on an item, and who submits one.

-- What a reader may need to have for a published version: `members`, and the groups that they belong to today.
create function private.library_scopes(p_person uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select array(
		select 'members' where private.is_of_a_member(p_person)
		union all
		select g.group_id::text from private.live_group_people as g where g.person_id = p_person)
$$;

-- Whether who has these scopes has all that a published version or a facet needs; `p_runs`: they run the community. It has
-- no settings of its own, so that the planner makes it a part of the statement that asks.
create function private.has_needs(p_needs text[], p_scopes text[], p_runs boolean) returns boolean
language sql stable
return p_needs <@ p_scopes or p_runs;

-- Whether who has these scopes may read a published version today. This is the only rule, for pages, downloads, counts and
-- the search alike.
create function private.is_in_scope(p private.library_publications, p_scopes text[], p_runs boolean) returns boolean
language sql stable
return p.shown_from <= now() and private.has_needs(p.needs, p_scopes, p_runs);

-- The published versions that a person may read today; null: a visitor.
create function private.readable_publications(p_person uuid) returns setof private.library_publications
language sql stable as $$
	select p.*
	from private.library_publications as p
	where private.is_in_scope(p, (select private.library_scopes(p_person)),
		(select coalesce(private.runs_community(p_person), false)))
$$;

-- Whether the reader may submit: people of members, chairs and secretaries of groups, and those who run the community.
create function private.submits_to_library() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.me() is not null and (
		private.runs_community()
		or private.is_of_a_member(private.me())
		or private.chairs_any_group(private.me()))
$$;

-- Whether the reader finds the library: it has a document or a recording for them, or they may submit. Recordings are
-- asked for last, and where none is published not at all: to know who may watch one takes longer than the rest.
create function private.sees_library() returns boolean
language sql stable security definer set search_path = '' as $$
	select private.submits_to_library()
		or exists (select from private.readable_publications(private.me()))
		or case when exists (select from private.recordings as g where g.published_at is not null) then exists (
			select
			from private.library_recording_rows(
				array(
					select private.library_recordings(private.me(), array(
						select k
						from private.known_file_audience(private.me(), array(select private.my_visible_sessions())) as k))),
				null,
				array(select private.current_releases()))) else false end
$$;

-- Whether the reader works on an item: its owner while they may submit, and those who run the community once it was
-- submitted.
create function private.works_on_library_item(p private.library_items) returns boolean
language sql stable security definer set search_path = '' as $$
	select coalesce(p.owner_id = private.me(), false) and private.submits_to_library()
		or private.runs_community() and exists (
			select from private.library_steps as s where s.item_id = p.id and s.step = 'submitted')
$$;

-- An item, locked, if the reader works on it; else null. Of two who act at once, the second sees what the first did.
create function private.lock_library_item(p_item uuid) returns private.library_items
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.library_items;
begin
	select * into v from private.library_items as i where i.id = p_item for update;
	return case when v.id is not null and private.works_on_library_item(v) then v end;
end
$$;
