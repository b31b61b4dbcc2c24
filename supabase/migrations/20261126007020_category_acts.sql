-- The change of category for whoever keeps the registrations: seen beforehand, and done.

-- Under the locks; `p_tried`: found by doing it and taking it back. Nobody changes their own, nor that of whom they act for.
create function private.recategorise(p_registration uuid, p_category public.registration_category, p_member uuid, p_version integer, p_reason text, p_tried boolean) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
	v_member uuid;
	v_obstacle text;
	v_answer jsonb;
begin
	select * into v_r from public.registrations as r where r.id = p_registration and r.state <> 'draft';
	if not found or not private.has_role(v_r.summit_id, 'registration') or v_r.person_id in (select private.my_people('registration')) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	perform private.lock_modes(v_r.summit_id);
	select * into v_r from public.registrations as r where r.id = p_registration for no key update;
	if p_version <> v_r.version then return jsonb_build_object('status', 'changed'); end if;
	v_member := coalesce(p_member, case when p_category = 'delegate' then v_r.member_id end);
	v_obstacle := private.category_obstacle(v_r, p_category, v_member);
	if v_obstacle is not null then return jsonb_build_object('status', v_obstacle); end if;
	-- Also where it is only looked at: nobody learns of the list without its keepers' knowing.
	if v_r.state not in ('submitted', 'nominated') and private.needs_a_word(v_r) then return jsonb_build_object('status', 'needs_a_word'); end if;
	perform private.act_for(v_r.person_id, p_reason);
	begin
		v_answer := private.take_category(v_r, p_category, v_member, p_reason);
		if v_answer ->> 'status' in ('ok', 'awaiting_payment') then
			set constraints public.seat_fault immediate;
			set constraints public.seat_fault deferred;
			if not p_tried then return v_answer; end if;
		end if;
		raise sqlstate 'GS000' using message = 'only tried';
	exception
		when sqlstate 'GS000' then null;
		when sqlstate 'PT409' or integrity_constraint_violation then return jsonb_build_object('status', 'failed');
	end;
	return v_answer;
end
$$;

-- What it would do to seat, fee and badge now. A delegate stays with their member unless another is named; others have a seat of their
-- category's pool unless a member is. Answers as private.take_category does, or {status: changed | wrong_state | closed | already | minor | member_needed |
-- unknown_member | second_person | disputed | processing | needs_a_word | failed | not_allowed}.
create function public.preview_category(registration uuid, category public.registration_category, member uuid default null) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select private.recategorise(registration, category, member, null, '', true)
$$;

-- Does it, with its reason. Answers as preview_category does, and reason_needed.
create function public.change_category(registration uuid, category public.registration_category, reason text, member uuid default null, version integer default null) returns jsonb
language sql volatile security definer set search_path = '' as $$
	select case when length(private.one_line(reason)) not between 1 and 200 then jsonb_build_object('status', 'reason_needed')
		else private.recategorise(registration, category, member, version, private.one_line(reason), false) end
$$;

grant execute on function public.preview_category(uuid, public.registration_category, uuid),
	public.change_category(uuid, public.registration_category, text, uuid, integer) to authenticated;
