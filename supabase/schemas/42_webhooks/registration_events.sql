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
		jsonb_build_object('letter', new.reference));
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
