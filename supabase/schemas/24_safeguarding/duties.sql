-- The duty to report, kept by the safeguarding leads of a Summit, and its clocks on each case.

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
