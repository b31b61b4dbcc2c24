-- The tabs, flags, filters, search and order of the list of registrations at the accreditation desk.
--
-- The functions without a search path are inlined into the queries that call them; a search path would prevent that,
-- and the queries read thousands of rows.

-- Whether a registration waits for a first decision: submitted, and neither proposed nor waiting for an answer. Every
-- count of such registrations uses this.
create function private.is_to_decide(p_state public.registration_state, p_is_proposed boolean, p_is_asked boolean)
	returns boolean
language sql immutable as $$
	select p_state in ('submitted', 'nominated') and not p_is_proposed and not p_is_asked
$$;

-- The same of one registration. Without a search_path of its own, so that it becomes part of the expression that uses it.
create function private.is_registration_to_decide(r public.registrations) returns boolean
language sql stable as $$
	select private.is_to_decide(r.state,
		exists (select from private.decision_proposals as d where d.registration_id = r.id and d.state = 'open'),
		exists (
			select from private.information_requests as q
			where q.registration_id = r.id and q.state = 'open' and q.deadline > now()))
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
-- flag, answer (a question and a value), query (every word of it is found in the name, the reference, the member or the affiliation).
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
		case when f ? 'answer' and not private.has_answer(p.id, f ->> 'answer') then 'answer' end,
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

-- The words of a query as patterns for like.
create function private.desk_search_patterns(p_query text) returns text[]
language sql stable set search_path = '' as $$
	select array(
		select '%' || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%'
		from regexp_split_to_table(private.fold_for_search(btrim(left(coalesce(p_query, ''), 100))), '\s+') as word
		where word <> '')
$$;

-- The sort key of a row: by submission (the default), by time (in its state, longest first), or by name, member, sector
-- or mode; rows without a value come last. It ends with the id, so no two are equal and a key can serve as a cursor.
create function private.desk_sort_key(p private.desk_row, p_sort text) returns text
language sql stable as $$
	select case p_sort
		when 'name' then private.fold_for_search(p.display_name)
		when 'member' then coalesce(private.fold_for_search(nullif(p.member, '')), '~')
		when 'sector' then coalesce(p.sector::text, '~')
		when 'mode' then coalesce(p.mode::text, '~')
		when 'time' then to_char(p.state_since at time zone 'UTC', 'YYYYMMDDHH24MISSUS')
		else coalesce(to_char(p.submitted_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS'), '9')
	end || ' ' || p.id
$$;
