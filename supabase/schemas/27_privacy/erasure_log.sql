-- Erasures are also kept in a file outside the database (src/lib/privacy/server/erasure-log.ts), so that a restored
-- backup can carry out again those that it does not know.

-- The ids of erased people, former ids included.
create function private.erased_ids() returns table (person_id uuid)
language sql stable security definer set search_path = '' as $$
	select k.person_id from private.person_keys as k where k.key = '' order by k.person_id
$$;
grant execute on function private.erased_ids() to app_server;

-- Erases a person whose erasure this database does not know, being a restored backup; neither a role nor a legal hold
-- delays it, as it happened before. An id that nobody has here is noted as erased.
create function private.replay_erasure(p_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	perform private.erase_person(p_id);
	perform private.destroy_keys(array[p_id]);
end
$$;
grant execute on function private.replay_erasure(uuid) to app_server;
