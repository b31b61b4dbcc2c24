-- A lost phone or print: the old badge opens no door from now on, and its holder has a new one.
-- Answers {status: ok | too_often | no_badge | not_found}.
create function public.replace_badge(registration uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_r public.registrations;
begin
	select * into v_r from public.registrations as r
	where r.id = registration and r.person_id in (select private.my_people('registration')) for no key update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if v_r.state <> 'confirmed' or v_r.mode <> 'in_person' then return jsonb_build_object('status', 'no_badge'); end if;
	-- Doors carry the list of revoked badges: nobody makes it long.
	if (select count(*) from public.badges as b where b.registration_id = v_r.id and b.revoked_reason = 'lost'
		and b.revoked_at > now() - interval '1 day') >= 5 then
		return jsonb_build_object('status', 'too_often');
	end if;
	perform private.act_for(v_r.person_id, 'lost');
	perform private.revoke_badge(v_r, 'lost');
	insert into public.badges (summit_id, registration_id) values (v_r.summit_id, v_r.id);
	perform private.tell_registration(v_r, 'badge');
	return jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.replace_badge(uuid) to authenticated;
