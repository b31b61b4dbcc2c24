-- What publishing the draft of the agenda now would change, for organisers who are about to publish it.

-- Who would be notified if the draft were published now, by the changes that the reader sees: each with the number of
-- their changed sessions, whether they speak in one, and `by`: mail, page (they want no mail) or unreachable (they have
-- no address). Who only marked a closed session counts if the reader can know that it lists them.
create function private.preview_recipients(p_summit uuid, p_newest uuid, p_reader uuid)
	returns table (display_name text, is_speaking boolean, sessions bigint, by text)
language sql stable security definer set search_path = '' as $$
	with seen as materialized (
		select private.visible_sessions(p_reader, p_summit) as id
	), notified as materialized (
		select c.session_id, private.level_in_force(c.session_id) as level
		from private.changes_between(p_summit, p_newest, null) as c
		where private.is_notifiable_change(c.kinds)
			and c.session_id in (select id from seen)
	), who as (
		select a.person_id, bool_or(a.is_speaking) as is_speaking, count(distinct a.session_id) as sessions
		from private.affected_people(p_summit, p_newest, null) as a
		join notified on notified.session_id = a.session_id
		where a.is_speaking
			or notified.level <> 'closed'
			or private.is_known_listed(a.session_id, a.person_id, p_reader)
		group by a.person_id
	)
	select
		p.display_name,
		who.is_speaking,
		who.sessions,
		case
			when coalesce(
				(select f.agenda_changes from public.person_preferences as f where f.person_id = p.id), 'mail'
			) = 'page' then 'page'
			when exists (select from private.person_addresses as a where a.person_id = p.id) then 'mail'
			else 'unreachable'
		end
	from who
	join public.people as p on p.id = who.person_id
$$;

-- The checks that block publishing, with the titles of their sessions: [{code, sessions: [{id, title}]}].
create function private.blocking_checks_json(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(
		jsonb_agg(
			jsonb_build_object(
				'code', check_ ->> 'code',
				'sessions', (
					select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'title', s.title)), '[]')
					from public.sessions as s
					where check_ -> 'sessions' ? s.id::text
				)
			)
		),
		'[]'
	)
	from jsonb_array_elements(private.blocking_checks(p_summit)) as check_
$$;

-- What publishing now would change, and who would be notified: {status: ok | not_allowed, number, released_at, changes,
-- checks, notified: {speakers, delegates, mail, page, unreachable}, people: the first 500}.
create function public.preview_release(summit uuid) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_newest uuid := private.newest_release(summit);
	v_me uuid := private.me();
begin
	if not private.has_role(summit, 'programme') then return jsonb_build_object('status', 'not_allowed'); end if;
	return (
		with people as materialized (
			select * from private.preview_recipients(summit, v_newest, v_me)
		)
		select jsonb_build_object(
			'status', 'ok',
			'number', (select number from public.releases where id = v_newest),
			'released_at', (select released_at from public.releases where id = v_newest),
			'changes', private.shown_changes(v_me, summit, v_newest, null),
			'checks', private.blocking_checks_json(summit),
			'notified', jsonb_build_object(
				'speakers', (select count(*) from people where is_speaking),
				'delegates', (select count(*) from people where not is_speaking),
				'mail', (select count(*) from people where by = 'mail'),
				'page', (select count(*) from people where by = 'page'),
				'unreachable', (select count(*) from people where by = 'unreachable')
			),
			'people', (
				select coalesce(jsonb_agg(to_jsonb(each) order by each.is_speaking desc, each.display_name), '[]')
				from (select * from people order by is_speaking desc, display_name limit 500) as each
			)
		)
	);
end
$$;
grant execute on function public.preview_release(uuid) to authenticated;
