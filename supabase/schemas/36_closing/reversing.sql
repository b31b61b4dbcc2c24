-- How long a closing can be taken back.

-- The classes of data whose clock has run since a Summit was closed, in order: retention deletes them, so the Summit
-- cannot be opened again as it was. A class under a legal hold is not deleted; one of which rows were deleted counts
-- although its period was lengthened or a hold was placed since.
create function private.clocks_that_ran(p_summit uuid) returns text[]
language sql stable security definer set search_path = '' as $$
	select coalesce(array_agg(c.code order by c.position), '{}')
	from private.retention_classes as c
	join private.retention_clocks as k on k.summit_id = p_summit
	where c.clock = 'closed'
		and (k.started_at + make_interval(days => private.retention_days(c.code, p_summit, now())) <= now()
				and not private.is_class_held(c.code, p_summit, now())
			or exists (select from private.begun_deletions as b where b.summit_id = p_summit and b.class = c.code))
$$;
