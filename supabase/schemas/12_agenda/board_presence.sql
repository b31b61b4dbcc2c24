-- Other organisers on the board of the draft.

-- Whether a person may subscribe to the topic `board` of a Summit: who builds its agenda.
create function private.may_follow_board(p_person uuid, p_summit uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.holds_role(p_person, p_summit, 'programme')
$$;

-- Deletes the pages that have sent no heartbeat for 12 seconds. Returns whether there were any. A row that another page
-- deletes at the same moment is left to it.
create function private.delete_left_boards(p_summit uuid) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
	delete from private.board_presence as b
	where (b.summit_id, b.person_id, b.page) in (
		select old.summit_id, old.person_id, old.page
		from private.board_presence as old
		where old.summit_id = p_summit and old.seen_at < clock_timestamp() - interval '12 seconds'
		for update skip locked);
	return found;
end
$$;

-- Notes what the reader has open on a page of the board: a session (null: none), and whether it is dragged; `leaves`:
-- the page is closed. Answers the other people there, [{code, name, session, is_dragging}], each once with what they
-- have open; a session that the reader does not see is null. Null for who does not build the agenda. Others are told of
-- changes only, and a heartbeat writes every three seconds at most.
create function public.note_board_presence(
	summit uuid, page uuid, session uuid default null, is_dragging boolean default false, leaves boolean default false
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
#variable_conflict use_column
declare
	v_me uuid := private.me();
	v_session uuid := (select s.id
		from public.sessions as s
		where s.id = note_board_presence.session and s.summit_id = note_board_presence.summit
			and private.can_see(v_me, s.id));
	v_before private.board_presence;
	v_changed boolean;
begin
	if not private.may_follow_board(v_me, note_board_presence.summit) then return null; end if;
	v_changed := private.delete_left_boards(note_board_presence.summit);
	select * into v_before
	from private.board_presence as b
	where b.summit_id = note_board_presence.summit and b.person_id = v_me and b.page = note_board_presence.page;
	if leaves then
		delete from private.board_presence as b
		where b.summit_id = note_board_presence.summit and b.person_id = v_me and b.page = note_board_presence.page;
		v_changed := v_changed or found;
	elsif v_before.page is null
		or (v_before.session_id, v_before.is_dragging)
			is distinct from (v_session, coalesce(note_board_presence.is_dragging, false))
		or v_before.seen_at < clock_timestamp() - interval '3 seconds' then
		v_changed := v_changed or v_before.page is null
			or (v_before.session_id, v_before.is_dragging)
				is distinct from (v_session, coalesce(note_board_presence.is_dragging, false));
		insert into private.board_presence as b (summit_id, person_id, page, session_id, is_dragging, seen_at)
		values (note_board_presence.summit, v_me, note_board_presence.page, v_session,
			coalesce(note_board_presence.is_dragging, false), clock_timestamp())
		on conflict (summit_id, person_id, page) do update
		set session_id = excluded.session_id, is_dragging = excluded.is_dragging, seen_at = excluded.seen_at;
	end if;
	if v_changed then perform private.publish_event('board:' || note_board_presence.summit, 'presence'); end if;
	return (
		select coalesce(
			jsonb_agg(distinct jsonb_build_object(
				'code', p.code,
				'name', p.display_name,
				'session', case when private.can_see(v_me, b.session_id) then b.session_id end,
				'is_dragging', b.is_dragging)),
			'[]')
		from private.board_presence as b
		join public.people as p on p.id = b.person_id
		where b.summit_id = note_board_presence.summit and b.person_id <> v_me);
end
$$;
grant execute on function public.note_board_presence(uuid, uuid, uuid, boolean, boolean) to authenticated;
