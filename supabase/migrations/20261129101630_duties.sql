-- The duty to report: authorities, clocks on cases, and referrals.
set check_function_bodies = off;

-- An authority, the hours within which it must hear of a case, and of which kinds of case. An ended one stays for the
-- cases that were referred.
create table private.reporting_duties (
	id uuid primary key default gen_random_uuid(),
	summit_id uuid not null references public.summits (id) on delete cascade,
	authority text not null check (length(authority) between 1 and 200 and private.is_one_line(authority)),
	address text not null default '' check (length(address) <= 1000),
	hours integer not null check (hours between 1 and 720),
	categories text[] not null check (categories <> '{}' and categories <@ array['child', 'material', 'sexual',
		'harassment', 'threat', 'privacy', 'wellbeing', 'other']),
	note text not null default '' check (length(note) <= 2000),
	ended_at timestamptz
);
create index on private.reporting_duties (summit_id);
alter table private.reporting_duties enable row level security;
select audit.watch('private.reporting_duties');

-- That a case was reported to an authority.
create table private.case_referrals (
	case_id uuid not null references private.cases (id) on delete cascade,
	duty_id uuid not null references private.reporting_duties (id) on delete cascade,
	referred_at timestamptz not null default now(),
	referred_by uuid references public.people (id) on update cascade on delete set null,
	primary key (case_id, duty_id)
);
create index on private.case_referrals (duty_id);
create index on private.case_referrals (referred_by);
alter table private.case_referrals enable row level security;
select audit.watch('private.case_referrals');

-- The duties of a Summit for its safeguarding leads: [{id, authority, address, hours, categories, note}]; null for
-- everyone else.
create function public.read_duties(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce((
			select jsonb_agg(jsonb_build_object('id', d.id, 'authority', d.authority, 'address', d.address,
				'hours', d.hours, 'categories', d.categories, 'note', d.note) order by d.hours, d.authority)
			from private.reporting_duties as d
			where d.summit_id = read_duties.summit and d.ended_at is null), '[]')
	where private.has_role(read_duties.summit, 'safeguarding')
$$;
grant execute on function public.read_duties(uuid) to authenticated;

-- Adds a duty.
create function public.add_duty(summit uuid, authority text, address text, hours integer, categories text[], note text)
	returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'safeguarding') then return 'not_allowed'; end if;
	insert into private.reporting_duties (summit_id, authority, address, hours, categories, note)
	values (summit, btrim(add_duty.authority), add_duty.address, add_duty.hours, add_duty.categories, add_duty.note);
	return 'ok';
exception when check_violation or not_null_violation then
	return 'invalid';
end
$$;
grant execute on function public.add_duty(uuid, text, text, integer, text[], text) to authenticated;

-- Ends a duty: no case is measured by it any more.
create function public.end_duty(duty uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
begin
	update private.reporting_duties as d set ended_at = now()
	where d.id = duty and d.ended_at is null and private.has_role(d.summit_id, 'safeguarding');
	return case when found then 'ok' else 'not_found' end;
end
$$;
grant execute on function public.end_duty(uuid) to authenticated;

-- What a case has to be reported: [{id, authority, address, note, due_at, referred_at, referred_by}], the earliest
-- first. The clock starts with its first concern: that is when the Summit learned of it.
create function private.case_duties(c private.cases) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
			'id', d.id,
			'authority', d.authority,
			'address', d.address,
			'note', d.note,
			'due_at', private.iso(known.since + make_interval(hours => d.hours)),
			'referred_at', private.iso(r.referred_at),
			'referred_by', (select p.display_name from public.people as p where p.id = r.referred_by))
		order by d.hours, d.authority), '[]')
	from private.reporting_duties as d
	left join private.case_referrals as r on r.duty_id = d.id and r.case_id = c.id
	cross join lateral (
		select coalesce(min(x.created_at), c.opened_at) as since
		from private.case_concerns as j
		join private.concerns as x on x.id = j.concern_id
		where j.case_id = c.id) as known
	where d.summit_id = c.summit_id
		and (r.referred_at is not null or d.ended_at is null and c.category = any (d.categories))
$$;

-- Notes that a case was reported to an authority. Already: somebody has noted it.
create function public.refer_case(this_case uuid, duty uuid) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_read_case(private.me(), this_case)
		or not exists (select
			from private.reporting_duties as d
			join private.cases as c on c.summit_id = d.summit_id
			where d.id = duty and c.id = this_case)
	then
		return 'not_found';
	end if;
	insert into private.case_referrals (case_id, duty_id, referred_by)
	values (this_case, duty, private.me())
	on conflict do nothing;
	if not found then return 'already'; end if;
	perform private.publish_case(this_case);
	return 'ok';
end
$$;
grant execute on function public.refer_case(uuid, uuid) to authenticated;

-- One case with its key, its timeline and its concerns, for those who may read it; null for everyone else. The reading
-- is logged, of the case and of each concern, before anything is answered.
create or replace function public.read_case(summit uuid, this_case uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_case private.cases;
begin
	select * into v_case from private.cases as x where x.id = this_case and x.summit_id = read_case.summit;
	if not found or not private.may_read_case(private.me(), this_case) then return null; end if;
	perform audit.record_event('case.read', this_case::text, summit, null, '{}');
	perform private.log_concern_readings(
		array(select j.concern_id from private.case_concerns as j where j.case_id = this_case), summit);
	return jsonb_build_object(
		'id', v_case.id,
		'reference', v_case.reference,
		'severity', v_case.severity,
		'category', v_case.category,
		'state', v_case.state,
		'outcome', v_case.outcome,
		'version', v_case.version,
		'key_sealed', encode(v_case.key_sealed, 'hex'),
		'key_id', v_case.key_id,
		'lead', v_case.lead_id,
		'leads', private.case_leads_json(this_case),
		'opened_at', private.iso(v_case.opened_at),
		'opened_by', (select p.display_name from public.people as p where p.id = v_case.opened_by),
		'closed_at', private.iso(v_case.closed_at),
		'duties', private.case_duties(v_case),
		'entries', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', e.id,
				'at', private.iso(e.at),
				'kind', e.kind,
				'author', (select p.display_name from public.people as p where p.id = e.author_id),
				'text_sealed', encode(e.text_sealed, 'hex')) order by e.at, e.id), '[]')
			from private.case_entries as e
			where e.case_id = this_case),
		'concerns', (
			select coalesce(jsonb_agg(private.concern_json(c, true) || jsonb_build_object('batch', c.batch_id)
				order by c.created_at, c.id), '[]')
			from private.case_concerns as j
			join private.concerns as c on c.id = j.concern_id
			where j.case_id = this_case),
		'read_by', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'display_name', r.display_name, 'at', private.iso(r.at)) order by r.at desc), '[]')
			from (select p.display_name, max(e.at) as at
				from audit.entries as e
				join public.people as p on p.id = e.actor_person
				where e.table_name = 'case.read' and e.row_id = this_case::text
				group by p.id, p.display_name) as r));
end
$$;

-- How long it is kept.
insert into private.retention_rules (table_name, class) values ('private.case_referrals', 'concerns');
insert into private.retention_rules (table_name, exemption) values ('private.reporting_duties', 'settings');

reset check_function_bodies;
