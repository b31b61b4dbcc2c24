-- What calendars say of meetings of groups, and the documents of a group on its page.
set check_function_bodies = off;

-- The meetings that somebody, who is of the group today, may attend, from those of the last month on: planned, held and
-- cancelled ones, without those to which they answered that they do not come, also when these are cancelled later. Nothing for others, so that a calendar
-- forgets the meetings of a group that its person has left.
create or replace function private.attendable_meetings(p_person uuid) returns setof private.meetings
language sql stable security definer set search_path = '' as $$
	select m.*
	from private.live_group_people as x
	join private.meetings as m on m.group_id = x.group_id
	left join private.meeting_people as r on r.meeting_id = m.id and r.person_id = p_person
	where x.person_id = p_person
		and m.ends_at > now() - interval '31 days'
		and coalesce(r.answer, 'yes') = 'yes'
$$;

-- What a personal calendar link opens: {status: ok | ended, person, slug, agenda, meetings: of
-- their groups (32_meetings/calendar.sql)}; null for an unknown link. Meetings belong to no Summit: the newest link that
-- is open has them, so that who follows two Summits sees none twice. The link
-- is stored as a hash and signs nobody in (Rule 8).
create or replace function private.read_personal_feed(p_token_hash bytea) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_link private.personal_links;
	v_slug text;
begin
	select * into v_link from private.personal_links
	where token_hash = p_token_hash and kind = 'calendar';
	if not found then return null; end if;
	select slug into v_slug from public.summits where id = v_link.summit_id;
	if v_link.revoked_at is not null or v_link.expires_at <= now() or v_slug is null then
		return jsonb_build_object('status', 'ended', 'person', v_link.person_id);
	end if;
	return jsonb_build_object(
		'status', 'ok', 'person', v_link.person_id, 'slug', v_slug,
		'agenda', private.add_calendar_events(private.read_agenda_for(v_link.person_id, v_link.summit_id, true)),
		'meetings', case
			when exists (select from private.personal_links as l
				where l.kind = 'calendar' and l.person_id = v_link.person_id and l.revoked_at is null
					and (l.expires_at is null or l.expires_at > now())
					and (l.created_at, l.id) > (v_link.created_at, v_link.id)) then '[]'
			else private.calendar_meetings(v_link.person_id) end
	);
end
$$;

-- Notes that those attended a meeting whose connection was there during it, unless chairs have decided about them or its
-- minutes are final. The form of the attendance that somebody reads at this moment is out of date then. The caller has
-- locked the meeting.
create or replace function private.note_attendance(p_meeting uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.has_final_minutes(p_meeting) then return; end if;
	insert into private.meeting_people as r (meeting_id, person_id, attended)
	select m.id, p.person_id, true
	from private.meetings as m
	join private.meeting_participants as p on p.meeting_id = m.id
	where m.id = p_meeting and m.state <> 'cancelled'
		and p.sid is not null and p.joined_at < m.ends_at and coalesce(p.left_at, p.seen_at) >= m.starts_at
		and not exists (select from private.meeting_people as x
			where x.meeting_id = m.id and x.person_id = p.person_id and x.attended is not null)
	order by p.person_id
	on conflict (meeting_id, person_id) do update set attended = true where r.attended is null;
	if found then
		update private.meetings as m set version = m.version + 1, updated_at = now() where m.id = p_meeting;
	end if;
end
$$;

-- When a group ends, what it planned is cancelled and its polls are closed. When it becomes stricter, calendars hide what
-- they showed. Each change of what calendars say of its meetings, its name and its level included, counts as a change of
-- these (private.calendar_meetings has them for 31 days), because calendars keep what has no higher sequence.
create or replace function private.follow_group_change() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_ends boolean := old.ended_at is null and new.ended_at is not null;
	v_told uuid[];
begin
	if v_ends then
		update private.meeting_polls as p set state = 'closed' where p.group_id = new.id and p.state = 'open';
	end if;
	if v_ends or new.level > old.level then
		v_told := array(select m.id from private.meetings as m
			where m.group_id = new.id and m.state = 'planned' and m.starts_at > now());
	end if;
	update private.meetings as m
	set state = case when v_ends and m.state = 'planned' and m.starts_at > now() then 'cancelled' else m.state end,
		version = m.version + 1,
		updated_at = now()
	where m.group_id = new.id and m.ends_at > now() - interval '31 days';
	perform private.send_meeting_mails(new.id, v_told);
	return null;
end
$$;

drop trigger follow_change on private.groups;
create trigger follow_change after update of name, level, ended_at on private.groups for each row
	when (new.name is distinct from old.name or new.level <> old.level or old.ended_at is null and new.ended_at is not null)
	execute function private.follow_group_change();

-- The documents of a group that the reader may read today, the newest first and at most 50, for those who see the group:
-- {documents: [{code, title, kind, issued_on}], has_more: whether the library has more of them, adds: whether the reader,
-- who leads the group and may submit, adds some}; null for others. What is for the people of the group is listed to them,
-- and as everywhere in the library to those who run the community (private.readable_publications).
create or replace function public.list_group_documents(code text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'documents', found.documents,
		'has_more', found.has_more,
		'adds', g.ended_at is null
			and private.chairs_group((select private.me()), g.id)
			and private.submits_to_library())
	from private.groups as g
	cross join lateral (
		select coalesce(jsonb_agg(d.document order by d.place) filter (where d.place <= 50), '[]') as documents,
			count(*) > 50 as has_more
		from (
			select jsonb_build_object('code', i.code, 'title', v.title, 'kind', v.kind, 'issued_on', v.issued_on) as document,
				row_number() over (order by v.issued_on desc, i.code) as place
			from private.readable_publications((select private.me())) as p
			join private.library_items as i on i.id = p.item_id
			join private.library_versions as v on v.item_id = p.item_id and v.number = p.number
			where p.shown_until > now()
				-- By the indexes on groups; of these, the versions that are shown.
				and p.item_id in (
					select x.item_id from private.library_versions as x where x.group_id = g.id
					union
					select t.item_id from private.library_ties as t where t.group_id = g.id)
				and (v.group_id = g.id
					or exists (
						select from private.library_ties as t
						where t.item_id = p.item_id and t.number = p.number and t.group_id = g.id))
			order by place
			limit 51
		) as d
	) as found
	where g.code = list_group_documents.code and g.id in (select private.visible_groups((select private.me())))
$$;

reset check_function_bodies;
