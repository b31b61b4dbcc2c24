-- Mails about surveys of the Summit and follow-ups: an invitation when one opens, and one reminder to those who have not
-- answered, as the marks say. Session feedback sends none.

-- Which mails a survey has sent.
create table private.survey_mails (
	survey_id uuid not null references private.surveys (id) on delete cascade,
	kind text not null check (kind in ('invited', 'reminder')),
	sent_at timestamptz not null default now(),
	primary key (survey_id, kind)
);
alter table private.survey_mails enable row level security;

-- Queues the mails of one kind of a survey, once for each person; again after it was a draft again, which is another version.
create function private.send_mails_of_survey(p private.surveys, p_kind text) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	insert into private.survey_mails (survey_id, kind) values (p.id, p_kind) on conflict do nothing;
	if not found then return; end if;
	perform private.enqueue_mail(r.person_id, 'survey_' || p_kind,
		jsonb_build_object('survey', p.id, 'title', p.title, 'until', private.iso(p.closes_at)), p.summit_id,
		format('survey_%s:%s:%s:%s', p_kind, p.id, p.version, r.person_id))
	from public.registrations as r
	where r.summit_id = p.summit_id
		and r.state = 'confirmed'
		and not exists (
			select from private.survey_marks as k
			join private.survey_collections as c on c.id = k.collection_id
			where c.survey_id = p.id and k.person_id = r.person_id);
end
$$;

-- Sends what is due: invitations of surveys that are open, and reminders when a third of their time is left, at least a day
-- after the invitation and before the end. A scheduled job calls it; answers how many surveys it wrote about.
create function private.send_survey_mails() returns integer
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_due record;
	v_count integer := 0;
begin
	for v_due in
		select s as survey, due.kind
		from private.surveys as s
		cross join lateral (
			select case
				when sent.invited is null then 'invited'
				when sent.reminder is null
					and now() >= greatest(s.opens_at + (s.closes_at - s.opens_at) * 2 / 3, sent.invited + interval '1 day')
					then 'reminder' end as kind
			from (
				select max(m.sent_at) filter (where m.kind = 'invited') as invited,
					max(m.sent_at) filter (where m.kind = 'reminder') as reminder
				from private.survey_mails as m
				where m.survey_id = s.id) as sent) as due
		where s.kind <> 'session'
			and s.published_at is not null
			and s.opens_at <= now()
			and s.closes_at > now()
			and due.kind is not null
		order by s.id
		for no key update of s skip locked
	loop
		perform private.send_mails_of_survey(v_due.survey, v_due.kind);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;
grant execute on function private.send_survey_mails() to app_server;
