-- Answers that the database reads are filters and columns of the list of registrations, for the roles that read them.

-- Returns the questions whose answers the reader may read, and the database too: those of the lists and their files.
create or replace function private.readable_questions(p_summit uuid) returns setof public.logistics_fields
language sql stable security definer set search_path = '' as $$
	select f.*
	from public.logistics_fields as f
	where f.summit_id = p_summit
		and f.retired_at is null
		and not f.is_sealed
		and private.may_read_logistics_field(f)
$$;

-- Returns whether a registration gave an answer that the reader may read; `p_answer`: the id of the question and the
-- value, with a colon between them.
create or replace function private.has_answer(p_registration uuid, p_answer text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from private.logistics_answers as a
		join public.logistics_fields as f on f.id = a.field_id and f.retired_at is null
		where a.registration_id = p_registration
			and a.field_id = private.parse_uuid(split_part(p_answer, ':', 1))
			and split_part(p_answer, ':', 2) = any (a.value)
			and private.may_read_logistics_field(f))
$$;

-- The questions that are filters and columns of the list of registrations for this reader: [{id, label, kind, choices}].
create or replace function public.list_readable_questions(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'label', f.label, 'kind', f.kind, 'choices', f.choices,
		'is_sealed', f.is_sealed) order by f.form = 'logistics', f.position, f.key), '[]')
	from private.readable_questions(list_readable_questions.summit) as f
$$;
grant execute on function public.list_readable_questions(uuid) to authenticated;

-- The filters that a row fails. The list counts each filter under all others: a row that fails one filter only counts
-- among the values of that filter. Filters: tab, states, mode, sector, region, country, category, member, pool, waits,
-- flag, answer (a question and a value), query (every word of it is found in the name, the reference, the member or the affiliation).
create or replace function private.failed_desk_filters(p private.desk_row, p_tabs text[], p_flags text[], f jsonb, p_words text[])
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
		case when f ? 'answer' and not private.has_answer(p.id, f ->> 'answer') then 'answer' end,
		case when p_words <> '{}' and not private.fold_for_search(concat_ws(' ', p.display_name, p.reference, p.member,
			p.asked_member, p.affiliation)) like all (p_words) then 'query' end], null)
$$;

-- The list for registration organisers; null for all others. Filters: those of private.failed_desk_filters, and sort
-- (private.desk_sort_key) and desc. `after`: the cursor of the row before the page, so that rows which are added or leave
-- before it move nothing on the page. Answers {total, start, rows, next, previous, facets, counts, pools, member,
-- aim_days}: start is the number of rows before the page; facets counts the values of each filter under all other
-- filters (not of members: there are hundreds); counts is for the whole Summit; pools and member give the names of the
-- pools and of the member filter. One query: every part reads the rows that are computed once (every).
create or replace function public.list_registrations(summit uuid, filters jsonb default '{}', page_size integer default 50,
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
-- read and that are not sealed, no notes and no addresses. Null for all but
-- registration organisers. The audit keeps a note with the filters, but not the words of a query: they may be a name.
create or replace function public.export_registrations(summit uuid, filters jsonb default '{}') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_words text[] := private.desk_search_patterns(filters ->> 'query');
	v_rows jsonb;
begin
	if not private.has_role(export_registrations.summit, 'registration') then return null; end if;
	perform private.require_confirmation();
	select coalesce(jsonb_agg(
		private.desk_row_json(d) - 'notes'
			|| jsonb_build_object('affiliation', d.affiliation, 'flags', private.desk_flags(d), 'answers', (
				select coalesce(jsonb_object_agg(a.field_id, a.value), '{}')
				from private.logistics_answers as a
				join private.readable_questions(export_registrations.summit) as q on q.id = a.field_id
				where a.registration_id = d.id))
		order by private.desk_sort_key(d, filters ->> 'sort') collate "C"), '[]')
	into v_rows
	from private.list_desk_rows(export_registrations.summit) as d
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

