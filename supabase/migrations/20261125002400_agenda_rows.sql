-- An agenda tells the key of its own rows, from one snapshot. Rows are kept for every reader to whom the database gives the
-- same key; with a key asked a moment earlier, rights that were given in between would open the rows to the others too.
create or replace function public.read_agenda(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select private.read_agenda_for(private.me(), summit) || jsonb_build_object('key', public.agenda_key(summit))
	where summit in (select private.readable_summits())
$$;
