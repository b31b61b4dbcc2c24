-- Where nobody is named nothing is counted by sector: not by a poll that was prepared before the level was raised either, with or without a
-- run, nor by one that was being made or voted in at that moment.

create function private.drop_sectors() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.polls as x set by_sector = false where x.session_id = new.id and x.by_sector;
	update private.poll_votes as v set sector = null from private.polls as x where x.id = v.poll_id and x.session_id = new.id and v.sector is not null;
	return null;
end
$$;
create trigger drop_sectors after update of level on public.sessions for each row
	when (new.level > old.level and new.level in ('chatham_house', 'closed')) execute function private.drop_sectors();
update private.polls as x set by_sector = false where x.by_sector and private.is_nameless_level(private.level_in_force(x.session_id));
update private.poll_votes as v set sector = null from private.polls as x
where x.id = v.poll_id and v.sector is not null and private.is_nameless_level(private.level_in_force(x.session_id));

-- Makes a poll as a draft, or opens it at once. A rating has five steps. Answers ok | invalid | not_found.
create or replace function public.make_poll(session uuid, question text, kind text, options text[], by_sector boolean, may_change boolean, open_now boolean, results_at_end boolean default false) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_options text[] := case when kind = 'rating' then array['1', '2', '3', '4', '5'] else (select array_agg(btrim(each) order by n) from unnest(options[1:50]) with ordinality as o (each, n) where btrim(each) <> '') end;
	v_poll uuid;
begin
	-- The level stays as it is until this is written.
	perform from public.sessions as s where s.id = session for share;
	if not coalesce(private.may_run(private.me(), session), false) then return 'not_found'; end if;
	if length(btrim(coalesce(question, ''))) not between 1 and 300 or coalesce(kind, '') not in ('single', 'multiple', 'rating') or coalesce(cardinality(v_options), 0) not between 2 and 12
		or exists (select from unnest(v_options) as o where length(o) > 120) or (select count(distinct o) from unnest(v_options) as o) <> cardinality(v_options)
		-- Where nobody is named, a sector may be a name.
		or by_sector and private.is_nameless_level(private.level_in_force(session)) then return 'invalid'; end if;
	insert into private.polls (session_id, summit_id, question, kind, by_sector, may_change, results_at_end, state, opened_at)
	select s.id, s.summit_id, btrim(make_poll.question), make_poll.kind, coalesce(make_poll.by_sector, false), coalesce(make_poll.may_change, true), coalesce(make_poll.results_at_end, false), case when open_now then 'open' else 'draft' end, case when open_now then now() end
	from public.sessions as s where s.id = session returning id into v_poll;
	insert into private.poll_options (poll_id, position, label) select v_poll, n, each from unnest(v_options) with ordinality as o (each, n);
	perform private.tell_participation(private.open_run_of(session), 'poll', v_poll, coalesce(open_now, false));
	return 'ok';
end
$$;
