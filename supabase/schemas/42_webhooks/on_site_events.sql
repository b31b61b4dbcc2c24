-- Events on site: badges, and scans at the entrances of the building. A scan at the door of a room would tell who is in
-- which session, so it is in no event.

-- Whether a badge ended with the seat of its registration. One that was replaced or taken away for another reason is in
-- no event: that happens too when somebody takes an alias or is walked out, which nobody may learn from its time.
create function private.is_badge_of_lost_seat(p_reason text) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(p_reason in ('switched', 'withdrawn', 'declined', 'expired'), false)
$$;

create function private.webhook_of_badge() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if tg_op = 'INSERT' and exists (select
		from public.badges as b
		where b.registration_id = new.registration_id and b.id <> new.id
			and not private.is_badge_of_lost_seat(b.revoked_reason)) then
		return null;
	end if;
	perform private.write_registration_event(new.registration_id, tg_argv[0]::public.webhook_kind);
	return null;
end
$$;
create trigger webhook_issued after insert on public.badges for each row
	execute function private.webhook_of_badge('badge.issued');
create trigger webhook_revoked after update on public.badges for each row
	when (old.revoked_at is null and new.revoked_at is not null and private.is_badge_of_lost_seat(new.revoked_reason))
	execute function private.webhook_of_badge('badge.revoked');

create function private.webhook_of_scan() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	perform private.write_registration_event(
		r.id,
		case when new.undone_at is not null then 'check_in.undone' when new.direction = 'in' then 'check_in.entered'
			else 'check_in.left' end::public.webhook_kind,
		jsonb_build_object('checkpoint', c.id, 'scan', new.id, 'at', private.iso(new.scanned_at))
			|| case when tg_op = 'UPDATE' then private.nameless_since_alias(r.id, new.received_at) else '{}' end)
	from public.checkpoints as c
	join public.registrations as r on r.summit_id = new.summit_id and r.person_id = new.person_id
	where c.id = new.checkpoint_id and c.kind = 'entrance' and r.state = 'confirmed';
	return null;
end
$$;
create trigger webhook_scanned after insert on private.door_scans for each row
	when (new.is_counted and new.undone_at is null and new.anonymise_at is null)
	execute function private.webhook_of_scan();
create trigger webhook_undone after update on private.door_scans for each row
	when (new.is_counted and old.undone_at is null and new.undone_at is not null and new.anonymise_at is null)
	execute function private.webhook_of_scan();
