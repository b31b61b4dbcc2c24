-- Who confirmed the notice of a session that names nobody is kept while its run lasts, and at no other time; and what was confirmed
-- before such a level came is forgotten with it.

-- Confirms for the reader what a session asks at its level of this moment. Answers ok, or why they may not enter.
create or replace function public.confirm_notice(session uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_entry text := private.entry_of(v_me, session, 'stream');
begin
	if v_entry <> 'ok' then return v_entry; end if;
	if v_me is null then return 'sign_in'; end if;
	-- The run cannot end, and forget, between this line and the next.
	perform from public.runs where runs.session_id = session and runs.state <> 'ended' for share;
	if not found and private.is_nameless_level(private.level_in_force(session)) then return 'ok'; end if;
	insert into private.entry_notices as n (session_id, person_id, level) values (session, v_me, private.level_in_force(session))
	on conflict (session_id, person_id) do update set level = excluded.level, confirmed_at = now();
	return 'ok';
end
$$;

create function private.forget_lower_notices() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	delete from private.entry_notices as n where n.session_id = new.id and n.level < new.level;
	return null;
end
$$;
create trigger forget_lower_notices after update of level on public.sessions for each row
	when (new.level > old.level and new.level in ('chatham_house', 'closed')) execute function private.forget_lower_notices();
