-- The entries of two records of one person, when the records are merged.

-- Makes one entry of two in the same group, before the merge moves all other rows: with the stronger part (chair,
-- secretary, member, alternate), the later term and the organisation of the stronger part. Actions, alternates (also invited ones), items
-- of agendas and answers to meetings that name the dropped entry follow. An entry whose term is over is ended first, so that it replaces none. Locks the groups.
create function private.merge_group_people(p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_keep private.group_people;
	v_drop private.group_people;
begin
	perform from private.groups as g
	where g.id in (select x.group_id from private.group_people as x where x.person_id in (p_keep, p_drop))
	order by g.id
	for update;
	update private.group_people as x
	set ended_at = now()
	where x.person_id in (p_keep, p_drop) and x.ended_at is null and x.until < current_date;
	for v_drop in
		select x.* from private.group_people as x where x.person_id = p_drop and x.ended_at is null
	loop
		select * into v_keep
		from private.group_people as x
		where x.group_id = v_drop.group_id and x.person_id = p_keep and x.ended_at is null;
		continue when not found;
		update private.group_actions as a set owner_id = v_keep.id where a.owner_id = v_drop.id;
		update private.group_people as x set alternate_of = v_keep.id where x.alternate_of = v_drop.id and x.id <> v_keep.id;
		update private.group_invitations as i set alternate_of = v_keep.id where i.alternate_of = v_drop.id;
		update private.meeting_items as i set presenter_id = v_keep.id where i.presenter_id = v_drop.id;
		update private.meeting_people as r set alternate_id = v_keep.id where r.alternate_id = v_drop.id;
		delete from private.group_people as x where x.id = v_drop.id;
		update private.group_people as x
		set part = least(v_keep.part, v_drop.part),
			member_id = case when v_drop.part < v_keep.part
				then coalesce(v_drop.member_id, v_keep.member_id)
				else coalesce(v_keep.member_id, v_drop.member_id) end,
			-- Only two alternates make an alternate, and nobody is the alternate of themselves.
			alternate_of = case when least(v_keep.part, v_drop.part) = 'alternate'
				then coalesce(x.alternate_of, nullif(v_drop.alternate_of, v_keep.id)) end,
			since = least(v_keep.since, v_drop.since),
			until = case when v_keep.until is not null and v_drop.until is not null
				then greatest(v_keep.until, v_drop.until) end
		where x.id = v_keep.id;
	end loop;
end
$$;
