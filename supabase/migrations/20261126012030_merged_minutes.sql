-- Who followed one session under two records has the minutes of both: the connections of the one that goes are the other's from then on.
-- They went with its place in the run, and the minutes with the next word of LiveKit.
create function private.merge_connections(p_keep uuid, p_drop uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.run_connections as c set participant_id = kept.id
	from private.run_participants as dropped join private.run_participants as kept on kept.run_id = dropped.run_id and kept.person_id = p_keep
	where dropped.person_id = p_drop and c.participant_id = dropped.id
$$;
