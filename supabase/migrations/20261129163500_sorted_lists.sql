-- Lists of members, orders, invoices and speakers can be sorted.

-- By what a member is sorted: name (the default), sector, country, hall, online or waiting.
create function private.member_sort_key(m private.member_row, p_sort text) returns jsonb
language sql stable as $$
	select case p_sort
		when 'sector' then to_jsonb(m.sector)
		when 'country' then to_jsonb(m.country)
		when 'hall' then to_jsonb((m.seats #>> '{in_person,held}')::integer + (m.seats #>> '{in_person,taken}')::integer)
		when 'online' then to_jsonb((m.seats #>> '{virtual,held}')::integer + (m.seats #>> '{virtual,taken}')::integer)
		when 'waiting' then to_jsonb(m.waiting)
		else to_jsonb(private.fold_for_search(m.name))
	end
$$;

-- Returns, for registration and finance, the members with their seats, queue and focal points. Filters: query, sectors,
-- country, region, standing, focal (with | without), seats (none | some | full | waiting | exception); `sort` as in
-- private.member_sort_key, with - before it for the reverse. {total, members:
-- [{id, code, name, sector, country, region, standing, website, focal: [names], seats}], countries, regions}; null when
-- not allowed.
create or replace function public.list_members(summit uuid, filters jsonb default '{}', page_size integer default 50,
	page_start integer default 0) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_words text[] := private.desk_search_patterns(filters ->> 'query');
begin
	if not private.has_role(summit, 'registration', 'finance') then return null; end if;
	return (with found as materialized (
		select m, private.member_sort_key(m, ltrim(filters ->> 'sort', '-')) as key
		from private.list_member_rows(list_members.summit) as m
		where private.is_member_found(m, filters, v_words)
	), page as (
		select m, row_number() over (
			order by case when filters ->> 'sort' like '-%' then key end desc nulls last,
				case when coalesce(filters ->> 'sort', '') not like '-%' then key end, (m).name, (m).id) as place
		from found
		order by place
		limit greatest(1, least(page_size, 20000)) offset greatest(0, page_start)
	)
	select jsonb_build_object(
		'total', (select count(*) from found),
		'countries', (
			select coalesce(jsonb_agg(distinct sm.country), '[]')
			from public.summit_members as sm
			where sm.summit_id = list_members.summit and sm.country is not null),
		'regions', (
			select coalesce(jsonb_agg(distinct sm.region), '[]')
			from public.summit_members as sm
			where sm.summit_id = list_members.summit and sm.region <> ''),
		'members', coalesce(jsonb_agg(private.member_row_json(page.m) order by page.place), '[]'))
	from page);
end
$$;

drop function public.list_orders(uuid, text, text, integer, integer);
-- Orders for finance: {status: ok | not_allowed, total, counts by state, sums by currency, rows}. `query` is a reference
-- or a part of the payer's name. Newest first, or `sort`: payer, charged, paid, balance, due or state, with - before it for
-- the reverse.
create function public.list_orders(
	summit uuid,
	state text default null,
	query text default '',
	row_limit integer default 50,
	row_offset integer default 0,
	sort text default ''
) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_query text := btrim(coalesce(query, ''));
	v_result jsonb;
begin
	if not private.has_role(list_orders.summit, 'finance') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	with every as materialized (
		select * from private.order_summaries(list_orders.summit)
	), found as (
		select e.* from every as e
		where (list_orders.state is null or e.state = list_orders.state)
			and (
				v_query = ''
				or e.reference = upper(v_query)
				or strpos(lower(coalesce(e.payer, '')), lower(v_query)) > 0
			)
	), shown as (
		select f.*, row_number() over (
			order by case when sort like '-%' then k.key end desc nulls last, case when sort not like '-%' then k.key end,
				f.created_at desc, f.id) as place
		from found as f
		cross join lateral (
			select case ltrim(sort, '-')
				when 'payer' then to_jsonb(lower(f.payer))
				when 'charged' then to_jsonb(f.charged)
				when 'paid' then to_jsonb(f.paid)
				when 'balance' then to_jsonb(f.balance)
				when 'due' then to_jsonb(f.due_at)
				when 'state' then to_jsonb(f.state)
			end as key
		) as k
		order by place
		limit least(greatest(row_limit, 1), 200) offset greatest(row_offset, 0)
	)
	select jsonb_build_object(
		'status', 'ok', 'total', (select count(*) from found),
		'counts', (
			select coalesce(jsonb_object_agg(c.state, c.count), '{}')
			from (select e.state, count(*) from every as e group by e.state) as c
		),
		'sums', (
			select coalesce(jsonb_agg(to_jsonb(s) order by s.currency), '[]')
			from (
				select e.currency, sum(e.charged) as charged, sum(e.paid) as paid,
					sum(e.returned) as returned,
					sum(e.balance) filter (where e.balance > 0 and e.closed_at is null) as outstanding
				from every as e
				group by e.currency
			) as s
		),
		'rows', (
			select coalesce(jsonb_agg(
				to_jsonb(s) - 'place' || o.parts order by s.place
			), '[]')
			from shown as s
			cross join lateral private.order_parts(s.id) as o
		)
	)
	into v_result;
	return v_result;
end
$$;
grant execute on function public.list_orders(uuid, text, text, integer, integer, text) to authenticated;

drop function public.list_invoices(uuid, text, text, integer, integer);
-- Invoices and credit notes for finance: {total, counts by state, rows}; null for everybody else. States: those of
-- `invoice_state`. Newest first, or `sort`: payer, amount, issued, due or state, with - before it for the reverse.
create function public.list_invoices(
	summit uuid,
	state text default null,
	query text default '',
	row_limit integer default 50,
	row_offset integer default 0,
	sort text default ''
) returns jsonb
language sql stable security definer set search_path = '' as $$
	with every as materialized (
		select i.id, i.kind, i.reference, i.amount, i.currency, i.issued_on, i.due_on, i.order_id,
			i.created_at, i.number, o.reference as order_reference,
			coalesce(m.name, p.display_name) as payer, private.invoice_state(i) as state
		from public.invoices as i
		join public.orders as o on o.id = i.order_id
		left join public.members as m on m.id = o.payer_member_id
		left join public.people as p on p.id = o.payer_person_id
		where i.summit_id = list_invoices.summit
	), found as (
		select e.* from every as e
		where (list_invoices.state is null or e.state = list_invoices.state)
			and (
				btrim(coalesce(list_invoices.query, '')) = ''
				or strpos(
					lower(concat_ws(' ', e.reference, e.order_reference, e.payer)), lower(btrim(list_invoices.query))
				) > 0
			)
	)
	select jsonb_build_object(
		'total', (select count(*) from found),
		'counts', (
			select coalesce(jsonb_object_agg(c.state, c.count), '{}')
			from (select e.state, count(*) from every as e group by e.state) as c
		),
		'rows', (
			select coalesce(jsonb_agg(to_jsonb(x) - '{place,number,created_at}'::text[] order by x.place), '[]')
			from (
				select f.*, row_number() over (
					order by case when sort like '-%' then k.key end desc nulls last,
						case when sort not like '-%' then k.key end, f.created_at desc, f.number desc) as place
				from found as f
				cross join lateral (
					select case ltrim(sort, '-')
						when 'payer' then to_jsonb(lower(f.payer))
						when 'amount' then to_jsonb(f.amount)
						when 'issued' then to_jsonb(f.issued_on)
						when 'due' then to_jsonb(f.due_on)
						when 'state' then to_jsonb(f.state)
					end as key
				) as k
				order by place
				limit greatest(1, least(coalesce(row_limit, 50), 200)) offset greatest(0, coalesce(row_offset, 0))
			) as x
		)
	)
	where private.has_role(list_invoices.summit, 'finance')
$$;
grant execute on function public.list_invoices(uuid, text, text, integer, integer, text) to authenticated;

drop function public.list_speakers(uuid, text, text, integer, integer);
-- {total, all, counts: {task: people}, suggestions, rows: [{person_id, code, display_name, office, affiliation,
-- sessions, tasks: {task: {done, asked}}, device, reminded_at, has_mail}]}. `missing` filters by a task, or 'any'. By
-- name, or `sort`: organisation or missing (tasks), with - before it for the reverse. Null for all but programme organisers.
create function public.list_speakers(summit uuid, missing text default null, query text default '',
	row_limit integer default 50, row_offset integer default 0, sort text default '') returns jsonb
language sql stable security definer set search_path = '' as $$
	with tasks as materialized (
		select * from private.visible_speaker_tasks(summit)
	), speakers as materialized (
		select l.person_id, l.sessions, p.code, p.display_name, p.office, p.affiliation
		from private.visible_speakers(summit) as l
		join public.people as p on p.id = l.person_id
	), fitting as (
		select s.*
		from speakers as s
		where (missing is null
			or exists (select from tasks as t
				where t.person_id = s.person_id and t.done < t.asked and (missing = 'any' or t.task = missing)))
			and (btrim(query) = ''
				or position(lower(btrim(query)) in lower(s.display_name || ' ' || s.office || ' '
					|| s.affiliation)) > 0)
	)
	select jsonb_build_object('total', (select count(*) from fitting), 'all', (select count(*) from speakers),
		'counts', (select coalesce(jsonb_object_agg(each.task, each.people), '{}')
			from (select t.task, count(*) as people
				from tasks as t
				join speakers as s on s.person_id = t.person_id
				where t.done < t.asked
				group by t.task) as each),
		'suggestions', jsonb_array_length(public.list_text_suggestions(summit))
			+ jsonb_array_length(public.list_co_speaker_suggestions(summit)),
		'rows', (select coalesce(jsonb_agg(jsonb_build_object('person_id', f.person_id, 'code', f.code,
				'display_name', f.display_name, 'office', f.office, 'affiliation', f.affiliation,
				'sessions', f.sessions,
				'tasks', (select coalesce(
						jsonb_object_agg(t.task, jsonb_build_object('done', t.done, 'asked', t.asked)), '{}')
					from tasks as t
					where t.person_id = f.person_id),
				'device', private.device_check_of(summit, f.person_id),
				'reminded_at', (select private.iso(max(r.at))
					from private.speaker_reminders as r
					where r.person_id = f.person_id and r.summit_id = list_speakers.summit),
				'has_mail', exists (select from private.person_addresses as a where a.person_id = f.person_id))
				order by f.place), '[]')
			from (select s.*, row_number() over (
					order by case when sort like '-%' then k.key end desc nulls last,
						case when sort not like '-%' then k.key end, s.display_name, s.person_id) as place
				from fitting as s
				cross join lateral (
					select case ltrim(sort, '-')
						when 'organisation' then to_jsonb(lower(s.affiliation))
						when 'missing' then (
							select to_jsonb(count(*)) from tasks as t where t.person_id = s.person_id and t.done < t.asked)
						else to_jsonb(lower(s.display_name))
					end as key
				) as k
				order by place limit greatest(1, least(row_limit, 200))
				offset greatest(row_offset, 0)) as f))
	where private.has_role(summit, 'programme')
$$;
grant execute on function public.list_speakers(uuid, text, text, integer, integer, text) to authenticated;

-- The sort key of a row: by submission (the default), by time (in its state, longest first), or by name, member, sector
-- or mode; rows without a value come last. It ends with the id, so no two are equal and a key can serve as a cursor.
create or replace function private.desk_sort_key(p private.desk_row, p_sort text) returns text
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
