-- The list of registrations at the accreditation desk, filtered, counted and paged in one call, and its export.
--
-- The desk_ functions without a search path are inlined into the queries that call them; a search path would prevent
-- that, and the queries read thousands of rows.

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

-- Whether a registration waits for a first decision: submitted, and neither proposed nor waiting for an answer. Every
-- count of such registrations uses this.
create function private.is_to_decide(p_state public.registration_state, p_is_proposed boolean, p_is_asked boolean)
	returns boolean
language sql immutable as $$
	select p_state in ('submitted', 'nominated') and not p_is_proposed and not p_is_asked
$$;

-- The tabs of the list under which a row is shown.
create function private.desk_tabs(p private.desk_row) returns text[]
language sql immutable as $$
	select array_remove(array['all',
		case when private.is_to_decide(p.state, p.proposal is not null, p.question is not distinct from 'open')
			then 'decide' end,
		case when p.proposal is not null then 'second' end,
		case when p.state = 'awaiting_payment' or p.question = 'open' then 'waiting' end,
		case when p.re_review_since is not null then 're_review' end,
		case when p.wants_guardian then 'guardian' end,
		case when p.is_queued then 'queue' end,
		case when p.state = 'confirmed' then 'confirmed' end,
		case when p.state in ('declined', 'withdrawn', 'expired') then 'ended' end,
		case when p.state = 'draft' then 'draft' end], null)
$$;

-- The marks of a row.
create function private.desk_flags(p private.desk_row) returns text[]
language sql immutable as $$
	select array_remove(array[
		case when p.is_late then 'late' end,
		case when p.question in ('answered', 'unanswered') then p.question end,
		case when p.notes > 0 then 'notes' end,
		case when p.re_review_since is not null then 're_review' end,
		case when p.has_request and p.state not in ('draft', 'declined', 'withdrawn', 'expired') then 'unlisted' end,
		case when p.lacks_logistics then 'logistics' end,
		case when p.has_alias then 'alias' end], null)
$$;

-- The filters that a row fails. The list counts each filter under all others: a row that fails one filter only counts
-- among the values of that filter. Filters: tab, states, mode, sector, region, country, category, member, pool, waits,
-- flag, query (every word of it is found in the name, the reference, the member or the affiliation).
create function private.failed_desk_filters(p private.desk_row, p_tabs text[], p_flags text[], f jsonb, p_words text[])
	returns text[]
language sql stable as $$
	select array_remove(array[
		case when f ? 'tab' and f ->> 'tab' <> all (p_tabs) then 'tab' end,
		case when f ? 'states' and not f -> 'states' ? p.state::text then 'state' end,
		case when f ? 'mode' and f ->> 'mode' <> p.mode::text then 'mode' end,
		case when f ? 'sector' and f ->> 'sector' is distinct from p.sector::text then 'sector' end,
		case when f ? 'region' and f ->> 'region' is distinct from p.region then 'region' end,
		case when f ? 'country' and f ->> 'country' is distinct from p.country then 'country' end,
		case when f ? 'category' and f ->> 'category' <> p.category::text then 'category' end,
		case when f ? 'member' and f ->> 'member' is distinct from p.member_id::text then 'member' end,
		case when f ? 'pool' and f ->> 'pool' is distinct from p.pool_id::text then 'pool' end,
		case when f ? 'waits' and f ->> 'waits' is distinct from p.waits then 'waits' end,
		case when f ? 'flag' and f ->> 'flag' <> all (p_flags) then 'flag' end,
		case when p_words <> '{}' and not private.fold_for_search(concat_ws(' ', p.display_name, p.reference, p.member,
			p.asked_member, p.affiliation)) like all (p_words) then 'query' end], null)
$$;

-- The values of a row under each filter, for the counts beside the filters.
create function private.desk_filter_values(p private.desk_row, p_tabs text[], p_flags text[])
	returns table (name text, value text)
language sql stable as $$
	select 'tab', t from unnest(p_tabs) as t
	union all
	select 'flag', t from unnest(p_flags) as t
	union all
	values
		('state', p.state::text),
		('mode', p.mode::text),
		('sector', p.sector::text),
		('region', p.region),
		('country', p.country),
		('category', p.category::text),
		('pool', p.pool_id::text),
		('waits', p.waits)
$$;

-- The name of a member of a Summit.
create function private.summit_member_name(p_summit uuid, p_member uuid) returns text
language sql stable security definer set search_path = '' as $$
	select m.name
	from public.summit_members as sm
	join public.members as m on m.id = sm.member_id
	where sm.summit_id = p_summit and sm.member_id = p_member
$$;

-- The words of a query as patterns for like.
create function private.desk_search_patterns(p_query text) returns text[]
language sql stable set search_path = '' as $$
	select array(
		select '%' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%'
		from regexp_split_to_table(private.fold_for_search(btrim(left(coalesce(p_query, ''), 100))), '\s+') as word
		where word <> '')
$$;

-- The sort key of a row: by submission (the default), by time (in its state, longest first) or by name. It ends with
-- the id, so no two are equal and a key can serve as a cursor.
create function private.desk_sort_key(p private.desk_row, p_sort text) returns text
language sql stable as $$
	select case p_sort
		when 'name' then private.fold_for_search(p.display_name)
		when 'time' then to_char(p.state_since at time zone 'UTC', 'YYYYMMDDHH24MISSUS')
		else coalesce(to_char(p.submitted_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS'), '9')
	end || ' ' || p.id
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
-- (sent, time, name) and desc. `after`: the cursor of the row before the page, so that rows which are added or leave
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

-- All rows that the filters find, for a file: names as they are shown, no notes and no addresses. Null for all but
-- registration organisers. The audit keeps a note with the filters, but not the words of a query: they may be a name.
create function public.export_registrations(summit uuid, filters jsonb default '{}') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_words text[] := private.desk_search_patterns(filters ->> 'query');
	v_rows jsonb;
begin
	if not private.has_role(export_registrations.summit, 'registration') then return null; end if;
	select coalesce(jsonb_agg(
		private.desk_row_json(d) - 'notes'
			|| jsonb_build_object('affiliation', d.affiliation, 'flags', private.desk_flags(d))
		order by private.desk_sort_key(d, filters ->> 'sort') collate "C"), '[]')
	into v_rows
	from private.list_desk_rows(export_registrations.summit) as d
	where private.failed_desk_filters(d, private.desk_tabs(d), private.desk_flags(d), filters, v_words) = '{}';
	perform audit.record_event('registrations.exported', '', export_registrations.summit, null, jsonb_build_object(
		'rows', jsonb_array_length(v_rows),
		'filters', case jsonb_typeof(filters) when 'object' then filters - 'query' else '{}' end
			|| case when v_words <> '{}' then '{"query": true}'::jsonb else '{}' end));
	return v_rows;
end
$$;
grant execute on function public.export_registrations(uuid, jsonb) to authenticated;
