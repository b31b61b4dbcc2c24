-- Copying questions of another Summit into one that exists.

-- Copies questions of another Summit, with those on which they depend, to the end of their form. One whose key this Summit
-- uses or used is skipped, and so is one whose condition fits no question here. Answers are never copied, nor which question
-- badges show. The lock is that of saving. Returns {status: ok | not_allowed, copied, skipped}.
create function public.copy_logistics_fields(summit uuid, source uuid, fields uuid[]) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_field public.logistics_fields;
	v_new public.logistics_fields;
	v_copied integer := 0;
	v_skipped integer := 0;
begin
	if not private.has_role(summit, 'registration') or source not in (select private.readable_summits()) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('details:' || summit, 0));
	for v_field in
		with recursive wanted as (
			select f.id, f.depends_on, 0 as depth
			from public.logistics_fields as f
			where f.summit_id = source and f.id = any (fields[1:200]) and f.retired_at is null
			union
			select f.id, f.depends_on, w.depth + 1
			from wanted as w
			join public.logistics_fields as f on f.summit_id = source and f.key = w.depends_on and f.retired_at is null
			where w.depth < 10
		)
		-- A question comes after the one on which it depends.
		select f.*
		from public.logistics_fields as f
		join (select w.id, max(w.depth) as depth from wanted as w group by w.id) as o on o.id = f.id
		order by o.depth desc, f.position, f.key
	loop
		v_new := jsonb_populate_record(v_field, jsonb_build_object('id', gen_random_uuid(), 'summit_id', summit,
			'version', 1, 'on_badge', false, 'position', (
				select coalesce(max(o.position), 0) + 1
				from public.logistics_fields as o
				where o.summit_id = summit and o.form = v_field.form)));
		if exists (select from public.logistics_fields as o where o.summit_id = summit and o.key = v_field.key)
			or private.condition_faults(v_new) <> '{}' then
			v_skipped := v_skipped + 1;
		else
			insert into public.logistics_fields
			select v_new.*;
			v_copied := v_copied + 1;
		end if;
	end loop;
	return jsonb_build_object('status', 'ok', 'copied', v_copied, 'skipped', v_skipped);
end
$$;
grant execute on function public.copy_logistics_fields(uuid, uuid, uuid[]) to authenticated;
