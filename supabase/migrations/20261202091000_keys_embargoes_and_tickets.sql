-- A key checks in only where its list has a checkpoint, and says when its maker may not. Documents under an embargo are
-- published at its end. A webhook secret that is replaced twice in a day leaves the one that the receiver has. A paid
-- ticket counts before an abandoned one of the same address.

-- Whether a key may check in at a checkpoint, as far as its session goes: not at those of single sessions that name nobody.
create function private.is_api_checkpoint(c public.checkpoints) returns boolean
language sql stable security definer set search_path = '' as $$
	select c.ended_at is null
		and (c.session_id is null or private.level_in_force(c.session_id) in ('public', 'members'))
$$;

-- The checkpoints at which a key may check in, {items: [{id, kind, name, room (its slug), session (its code)}], next: null};
-- {status: not_allowed} where its maker may not. Null without such a key.
create or replace function private.api_checkpoints(p_hash bytea) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_key private.api_keys;
begin
	select * into v_key from private.usable_api_key(p_hash, 'check_in');
	if v_key.id is null then return null; end if;
	if not private.may_check_in_by_key(v_key) then return jsonb_build_object('status', 'not_allowed'); end if;
	if not private.is_summit_closed(v_key.summit_id) then perform private.ensure_checkpoints(v_key.summit_id); end if;
	return jsonb_build_object('items', (
		select coalesce(jsonb_agg(jsonb_build_object(
			'id', c.id,
			'kind', c.kind,
			'name', coalesce(c.name, o.name),
			'room', o.slug,
			'session', s.code) order by c.position, c.kind, c.id), '[]')
		from public.checkpoints as c
		left join public.rooms as o on o.id = c.room_id
		left join public.sessions as s on s.id = c.session_id
		where c.summit_id = v_key.summit_id and private.is_api_checkpoint(c)), 'next', null);
end
$$;
grant execute on function private.api_checkpoints(bytea) to app_server;

-- Checks a badge at a checkpoint (null: the first entrance), by its id, after the app has checked the signature of its
-- code, or by its printed code. `p_refused`: why the app refuses the code. {status: ok | refused (the key) | not_allowed (its
-- maker) | closed (the Summit) | key_reused (for another request) | no_checkpoint; with ok: answer, scan, checkpoint, since,
-- display_name, is_repeated}. The same idempotency key gets the same answer for a day; a second request with it waits for
-- the first. Nothing is kept of a request that the key did not allow.
create or replace function private.api_check_in(
	p_hash bytea, p_idempotency_key text, p_request_hash bytea, p_badge uuid, p_badge_code text, p_refused text,
	p_checkpoint uuid, p_direction text
) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_key private.api_keys;
	v_checkpoint public.checkpoints;
	v_before private.api_answers;
	v_badge uuid;
	v_found jsonb;
	v_answer jsonb;
begin
	select * into v_key from private.usable_api_key(p_hash, 'check_in');
	if v_key.id is null then return jsonb_build_object('status', 'refused'); end if;
	if not private.may_check_in_by_key(v_key) then return jsonb_build_object('status', 'not_allowed'); end if;
	delete from private.api_answers as a where a.api_key_id = v_key.id and a.made_at < now() - interval '1 day';
	insert into private.api_answers (api_key_id, idempotency_key, request_hash)
	values (v_key.id, p_idempotency_key, p_request_hash)
	on conflict do nothing;
	if not found then
		select * into v_before
		from private.api_answers as a
		where a.api_key_id = v_key.id and a.idempotency_key = p_idempotency_key;
		if v_before.request_hash is distinct from p_request_hash then return jsonb_build_object('status', 'key_reused'); end if;
		return v_before.answer || jsonb_build_object('is_repeated', true, 'display_name', (
			select p.display_name
			from private.door_scans as s
			join public.people as p on p.id = s.person_id
			where s.id = private.parse_uuid(v_before.answer ->> 'scan') and s.answer <> 'revoked'));
	end if;
	perform set_config('app.actor', v_key.made_by::text, true);
	if private.is_summit_closed(v_key.summit_id) then
		v_answer := jsonb_build_object('status', 'closed');
	else
		perform private.ensure_checkpoints(v_key.summit_id);
		select * into v_checkpoint
		from public.checkpoints as c
		where c.summit_id = v_key.summit_id
			and private.is_api_checkpoint(c)
			and case when p_checkpoint is null then c.kind = 'entrance' else c.id = p_checkpoint end
		order by c.position, c.id
		limit 1;
		v_badge := case when p_refused is null then private.find_badge(v_key.summit_id, p_badge, p_badge_code) end;
		if v_checkpoint.id is null then
			v_answer := jsonb_build_object('status', 'no_checkpoint');
		else
			v_found := case
				when p_refused is not null then jsonb_build_object('answer', p_refused)
				when v_badge is null then '{"answer": "unknown"}'
				else private.process_scan(v_checkpoint, v_badge, jsonb_build_object('direction', p_direction)) end;
			v_answer := jsonb_build_object(
				'status', 'ok',
				'answer', v_found -> 'answer',
				'scan', v_found -> 'scan',
				'checkpoint', v_checkpoint.id,
				'since', v_found -> 'since',
				'is_repeated', false);
		end if;
	end if;
	update private.api_answers as a set answer = v_answer
	where a.api_key_id = v_key.id and a.idempotency_key = p_idempotency_key;
	return v_answer || jsonb_build_object('display_name', v_found -> 'display_name');
end
$$;
grant execute on function private.api_check_in(bytea, text, bytea, uuid, text, text, uuid, text) to app_server;

-- The documents that everybody may read today, by their code. The library outlives Summits, so each key reads all of them.
-- What they are tied to is asked once for the page, by the same rules as on their own pages. `p_filters` is {kind,
-- published_since: since when everybody may read them, which with an embargo is its end}.
create or replace function private.api_documents(p_hash bytea, p_after text, p_most integer, p_filters jsonb default '{}')
	returns jsonb
language sql stable security definer set search_path = '' as $$
	select page.answer
	from private.usable_api_key(p_hash, 'documents') as k
	cross join lateral (
		with newest as (
			select i.id, i.code, max(r.number) as number, max(r.shown_from) as shown_from
			from private.readable_publications(null) as r
			join private.library_items as i on i.id = r.item_id
			where i.code collate "C" > coalesce(p_after, '')
			group by i.id
		), shown as materialized (
			select n.*
			from newest as n
			join private.library_versions as v on v.item_id = n.id and v.number = n.number
			where (p_filters ->> 'kind' is null or v.kind::text = p_filters ->> 'kind')
				and (p_filters ->> 'published_since' is null
					or n.shown_from >= private.parse_instant(p_filters ->> 'published_since'))
			order by n.code collate "C"
			limit private.api_page_size(p_most) + 1
		), ties as materialized (
			select t.* from private.library_ties as t join shown as d on d.id = t.item_id and d.number = t.number
		), sessions as materialized (
			select s.id, s.code, u.slug
			from public.sessions as s
			join public.summits as u on u.id = s.summit_id
			where s.id in (select t.session_id from ties as t)
				and private.can_see(null, s.id)
				and exists (
					select from public.release_sessions as r
					where r.session_id = s.id and r.release_id = private.newest_release(s.summit_id))
		), commitments as materialized (
			select c.id, c.code
			from private.commitments as c
			where c.id in (select t.commitment_id from ties as t)
				and c.id in (select a.id from private.announced_commitments() as a)
		)
		select private.api_page(
			array_agg(x.key order by x.key), array_agg(x.item order by x.key), private.api_page_size(p_most)) as answer
		from (
			select d.code collate "C" as key, jsonb_build_object(
				'code', d.code,
				'number', v.number,
				'kind', v.kind,
				'title', v.title,
				'summary', v.summary,
				'authors', v.authors,
				'licence', v.licence,
				'doi', v.doi,
				'issued_on', v.issued_on,
				'theme', (
					select jsonb_build_object('slug', h.slug, 'name', h.name)
					from private.commitment_themes as h
					where h.id = v.theme_id),
				'published_at', private.iso(v.published_at),
				'files', (
					select coalesce(jsonb_agg(jsonb_build_object('id', f.id, 'language', f.language, 'name', f.shown_name,
						'media_type', o.media_type, 'size', o.size) order by f.language), '[]')
					from private.library_files as f
					join private.stored_objects as o on o.name = f.object_name
					where f.item_id = d.id and f.number = d.number and o.state = 'kept'),
				'members', (
					select coalesce(jsonb_agg(to_jsonb(y) order by y.name), '[]')
					from (
						select m.code, m.name, bool_or(t.is_author) as is_author
						from ties as t
						join public.members as m on m.id = t.member_id
						where t.item_id = d.id
						group by m.id) as y),
				'sessions', (
					select coalesce(jsonb_agg(jsonb_build_object('code', s.code, 'summit', s.slug) order by s.code), '[]')
					from ties as t
					join sessions as s on s.id = t.session_id
					where t.item_id = d.id),
				'commitments', (
					select coalesce(jsonb_agg(c.code order by c.code), '[]')
					from ties as t
					join commitments as c on c.id = t.commitment_id
					where t.item_id = d.id)) as item
			from shown as d
			join private.library_versions as v on v.item_id = d.id and v.number = d.number) as x) as page
$$;
grant execute on function private.api_documents(bytea, text, integer, jsonb) to app_server;

-- Gives an endpoint a new secret, which comes sealed. For a day the one before signs too. While one does, it stays the one
-- before: the receiver has it, and the secret that is replaced so soon may be lost.
create or replace function public.rotate_webhook_secret(endpoint uuid, secret_sealed text, key_id text) returns public.edit_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if private.owned_webhook_summit(rotate_webhook_secret.endpoint) is null then return 'not_found'; end if;
	if coalesce(secret_sealed, '') !~ '^([0-9a-f]{2}){40,200}$' then return 'invalid'; end if;
	update private.webhook_endpoints as e
	set old_secret_sealed = case when e.old_until > now() then e.old_secret_sealed else e.secret_sealed end,
		old_key_id = case when e.old_until > now() then e.old_key_id else e.key_id end,
		old_until = now() + interval '24 hours',
		secret_sealed = decode(rotate_webhook_secret.secret_sealed, 'hex'),
		key_id = rotate_webhook_secret.key_id
	where e.id = rotate_webhook_secret.endpoint;
	return 'ok';
exception when not_null_violation then return 'invalid';
end
$$;
grant execute on function public.rotate_webhook_secret(uuid, text, text) to authenticated;

-- Applies the next rows of the reader's preview, each as it was shown, those that end a registration first: another ticket
-- of its person takes its place. The app calls it again while it answers `more`.
-- Rows whose registration somebody changed since are left. Locks the modes, then the preview. Answers {status: ok | more
-- | already | not_mapped | closed | not_found}, and at the end {counts, refused}.
create or replace function public.apply_import(import uuid, most integer default 200) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_i private.imports := private.my_import(import);
	v_row private.import_rows;
begin
	if v_i.id is null then return jsonb_build_object('status', 'not_found'); end if;
	perform private.lock_modes(v_i.summit_id);
	select * into v_i from private.imports as i where i.id = import for update;
	if v_i.id is null then return jsonb_build_object('status', 'not_found'); end if;
	if v_i.applied_at is not null then return v_i.result || jsonb_build_object('status', 'already'); end if;
	if v_i.mapping is null then return jsonb_build_object('status', 'not_mapped'); end if;
	if v_i.contents = 'registrations'
		and not exists (select from public.summits as s where s.id = v_i.summit_id and s.state in ('open', 'live')) then
		return jsonb_build_object('status', 'closed');
	end if;
	perform set_config('app.reason', 'import', true);
	for v_row in
		select *
		from private.import_rows as r
		where r.import_id = v_i.id and r.applied is null
		order by (r.record ->> 'state' = 'cancelled') is true desc, r.position
		limit greatest(1, least(coalesce(most, 200), 500))
	loop
		-- Addresses and answers are no longer needed, so they are deleted.
		update private.import_rows as r
		set applied = private.apply_import_row(v_i, v_row), record = r.record - '{address,answers,people}'::text[]
		where r.import_id = v_i.id and r.position = v_row.position;
	end loop;
	if exists (select from private.import_rows as r where r.import_id = v_i.id and r.applied is null) then
		update private.imports as i set begun_at = coalesce(i.begun_at, now()) where i.id = import;
		return jsonb_build_object('status', 'more');
	end if;
	update private.imports as i
	set begun_at = coalesce(i.begun_at, now()), applied_at = now(), result = private.import_result(import)
	where i.id = import
	returning * into v_i;
	perform private.serve_queues(v_i.summit_id);
	perform audit.record_event(v_i.contents || '.imported', import::text, v_i.summit_id, null, (
		select jsonb_build_object(
			'added', count(*) filter (where r.applied in ('draft', 'submitted', 'queued')),
			'changed', count(*) filter (where r.applied in ('updated', 'withdrawn')),
			'refused', count(*) filter (where r.applied in ('changed_meanwhile', 'failed')))
		from private.import_rows as r
		where r.import_id = v_i.id));
	perform private.publish_event('organise:' || v_i.summit_id,
		case v_i.contents when 'proposals' then 'proposals' else 'registration' end);
	return v_i.result || jsonb_build_object('status', 'ok');
end
$$;
grant execute on function public.apply_import(uuid, integer) to authenticated;

-- Finds what each row of a file means. A member is found by its name, as in the import of members; an address finds its
-- person as it does at the help desk, never somebody under an alias.
create or replace function private.match_imported_registrations(p private.imports)
	returns table (match private.registration_match, registration public.registrations)
language sql volatile security definer set search_path = '' as $$
	with known as materialized (
		select m.folded, min(m.id::text)::uuid as id, min(m.name) as name, count(*) as count
		from private.members_to_match(p.summit_id) as m
		where m.is_here and m.standing in ('active', 'observer')
		group by m.folded
	), given as materialized (
		select r.position, r.record as rec, r.record ->> 'fault' as fault, r.record ->> 'state' as state,
			p.mapping -> 'products' -> (r.record ->> 'product') ->> 'category' as category,
			p.mapping -> 'products' -> (r.record ->> 'product') ->> 'mode' as mode,
			decode(r.record #>> '{address,hash}', 'hex') as hash,
			private.fold_for_search(coalesce(r.record ->> 'organisation', '')) as folded
		from private.import_rows as r
		where r.import_id = p.id
	), matched as materialized (
		select g.*, i.registration_id as imported_id,
			i.state as state_before, i.paid as paid_before, person.id as person_id, k.id as member_id,
			k.name as member_name, k.count as members
		from given as g
		left join private.imported_registrations as i
			on i.summit_id = p.summit_id and i.source = p.file ->> 'source' and i.reference = g.rec ->> 'key'
		left join lateral (
			select private.find_desk_person(g.hash) as id where g.hash is not null offset 0) as person on true
		left join known as k on k.folded = g.folded and g.folded <> ''
	)
	select
		row(m.position, m.rec, m.fault, m.state, m.category, m.mode, m.hash, m.person_id, m.imported_id is not null,
			m.state_before, m.paid_before, case when m.members = 1 then m.member_id end, case when m.members = 1 then m.member_name end,
			m.members,
			first_value(m.position) over (partition by m.rec ->> 'key' order by m.position),
			first_value(m.position) over (
				partition by case
					when m.fault is null and m.state <> 'cancelled' and m.category <> '' then m.hash end
				order by (m.state = 'paid') desc, m.position))::private.registration_match,
		r
	from matched as m
	left join public.registrations as r on r.id = coalesce(m.imported_id, (
		select live.id
		from public.registrations as live
		where live.summit_id = p.summit_id
			and live.person_id = m.person_id
			and live.state not in ('declined', 'withdrawn', 'expired')
			-- A draft that another row ends is none for this one.
			and not (live.state = 'draft' and exists (
				select from matched as ended where ended.imported_id = live.id and ended.state = 'cancelled'))))
$$;

-- Why a row does nothing, {code, words}; null when it may do something.
create or replace function private.registration_import_fault(m private.registration_match, p_r public.registrations) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when m.fault is not null then jsonb_build_object('code', m.fault)
		when m.first_of_key < m.position then jsonb_build_object('code', 'twice')
		when coalesce(m.category, '') = '' then jsonb_build_object('code', 'product_left_out')
		when not m.is_imported and m.state = 'cancelled' then jsonb_build_object('code', 'cancelled')
		when not m.is_imported and m.hash is not null and m.first_of_address <> m.position
			then jsonb_build_object('code', 'same_address')
		when m.person_id in (select private.my_people()) then jsonb_build_object('code', 'own')
		when p_r.state in ('declined', 'withdrawn', 'expired') then jsonb_build_object('code', 'ended_here')
	end
$$;
