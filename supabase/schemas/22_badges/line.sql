-- One line of the badge from an answer, for example pronouns: an owner chooses the question.

-- Returns the labels of the answer that the badge of a registration shows; none without one.
create function private.badge_line(r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(c.choice -> 'label' order by c.place), '[]')
	from public.logistics_fields as f
	join private.logistics_answers as a on a.field_id = f.id and a.registration_id = r.id
	cross join jsonb_array_elements(f.choices) with ordinality as c (choice, place)
	where f.summit_id = r.summit_id and f.on_badge and c.choice ->> 'key' = any (a.value)
$$;

-- Marks the badges that show answers to a question as changed. Locks them in the order of their ids.
create function private.mark_badges_changed(f public.logistics_fields) returns void
language sql volatile security definer set search_path = '' as $$
	update public.badges as b
	set changed_at = clock_timestamp()
	where b.id in (
		select o.id
		from public.badges as o
		join private.logistics_answers as a on a.registration_id = o.registration_id and a.field_id = f.id
		where o.summit_id = f.summit_id and o.revoked_at is null
		order by o.id
		for no key update of o)
$$;

-- Marks the badge of a registration whose answer on it changed.
create function private.mark_changed_answer() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if tg_op = 'UPDATE' and new.value is not distinct from old.value then return null; end if;
	update public.badges as b
	set changed_at = clock_timestamp()
	from public.logistics_fields as f
	where f.id = coalesce(new.field_id, old.field_id)
		and f.on_badge
		and b.registration_id = coalesce(new.registration_id, old.registration_id)
		and b.revoked_at is null;
	return null;
end
$$;
create trigger mark_changed_answer after insert or update or delete on private.logistics_answers
	for each row execute function private.mark_changed_answer();

-- The answer to choosing the question. `unsuitable`: its answers are sealed, or no choices; `answered`: who answered did
-- not know that badges show it.
create domain public.badge_question_status as text check (value in ('ok', 'not_allowed', 'unsuitable', 'answered'));

-- Chooses, for owners, the question whose answer badges show; none with null. The lock is that of saving a question.
create function public.set_badge_question(summit uuid, field uuid default null) returns public.badge_question_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_field public.logistics_fields;
begin
	if not private.has_role(summit, 'owner') then return 'not_allowed'; end if;
	perform pg_advisory_xact_lock(hashtextextended('details:' || summit, 0));
	select * into v_field
	from public.logistics_fields as f
	where f.id = field and f.summit_id = set_badge_question.summit and f.retired_at is null;
	if v_field.on_badge then return 'ok'; end if;
	if field is not null and (v_field.id is null or v_field.is_sealed or v_field.kind not in ('choice', 'choices')) then
		return 'unsuitable';
	end if;
	if exists (select from private.logistics_answers as a where a.field_id = v_field.id) then return 'answered'; end if;
	perform private.mark_badges_changed(f)
	from public.logistics_fields as f
	where f.summit_id = set_badge_question.summit and f.on_badge;
	update public.logistics_fields as f
	set on_badge = false, version = f.version + 1
	where f.summit_id = set_badge_question.summit and f.on_badge;
	update public.logistics_fields as f set on_badge = true, version = f.version + 1 where f.id = v_field.id;
	return 'ok';
end
$$;
grant execute on function public.set_badge_question(uuid, uuid) to authenticated;
