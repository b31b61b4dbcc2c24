-- Scans are records of who was where: no room, session or checkpoint takes them along. One that has been scanned at, or that devices were set up
-- for and may still bring scans of, stays; it is closed instead. With its Summit all of it goes.

alter table private.door_scans drop constraint door_scans_checkpoint_id_summit_id_fkey,
	add constraint door_scans_checkpoint_id_summit_id_fkey foreign key (checkpoint_id, summit_id) references public.checkpoints (id, summit_id);
alter table private.door_periods drop constraint door_periods_checkpoint_id_fkey,
	add constraint door_periods_checkpoint_id_fkey foreign key (checkpoint_id) references public.checkpoints (id);
alter table private.door_devices drop constraint door_devices_checkpoint_id_summit_id_fkey,
	add constraint door_devices_checkpoint_id_summit_id_fkey foreign key (checkpoint_id, summit_id) references public.checkpoints (id, summit_id);

create function private.keep_scanned() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	-- A Summit that goes is gone by now.
	if exists (select from public.summits as s where s.id = old.summit_id) and (exists (select from private.door_scans as s where s.checkpoint_id = old.id)
		or exists (select from private.door_devices as d where d.checkpoint_id = old.id)) then
		raise exception 'Badges are read at this checkpoint, and who was where is kept: close the checkpoint, and keep its room or session.' using errcode = 'restrict_violation';
	end if;
	return old;
end
$$;
create trigger keep_scanned before delete on public.checkpoints for each row execute function private.keep_scanned();
