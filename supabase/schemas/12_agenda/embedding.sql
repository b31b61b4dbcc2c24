-- Embedding the public agenda in the pages of other sites: only of the sites that an organiser lists.

-- The sites of a Summit, [origin]. They are no secret: every browser that opens the embedded page receives them.
create function public.read_embed_origins(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(e.origin order by e.origin), '[]')
	from private.embed_origins as e
	where e.summit_id = summit
		and summit in (select private.readable_summits())
$$;
grant execute on function public.read_embed_origins(uuid) to anon, authenticated;

-- Replaces the sites, up to 20. Answers ok | not_allowed | invalid.
create function public.save_embed_origins(summit uuid, origins text[]) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(summit, 'programme') then return 'not_allowed'; end if;
	if origins is null or cardinality(origins) > 20 then return 'invalid'; end if;
	-- Two organisers who save at once come one after the other, and the list is that of the last, not a mixture.
	perform pg_advisory_xact_lock(hashtextextended('embed:' || summit, 8));
	begin
		delete from private.embed_origins as e where e.summit_id = summit and e.origin <> all (origins);
		insert into private.embed_origins (summit_id, origin)
		select distinct summit, each.origin
		from unnest(origins) as each (origin)
		on conflict do nothing;
	exception when check_violation or not_null_violation then
		return 'invalid';
	end;
	perform private.publish_event('site', 'changed');
	return 'ok';
end
$$;
grant execute on function public.save_embed_origins(uuid, text[]) to authenticated;
