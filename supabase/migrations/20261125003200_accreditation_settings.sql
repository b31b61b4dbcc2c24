-- What an owner sets for the accreditation desk of a Summit.

create table public.accreditation_settings (
	summit_id uuid primary key references public.summits (id) on delete cascade,
	-- Categories, and decisions on them, that two people make together.
	second_person_for public.registration_category[] not null default '{}',
	second_person_decisions text[] not null default '{accredit,decline}' check (second_person_decisions <@ array['accredit', 'decline']),
	-- What is looked at anew when it changes after accreditation.
	vetted text[] not null default '{display_name,office,affiliation,country,member_id,category}'
		check (vetted <@ array['display_name', 'office', 'affiliation', 'country', 'member_id', 'category']),
	-- Whether door and stage wait until somebody has looked.
	pauses_rights boolean not null default false,
	-- After so many days without a decision, or a second person, a registration is marked.
	aim_days integer not null default 7 check (aim_days between 1 and 90),
	updated_at timestamptz not null default now()
);
alter table public.accreditation_settings enable row level security;
select audit.watch('public.accreditation_settings');
create policy read on public.accreditation_settings for select to authenticated
	using (summit_id in (select private.summits_with_role('registration')));
grant select on public.accreditation_settings to authenticated;

-- Every Summit has its row.
create function private.begin_accreditation() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	insert into public.accreditation_settings (summit_id) values (new.id) on conflict do nothing;
	return null;
end
$$;
create trigger begin_accreditation after insert on public.summits for each row execute function private.begin_accreditation();

-- Only an owner: whoever decides must not be able to take the second person away. Answers ok, invalid or not_allowed.
create function public.save_accreditation_settings(summit uuid, settings jsonb) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'owner') then return 'not_allowed'; end if;
	begin
		update public.accreditation_settings as s
		set second_person_for = array(select distinct c::public.registration_category from jsonb_array_elements_text(settings -> 'second_person_for') as c order by 1),
			second_person_decisions = array(select distinct d from jsonb_array_elements_text(settings -> 'second_person_decisions') as d order by 1),
			vetted = array(select distinct f from jsonb_array_elements_text(settings -> 'vetted') as f order by 1),
			pauses_rights = (settings ->> 'pauses_rights')::boolean, aim_days = (settings ->> 'aim_days')::integer, updated_at = now()
		where s.summit_id = summit;
	exception when data_exception or integrity_constraint_violation then return 'invalid';
	end;
	perform private.tell('organise:' || summit, 'settings');
	return 'ok';
end
$$;
grant execute on function public.save_accreditation_settings(uuid, jsonb) to authenticated;

-- Whether two people decide this together. A change after accreditation is confirmed as an accreditation is.
create function private.needs_second(p_r public.registrations, p_decision text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.accreditation_settings as s where s.summit_id = p_r.summit_id and p_r.category = any (s.second_person_for)
		and case p_decision when 'revet' then 'accredit' else p_decision end = any (s.second_person_decisions))
$$;
