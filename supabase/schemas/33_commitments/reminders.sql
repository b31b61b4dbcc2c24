-- Mails about announced commitments, to the focal points of today.

-- The focal points of today of the members of a version.
create function private.focal_points_of_commitment(p_commitment uuid, p_number integer) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select distinct f.person_id
	from private.commitment_members as m
	join private.current_focal_points() as f on f.member_id = m.member_id
	where m.commitment_id = p_commitment and m.number = p_number
$$;

-- Queues the mail that a version is announced, once for each focal point.
create function private.send_announcement_mails(p private.commitments) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_number integer := private.shown_commitment_version(p.id);
begin
	perform private.enqueue_mail(f, 'commitment_announced',
		jsonb_build_object('code', p.code, 'title', v.title), p.summit_id,
		format('commitment_announced:%s:%s:%s', p.id, v_number, f))
	from private.commitment_versions as v
	cross join private.focal_points_of_commitment(p.id, v_number) as f
	where v.commitment_id = p.id and v.number = v_number;
end
$$;

-- Sends what is due: the mail of each announcement whose time came in the last two days, and a reminder of each commitment
-- that runs, and of which nothing was announced, reported or reminded for the months that the settings say. It stops by
-- itself once it is delivered or withdrawn. A scheduled job calls it; answers how many commitments were reminded of.
create function private.send_commitment_mails() returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.commitments;
	v_number integer;
	v_count integer := 0;
begin
	for c in
		select x.*
		from private.commitments as x
		where x.state <> 'withdrawn' and exists (
			select from private.commitment_announcements() as s
			where s.commitment_id = x.id and s.effective_at between now() - interval '2 days' and now())
	loop
		perform private.send_announcement_mails(c);
	end loop;
	for c in
		select x.*
		from private.commitments as x
		where x.state <> 'withdrawn'
			-- Null before the first announcement, which is then no candidate.
			and (
				select greatest(max(s.effective_at),
					(select max(r.written_at) from private.commitment_reports as r where r.commitment_id = x.id),
					(select max(r.sent_at) from private.commitment_reminders as r where r.commitment_id = x.id))
				from private.commitment_announcements() as s
				where s.commitment_id = x.id and s.effective_at <= now())
				<= now() - make_interval(months => (select s.remind_months from private.commitment_settings as s))
		order by x.id
		for update skip locked
	loop
		v_number := private.shown_commitment_version(c.id);
		continue when v_number is null or private.commitment_status(c, v_number, true) in ('delivered', 'withdrawn');
		insert into private.commitment_reminders (commitment_id) values (c.id) on conflict do nothing;
		perform private.enqueue_mail(f, 'commitment_reminder', jsonb_build_object('code', c.code, 'title', v.title,
			'due_on', v.due_on), c.summit_id, format('commitment_reminder:%s:%s:%s', c.id, now()::date, f))
		from private.commitment_versions as v
		cross join private.focal_points_of_commitment(c.id, v_number) as f
		where v.commitment_id = c.id and v.number = v_number;
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;
grant execute on function private.send_commitment_mails() to app_server;
