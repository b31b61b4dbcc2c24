-- As before; with the scan goes what it alone made too many.
create or replace function private.undo_scan_as(p_person uuid, p_summit uuid, p_scan uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_scan private.door_scans;
begin
	select * into v_scan from private.door_scans as s where s.id = p_scan and s.summit_id = p_summit and s.made_by = p_person;
	if not found or not private.holds_role(p_person, p_summit, 'door', 'registration') then return 'not_found'; end if;
	if v_scan.undone_at is not null then return 'ok'; end if;
	if v_scan.received_at < now() - interval '1 minute' and v_scan.scanned_at < now() - interval '1 minute' then return 'too_late'; end if;
	if v_scan.person_id is not null then perform private.lock_at_door(p_summit, v_scan.person_id); end if;
	update private.door_scans as s set undone_at = now(), undone_by = p_person, seq = nextval('private.door_scan_order') where s.id = p_scan;
	if v_scan.person_id is not null then
		perform private.derive_presence(p_summit, v_scan.person_id, v_scan.day);
		perform private.note_crowding(p_summit, v_scan.place, v_scan.day);
	end if;
	perform audit.note('door.undone', case when v_scan.forget_at is null then v_scan.badge_id::text else '' end, p_summit, case when v_scan.forget_at is null then v_scan.person_id end,
		jsonb_build_object('checkpoint', v_scan.checkpoint_id));
	return 'ok';
end
$$;
