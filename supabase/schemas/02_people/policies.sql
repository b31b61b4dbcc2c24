-- Who reads people, accounts and preferences, and who changes them.

create policy read on public.people for select to anon, authenticated
	using (id in (select private.visible_people()));
grant select (id, code, display_name, office, affiliation, country, biography, portrait_path, links)
	on public.people to anon, authenticated;

create policy read on public.account_people for select to authenticated
	using (account_id = (select private.account()));
grant select on public.account_people to authenticated;

create policy add on public.person_preferences for insert to authenticated
	with check (person_id = (select private.me()));
create policy change on public.person_preferences for update to authenticated
	using (person_id = (select private.me()))
	with check (person_id = (select private.me()));
create policy read on public.person_preferences for select to authenticated
	using (person_id in (select private.my_people()));
grant select, insert, update on public.person_preferences to authenticated;
