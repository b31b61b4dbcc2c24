-- LiveKit's clock may be ahead of ours: who came by its clock after we saw them last was there for no time, and not for less than none,
-- which nobody could write down.

create or replace function private.note_list(p_name text, p_connections jsonb, p_at timestamptz default now()) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_gone uuid;
begin
	perform private.note_connections(p_name, p_connections, p_at),
		private.note_crowd(p_name, array(select told.identity from jsonb_to_recordset(p_connections) as told (identity text)));
	for v_gone in
		update private.run_connections as c set left_at = greatest(c.seen_at, c.joined_at)
		where c.left_at is null and c.seen_at < p_at - interval '20 seconds'
			and c.run_id = (select run_id from private.run_rooms where name = p_name and purpose = 'stage' and closed_at is null)
		returning participant_id
	loop
		perform private.write_presence(v_gone);
	end loop;
end
$$;
