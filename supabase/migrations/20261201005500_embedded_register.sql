-- The public register of commitments can be embedded in listed sites, as the agenda can.
set check_function_bodies = off;

create function private.is_embed_origin(p_origin text) returns boolean
language sql immutable set search_path = '' as $$
	select length(p_origin) <= 200
		and (p_origin ~ '^https://[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:[1-9][0-9]{0,4})?$'
		or p_origin ~ '^http://(localhost|127\.0\.0\.1)(:[1-9][0-9]{0,4})?$')
$$;

create function private.are_embed_origins(p_origins text[]) returns boolean
language sql immutable set search_path = '' as $$
	select coalesce(bool_and(coalesce(private.is_embed_origin(each), false)), true) from unnest(p_origins) as each
$$;

alter table private.embed_origins drop constraint embed_origins_origin_check;
alter table private.embed_origins add constraint embed_origins_origin_check check (private.is_embed_origin(origin));
alter table private.commitment_settings add column embed_origins text[] not null default '{}'
	check (cardinality(embed_origins) <= 20 and private.are_embed_origins(embed_origins));

-- The sites whose pages may embed the register. They are no secret: every browser that opens the embedded page gets them.
create function public.read_register_origins() returns text[]
language sql stable security definer set search_path = '' as $$
	select s.embed_origins from private.commitment_settings as s
$$;
grant execute on function public.read_register_origins() to anon, authenticated;

-- Replaces these sites, up to 20.
create function public.save_register_origins(origins text[]) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.runs_community() then return 'not_allowed'; end if;
	update private.commitment_settings as s
	set embed_origins = array(select distinct each from unnest(origins) as each order by each)
	where s.only_one;
	perform private.publish_event('site', 'changed');
	return 'ok';
exception when check_violation then
	return 'invalid';
end
$$;
grant execute on function public.save_register_origins(text[]) to authenticated;

update private.audited_tables set shown = '{remind_months,embed_origins}' where name = 'private.commitment_settings';
