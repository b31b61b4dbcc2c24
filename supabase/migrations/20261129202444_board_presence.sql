-- Organisers see who else has the board of the draft open, and which session each has open or drags.

-- Who has the board of the draft open now: one row for each open page, deleted 12 seconds after its last heartbeat
-- (board_presence.sql). It stays in the database because the pages of one Summit may be served by several processes.
create table private.board_presence (
	summit_id uuid not null references public.summits (id) on delete cascade,
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	page uuid not null,
	-- The session that is open in the panel or dragged.
	session_id uuid references public.sessions (id) on delete cascade,
	is_dragging boolean not null default false,
	seen_at timestamptz not null default now(),
	primary key (summit_id, person_id, page)
);
create index on private.board_presence (person_id);
create index on private.board_presence (session_id);
alter table private.board_presence enable row level security;

insert into private.retention_rules (table_name, class, summit, people) values
	('private.board_presence', 'preparation', 't.summit_id', 'array[t.person_id]');
insert into private.not_copied_tables (name, reason) values
	('private.board_presence', 'technical');

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

-- Those of the requested topics that the reader may receive.
create or replace function public.allowed_topics(topics text[]) returns text[]
language sql stable security definer set search_path = '' as $$
	with asked as (
		select topic, split_part(topic, ':', 1) as kind, split_part(topic, ':', 2)::uuid as id
		from unnest(topics[1:200]) as topic
		where topic ~ '^(summit|session|person|organise|run|chat|desk|door|announced|board):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
	)
	select coalesce(array_agg(topic), '{}') from asked
	where case kind
		when 'summit' then id in (select private.readable_summits())
		when 'session' then private.can_see((select private.me()), id)
		when 'person' then id in (select private.my_people())
		when 'run' then private.may_subscribe_run((select private.me()), id)
		when 'chat' then private.may_subscribe_chat((select private.me()), id)
		when 'desk' then private.may_subscribe_desk((select private.me()), id)
		when 'door' then private.may_subscribe_door((select private.me()), id)
		when 'announced' then private.may_follow_announcements((select private.me()), id)
		when 'board' then private.may_follow_board((select private.me()), id)
		else private.has_role(id, 'programme', 'registration', 'finance', 'stage', 'door', 'owner', 'safeguarding')
	end
$$;

-- The people (null: a signed-out viewer) who receive a topic and have lost the right to it. Checked each minute, in
-- case the event of a change was lost.
create or replace function private.list_stale_subscribers(p_topic text, p_people uuid[]) returns table (person_id uuid)
language sql stable security definer set search_path = '' as $$
	select each from unnest(p_people) as each
	where not case split_part(p_topic, ':', 1)
		when 'run' then private.may_subscribe_run(each, split_part(p_topic, ':', 2)::uuid)
		when 'chat' then private.may_subscribe_chat(each, split_part(p_topic, ':', 2)::uuid)
		when 'door' then private.may_subscribe_door(each, split_part(p_topic, ':', 2)::uuid)
		when 'announced' then private.may_follow_announcements(each, split_part(p_topic, ':', 2)::uuid)
		when 'board' then private.may_follow_board(each, split_part(p_topic, ':', 2)::uuid)
		when 'registered' then private.may_subscribe_registered(each, split_part(p_topic, ':', 2)::uuid)
		when 'session' then private.can_see(each, split_part(p_topic, ':', 2)::uuid)
		else private.may_subscribe_desk(each, split_part(p_topic, ':', 2)::uuid) end
$$;

