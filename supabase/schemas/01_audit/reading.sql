-- What organisers read of the audit: each role its own subjects, only the columns that are named here, and personal
-- values one by one, where the person's key is there. A table that is not named here is read by nobody.

insert into private.audited_tables (name, area, shown, opened, named) values
	('public.registrations', 'registration', '{state,mode,category,member_id,pool_id,code_of_conduct_at}',
		'{languages,is_minor}', '{guardian_id,guardian_consent_at}'),
	('public.registration_details', 'registration', '{}', '{access_needs,note}', '{}'),
	('names.overridden', 'registration', '{}', '{}', '{}'),
	('public.people', 'registration', '{}', '{display_name,office,affiliation,country}',
		'{biography,portrait_path,links}'),
	('public.member_requests', 'registration', '{state,member_id}', '{name,sector,country}', '{}'),
	('public.consents', 'registration', '{item_id,given_at,withdrawn_at}', '{}', '{}'),
	('public.badges', 'registration', '{issued_at,revoked_at,revoked_reason}', '{}', '{}'),
	('public.seats', 'registration', '{mode,state,held_until,release_reason}', '{}', '{}'),
	('public.queue_entries', 'registration', '{mode,state,reason,deadline}', '{}', '{}'),
	('public.nomination_refusals', 'registration', '{}', '{}', '{reason}'),
	('public.delegation_places', 'registration', '{position,is_head}', '{}', '{}'),
	('private.guardian_claims', 'registration', '{}', '{}', '{reference,address_hash}'),
	('private.decision_proposals', 'registration', '{decision,state,category,member_id}', '{reason,answer}', '{}'),
	('private.information_requests', 'registration', '{state,deadline}', '{question,answer}', '{}'),
	('private.registration_notes', 'registration', '{for_safeguarding}', '{}', '{sealed}'),
	('private.revettings', 'registration', '{state,fields}', '{}', '{sealed}'),
	('registrations.exported', 'registration', '{rows,filters}', '{}', '{}'),
	('public.members', 'member', '{name,sector,country,region,website}', '{}', '{}'),
	('public.summit_members', 'member', '{member_id,standing,sector,country,region}', '{}', '{}'),
	('public.focal_points', 'member', '{until}', '{}', '{}'),
	('private.invitations', 'member', '{category,mode,expires_at,opened_at,used_at,revoked_at}', '{}',
		'{address_mask}'),
	('private.focal_invitations', 'member', '{state,expires_at}', '{}', '{hint}'),
	('members.imported', 'member', '{added,joined,changed,refused}', '{}', '{}'),
	('members.exported', 'member', '{rows}', '{}', '{}'),
	('seats.exported', 'member', '{rows}', '{}', '{}'),
	('queue.exported', 'member', '{rows}', '{}', '{}'),
	('public.mode_capacities', 'member', '{mode,capacity}', '{}', '{}'),
	('public.allocation_policies', 'member', '{sector,mode,ceiling}', '{}', '{}'),
	('public.allocation_exceptions', 'member', '{mode,ceiling,reserved_until,reason}', '{}', '{}'),
	('public.seat_ceilings', 'member', '{mode,sector,region,ceiling}', '{}', '{}'),
	('public.detail_fields', 'settings',
		'{key,label,help,purpose,kind,categories,modes,is_required,is_identity,for_host,readers,erase_days,retired_at}',
		'{}', '{}'),
	('public.letter_settings', 'settings', '{issuer_name,issuer_address,signatory_name,signatory_office,prefix}', '{}',
		'{}'),
	('private.visa_letters', 'registration', '{replaced_at,withdrawn_at}', '{}', '{}'),
	('private.host_lists', 'registration', '{purpose,recipient,state,rows,withheld,expires_at,taken_at}', '{}', '{}'),
	('details.saved', 'registration', '{fields}', '{}', '{}'),
	('details.erased', 'registration', '{fields}', '{}', '{}'),
	('details.read', 'registration', '{field,rows}', '{}', '{}'),
	('host_list.taken', 'registration', '{recipient,rows,withheld}', '{}', '{}'),
	('public.pools', 'member', '{category,name,in_person_ceiling,virtual_ceiling,outside_capacity}', '{}', '{}'),
	('public.orders', 'money', '{payer_member_id,currency,due_at,closed_at}', '{}', '{}'),
	('public.order_lines', 'money', '{mode,amount}', '{}', '{}'),
	('public.order_adjustments', 'money', '{kind,amount,provider,reason,booked_on}', '{}', '{}'),
	('public.checkouts', 'money', '{state,amount,expires_at}', '{}', '{}'),
	('public.refunds', 'money', '{state,amount,failure,attempts}', '{}', '{}'),
	('public.invoices', 'money', '{kind,reference,amount,issued_on,due_on}', '{}', '{}'),
	('public.waiver_requests', 'money', '{state,amount}', '{grounds,explanation,answer}', '{}'),
	('private.bank_rows', 'money', '{state,booked_on,amount}', '{}', '{words}'),
	('public.fees', 'money', '{mode,category,sector,amount,valid_from,valid_until}', '{}', '{}'),
	('public.money_settings', 'money',
		'{transfer_allowed,issuer_name,issuer_address,issuer_tax_number,iban,bic,bank_name,invoice_prefix,terms_days,grace_days,invoice_note}',
		'{}', '{}'),
	('public.waiver_budgets', 'money', '{currency,amount}', '{}', '{}'),
	('payments.mismatch', 'money', '{amount,reference}', '{}', '{}'),
	('payments.statement_imported', 'money', '{rows,added}', '{}', '{}'),
	('payments.exported', 'money', '{rows,state}', '{}', '{}'),
	('private.protections', 'protection', '{no_photographs}', '{kind}', '{real_name_sealed}'),
	('private.entry_bars', 'protection', '{}', '{}', '{session_id}'),
	('private.barred_entries', 'protection', '{state,until}', '{}', '{}'),
	('private.bar_matches', 'protection', '{}', '{is_same}', '{}'),
	('barred.read', 'protection', '{}', '{}', '{}'),
	('protected.read', 'protection', '{}', '{}', '{}'),
	('public.summits', 'settings',
		'{slug,name,summary,zone,starts_on,ends_on,state,venue_name,city,country,address,languages,currency,registration_opens_at,registration_closes_at,nominations_close_at,names_freeze_at,details_due_at,review_days,payment_days,offer_hours,refund_until,refund_percent}',
		'{}', '{}'),
	('public.role_grants', 'settings', '{role,ended_at}', '{}', '{}'),
	('private.role_proposals', 'settings', '{role,is_deputy,state,is_alone,is_without_lead,expires_at}', '{}', '{}'),
	('private.concern_deputies', 'settings', '{ended_at}', '{}', '{}'),
	('public.rooms', 'settings', '{slug,name,kind,capacity}', '{}', '{}'),
	('public.tracks', 'settings', '{slug,name}', '{}', '{}'),
	('public.formats', 'settings', '{slug,name,minutes}', '{}', '{}'),
	('public.summit_texts', 'settings', '{kind}', '{}', '{body}'),
	('public.summit_contacts', 'settings', '{kind,label,note,mail,telephone,hours}', '{}', '{}'),
	('public.consent_items', 'settings', '{key,label,detail,is_required}', '{}', '{}'),
	('public.accreditation_settings', 'settings',
		'{second_person_for,second_person_decisions,vetted,pauses_rights,aim_days}', '{}', '{}'),
	('audit.opened', 'settings', '{entry,about}', '{}', '{}'),
	('audit.exported', 'settings', '{rows}', '{}', '{}');

-- Registrations and members are for registration organisers, money for finance, protection for safeguarding, stages for
-- stage organisers, settings for owners.
create function private.audit_areas(p_summit uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select array_remove(array[
		case when private.has_role(p_summit, 'registration') then 'registration' end,
		case when private.has_role(p_summit, 'registration') then 'member' end,
		case when private.has_role(p_summit, 'finance') then 'money' end,
		case when private.has_role(p_summit, 'safeguarding') then 'protection' end,
		case when private.has_role(p_summit, 'stage') then 'stage' end,
		case when private.has_role(p_summit, 'owner') then 'settings' end], null)
$$;

-- Ids are read as what they stand for.
create function private.audit_value(p_name text, p_value jsonb) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when p_value is null or p_value in ('null', '""', '[]', '{}') then null
		when p_name in ('member_id', 'payer_member_id')
			then (select to_jsonb(m.name) from public.members as m where m.id = (p_value #>> '{}')::uuid)
		when p_name = 'pool_id'
			then (select to_jsonb(p.name) from public.pools as p where p.id = (p_value #>> '{}')::uuid)
		when p_name = 'item_id'
			then (select i.label::jsonb from public.consent_items as i where i.id = (p_value #>> '{}')::uuid)
		else p_value end
$$;

-- The registrations, orders and members that a reader means by a word: a reference, a name as it is shown, or a
-- member's name.
create function private.audit_subjects(p_summit uuid, p_query text)
	returns table (registrations uuid[], orders uuid[], members uuid[])
language sql stable security definer set search_path = '' as $$
	with asked as (
		select upper(btrim(p_query)) as reference,
			'%' || replace(replace(replace(private.folded(btrim(left(p_query, 100))), '\', '\\'), '%', '\%'), '_', '\_')
				|| '%' as pattern
	)
	select array(select r.id from public.registrations as r join public.people as p on p.id = r.person_id, asked
			where r.summit_id = p_summit and r.state <> 'draft'
				and (r.reference = asked.reference or private.folded(p.display_name) like asked.pattern) limit 100),
		array(select o.id from public.orders as o, asked
			where o.summit_id = p_summit and o.reference = asked.reference),
		array(select m.id from public.summit_members as s join public.members as m on m.id = s.member_id, asked
			where s.summit_id = p_summit and private.folded(m.name) like asked.pattern limit 100)
$$;

--[was in audit_reading] The session of an entry about a stage, and whether the reader sees it: of none, until there are its tables (20261126006640).
--[patch stage_history] The history of stages: what was started, paused and ended, who was brought on, muted, barred or made a host, how it was shown and
--[patch stage_history] locked, what was recorded. For stage organisers, of the sessions that they see.
-- A row that is gone is known by what the entry kept of it.
create function private.audit_session(e audit.entries) returns uuid
language sql stable security definer set search_path = '' as $$
	select case e.table_name
		when 'private.session_clocks' then e.row_id::uuid
		when 'public.runs' then (select runs.session_id from public.runs where runs.id = e.row_id::uuid)
		else (select runs.session_id from public.runs
			where runs.id = coalesce((coalesce(e.new_values, e.old_values) ->> 'run_id')::uuid,
			case e.table_name
				when 'private.run_stagings'
					then (select st.run_id from private.run_stagings as st where st.id = e.row_id::uuid)
				when 'private.run_participants'
					then (select p.run_id from private.run_participants as p where p.id = e.row_id::uuid)
				when 'private.run_hosts' then (select h.run_id from private.run_hosts as h where h.id = e.row_id::uuid)
				when 'private.recordings'
					then (select g.run_id from private.recordings as g where g.id = e.row_id::uuid) end)) end
$$;

-- Entries that the reader may see, newest first, before an id. Filters: registration, order, member (ids), query,
-- actor, kind (a table), action, from and to (days by the venue's clock).
create function private.find_audit(p_summit uuid, p_filters jsonb, p_before bigint, p_limit integer)
	returns setof audit.entries
language plpgsql stable security definer set search_path = '' as $$
declare
	v_zone text := (select zone from public.summits where id = p_summit);
	v_areas text[] := private.audit_areas(p_summit);
	v_tables text[] := array(select t.name from private.audited_tables as t
		where t.area = any (v_areas) and (not p_filters ? 'kind' or t.name = p_filters ->> 'kind'));
	v_fields text[] := array(select distinct t.name || ' ' || field
		from private.audited_tables as t, unnest(t.shown || t.opened || t.named) as field
		where t.name = any (v_tables));
	v_about boolean := p_filters ?| array['registration', 'order', 'member', 'query'];
	v_registrations uuid[] := array_remove(array[(p_filters ->> 'registration')::uuid], null);
	v_orders uuid[] := array_remove(array[(p_filters ->> 'order')::uuid], null);
	v_members uuid[] := array_remove(array[(p_filters ->> 'member')::uuid], null);
	v_people uuid[];
	v_actors uuid[];
begin
	if p_filters ? 'query' then
		select * into v_registrations, v_orders, v_members from private.audit_subjects(p_summit, p_filters ->> 'query');
	end if;
	-- What a member was before it was merged is its own history.
	v_members := v_members
		|| array(select g.dropped_id from private.merged_members as g where g.kept_id = any (v_members));
	-- Of a draft nothing is read; what a person is called belongs to their registrations.
	v_people := array(select r.person_id from public.registrations as r
		where r.summit_id = p_summit and r.state <> 'draft' and (not v_about or r.id = any (v_registrations)));
	if p_filters ? 'actor' then
		v_actors := array(select p.id from public.people as p where private.folded(p.display_name) like
			'%' || replace(replace(replace(private.folded(btrim(left(p_filters ->> 'actor', 100))), '\', '\\'), '%',
				'\%'), '_', '\_') || '%');
	end if;
	-- Put together, so that the indexes of what is asked for are used.
	return query execute format($sql$
	select e.* from audit.entries as e
	where %s
		and (e.summit_id = $1 or e.summit_id is null and (
			e.table_name in ('public.people', 'private.protections') and e.person_id = any ($2)
			or e.table_name = 'private.run_participants'
				and private.audit_session(e) in (select s.id from public.sessions as s where s.summit_id = $1)
			or e.table_name = 'public.members'
				and exists (select from public.summit_members as s
					where s.summit_id = $1 and s.member_id = coalesce((select g.kept_id from private.merged_members as g
						where g.dropped_id = e.member_id), e.member_id))))
		and e.table_name = any ($3)
			and (e.table_name <> all ($15) or private.can_see(private.me(), private.audit_session(e)))
			and e.id < coalesce($4, 9223372036854775807)
		and ($5 is null or e.action = $5)
		and ($6 is null or e.actor_person = any ($6))
		and ($7 is null or e.at >= $7::date::timestamp at time zone $9)
		and ($8 is null or e.at < ($8::date + 1)::timestamp at time zone $9)
		and (e.action <> 'update'
			or exists (select from unnest(e.changed) as field where e.table_name || ' ' || field = any ($10)))
		and not exists (select from public.registrations as r where r.id = e.registration_id and r.state = 'draft')
	order by e.id desc limit $11
	$sql$, case when v_about then $sql$(e.registration_id = any ($12) or e.order_id = any ($13)
		or e.member_id = any ($14)
			and e.table_name in (select t.name from private.audited_tables as t where t.area = 'member')
		or e.person_id = any ($2) and e.table_name in ('public.people', 'private.protections'))$sql$ else 'true' end)
	using p_summit, v_people, v_tables, p_before, p_filters ->> 'action', v_actors, p_filters ->> 'from',
		p_filters ->> 'to', v_zone, v_fields, p_limit,
		v_registrations, v_orders, v_members,
			array(select t.name from private.audited_tables as t where t.area = 'stage');
end
$$;

-- Who did it: the person themselves, somebody by the name they are shown with, or nobody (the clock, a provider).
create function private.audit_actor(p_actor uuid, p_account uuid, p_subject uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when p_actor is null and p_account is null then '{"kind": "system"}'
		when p_subject = coalesce((select f.person_id from private.former_ids as f where f.former_id = p_actor),
			p_actor) then '{"kind": "self"}'
		else jsonb_build_object('kind', 'person', 'name',
			(select p.display_name from public.people as p where p.id = p_actor)) end
$$;

-- {id, at, table, area, action, by, for, reason, subject, person, currency, fields: [{name, old, new}], sealed:
-- [names], can_open}
create function private.audit_json(p_summit uuid, e audit.entries) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('id', e.id::text, 'at', to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
		'table', e.table_name, 'area', t.area, 'action', e.action,
		-- Whom safeguarding declined, others read as declined.
		'by', case when t.area <> 'protection'
			and exists (select from private.neutral_declines as d where d.registration_id = e.registration_id
				and e.at between d.began_at and d.ended_at) then '{"kind": "system"}'
			else private.audit_actor(e.actor_person, e.actor_account, subject.person_id) end,
		'for', case when e.principal_person is not null
			then private.audit_actor(e.principal_person, null, subject.person_id) end,
		'reason', case when not guarded.yes or t.area = 'protection' then e.reason end,
		'subject', case
			when t.area in ('registration', 'protection') and r.id is not null then jsonb_build_object('kind',
				'registration', 'id', r.id, 'label', r.reference, 'name', rp.display_name)
			when t.area = 'money'
				and o.id is not null then jsonb_build_object('kind', 'order', 'id', o.id, 'label', o.reference)
			when t.area = 'stage' then (select jsonb_build_object('kind', 'session', 'id', s.code, 'label',
				s.title ->> (s.title ->> 'original')) from public.sessions as s where s.id = private.audit_session(e))
			when t.area = 'member'
				and m.id is not null then jsonb_build_object('kind', 'member', 'id', m.id, 'label', m.name) end,
		-- On a stage everybody saw whom it was about, by the name of that moment: with another one now, they are not
		-- named.
		'person', case when e.table_name in ('public.focal_points', 'public.role_grants', 'private.role_proposals',
			'private.concern_deputies') or t.area = 'stage' and not guarded.yes then (select p.display_name
			from public.people as p where p.id = e.person_id) end,
		'currency', coalesce(e.new_values ->> 'currency', e.old_values ->> 'currency', o.currency, case e.table_name
			when 'public.fees' then (select f.currency from public.fees as f where f.id::text = e.row_id)
			when 'public.waiver_budgets'
				then (select b.currency from public.waiver_budgets as b where b.id::text = e.row_id) end),
		'fields', (select coalesce(jsonb_agg(jsonb_build_object('name', f.name, 'old', f.old, 'new', f.new)
			order by f.place), '[]') from (
			select s.name, s.place, private.audit_value(s.name, e.old_values -> s.name) as old,
				private.audit_value(s.name, e.new_values -> s.name) as new
			from unnest(t.shown) with ordinality as s (name, place)
				where e.action = 'event' or s.name = any (e.changed)) as f
			where f.old is not null or f.new is not null),
		-- A new row names all of its columns, filled or not.
		'sealed', case when e.action = 'update' then (select coalesce(jsonb_agg(s.name order by s.place), '[]')
			from unnest(t.opened || t.named) with ordinality as s (name, place) where s.name = any (e.changed))
				else '[]' end,
		'can_open', e.personal is not null and t.opened && e.changed and (not guarded.yes or t.area = 'protection')
			and exists (select from private.person_keys as k where k.person_id = e.person_id and k.key <> ''))
	from private.audited_tables as t
	left join public.registrations as r on case when e.registration_id is not null then r.id = e.registration_id
		else t.area in ('registration', 'protection') and r.id = (select x.id from public.registrations as x
			where x.summit_id = p_summit and x.person_id = e.person_id order by x.created_at desc limit 1) end
	left join public.people as rp on rp.id = r.person_id
	left join public.orders as o on o.id = e.order_id
	left join public.members as m on m.id = coalesce((select g.kept_id from private.merged_members as g
		where g.dropped_id = e.member_id), e.member_id)
	cross join lateral (select coalesce(r.person_id, e.person_id) as person_id) as subject
	cross join lateral (select coalesce(private.audit_guards(subject.person_id), false)
		or coalesce(private.audit_guards(e.person_id), false) as yes) as guarded
	where t.name = e.table_name
$$;

-- A page of the audit. {areas, kinds, entries, next}: next is where the page after it begins, or null. Null when
-- nothing is the reader's.
create function public.list_audit(summit uuid, filters jsonb default '{}', before bigint default null, page_size integer
	default 50) returns jsonb
language sql stable security definer set search_path = '' as $$
	with page as materialized (
		select e, e.id from private.find_audit(list_audit.summit, filters, before,
			greatest(1, least(coalesce(page_size, 50), 200)) + 1) as e
	), shown as (select * from page order by id desc limit greatest(1, least(coalesce(page_size, 50), 200)))
	select jsonb_build_object('areas', to_jsonb(private.audit_areas(list_audit.summit)),
		'kinds', (select jsonb_agg(t.name order by t.name) from private.audited_tables as t
			where t.area = any (private.audit_areas(list_audit.summit))),
		'entries', (select coalesce(jsonb_agg(private.audit_json(list_audit.summit, shown.e) order by shown.id desc),
			'[]') from shown),
		'next', case when (select count(*) from page) > (select count(*) from shown)
			then (select min(shown.id)::text from shown) end)
	where private.audit_areas(list_audit.summit) <> '{}'
$$;
grant execute on function public.list_audit(uuid, jsonb, bigint, integer) to authenticated;

-- What a personal column held before and after, for whoever may read that entry. The look itself leaves an entry first.
-- {status: ok | not_found | closed, fields: [{name, old, new}]}; closed: the key is gone, or the person is or was under
-- another name.
create function public.open_audit_entry(summit uuid, entry bigint) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_entry audit.entries;
	v_table private.audited_tables;
	v_plain jsonb;
begin
	select * into v_entry from audit.entries as e where e.id = entry;
	select * into v_table from private.audited_tables as t where t.name = v_entry.table_name;
	-- Found as the list finds it: by its own id, under the same rules.
	if not exists (select
		from private.find_audit(open_audit_entry.summit, jsonb_build_object('kind', v_table.name), entry + 1, 1) as e
		where e.id = entry) then
		return jsonb_build_object('status', 'not_found');
	end if;
	if not (private.audit_json(open_audit_entry.summit, v_entry) ->> 'can_open')::boolean then
		return jsonb_build_object('status', 'closed');
	end if;
	perform audit.note('audit.opened', entry::text, open_audit_entry.summit, v_entry.person_id,
		jsonb_build_object('entry', entry, 'about', v_entry.table_name));
	select extensions.pgp_sym_decrypt(v_entry.personal, k.key)::jsonb into v_plain from private.person_keys as k
		where k.person_id = v_entry.person_id;
	return jsonb_build_object('status', 'ok', 'fields', (select coalesce(jsonb_agg(jsonb_build_object('name', s.name,
		'old', private.audit_value(s.name, v_plain -> 'old' -> s.name), 'new',
			private.audit_value(s.name, v_plain -> 'new' -> s.name)) order by s.place), '[]')
		from unnest(v_table.opened) with ordinality as s (name, place) where s.name = any (v_entry.changed)));
end
$$;
grant execute on function public.open_audit_entry(uuid, bigint) to authenticated;

-- The same entries for a file, newest first and at most 10,000; no personal value is among them. It leaves a note. Null
-- when nothing is the reader's.
create function public.export_audit(summit uuid, filters jsonb default '{}') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_entries jsonb;
begin
	if private.audit_areas(export_audit.summit) = '{}' then return null; end if;
	select coalesce(jsonb_agg(private.audit_json(export_audit.summit, e) order by e.id desc), '[]') into v_entries
	from private.find_audit(export_audit.summit, filters, null, 10000) as e;
	perform audit.note('audit.exported', '', export_audit.summit, null,
		jsonb_build_object('rows', jsonb_array_length(v_entries)));
	return v_entries;
end
$$;
grant execute on function public.export_audit(uuid, jsonb) to authenticated;
