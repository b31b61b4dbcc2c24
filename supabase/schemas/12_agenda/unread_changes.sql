-- Unread changes of somebody's own agenda, on its page: the same changes as in the digests. A visit shows what is new
-- since the visit before; the changes stay on the page until the next visit or until the reader dismisses them.

-- Somebody who marks a session, or joins one, knows the agenda as it is at that moment: changes are counted from there.
create function private.begin_agenda_visits() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	insert into private.agenda_visits (person_id, summit_id, read_release, shown_release)
	select distinct added.person_id, s.summit_id, newest.id, newest.id
	from added
	join public.sessions as s on s.id = added.session_id
	cross join lateral (select private.newest_release(s.summit_id) as id) as newest
	on conflict do nothing;
	return null;
end
$$;

create trigger begin_agenda_visits
	after insert on public.agenda_marks referencing new table as added for each statement
	execute function private.begin_agenda_visits();
create trigger begin_agenda_visits
	after insert on public.session_people referencing new table as added for each statement
	execute function private.begin_agenda_visits();

-- The changes of a person's own sessions since a release, as they may see them today. Own sessions are those that they
-- marked, take part in, or took part in at that release.
create function private.own_agenda_changes(p_person uuid, p_summit uuid, p_from uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(e order by n), '[]')
	from jsonb_array_elements(
		private.shown_changes(
			p_person,
			p_summit,
			p_from,
			private.newest_release(p_summit),
			array(
				select m.session_id
				from public.agenda_marks as m
				where m.person_id = p_person
				union
				select sp.session_id
				from public.session_people as sp
				where sp.person_id = p_person and sp.summit_id = p_summit and sp.state <> 'declined'
				union
				select rp.session_id
				from public.release_people as rp
				where rp.person_id = p_person and rp.release_id = p_from
			)
		)
	) with ordinality as each (e, n)
	where private.is_notifiable_change(array(select jsonb_array_elements_text(e -> 'kinds')))
$$;

-- The reader's unread changes, {number: of the newest release, changes}; null when they have no agenda of their own.
-- With `visit` this is a visit of the page, and what an earlier visit showed becomes read. Calls less than half an hour
-- apart belong to one visit.
create function public.read_unread_changes(summit uuid, visit boolean default true) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_newest public.releases;
	v_look private.agenda_visits;
begin
	select * into v_newest
	from public.releases as r
	where r.id = private.newest_release(summit)
		and summit in (select private.readable_summits());
	select * into v_look
	from private.agenda_visits as l
	where l.person_id = (select private.me()) and l.summit_id = summit;
	if v_newest.id is null or v_look.person_id is null then return null; end if;
	if visit then
		update private.agenda_visits as l
		set read_release = case
				when l.visited_at > now() - interval '30 minutes' then l.read_release
				else l.shown_release
			end,
			shown_release = v_newest.id,
			visited_at = now()
		where l.person_id = v_look.person_id
			and l.summit_id = summit
		returning * into v_look;
	end if;
	return jsonb_build_object(
		'number', v_newest.number,
		'changes', case
			when v_look.read_release is distinct from v_newest.id
				then private.own_agenda_changes(v_look.person_id, summit, v_look.read_release)
			else '[]'::jsonb
		end
	);
end
$$;
grant execute on function public.read_unread_changes(uuid, boolean) to authenticated;

-- Dismisses the changes up to the release with this number; later ones stay unread. Answers ok | none.
create function public.dismiss_agenda_changes(summit uuid, number integer) returns public.ok_or_none
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.agenda_visits as l
	set read_release = r.id,
		visited_at = now()
	from public.releases as r
	where r.summit_id = dismiss_agenda_changes.summit
		and r.number = dismiss_agenda_changes.number
		and l.person_id = (select private.me())
		and l.summit_id = r.summit_id
		and coalesce((select old.number from public.releases as old where old.id = l.read_release), 0) <= r.number;
	return case when found then 'ok' else 'none' end;
end
$$;
grant execute on function public.dismiss_agenda_changes(uuid, integer) to authenticated;

-- How many changes of their own agenda the reader has not been shown yet.
create function public.count_unread_changes(summit uuid) returns integer
language plpgsql stable security definer set search_path = '' as $$
declare
	v_look private.agenda_visits;
begin
	select * into v_look
	from private.agenda_visits as l
	where l.person_id = (select private.me()) and l.summit_id = summit;
	if v_look.person_id is null
		or v_look.shown_release is not distinct from private.newest_release(summit)
		or summit not in (select private.readable_summits()) then
		return 0;
	end if;
	return jsonb_array_length(private.own_agenda_changes(v_look.person_id, summit, v_look.shown_release));
end
$$;
grant execute on function public.count_unread_changes(uuid) to authenticated;
