-- Certificates of attendance and of speaking: issued by the organisers' threshold, which counts the venue and streams
-- alike, under a name that the person chooses. The content is sealed; only the holder of its code is shown it.

-- Returns how much a person took part, by door and by stream: {minutes, sessions, days}, and the minutes of recordings
-- that count ({watched}). Each minute counts once, also when one session is followed in the hall and another on a phone.
-- A session counts from ten minutes on, with those of its recordings. A day counts with an entry at the door or a minute
-- in a session; a night at the door belongs to the day before it.
create function private.participation_totals(p_summit uuid, p_person uuid)
	returns table (minutes bigint, sessions bigint, days bigint, watched bigint)
language sql stable security definer set search_path = '' as $$
	with attended as materialized (
		select a.session_id, a.minutes
		from private.attended_sessions(p_summit, p_person) as a
		where a.minutes > 0
	), seen as materialized (
		select w.session_id, w.minutes
		from private.watched_sessions(p_summit, p_person) as w
	), periods as (
		select unnest(range_agg(within)) as period
		from (
			select tstzrange(p.entered_at, greatest(p.entered_at, coalesce(p.left_at, now()))) * case
				when p.run_id is null then tstzrange(null, null)
				else tstzrange(runs.started_at, greatest(runs.started_at, coalesce(runs.ended_at, now())))
				end as within
			from public.presence as p
			left join public.runs on runs.id = p.run_id
			where p.person_id = p_person
				and p.session_id in (select a.session_id from attended as a)
				and (p.run_id is null or runs.started_at is not null)
				and not private.is_nameless(p.run_id)) as clipped
		where not isempty(within)
	)
	select (
		select coalesce(round(sum(extract(epoch from upper(period) - lower(period))) / 60.0), 0)::bigint
		from periods), (
		select count(*)
		from attended as a
		full join seen as w on w.session_id = a.session_id
		where coalesce(a.minutes, 0) + coalesce(w.minutes, 0) >= 10), (
		select count(distinct private.door_day(p_summit, p.entered_at))
		from public.presence as p
		where p.summit_id = p_summit
			and p.person_id = p_person
			and (p.session_id is null and p.kind = 'door'
				or p.session_id in (select a.session_id from attended as a))), (
		select coalesce(sum(w.minutes), 0)::bigint
		from seen as w)
$$;

-- Returns whether a person has reached the organisers' threshold.
create function private.reaches_certificate_threshold(p_summit uuid, p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (
		select from public.certificate_settings as s, private.participation_totals(p_summit, p_person) as t
		where s.summit_id = p_summit
			and case s.basis when 'minutes' then t.minutes + t.watched when 'sessions' then t.sessions else t.days end >= s.threshold)
$$;

-- Returns the sessions that are over and in which a person spoke, chaired, moderated or responded; none at a level that
-- names nobody.
create function private.sessions_spoken_in(p_summit uuid, p_person uuid) returns setof uuid
language sql stable security definer set search_path = '' as $$
	select distinct sp.session_id
	from public.session_people as sp
	join public.sessions as s on s.id = sp.session_id
	where sp.summit_id = p_summit
		and sp.person_id = p_person
		and sp.state = 'confirmed'
		and sp.role in ('speaker', 'chair', 'moderator', 'respondent')
		and s.state <> 'cancelled'
		and private.level_in_force(s.id) in ('public', 'members')
		and (exists (select from public.runs as r where r.session_id = s.id and r.ended_at is not null)
			or (select max(upper(d.during)) from public.slots as d where d.session_id = s.id) < now())
$$;

-- Returns the titles of these sessions in the order of the programme, without cancelled ones and those at a level that
-- names nobody.
create function private.certificate_titles(p_sessions uuid[]) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(s.title
		order by (select min(lower(d.during)) from public.slots as d where d.session_id = s.id), s.id), '[]')
	from public.sessions as s
	where s.id = any (p_sessions)
		and s.state <> 'cancelled'
		and private.level_in_force(s.id) in ('public', 'members')
$$;

-- Returns the reader's own: {is_offered, head, basis, least, minutes, sessions, days, watched, reached, spoke: [titles],
-- display_name, has_alias, certificates: [{id, kind, issued_at, content_sealed, key_id, titles}]}; null where none are
-- offered and the reader has none.
create function public.my_certificates(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'is_offered', s.is_offered,
		'head', jsonb_build_object('issuer_name', s.issuer_name, 'signatory_name', s.signatory_name,
			'signatory_office', s.signatory_office, 'statement', s.statement),
		'basis', s.basis, 'threshold', s.threshold,
		'minutes', t.minutes, 'sessions', t.sessions, 'days', t.days, 'watched', t.watched,
		'reached', private.reaches_certificate_threshold(s.summit_id, p.id),
		'spoke', private.certificate_titles(array(select private.sessions_spoken_in(s.summit_id, p.id))),
		'display_name', p.display_name,
		'has_alias', private.has_alias(p.id),
		'certificates', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', c.id, 'kind', c.kind, 'issued_at', private.iso(c.issued_at),
				'content_sealed', encode(c.content_sealed, 'hex'), 'key_id', c.key_id,
				'titles', private.certificate_titles(c.sessions))
				order by c.kind), '[]')
			from private.certificates as c
			where c.summit_id = s.summit_id and c.person_id = p.id and c.ended_at is null))
	from public.certificate_settings as s
	join public.people as p on p.id = (select private.me())
	cross join lateral private.participation_totals(s.summit_id, p.id) as t
	where s.summit_id = my_certificates.summit
		and (s.is_offered or exists (
			select from private.certificates as c
			where c.summit_id = s.summit_id and c.person_id = p.id and c.ended_at is null))
$$;
grant execute on function public.my_certificates(uuid) to authenticated;

-- Ends a certificate (`p_how`: replaced, withdrawn_items or revoked) and deletes its content.
create function private.close_certificate(p_id uuid, p_how text) returns void
language sql volatile security definer set search_path = '' as $$
	update private.certificates as c
	set content_sealed = null, key_id = null, ended_at = now(), end_reason = p_how
	where c.id = p_id and c.ended_at is null
$$;

-- Issues a certificate to the person themselves: an assistant cannot, because the person chooses the name. It replaces
-- an earlier one of the same kind; one that the organisers revoked cannot be issued again. An advisory lock for each
-- person makes two calls run one after the other. Returns {status: ok | not_reached | not_offered | invalid |
-- not_allowed, id}.
create function public.issue_certificate(summit uuid, kind text, code_hash text, content jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_sessions uuid[] := '{}';
	v_id uuid;
begin
	if v_me is null then return jsonb_build_object('status', 'not_allowed'); end if;
	if issue_certificate.kind not in ('attendance', 'speaker')
		or issue_certificate.kind is null
		or coalesce(code_hash, '') !~ '^[0-9a-f]{64}$'
		or coalesce(content ->> 'sealed', '') !~ '^([0-9a-f]{2})+$'
		or length(content ->> 'sealed') not between 56 and 8000
		or coalesce(content ->> 'key_id', '') = '' then
		return jsonb_build_object('status', 'invalid');
	end if;
	if not exists (
		select from public.certificate_settings as s
		where s.summit_id = issue_certificate.summit and s.is_offered) then
		return jsonb_build_object('status', 'not_offered');
	end if;
	if issue_certificate.kind = 'speaker' then
		v_sessions := array(select private.sessions_spoken_in(issue_certificate.summit, v_me));
	end if;
	if (case issue_certificate.kind
		when 'speaker' then v_sessions = '{}'
		else not private.reaches_certificate_threshold(issue_certificate.summit, v_me) end) then
		return jsonb_build_object('status', 'not_reached');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('certificate:' || issue_certificate.summit || v_me, 0));
	if exists (
		select from private.certificates as c
		where c.summit_id = issue_certificate.summit
			and c.person_id = v_me
			and c.kind = issue_certificate.kind
			and c.end_reason = 'revoked') then
		return jsonb_build_object('status', 'not_allowed');
	end if;
	perform private.set_audit_context(v_me);
	perform private.close_certificate(c.id, 'replaced')
	from private.certificates as c
	where c.summit_id = issue_certificate.summit
		and c.person_id = v_me
		and c.kind = issue_certificate.kind
		and c.ended_at is null;
	insert into private.certificates (summit_id, person_id, kind, code_hash, content_sealed, key_id, sessions)
	values (issue_certificate.summit, v_me, issue_certificate.kind, decode(issue_certificate.code_hash, 'hex'),
		decode(content ->> 'sealed', 'hex'), content ->> 'key_id', v_sessions)
	returning id into v_id;
	return jsonb_build_object('status', 'ok', 'id', v_id);
end
$$;
grant execute on function public.issue_certificate(uuid, text, text, jsonb) to authenticated;

-- The person takes a certificate back, or a registration organiser revokes it with a reason. Locks the certificate.
-- Returns ok, not_found or reason_needed.
create function public.end_certificate(certificate uuid, reason text default '') returns public.certificate_end_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v private.certificates;
	v_own boolean;
begin
	select * into v
	from private.certificates as c
	where c.id = end_certificate.certificate and c.ended_at is null
	for update;
	if not found then return 'not_found'; end if;
	v_own := coalesce(v.person_id = private.me(), false);
	if not v_own and not private.has_role(v.summit_id, 'registration') then return 'not_found'; end if;
	if not v_own and length(private.one_line(reason)) not between 1 and 200 then return 'reason_needed'; end if;
	perform private.set_audit_context(v.person_id, private.one_line(reason));
	perform private.close_certificate(v.id, case when v_own then 'taken_back' else 'revoked' end);
	perform private.publish_event('person:' || v.person_id, 'certificate', v.id);
	return 'ok';
end
$$;
grant execute on function public.end_certificate(uuid, text) to authenticated;

-- Returns, for registration organisers: {settings, issued: [{id, kind, display_name, issued_at, end_reason}]}; null
-- when not allowed. The name is the one under which people are shown, never the chosen one.
create function public.list_certificates(summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'settings', (
			select to_jsonb(s) - array['summit_id', 'updated_at']
			from public.certificate_settings as s
			where s.summit_id = list_certificates.summit),
		'issued', (
			select coalesce(jsonb_agg(jsonb_build_object(
				'id', c.id, 'kind', c.kind, 'display_name', p.display_name,
				'issued_at', private.iso(c.issued_at), 'end_reason', c.end_reason)
				order by c.issued_at desc), '[]')
			from private.certificates as c
			join public.people as p on p.id = c.person_id
			where c.summit_id = list_certificates.summit and c.end_reason is distinct from 'replaced'))
	where private.has_role(list_certificates.summit, 'registration')
$$;
grant execute on function public.list_certificates(uuid) to authenticated;

-- Saves the conditions and the letterhead. Returns ok, not_allowed or invalid.
create function public.save_certificate_settings(summit uuid, settings jsonb) returns public.save_status
language plpgsql volatile security definer set search_path = '' as $$
begin
	if not private.has_role(save_certificate_settings.summit, 'registration') then return 'not_allowed'; end if;
	begin
		insert into public.certificate_settings (summit_id, basis, threshold, issuer_name, signatory_name, signatory_office,
			statement, is_offered)
		values (save_certificate_settings.summit, settings ->> 'basis', (settings ->> 'threshold')::integer,
			btrim(settings ->> 'issuer_name'), btrim(settings ->> 'signatory_name'),
			btrim(settings ->> 'signatory_office'), coalesce(settings -> 'statement', '{}'),
			coalesce((settings ->> 'is_offered')::boolean, false))
		on conflict (summit_id) do update
		set basis = excluded.basis, threshold = excluded.threshold, issuer_name = excluded.issuer_name,
			signatory_name = excluded.signatory_name, signatory_office = excluded.signatory_office,
			statement = excluded.statement, is_offered = excluded.is_offered, updated_at = now();
	exception when integrity_constraint_violation or data_exception then return 'invalid';
	end;
	return 'ok';
end
$$;
grant execute on function public.save_certificate_settings(uuid, jsonb) to authenticated;

-- Returns, for the app only, the certificate with the hash of a code: {state: valid, kind, issued_at,
-- content_sealed, key_id, titles, summit, issuer_name}; {state: ended} and nothing else for an ended one; null for
-- an unknown code.
create function private.read_certificate(p_code_hash bytea) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case
		when c.ended_at is not null then jsonb_build_object('state', 'ended')
		else jsonb_build_object(
			'state', 'valid', 'kind', c.kind, 'issued_at', private.iso(c.issued_at),
			'content_sealed', encode(c.content_sealed, 'hex'), 'key_id', c.key_id,
			'titles', private.certificate_titles(c.sessions),
			'summit', jsonb_build_object('name', u.name, 'starts_on', u.starts_on, 'ends_on', u.ends_on,
				'city', u.city, 'zone', u.zone),
			'issuer_name', s.issuer_name) end
	from private.certificates as c
	join public.summits as u on u.id = c.summit_id
	join public.certificate_settings as s on s.summit_id = c.summit_id
	where c.code_hash = p_code_hash
$$;
grant execute on function private.read_certificate(bytea) to app_server;
