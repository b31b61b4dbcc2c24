-- What publishing the draft of the agenda now would change, for organisers who are about to publish it.

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
		with seen as materialized (
			select private.visible_sessions(v_me, summit) as id
		), notified as materialized (
			select c.session_id
			from private.changes_between(summit, v_newest, null) as c
			where private.is_notifiable_change(c.kinds)
				and c.session_id in (select id from seen)
		), who as (
			select person_id, bool_or(is_speaking) as is_speaking, count(distinct session_id) as sessions
			from private.affected_people(summit, v_newest, null)
			where session_id in (select session_id from notified)
			group by person_id
		), people as materialized (
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
				end as by
			from who
			join public.people as p on p.id = who.person_id
		)
		select jsonb_build_object(
			'status', 'ok',
			'number', (select number from public.releases where id = v_newest),
			'released_at', (select released_at from public.releases where id = v_newest),
			'changes', private.shown_changes(v_me, summit, v_newest, null),
			'checks', (
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
				from jsonb_array_elements(private.blocking_checks(summit)) as check_
			),
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
