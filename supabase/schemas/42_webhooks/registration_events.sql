-- Events of registrations and members. A registration is named by its reference, a member by its code.

create function private.write_registration_event(p_registration uuid, p_kind public.webhook_kind,
	p_data jsonb default '{}') returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_summit uuid;
	v_reference text;
begin
	select r.summit_id, r.reference into v_summit, v_reference from public.registrations as r where r.id = p_registration;
	if v_summit is null then return; end if;
	perform private.write_webhook_event(v_summit, p_kind, jsonb_build_object('registration', v_reference) || p_data);
end
$$;

-- A registration has a new reference. Events that nobody was sent yet name it by that; what was sent, or is being sent,
-- keeps the old one, so that no event with one id ever names both.
create function private.rename_in_waiting_webhooks(p_summit uuid, p_old text, p_new text) returns void
language sql volatile security definer set search_path = '' as $$
	update private.webhook_events as e
	set data = e.data || jsonb_build_object('registration', p_new)
	where e.summit_id = p_summit
		and e.data ->> 'registration' = p_old
		and not exists (
			select
			from private.webhook_deliveries as d
			join private.webhook_senders as s on s.endpoint_id = d.endpoint_id
			where d.event_id = e.id
				and (d.state <> 'waiting' or d.attempts > 0 or s.claimed_until >= now() and d.due_at <= now()))
$$;

-- What an event says of a row that others knew before its registration got another reference: not which registration it
-- is, for an earlier event named the row beside the old reference.
create function private.nameless_since_alias(p_registration uuid, p_at timestamptz) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case when private.has_new_identity_since(r.person_id, p_at) then '{"registration": null}'::jsonb else '{}' end
	from public.registrations as r
	where r.id = p_registration
$$;

-- The argument: which column changed.
create function private.webhook_of_registration() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(
		new.summit_id,
		case tg_argv[0]
			when 'mode' then 'registration.mode_changed'
			when 'category' then 'registration.category_changed'
			else 'registration.' || new.state
		end::public.webhook_kind,
		jsonb_build_object('registration', new.reference));
	return null;
end
$$;
create trigger webhook_new after insert on public.registrations for each row
	when (new.state <> 'draft') execute function private.webhook_of_registration('state');
create trigger webhook_state after update on public.registrations for each row
	when (new.state <> old.state and new.state <> 'draft') execute function private.webhook_of_registration('state');
create trigger webhook_mode after update on public.registrations for each row
	when (new.mode <> old.mode and old.state <> 'draft') execute function private.webhook_of_registration('mode');
create trigger webhook_category after update on public.registrations for each row
	when (new.category <> old.category and old.state <> 'draft')
	execute function private.webhook_of_registration('category');

-- A row that belongs to a registration. The argument: the kind.
create function private.webhook_of_registration_row() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_registration_event(new.registration_id, tg_argv[0]::public.webhook_kind);
	return null;
end
$$;
create trigger webhook_asked after insert on private.information_requests for each row
	execute function private.webhook_of_registration_row('accreditation.question_asked');
create trigger webhook_answered after update on private.information_requests for each row
	when (old.answered_at is null and new.answered_at is not null)
	execute function private.webhook_of_registration_row('accreditation.question_answered');
create trigger webhook_joined after insert on public.queue_entries for each row
	when (new.state = 'waiting') execute function private.webhook_of_registration_row('queue.joined');
create trigger webhook_offered after update on public.queue_entries for each row
	when (new.state = 'offered' and old.state <> 'offered')
	execute function private.webhook_of_registration_row('queue.offered');
create trigger webhook_requested after insert on public.member_requests for each row
	execute function private.webhook_of_registration_row('member.requested');

-- A letter is named by its reference; the code that proves it is in no event.
create function private.webhook_of_letter() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_registration_event(new.registration_id, tg_argv[0]::public.webhook_kind,
		jsonb_build_object('letter', new.reference)
			|| private.nameless_since_alias(new.registration_id, new.issued_at));
	return null;
end
$$;
create trigger webhook_issued after insert on private.visa_letters for each row
	execute function private.webhook_of_letter('letter.issued');
create trigger webhook_withdrawn after update on private.visa_letters for each row
	when (old.withdrawn_at is null and new.withdrawn_at is not null)
	execute function private.webhook_of_letter('letter.withdrawn');

create function private.webhook_of_member() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_webhook_event(new.summit_id, tg_argv[0]::public.webhook_kind,
		(select jsonb_build_object('member', m.code) from public.members as m where m.id = new.member_id));
	return null;
end
$$;
create trigger webhook_added after insert on public.summit_members for each row
	execute function private.webhook_of_member('member.added');
create trigger webhook_standing after update on public.summit_members for each row
	when (new.standing <> old.standing) execute function private.webhook_of_member('member.standing_changed');
create trigger webhook_added after insert on public.focal_points for each row
	execute function private.webhook_of_member('focal_point.added');
