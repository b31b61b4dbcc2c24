-- Who may act for whom, as the person concerned reads and ends it.

create function public.list_acting() returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'for_me', (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'display_name', p.display_name, 'scope', a.scope, 'until', a.until) order by p.display_name), '[]')
			from public.account_people as a
			join public.account_people as self on self.account_id = a.account_id and self.relation = 'self'
			join public.people as p on p.id = self.person_id
			where a.person_id = (select private.me()) and a.relation = 'assistant' and (a.until is null or a.until > now())),
		'i_for', (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'display_name', p.display_name, 'scope', a.scope, 'until', a.until) order by p.display_name), '[]')
			from public.account_people as a
			join public.people as p on p.id = a.person_id
			where a.account_id = (select auth.uid()) and a.relation = 'assistant' and (a.until is null or a.until > now())))
$$;

-- Ends it from either side. Answers ok, or unknown for everybody else's.
create function public.end_acting(acting uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row public.account_people;
	v_assistant uuid;
begin
	delete from public.account_people
	where id = acting and relation = 'assistant'
		and (person_id = (select private.me()) or account_id = (select auth.uid()))
	returning * into v_row;
	if not found then return 'unknown'; end if;
	select person_id into v_assistant from public.account_people where account_id = v_row.account_id and relation = 'self';
	perform private.tell('person:' || v_assistant, 'rights');
	return 'ok';
end
$$;
grant execute on function public.list_acting(), public.end_acting(uuid) to authenticated;
