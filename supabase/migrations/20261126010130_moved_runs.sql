-- A session that is moved to another room while its stage waits begins in the room where the agenda has it now. One that a stage organiser
-- opened elsewhere stays there, and so does what is live.

create function private.move_waiting_runs() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update public.runs set room_id = moved.room_id
	from (select waiting.id, (select slot.room_id from private.slot_at(waiting.session_id) as slot) as room_id
		from public.runs as waiting join placed on placed.session_id = waiting.session_id
		join public.releases as r on r.id = placed.release_id and r.id = private.newest_release(waiting.summit_id)
		where waiting.state = 'waiting'
			and exists (select from public.release_slots as was where was.session_id = waiting.session_id and was.room_id = waiting.room_id and not was.is_cancelled
				and was.release_id = (select before.id from public.releases as before where before.summit_id = waiting.summit_id and before.number < r.number order by before.number desc limit 1))
		group by waiting.id, waiting.session_id, waiting.room_id
		having not bool_or(placed.room_id = waiting.room_id and not placed.is_cancelled)) as moved
	where runs.id = moved.id and runs.state = 'waiting' and moved.room_id is not null;
	return null;
end
$$;
create trigger move_waiting_runs after insert on public.release_slots referencing new table as placed
	for each statement execute function private.move_waiting_runs();
