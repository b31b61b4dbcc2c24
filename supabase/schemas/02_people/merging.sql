-- Two records of one person become one. One of the staff asks and another confirms; audited, refused when both have a
-- live registration at one Summit.

-- Every column that points to a person, whichever migration made it.
create function private.person_columns() returns table (table_name regclass, column_name name)
language sql stable security definer set search_path = '' as $$
	select c.conrelid::regclass, a.attname
	from pg_catalog.pg_constraint as c
	join pg_catalog.pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
	where c.contype = 'f' and c.confrelid = 'public.people'::regclass and cardinality(c.conkey) = 1
	order by c.conrelid::regclass::text, a.attname
$$;

-- Moves the rows of one column, of two people or two members that become one; where the kept one has such a row
-- already, the dropped one's goes. Each is locked first: one that somebody changes at this moment has moved on since it
-- was found, and would be missed.
create function private.move_rows(p_table regclass, p_column name, p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_row tid;
begin
	for v_row in execute format('select ctid from %s where %I = $1 for update', p_table, p_column) using p_drop loop
		begin
			execute format('update %s set %I = $1 where ctid = $2', p_table, p_column) using p_keep, v_row;
		exception when unique_violation then
			execute format('delete from %s where ctid = $1', p_table) using v_row;
		end;
	end loop;
end
$$;

-- The stricter protection stays, and with it the display record that it stands for.
create function private.merge_protection(p_keep uuid, p_drop uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
	-- Two people of the staff decided on it.
	perform set_config('app.name_freeze', 'overridden', true);
	if private.has_alias(p_drop) and not private.has_alias(p_keep) then
		delete from private.protections where person_id = p_keep;
		update public.people as k
		set display_name = d.display_name, office = d.office, affiliation = d.affiliation, country = d.country,
			biography = d.biography,
			portrait_path = d.portrait_path, links = d.links, updated_at = now()
		from public.people as d where k.id = p_keep and d.id = p_drop;
	elsif not private.has_alias(p_keep) then
		update public.people as k
		set display_name = case when k.display_name = '' then d.display_name else k.display_name end,
			office = case when k.office = '' then d.office else k.office end,
			affiliation = case when k.affiliation = '' then d.affiliation else k.affiliation end,
			country = coalesce(k.country, d.country), portrait_path = coalesce(k.portrait_path, d.portrait_path),
			biography = case when k.biography = '{}'::jsonb then d.biography else k.biography end,
			links = case when k.links = '[]'::jsonb then d.links else k.links end, updated_at = now()
		from public.people as d where k.id = p_keep and d.id = p_drop and not private.has_alias(p_drop);
	end if;
end
$$;

-- One of the two who merge: an owner, or a registration organiser or safeguarding lead of all Summits.
create function private.may_merge(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select private.holds_role(p_person, null, 'registration') or private.holds_role(p_person, null, 'safeguarding')
$$;
grant execute on function private.may_merge(uuid) to authenticated;

-- What stands between these two people of the staff and this merge; null when nothing does. A merge hands over
-- addresses and rights: nobody merges themselves, somebody with roles takes an owner, somebody protected the
-- safeguarding lead.
create function private.merge_obstacle(p_keep uuid, p_drop uuid, p_asked_by uuid, p_confirmed_by uuid) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when not private.may_merge(p_asked_by) or not private.may_merge(p_confirmed_by)
			or p_asked_by in (p_keep, p_drop) or p_confirmed_by in (p_keep, p_drop)
			or not (private.holds_role(p_asked_by, null, 'registration')
				or private.holds_role(p_confirmed_by, null, 'registration')) then 'not_allowed'
		when p_asked_by = p_confirmed_by then 'second_person_needed'
		when exists (select from public.role_grants as g where g.person_id in (p_keep, p_drop) and g.ended_at is null)
			and not (private.holds_role(p_asked_by, null, 'owner') or private.holds_role(p_confirmed_by, null, 'owner'))
				then 'owner_needed'
		-- Whoever gets the record of a safeguarding lead gets the role: that takes a lead here as well.
		when exists (select from public.role_grants as g
			where g.person_id in (p_keep, p_drop) and g.ended_at is null and g.role = 'safeguarding')
			and not (private.holds_role(p_asked_by, null, 'safeguarding')
				or private.holds_role(p_confirmed_by, null, 'safeguarding')) then 'lead_needed'
		when exists (select from private.protections as x where x.person_id in (p_keep, p_drop))
			and not (private.holds_role(p_asked_by, null, 'safeguarding')
				or private.holds_role(p_confirmed_by, null, 'safeguarding')) then 'protected'
		when exists (select from public.registrations as a
			join public.registrations as b on b.summit_id = a.summit_id and b.person_id = p_drop
			and b.state not in ('declined', 'withdrawn', 'expired')
			where a.person_id = p_keep and a.state not in ('declined', 'withdrawn', 'expired'))
				then 'both_registered' end
$$;

-- The first of the two. Answers {status: ok | not_allowed | same_person | reason_needed | unknown_person | already,
-- id}.
create function public.ask_merge(keep uuid, duplicate uuid, reason text) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_id uuid;
begin
	if not private.may_merge(v_me) or v_me in (keep, duplicate) then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	if keep = duplicate then return jsonb_build_object('status', 'same_person'); end if;
	if btrim(coalesce(reason, '')) = '' then return jsonb_build_object('status', 'reason_needed'); end if;
	if (select count(*) from public.people as p where p.id in (keep, duplicate)) < 2 then
		return jsonb_build_object('status', 'unknown_person');
	end if;
	insert into public.merge_requests (keep_id, duplicate_id, reason, asked_by)
		values (keep, duplicate, left(btrim(ask_merge.reason), 2000), v_me)
	on conflict do nothing returning id into v_id;
	return case when v_id is null then jsonb_build_object('status', 'already')
		else jsonb_build_object('status', 'ok', 'id', v_id) end;
end
$$;
grant execute on function public.ask_merge(uuid, uuid, text) to authenticated;

-- Taken back, or refused by another. Answers ok, not_allowed or unknown.
create function public.refuse_merge(request uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.may_merge(private.me()) then return 'not_allowed'; end if;
	update public.merge_requests as q set state = 'refused', decided_by = private.me(), decided_at = now()
		where q.id = request and q.state = 'open';
	return case when found then 'ok' else 'unknown' end;
end
$$;
grant execute on function public.refuse_merge(uuid) to authenticated;

-- The second of the two: the merge happens, or not at all. Answers ok, not_allowed, unknown (answered already, or never
-- asked), second_person_needed, owner_needed, lead_needed, protected or both_registered.
create function public.confirm_merge(request uuid) returns text
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_request public.merge_requests;
	v_obstacle text;
begin
	if not private.may_merge(v_me) then return 'not_allowed'; end if;
	select * into v_request from public.merge_requests as q where q.id = request and q.state = 'open';
	if not found then return 'unknown'; end if;
	perform private.lock_modes(variadic array(select r.summit_id from public.registrations as r
		where r.person_id in (v_request.keep_id, v_request.duplicate_id)));
	perform from public.people as p where p.id in (v_request.keep_id, v_request.duplicate_id) order by p.id for update;
	select * into v_request from public.merge_requests as q where q.id = request and q.state = 'open' for update;
	if not found or v_request.keep_id = v_request.duplicate_id then return 'unknown'; end if;
	v_obstacle := private.merge_obstacle(v_request.keep_id, v_request.duplicate_id, v_request.asked_by, v_me);
	if v_obstacle is not null then return v_obstacle; end if;
	update public.merge_requests as q set state = 'confirmed', decided_by = v_me, decided_at = now()
		where q.id = request;
	perform private.merge_people(v_request.keep_id, v_request.duplicate_id, v_request.reason);
	return 'ok';
end
$$;
grant execute on function public.confirm_merge(uuid) to authenticated;

--[patch merged_scans] Of two people who become one, and were both read at doors on one day, that day is written anew: in at two places, out at one, counted once.
-- The merge itself, once both have agreed and all is locked.
create function private.merge_people(p_keep uuid, p_drop uuid, p_reason text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_keep uuid := p_keep;
	v_has_alias boolean := private.has_alias(p_keep) or private.has_alias(p_drop);
	v_column record;
	v_each record;
	v_days text[];
begin
	perform private.act_for(p_keep, p_reason);
	perform set_config('app.merging', 'yes', true);
	perform private.merge_protection(p_keep, p_drop);
	-- Both may sign in: the kept account stays the person's own, and the other goes on with the address that proves it.
	delete from public.account_people as a where a.person_id = p_drop and a.relation = 'self'
		and exists (select from public.account_people as k where k.person_id = p_keep and k.relation = 'self');
	delete from public.account_people as a where a.relation = 'assistant' and a.person_id in (p_keep, p_drop)
		and exists (select from public.account_people as s
			where s.account_id = a.account_id and s.relation = 'self' and s.person_id in (p_keep, p_drop));
	update private.person_addresses as a set is_primary = false
	where a.person_id = p_drop
		and exists (select from private.person_addresses as k where k.person_id = p_keep and k.is_primary);
	-- What was typed at a desk is proven by the one who has it.
	delete from private.person_addresses as a using private.person_addresses as own
	where a.typed_hash = own.address_hash and a.person_id in (p_keep, p_drop) and own.person_id in (p_keep, p_drop);
	perform private.merge_bars(p_keep, p_drop);
	perform private.merge_connections(p_keep, p_drop);
	-- Nobody is scanned meanwhile; and days on which both were are written anew.
	perform private.lock_at_door(each.summit_id, each.person_id)
		from (select distinct s.summit_id, s.person_id from private.door_scans as s
		where s.person_id in (p_keep, p_drop) order by 1, 2) as each;
	v_days := array(select distinct s.summit_id || ' ' || s.day from private.door_scans as s where s.person_id = p_keep
		and exists (select from private.door_scans as other
			where other.person_id = p_drop and other.summit_id = s.summit_id and other.day = s.day));
	-- Whoever has the code of the one that goes is told that it holds no more.
	perform private.end_certificate(c.id, 'replaced') from private.certificates as c join private.certificates as k
		on k.summit_id = c.summit_id and k.kind = c.kind and k.person_id = p_keep and k.ended_at is null
			where c.person_id = p_drop and c.ended_at is null;
	for v_column in select c.table_name, c.column_name from private.person_columns() as c loop
		perform private.move_rows(v_column.table_name, v_column.column_name, p_keep, p_drop);
	end loop;
	perform private.write_presence(p.id) from private.run_participants as p where p.person_id = p_keep;
	for v_each in select split_part(day, ' ', 1)::uuid as summit, split_part(day, ' ', 2)::date as day
		from unnest(v_days) as day order by 1, 2 loop
		perform private.derive_presence(v_each.summit, p_keep, v_each.day);
		perform private.note_crowding(v_each.summit, place, v_each.day)
			from (select distinct s.place from private.door_scans as s
			where s.person_id = p_keep and s.summit_id = v_each.summit and s.day = v_each.day order by 1) as places;
	end loop;
	insert into private.former_ids (former_id, person_id) values (p_drop, p_keep);
	delete from public.people as p where p.id = p_drop;
	perform set_config('app.merging', '', true);
	-- One of the two ids was known under another name than the one that is left.
	if v_has_alias then v_keep := private.renew_person(p_keep); end if;
	perform audit.note('people.merged', v_keep::text, null, v_keep, jsonb_build_object('dropped', p_drop));
	perform private.tell('person:' || person, 'rights') from unnest(array[v_keep, p_drop]) as person;
end
$$;

-- Votes, mutes and what was asked namelessly stand under a hash of the person, by session. A person who gets another id
-- (an alias comes in, two records become one) keeps them: no second vote, and no mute that is lost.

--[patch counted_merges] Where both records that become one wanted the same question answered, it is wanted once: in its count, too.
create function private.rehash_person() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
	v_of record;
	v_question uuid;
begin
	for v_of in
		select q.session_id, extensions.hmac(new.former_id::text::bytea, q.salt, 'sha256') as was,
			extensions.hmac(new.person_id::text::bytea, q.salt, 'sha256') as now
		from private.question_salts as q
	loop
		-- Where both records that become one had voted, the kept one's vote counts.
		delete from private.poll_votes as v using private.polls as x
			where x.id = v.poll_id and x.session_id = v_of.session_id and v.voter = v_of.was
			and exists (select from private.poll_votes as o where o.poll_id = v.poll_id and o.voter = v_of.now);
		update private.poll_votes as v set voter = v_of.now from private.polls as x
			where x.id = v.poll_id and x.session_id = v_of.session_id and v.voter = v_of.was;
		for v_question in
			delete from private.question_votes as v where v.voter = v_of.was and exists (select
				from private.question_votes as o where o.question_id = v.question_id and o.voter = v_of.now)
			returning v.question_id
		loop
			update private.session_questions as q set votes = q.votes - 1 where q.id = v_question;
			perform private.tell_participation(private.open_run_of(q.session_id), 'question', q.id,
				private.is_shown_question(q)) from private.session_questions as q where q.id = v_question;
		end loop;
		update private.question_votes as v set voter = v_of.now where v.voter = v_of.was;
		update private.session_questions as q set asker = v_of.now
			where q.session_id = v_of.session_id and q.asker = v_of.was;
		delete from private.chat_mutes as c where c.author = v_of.was
			and exists (select from private.chat_mutes as o where o.run_id = c.run_id and o.author = v_of.now);
		update private.chat_mutes as c set author = v_of.now where c.author = v_of.was;
		update private.messages as m set author = v_of.now where m.session_id = v_of.session_id and m.author = v_of.was;
		delete from private.message_reports as r where r.reporter = v_of.was and exists (select
			from private.message_reports as o where o.message_id = r.message_id and o.reporter = v_of.now);
		update private.message_reports as r set reporter = v_of.now where r.reporter = v_of.was;
		update private.taken_back as t set author = v_of.now where t.author = v_of.was;
	end loop;
	return null;
end
$$;

create trigger rehash_person after insert on private.former_ids for each row execute function private.rehash_person();

-- Who followed one session under two records has the minutes of both: the connections of the one that goes are the
-- other's from then on. They went with its place in the run, and the minutes with the next word of LiveKit.
create function private.merge_connections(p_keep uuid, p_drop uuid) returns void
language sql volatile security definer set search_path = '' as $$
	update private.run_connections as c set participant_id = kept.id
	from private.run_participants as dropped
		join private.run_participants as kept on kept.run_id = dropped.run_id and kept.person_id = p_keep
	where dropped.person_id = p_drop and c.participant_id = dropped.id
$$;
