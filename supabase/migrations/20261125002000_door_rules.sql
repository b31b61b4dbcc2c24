-- The door: one badge, one answer. It asks the registration at this moment, not what stood on the badge when it was printed.

create index presence_at_door on public.presence (person_id, summit_id, checkpoint) where kind = 'door';

-- Nobody may photograph: chosen as a setting, by protection, or by not agreeing when asked.
create function private.no_photographs(p_person uuid, p_registration uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.person_preferences where person_id = p_person and no_photographs)
		or exists (select from private.protections where person_id = p_person and no_photographs)
		or exists (select from public.consents as c join public.consent_items as i on i.id = c.item_id
			where c.registration_id = p_registration and i.key = 'photographs' and (c.given_at is null or c.withdrawn_at is not null))
$$;

-- The answer for a badge of the Summit, and the record that somebody came in. The lock lets two doors that read one badge at
-- once come one after the other.
create function private.admit(p_badge uuid, p_checkpoint text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_badge public.badges;
	v_registration public.registrations;
	v_summit public.summits;
	v_since timestamptz;
	v_answer text;
begin
	select * into v_badge from public.badges where id = p_badge for update;
	select * into v_registration from public.registrations where id = v_badge.registration_id;
	select * into v_summit from public.summits where id = v_badge.summit_id;
	select max(entered_at) into v_since from public.presence
	where person_id = v_registration.person_id and summit_id = v_summit.id and kind = 'door' and checkpoint = p_checkpoint and left_at is null
		and (entered_at at time zone v_summit.zone)::date = (now() at time zone v_summit.zone)::date;
	v_answer := case
		when exists (select from private.entry_bars where person_id = v_registration.person_id and summit_id = v_summit.id and session_id is null) then 'stop'
		when v_badge.revoked_at is not null then 'revoked'
		when v_registration.state <> 'confirmed' then 'not_confirmed'
		when v_registration.mode <> 'in_person' then 'wrong_mode'
		when (now() at time zone v_summit.zone)::date not between v_summit.starts_on and v_summit.ends_on then 'other_day'
		when private.is_paused(v_registration.id) then 'in_review'
		when v_since is not null then 'already_in'
		else 'welcome' end;
	if v_answer = 'welcome' then
		insert into public.presence (summit_id, person_id, kind, checkpoint, source)
		values (v_summit.id, v_registration.person_id, 'door', p_checkpoint, 'badge');
	end if;
	perform audit.note('door', p_badge::text, v_summit.id, v_registration.person_id, jsonb_build_object('answer', v_answer, 'checkpoint', p_checkpoint));
	return jsonb_build_object('answer', v_answer, 'since', v_since,
		-- An old badge may have another name printed on it than its holder bears now.
		'display_name', case when v_answer <> 'revoked' then (select display_name from public.people where id = v_registration.person_id) end,
		-- A sign that photographers respect, for those who are let in.
		'flags', case when v_answer in ('welcome', 'already_in') and private.no_photographs(v_registration.person_id, v_registration.id)
			then '["no_photographs"]'::jsonb else '[]'::jsonb end);
end
$$;

-- By the badge's id, once the app has checked the code's signature; or by its letters, which are long and random enough by
-- themselves. Answers {answer, display_name, flags, since}: welcome | already_in | wrong_mode | not_confirmed | in_review | revoked | stop |
-- other_day | unknown | not_allowed.
create function public.check_badge(summit uuid, badge uuid default null, letters text default null, checkpoint text default '') returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_badge uuid;
begin
	if not private.has_role(summit, 'door', 'registration') then return jsonb_build_object('answer', 'not_allowed'); end if;
	select id into v_badge from public.badges as b
	where b.summit_id = summit and case when badge is not null then b.id = badge
		else b.letters = upper(regexp_replace(coalesce(check_badge.letters, ''), '[^A-Za-z0-9]', '', 'g')) end;
	if not found then return jsonb_build_object('answer', 'unknown', 'flags', '[]'::jsonb); end if;
	return private.admit(v_badge, left(btrim(coalesce(checkpoint, '')), 80));
end
$$;
grant execute on function public.check_badge(uuid, uuid, text, text) to authenticated;

-- How many came through the door today, for those who stand there.
create function public.count_at_door(summit uuid) returns integer
language sql stable security definer set search_path = '' as $$
	select count(distinct p.person_id)::integer
	from public.presence as p join public.summits as s on s.id = p.summit_id
	where p.summit_id = summit and p.kind = 'door' and private.has_role(summit, 'door', 'registration')
		and (p.entered_at at time zone s.zone)::date = (now() at time zone s.zone)::date
$$;
grant execute on function public.count_at_door(uuid) to authenticated;
