-- Names that have gone out in lists stay as they are.

-- Whether somebody is accredited at a Summit whose names are frozen, and would be called otherwise.
create function private.name_is_kept(p_person uuid, p_name text) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from public.people as p
		where p.id = p_person and p.display_name <> '' and p.display_name <> private.one_line(p_name))
		and exists (select from public.registrations as r join public.summits as s on s.id = r.summit_id
			where r.person_id = p_person and r.state in ('accredited', 'awaiting_payment', 'confirmed')
				and s.state in ('open', 'live') and s.names_freeze_at <= now())
$$;

-- The last word, whoever writes. The functions ask first and answer with a status.
create function private.guard_name() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if current_setting('app.name_freeze', true) is distinct
		from 'overridden' and private.name_is_kept(old.id, new.display_name) then
		raise sqlstate 'PT409' using message = 'the names of this Summit are frozen';
	end if;
	return new;
end
$$;

create trigger guard_name before update of display_name on public.people for each row
	when (new.display_name is distinct from old.display_name) execute function private.guard_name();
