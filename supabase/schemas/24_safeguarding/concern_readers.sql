-- Who may read a concern, and how they are notified.

-- Whether one concern, by itself, is about this person or about somebody whom they act for.
create function private.is_concern_itself_about(p_person uuid, c private.concerns) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select
		from (
			select p_person as id
			union
			select other.person_id
			from public.account_people as own
			join public.account_people as other on other.account_id = own.account_id
			where own.person_id = p_person and own.relation = 'self' and (other.until is null or other.until > now())
		) as self
		where self.id in (select s.person_id from private.concern_subjects as s where s.concern_id = c.id)
			or self.id in (select sp.person_id
				from public.session_people as sp
				where sp.session_id = c.session_id and sp.state <> 'declined')
			or self.id in (select h.person_id from private.run_hosts as h where h.run_id = c.run_id)
			or c.author_hash = (select extensions.hmac(self.id::text::bytea, q.salt, 'sha256')
				from private.session_salts as q
				where q.session_id = c.session_id))
$$;

-- The same, of a concern with all that were joined to it in a case: whom one of them is about sees none of them.
create function private.is_concern_about(p_person uuid, c private.concerns) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.is_concern_itself_about(p_person, c)
		or exists (select
			from private.case_concerns as own
			join private.case_concerns as joined on joined.case_id = own.case_id and joined.concern_id <> own.concern_id
			join private.concerns as other on other.id = joined.concern_id
			where own.concern_id = c.id and private.is_concern_itself_about(p_person, other))
$$;

-- The safeguarding leads who may read a concern: those whom it is not about.
create function private.concern_leads(c private.concerns) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select h from private.role_holders('safeguarding', c.summit_id) as h where not private.is_concern_about(h, c)
$$;

-- Whether a person may read a concern: a lead whom it is not about; where there is none, a deputy whom it is not about.
create function private.may_read_concern(p_person uuid, c private.concerns) returns boolean
language sql stable security definer set search_path = '' as $$
	select p_person is not null
		and not private.is_concern_about(p_person, c)
		and (private.holds_role(p_person, c.summit_id, 'safeguarding')
			or exists (select from private.concern_deputies as d
				where d.summit_id = c.summit_id
					and d.person_id = p_person
					and d.ended_at is null
					and private.is_role_usable(p_person, 'safeguarding'))
				and not exists (select from private.concern_leads(c)))
$$;

-- The owners who learn that a concern needs a deputy, and nothing else about it: those whom it is not about, or all
-- when it is about each of them.
create function private.owners_to_notify_of_concern(c private.concerns) returns setof uuid
language sql stable security definer set search_path = '' as $$
	with owners as (
		select o, private.is_concern_about(o, c) as concerned from private.role_holders('owner', c.summit_id) as o
	)
	select o from owners where not concerned or not exists (select from owners where not concerned)
$$;

-- All who may read a concern: leads, or deputies where no lead may.
create function private.concern_readers(c private.concerns) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select l from private.concern_leads(c) as l
	union
	select d.person_id
	from private.concern_deputies as d
	where d.summit_id = c.summit_id and d.ended_at is null and private.may_read_concern(d.person_id, c)
$$;

-- Notifies those who may read a concern, on their pages and by a mail that says nothing about it. Each is notified on
-- the topic of their person: on a shared topic, others would see that something was reported. `p_once`: what the mail
-- is about, each reader gets one of it. Answers whether there is anybody.
create function private.notify_concern_readers(c private.concerns, p_template text, p_once text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_reader uuid;
	v_found boolean := false;
begin
	for v_reader in select r from private.concern_readers(c) as r loop
		v_found := true;
		perform private.publish_event('person:' || v_reader, 'concern', c.id);
		-- A limit for a flood from many sources: the mails of the last minutes already lead to the page that shows all.
		if (select count(*)
			from private.outbox as o
			where o.person_id = v_reader
				and o.template = p_template
				and o.created_at > now() - interval '10 minutes') < 30
		then
			perform private.enqueue_mail(v_reader, p_template, '{}', c.summit_id, format('%s:%s', p_once, v_reader), 1);
		end if;
	end loop;
	return v_found;
end
$$;

-- Notifies those who may read a concern that it was raised; where nobody may, the owners, who then name a deputy.
create function private.notify_concern(p_concern uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	c private.concerns;
	v_owner uuid;
begin
	select * into c from private.concerns as x where x.id = p_concern;
	if private.notify_concern_readers(c, 'concern_raised', format('concern:%s', coalesce(c.batch_id, c.id))) then
		perform private.begin_alarm(c);
		return;
	end if;
	for v_owner in select o from private.owners_to_notify_of_concern(c) as o loop
		perform private.publish_event('person:' || v_owner, 'roles');
		perform private.enqueue_mail(v_owner, 'concern_unread', '{}', c.summit_id,
			format('concern_unread:%s:%s', coalesce(c.batch_id, c.id), v_owner), 1);
	end loop;
end
$$;

-- Marks that a concern is about a person, or takes the mark of a lead back. The person no longer finds the concern;
-- where no lead is left who may read it, the deputies or the owners are notified. Answers ok, already or not_found.
-- Locks the concern.
create function public.mark_concern_subject(concern uuid, person uuid, is_about boolean) returns public.change_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_concern private.concerns;
begin
	select * into v_concern from private.concerns where id = concern for update;
	if not found
		or is_about is null
		or not private.may_read_concern(private.me(), v_concern)
		or not exists (select from public.people as p where p.id = person)
	then
		return 'not_found';
	end if;
	if is_about then
		insert into private.concern_subjects as x (concern_id, person_id, source, marked_by)
		values (concern, person, 'lead', private.me())
		on conflict (concern_id, person_id) do update
			set source = 'lead', marked_by = excluded.marked_by, marked_at = now()
			where x.source = 'session';
	else
		delete from private.concern_subjects as x
		where x.concern_id = concern and x.person_id = person and x.source = 'lead';
	end if;
	if not found then return 'already'; end if;
	perform audit.record_event(case when is_about then 'concern.about' else 'concern.not_about' end, concern::text,
		v_concern.summit_id, person, '{}');
	perform private.publish_event('person:' || person, 'rights');
	if is_about and not exists (select from private.concern_leads(v_concern)) then
		perform private.notify_concern(concern);
	end if;
	perform private.release_case(j.case_id) from private.case_concerns as j where j.concern_id = concern;
	return 'ok';
end
$$;
grant execute on function public.mark_concern_subject(uuid, uuid, boolean) to authenticated;

-- For owners: how many open concerns wait for a reader, and nothing else about them. These are the concerns that no
-- lead may read and no deputy has read. 0 for all others.
create function public.count_concerns_without_reader(summit uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select count(*)::integer
	from private.concerns as c
	where c.summit_id = count_concerns_without_reader.summit
		and c.closed_at is null
		and private.has_role(count_concerns_without_reader.summit, 'owner')
		and not exists (select from private.concern_leads(c))
		and private.me() in (select private.owners_to_notify_of_concern(c))
		and not exists (select from audit.entries as e
			where e.table_name = 'concern.read'
				and e.row_id = c.id::text
				and e.actor_person in (
					select d.person_id from private.concern_deputies as d where d.summit_id = c.summit_id))
$$;
grant execute on function public.count_concerns_without_reader(uuid) to authenticated;
