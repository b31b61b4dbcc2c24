-- Files that answer a question of the registration or logistics form: one for each answer. The app seals their bytes with a
-- key of their own, which only the answer holds, sealed as other answers are.

alter table private.logistics_answers
	add foreign key (object_name) references private.stored_objects (name) on delete restrict;

create trigger mark_deleted_file after delete on private.logistics_answers
	for each row when (old.object_name is not null) execute function private.mark_row_object_deletable();
create trigger mark_replaced_file after update of object_name on private.logistics_answers
	for each row when (old.object_name is not null and old.object_name is distinct from new.object_name)
	execute function private.mark_row_object_deletable();

-- Returns the registration whose file the reader gave in answer to a question; null where there is none.
create function public.open_own_file(summit uuid, field uuid) returns uuid
language sql stable security definer set search_path = '' as $$
	select r.id
	from public.registrations as r
	join private.logistics_answers as a on a.registration_id = r.id and a.object_name is not null
	where r.summit_id = open_own_file.summit
		and r.person_id = (select private.me())
		and a.field_id = open_own_file.field
$$;
grant execute on function public.open_own_file(uuid, uuid) to authenticated;

-- Returns the registration whose file the roles that the question names may open: {registration, key: of the question}; null
-- for everybody else, where there is none, and for people under an alias. The audit records the reading, and of whom.
create function public.open_answer_file(summit uuid, field uuid, reference text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_found record;
begin
	select r.id, f.key into v_found
	from public.logistics_fields as f
	join public.registrations as r on r.summit_id = f.summit_id
		and r.reference = open_answer_file.reference
		and r.state <> 'draft'
	join private.logistics_answers as a on a.registration_id = r.id and a.field_id = f.id and a.object_name is not null
	where f.id = open_answer_file.field
		and f.summit_id = open_answer_file.summit
		and f.retired_at is null
		and private.may_read_logistics_field(f)
		and private.is_logistics_field_asked(f, r)
		and not (f.is_identity and private.has_alias(r.person_id));
	if not found then return null; end if;
	perform audit.record_event('details.read', field::text, summit, null,
		jsonb_build_object('field', v_found.key, 'rows', 1, 'registrations', jsonb_build_array(v_found.id)));
	return jsonb_build_object('registration', v_found.id, 'key', v_found.key);
end
$$;
grant execute on function public.open_answer_file(uuid, uuid, text) to authenticated;

-- What the app needs to open a file, as far as the store has it. The caller has checked who reads it.
create function private.sealed_file(p_registration uuid, p_field uuid)
	returns table (object_name text, answer_sealed text, file_key_sealed text, key_id text)
language sql stable security definer set search_path = '' as $$
	select a.object_name, encode(a.answer_sealed, 'hex'), encode(a.file_key_sealed, 'hex'), a.key_id
	from private.logistics_answers as a
	join private.stored_objects as o on o.name = a.object_name and o.state = 'kept'
	where a.registration_id = p_registration and a.field_id = p_field
$$;
grant execute on function private.sealed_file(uuid, uuid) to app_server;
