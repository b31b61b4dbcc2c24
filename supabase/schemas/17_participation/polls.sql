-- Polls: hosts prepare them or open them at once; each person has one vote. Results are live, and kept where names are
-- given.

-- The results of a closed poll by sector: [{sector, voters, votes: {option: count}}]. Sectors with few voters are
-- counted together under null. If these are still too few together, the smallest other sector joins them; otherwise a
-- subtraction from the total would reveal them.
create function private.poll_results_by_sector(p_poll private.polls) returns jsonb
language sql stable security definer set search_path = '' as $$
	with sizes as (
		select v.sector, count(distinct v.voter_hash) as voters
		from private.poll_votes as v
		where v.poll_id = p_poll.id
		group by v.sector
	), ranked as (
		select s.*, private.smallest_group(p_poll.summit_id) as minimum,
			sum(s.voters) filter (where s.sector is null
				or s.voters < private.smallest_group(p_poll.summit_id)) over () as rest,
			row_number() over (order by s.sector is null or s.voters < private.smallest_group(p_poll.summit_id),
				s.voters, s.sector) as place
		from sizes as s
	), named as (
		select r.sector as was,
			case
				when r.sector is not null and r.voters >= r.minimum
					and not (coalesce(r.rest, 0) between 1 and r.minimum - 1 and r.place = 1)
					then r.sector end as sector
		from ranked as r
	), grouped as (
		select n.sector, v.option_id, v.voter_hash
		from private.poll_votes as v
		join named as n on n.was is not distinct from v.sector
		where v.poll_id = p_poll.id
	), counted as (
		select g.sector, count(distinct g.voter_hash) as voters from grouped as g group by g.sector
	)
	select coalesce(jsonb_agg(jsonb_build_object('sector', c.sector, 'voters', c.voters,
		'votes', (select jsonb_object_agg(o.option_id, o.n)
			from (select g.option_id, count(*) as n
				from grouped as g
				where g.sector is not distinct from c.sector
				group by g.option_id) as o))
		order by c.sector), '[]')
	-- All remaining groups together may still be too small.
	from counted as c
	where c.voters >= private.smallest_group(p_poll.summit_id)
$$;

-- {id, question, kind, state, by_sector, may_change, results_at_end, at, voters, options: [{id, label, votes}],
-- sectors} as viewers read it; with `p_all` as hosts do.
create function private.poll_view(p_poll private.polls, p_all boolean default false) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object('results_at_end', p_poll.results_at_end, 'id', p_poll.id, 'question', p_poll.question,
		'kind', p_poll.kind, 'state', p_poll.state, 'by_sector', p_poll.by_sector, 'may_change', p_poll.may_change,
		'at', private.iso(coalesce(p_poll.opened_at, p_poll.created_at)),
		'voters', (select count(distinct v.voter_hash) from private.poll_votes as v where v.poll_id = p_poll.id),
		'options', (select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'label', o.label,
				'votes', case when p_all or not p_poll.results_at_end or p_poll.state <> 'open' then
					(select count(*) from private.poll_votes as v where v.option_id = o.id) end)
				order by o.position), '[]')
			from private.poll_options as o
			where o.poll_id = p_poll.id),
		'sectors',
			case when p_poll.by_sector and p_poll.state = 'closed' then private.poll_results_by_sector(p_poll) end)
$$;

-- A changed poll for open pages. Of one that was opened at a stricter level than the present one it says only that it
-- changed, because lowering a level opens nothing that was made before: readers who may see it load it again
-- themselves. Null when the poll is gone or a draft.
create function private.poll_event(p_run uuid, p_id uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when x.level <= private.level_in_force(x.session_id) then private.poll_view(x)
		else '{"older": true}' end
	from private.polls as x
	join public.runs on runs.session_id = x.session_id
	where runs.id = p_run and x.id = p_id and x.state <> 'draft'
$$;
grant execute on function private.poll_event(uuid, uuid) to app_server;

-- Creates a poll as a draft, or opens it at once. A rating has five steps. Answers ok | invalid | not_found.
create function public.create_poll(session uuid, question text, kind text, options text[], by_sector boolean,
	may_change boolean, open_now boolean, results_at_end boolean default false) returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_options text[] := case
		when kind = 'rating' then array['1', '2', '3', '4', '5']
		else (select array_agg(btrim(each) order by n)
			from unnest(options[1:50]) with ordinality as o (each, n)
			where btrim(each) <> '') end;
	v_poll uuid;
begin
	-- Holds the confidentiality level until this is written.
	perform from public.sessions as s where s.id = session for share;
	if not coalesce(private.may_run(private.me(), session), false) then return 'not_found'; end if;
	if length(btrim(coalesce(question, ''))) not between 1 and 300
		or coalesce(kind, '') not in ('single', 'multiple', 'rating')
		or coalesce(cardinality(v_options), 0) not between 2 and 12
		or exists (select from unnest(v_options) as o where length(o) > 120)
		or (select count(distinct o) from unnest(v_options) as o) <> cardinality(v_options)
		-- At levels without names a sector could identify a person.
		or by_sector and private.is_anonymous_level(private.level_in_force(session))
	then
		return 'invalid';
	end if;
	insert into private.polls (session_id, summit_id, question, kind, by_sector, may_change, results_at_end, state,
		opened_at)
	select s.id, s.summit_id, btrim(create_poll.question), create_poll.kind, coalesce(create_poll.by_sector, false),
		coalesce(create_poll.may_change, true), coalesce(create_poll.results_at_end, false),
		case when open_now then 'open' else 'draft' end, case when open_now then now() end
	from public.sessions as s
	where s.id = session
	returning id into v_poll;
	insert into private.poll_options (poll_id, position, label)
	select v_poll, n, each
	from unnest(v_options) with ordinality as o (each, n);
	perform private.notify_participation(private.open_run_of(session), 'poll', v_poll, coalesce(open_now, false));
	return 'ok';
end
$$;
grant execute on function public.create_poll(uuid, text, text, text[], boolean, boolean, boolean,
	boolean) to authenticated;

-- Opens, closes or reopens a poll. A poll by sector cannot be reopened: the difference of its two results would reveal
-- the votes in between. Answers ok | already | invalid | not_found.
create function public.set_poll_state(poll uuid, state text) returns public.poll_state_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_poll private.polls;
begin
	select * into v_poll from private.polls as x where x.id = poll for update;
	if not found or not coalesce(private.may_run(private.me(), v_poll.session_id), false) then
		return 'not_found';
	end if;
	if v_poll.state = set_poll_state.state then return 'already'; end if;
	if coalesce(set_poll_state.state, '') not in ('open', 'closed')
		or set_poll_state.state = 'closed' and v_poll.state <> 'open'
		or set_poll_state.state = 'open' and v_poll.state = 'closed' and v_poll.by_sector
	then
		return 'invalid';
	end if;
	update private.polls as x set state = set_poll_state.state, opened_at = coalesce(x.opened_at, now())
	where x.id = poll;
	perform private.notify_participation(private.open_run_of(v_poll.session_id), 'poll', poll, true);
	return 'ok';
end
$$;
grant execute on function public.set_poll_state(uuid, text) to authenticated;

-- Deletes a poll with its votes. Answers ok or not_found.
create function public.delete_poll(poll uuid) returns public.ok_or_not_found
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_poll private.polls;
begin
	select * into v_poll from private.polls as x where x.id = poll;
	if not found or not coalesce(private.may_run(private.me(), v_poll.session_id), false) then
		return 'not_found';
	end if;
	-- Locks the stages that show the poll before the poll, the same order as showing it.
	perform from private.run_stage_settings as st where st.poll_id = poll order by st.run_id for update;
	delete from private.polls as x where x.id = poll;
	perform private.notify_participation(private.open_run_of(v_poll.session_id), 'poll', poll, v_poll.state <> 'draft');
	return 'ok';
end
$$;
grant execute on function public.delete_poll(uuid) to authenticated;

-- Votes with all chosen options at once. Another vote replaces the first where the poll allows it. Answers ok | already
-- (the same vote, or it may not be changed) | closed | invalid | not_found, or why may_take_part refuses.
create function public.vote_in_poll(poll uuid, options uuid[]) returns public.poll_vote_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_poll private.polls;
	v_run public.runs;
	v_may text;
	v_voter bytea;
	v_before uuid[];
	v_chosen uuid[] := array(select distinct each
		from unnest(options[1:50]) as each
		where each is not null
		order by each);
begin
	select runs.* into v_run
	from private.polls as x
	join public.runs on runs.session_id = x.session_id and runs.state <> 'ended'
	where x.id = poll and x.state <> 'draft' for share of runs;
	v_may := private.may_take_part(v_me, v_run);
	if v_may <> 'ok' then return v_may; end if;
	-- Serialises the votes in one poll, and admits none after it was closed.
	select * into v_poll from private.polls as x where x.id = poll for update;
	if not found then return 'not_found'; end if;
	if v_poll.state <> 'open' then return 'closed'; end if;
	if cardinality(v_chosen) = 0
		or v_poll.kind <> 'multiple' and cardinality(v_chosen) > 1
		or exists (select from unnest(v_chosen) as each
			where not exists (select from private.poll_options as o where o.id = each and o.poll_id = poll))
	then
		return 'invalid';
	end if;
	v_voter := private.hash_participant(v_poll.session_id, v_me);
	v_before := array(select v.option_id
		from private.poll_votes as v
		where v.poll_id = poll and v.voter_hash = v_voter
		order by v.option_id);
	if v_before = v_chosen or cardinality(v_before) > 0 and not v_poll.may_change then return 'already'; end if;
	delete from private.poll_votes as v where v.poll_id = poll and v.voter_hash = v_voter;
	insert into private.poll_votes (poll_id, option_id, voter_hash, sector)
	select poll, each, v_voter,
		case when v_poll.by_sector then
			(select sm.sector
				from public.registrations as r
				join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
				where r.summit_id = v_poll.summit_id and r.person_id = v_me and r.state = 'confirmed') end
	from unnest(v_chosen) as each;
	perform private.notify_participation(v_run.id, 'poll', poll, true);
	return 'ok';
end
$$;
grant execute on function public.vote_in_poll(uuid, uuid[]) to authenticated;

-- {polls[], mine: {poll: [option]}, shown: the poll on the stage, drafts[] (for hosts)}: the polls of a run for a
-- person. Polls of a stricter level are only for people who could be there then (private.strictest_readable_level).
create function private.polls_for(p_person uuid, p_run public.runs) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'polls', (select coalesce(jsonb_agg(private.poll_view(x, private.may_run(p_person, p_run.session_id))
				order by x.opened_at desc, x.id), '[]')
			from private.polls as x
			where x.session_id = p_run.session_id and x.state <> 'draft'
				and x.level <= (select private.strictest_readable_level(p_person, p_run.session_id))),
		'mine', (select coalesce(jsonb_object_agg(v.poll_id, v.chosen), '{}')
			from (select v.poll_id, jsonb_agg(v.option_id) as chosen
				from private.poll_votes as v
				join private.polls as x on x.id = v.poll_id
				where x.session_id = p_run.session_id
					and v.voter_hash = (select extensions.hmac(p_person::text::bytea, q.salt, 'sha256')
						from private.session_salts as q
						where q.session_id = p_run.session_id)
				group by v.poll_id) as v),
		'shown', private.shown_poll(p_run.id),
		'drafts', case when private.may_run(p_person, p_run.session_id) then
			(select coalesce(jsonb_agg(private.poll_view(x) order by x.created_at), '[]')
				from private.polls as x
				where x.session_id = p_run.session_id and x.state = 'draft') end)
$$;

-- Deletes the votes after a run without names. When a run is raised to such a level, polls lose the sectors, those of
-- earlier runs too.
create function private.erase_votes() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	if not private.is_anonymous_level(greatest(new.level, private.level_in_force(new.session_id))) then
		return null;
	end if;
	if new.state = 'ended' then
		delete from private.poll_votes as v
		using private.polls as x
		where x.id = v.poll_id and x.session_id = new.session_id;
	else
		update private.polls as x set by_sector = false where x.session_id = new.session_id and x.by_sector;
		update private.poll_votes as v set sector = null
		from private.polls as x
		where x.id = v.poll_id and x.session_id = new.session_id and v.sector is not null;
	end if;
	return null;
end
$$;
create trigger erase_votes after update of state, level on public.runs for each row
	when (new.state = 'ended' and old.state <> 'ended' or new.level > old.level) execute function private.erase_votes();

-- Removes the sectors when a session is raised to a level without names: with or without a run, from polls that were
-- prepared before, and from those that are created or voted in at that moment.
create function private.remove_poll_sectors() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
	update private.polls as x set by_sector = false where x.session_id = new.id and x.by_sector;
	update private.poll_votes as v set sector = null
	from private.polls as x
	where x.id = v.poll_id and x.session_id = new.id and v.sector is not null;
	return null;
end
$$;
create trigger drop_poll_sectors after update of level on public.sessions for each row
	when (new.level > old.level and new.level in ('chatham_house', 'closed'))
		execute function private.remove_poll_sectors();

-- The level of a prepared poll is that of the moment when it is opened.
create trigger set_content_level_opened before update of state on private.polls for each row
	when (old.state = 'draft' and new.state <> 'draft') execute function private.set_content_level();
