-- The list of registrations at the accreditation desk, filtered (list_filters.sql), counted and paged in one call, and
-- its export.

-- The confirmed registrations whose logistics form lacks a required answer.
create function private.list_incomplete_logistics(p_summit uuid) returns setof uuid
language plpgsql stable security definer set search_path = '' as $$
begin
	if not exists (select from public.logistics_fields as f
		where f.summit_id = p_summit and f.is_required and f.retired_at is null)
	then
		return;
	end if;
	return query select distinct r.id
	from public.logistics_fields as f
	join public.registrations as r on r.summit_id = f.summit_id
		and r.state = 'confirmed'
		and private.is_logistics_field_asked(f, r)
	where f.summit_id = p_summit
		and f.is_required
		and private.is_logistics_condition_met(f, r.id)
		and not exists (select from private.logistics_answers as a
			where a.registration_id = r.id and a.field_id = f.id);
end
$$;

-- All registrations of a Summit as rows of the list. Not restricted by role: the callers check it. The columns follow
-- private.desk_row.
create function private.list_desk_rows(p_summit uuid) returns setof private.desk_row
language sql stable security definer set search_path = '' as $$
	with waiting as (
		select q.registration_id, q.mode, q.reason, row_number() over (partition by q.mode order by q.rank) as position
		from public.queue_entries as q
		where q.summit_id = p_summit and q.state = 'waiting'
	), queued as (
		select q.registration_id, bool_or(q.state = 'offered') as offered
		from public.queue_entries as q
		where q.summit_id = p_summit and q.state in ('waiting', 'offered')
		group by q.registration_id
	), noted as (
		select n.registration_id, count(*) as notes
		from private.registration_notes as n
		group by n.registration_id
	), asked as (
		-- The question that still needs somebody: open, or answered and not read.
		select distinct on (q.registration_id) q.registration_id, q.deadline,
			case
				when q.state = 'open' and q.deadline > now() then 'open'
				when q.state = 'open' then 'unanswered'
				else 'answered'
			end as state
		from private.information_requests as q
		where q.summit_id = p_summit and (q.state = 'open' or q.state = 'answered' and q.read_at is null)
		order by q.registration_id, (q.state = 'open') desc, q.asked_at desc
	), lacking as (
		select l as id from private.list_incomplete_logistics(p_summit) as l
	), mine as (
		select p as id from private.my_people() as p
	)
	select r.id, r.reference, p.display_name, p.office, p.affiliation,
		r.member_id, m.name, mr.name, coalesce(sm.sector, mr.sector), sm.region, coalesce(p.country, sm.country),
		r.category, r.mode, r.state, r.state_since, r.submitted_at,
		r.pool_id, l.name, x.person_id is not null, mr.id is not null, guarded.wants,
		queued.registration_id is not null, waiting.position, waiting.reason, s.held_until,
		case when mine.id is null then coalesce(noted.notes, 0) else 0 end,
		d.decision, d.proposed_at, case when d.id is not null then private.may_be_proposer(d) end,
		asked.state, asked.deadline, v.opened_at,
		-- waits: on whom the registration waits.
		case
			when guarded.wants then 'guardian'
			when r.state in ('draft', 'declined', 'withdrawn', 'expired') then null
			when d.id is not null then 'second'
			when v.id is not null then 'organiser'
			when asked.state = 'open' or queued.offered then 'person'
			when r.state in ('submitted', 'nominated') then 'organiser'
			when r.state = 'awaiting_payment' then 'payment'
			when r.state = 'accredited' then 'seat'
		end,
		-- is_late
		least(case when r.state in ('submitted', 'nominated') then r.state_since end, v.opened_at, d.proposed_at)
			< now() - make_interval(days => t.aim_days) is true,
		lacking.id is not null
	from public.registrations as r
	join public.people as p on p.id = r.person_id
	join public.accreditation_settings as t on t.summit_id = r.summit_id
	left join public.members as m on m.id = r.member_id
	left join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	left join public.member_requests as mr on mr.registration_id = r.id and mr.state = 'open'
	left join public.pools as l on l.id = r.pool_id
	left join private.protections as x on x.person_id = r.person_id and x.kind = 'alias'
	left join public.seats as s on s.registration_id = r.id and s.mode = r.mode and s.state = 'held'
	left join waiting on waiting.registration_id = r.id and waiting.mode = r.mode
	left join queued on queued.registration_id = r.id
	left join noted on noted.registration_id = r.id
	left join asked on asked.registration_id = r.id
	left join private.decision_proposals as d on d.registration_id = r.id and d.state = 'open'
	left join private.re_reviews as v on v.registration_id = r.id and v.state = 'open'
	left join mine on mine.id = r.person_id
	left join lacking on lacking.id = r.id
	cross join lateral (
		select r.state = 'draft'
			and r.is_minor
			and r.guardian_id is null
			and exists (select from private.guardian_claims as g where g.registration_id = r.id) as wants) as guarded
	where r.summit_id = p_summit
$$;

-- The name of a member of a Summit.
create function private.summit_member_name(p_summit uuid, p_member uuid) returns text
language sql stable security definer set search_path = '' as $$
	select m.name
	from public.summit_members as sm
	join public.members as m on m.id = sm.member_id
	where sm.summit_id = p_summit and sm.member_id = p_member
$$;

-- A row as the page reads it.
create function private.desk_row_json(p private.desk_row) returns jsonb
language sql stable as $$
	select to_jsonb(p) - array['asked_member', 'affiliation', 'member_id', 'pool_id', 'is_queued', 'lacks_logistics']
		|| jsonb_build_object(
		'state_since', private.iso(p.state_since),
		'submitted_at', private.iso(p.submitted_at),
		'held_until', private.iso(p.held_until),
		'proposed_at', private.iso(p.proposed_at),
		'question_until', private.iso(p.question_until),
		're_review_since', private.iso(p.re_review_since))
$$;

-- The list for registration organisers; null for all others. Filters: those of private.failed_desk_filters, and sort
-- (private.desk_sort_key) and desc. `after`: the cursor of the row before the page, so that rows which are added or leave
-- before it move nothing on the page. Answers {total, start, rows, next, previous, facets, counts, pools, member,
-- aim_days}: start is the number of rows before the page; facets counts the values of each filter under all other
-- filters (not of members: there are hundreds); counts is for the whole Summit; pools and member give the names of the
-- pools and of the member filter. One query: every part reads the rows that are computed once (every).
create function public.list_registrations(summit uuid, filters jsonb default '{}', page_size integer default 50,
	after text default null) returns jsonb
language sql stable security definer set search_path = '' as $$
	with asked as (
		select private.desk_search_patterns(filters ->> 'query') as words,
			coalesce(filters ->> 'desc' = 'true', false) as down,
			greatest(1, least(coalesce(page_size, 50), 500)) as size
	), every as materialized (
		select d as r, marked.tabs, marked.flags,
			private.failed_desk_filters(d, marked.tabs, marked.flags, filters, asked.words) as misses
		from asked, private.list_desk_rows(list_registrations.summit) as d
		-- offset 0 keeps tabs and flags from being computed once for each use.
		cross join lateral (select private.desk_tabs(d) as tabs, private.desk_flags(d) as flags offset 0) as marked
		where private.has_role(list_registrations.summit, 'registration')
	), found as materialized (
		select e.r, k.key,
			row_number() over (order by case when asked.down then k.key end collate "C" desc, k.key collate "C") as n
		from every as e, asked, private.desk_sort_key(e.r, filters ->> 'sort') as k (key)
		where e.misses = '{}'
	), begin as (
		select count(*) as n
		from found, asked
		where after is not null
			and case when asked.down then found.key collate "C" >= after else found.key collate "C" <= after end
	), page as (
		select found.* from found, begin, asked where found.n > begin.n and found.n <= begin.n + asked.size
	), facets as (
		select f.name, f.value, count(*) as count
		from every as e
		cross join lateral private.desk_filter_values(e.r, e.tabs, e.flags) as f
		where e.misses <@ array[f.name] and f.value is not null
		group by f.name, f.value
		union all
		select 'answer', a.field_id || ':' || v, count(*)
		from every as e
		join private.logistics_answers as a on a.registration_id = (e.r).id
			and a.field_id in (select q.id from private.readable_questions(list_registrations.summit) as q)
		cross join unnest(a.value) as v
		where e.misses <@ '{answer}'
		group by a.field_id, v
		union all
		select 'answer', s.field_id || ':' || s.state, count(*)
		from private.list_file_states(list_registrations.summit) as s
		join every as e on (e.r).id = s.registration_id
		where e.misses <@ '{answer}'
		group by s.field_id, s.state
	)
	select jsonb_build_object(
		'total', (select count(*) from found),
		'start', (select n from begin),
		'rows', (select coalesce(jsonb_agg(private.desk_row_json(page.r) order by page.n), '[]') from page),
		'next', (
			select page.key
			from page, asked
			where (select count(*) from found) > (select max(p.n) from page as p)
			order by page.n desc
			limit 1),
		'previous', case when (select n from begin) > 0
			then coalesce((select found.key from found, begin, asked where found.n = begin.n - asked.size), '') end,
		'facets', (
			select coalesce(jsonb_object_agg(f.name, f.counts), '{}')
			from (select x.name, jsonb_object_agg(x.value, x.count) as counts from facets as x group by x.name) as f),
		'counts', (
			select coalesce(jsonb_object_agg(c.state, c.count), '{}')
			from (select (e.r).state::text as state, count(*) from every as e group by 1) as c)
			|| (
				select jsonb_build_object(
					'to_decide', count(*) filter (where 'decide' = any (e.tabs)),
					'queued', count(*) filter (where (e.r).is_queued),
					'guardians', count(*) filter (where (e.r).wants_guardian),
					'requests', count(*) filter (where 'unlisted' = any (e.flags)))
				from every as e),
		'pools', (
			select coalesce(jsonb_object_agg(p.id, p.name), '{}')
			from public.pools as p
			where p.summit_id = list_registrations.summit),
		'member', private.summit_member_name(list_registrations.summit, private.parse_uuid(filters ->> 'member')),
		'aim_days', (
			select s.aim_days from public.accreditation_settings as s where s.summit_id = list_registrations.summit))
	where private.has_role(list_registrations.summit, 'registration')
$$;
grant execute on function public.list_registrations(uuid, jsonb, integer, text) to authenticated;

-- All rows that the filters find, for a file: names as they are shown, the answers to questions that the reader may
-- read and that are not sealed, whether files were given, no notes and no addresses. Null for all but
-- registration organisers. The audit keeps a note with the filters, but not the words of a query: they may be a name.
create function public.export_registrations(summit uuid, filters jsonb default '{}') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_words text[] := private.desk_search_patterns(filters ->> 'query');
	v_rows jsonb;
begin
	if not private.has_role(export_registrations.summit, 'registration') then return null; end if;
	perform private.require_confirmation();
	with stated as (
		select s.registration_id, jsonb_object_agg(s.field_id, array[s.state]) as answers
		from private.list_file_states(export_registrations.summit) as s
		group by s.registration_id
	)
	select coalesce(jsonb_agg(
		private.desk_row_json(d) - 'notes'
			|| jsonb_build_object('affiliation', d.affiliation, 'flags', private.desk_flags(d), 'answers', (
				select coalesce(jsonb_object_agg(a.field_id, a.value), '{}')
				from private.logistics_answers as a
				join private.readable_questions(export_registrations.summit) as q on q.id = a.field_id
				where a.registration_id = d.id) || coalesce(stated.answers, '{}'))
		order by private.desk_sort_key(d, filters ->> 'sort') collate "C"), '[]')
	into v_rows
	from private.list_desk_rows(export_registrations.summit) as d
	left join stated on stated.registration_id = d.id
	where private.failed_desk_filters(d, private.desk_tabs(d), private.desk_flags(d), filters, v_words) = '{}';
	perform audit.record_event('details.read', q.id::text, export_registrations.summit, null,
		jsonb_build_object('field', q.key, 'rows', jsonb_array_length(v_rows)))
	from private.readable_questions(export_registrations.summit) as q;
	perform audit.record_event('registrations.exported', '', export_registrations.summit, null, jsonb_build_object(
		'rows', jsonb_array_length(v_rows),
		'filters', case jsonb_typeof(filters) when 'object' then filters - 'query' else '{}' end
			|| case when v_words <> '{}' then '{"query": true}'::jsonb else '{}' end));
	return v_rows;
end
$$;
grant execute on function public.export_registrations(uuid, jsonb) to authenticated;
