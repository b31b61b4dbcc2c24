-- Everything about me: asking for a copy, and reading it once.

-- How long a copy that was asked for can be downloaded.
create function private.copy_lifetime() returns interval
language sql immutable set search_path = '' as $$ select interval '24 hours' $$;

-- ok: it may be downloaded. confirm_first: a protected person has to sign in once more. too_many: three are open.
create domain public.copy_request_status as text check (value in ('ok', 'confirm_first', 'too_many', 'not_allowed'));

-- The name of what a column refers to, as an expression; null for a column that is no key. Sessions that the person does
-- not see today ($2: those that they see) have no name.
create function private.copied_name(p_column text) returns text
language sql immutable set search_path = '' as $$
	select case p_column
		when 'session_id' then '(select x.title from public.sessions as x where x.id = t.session_id and x.id = any ($2))'
		when 'run_id' then '(select x.title from public.sessions as x join public.runs as r on r.session_id = x.id
			where r.id = t.run_id and x.id = any ($2))'
		when 'recording_id' then '(select x.title from public.sessions as x join public.runs as r on r.session_id = x.id
			join private.recordings as c on c.run_id = r.id where c.id = t.recording_id and x.id = any ($2))'
		when 'summit_id' then '(select x.name from public.summits as x where x.id = t.summit_id)'
		when 'member_id' then '(select x.name from public.members as x where x.id = t.member_id)'
		when 'pool_id' then '(select x.name from public.pools as x where x.id = t.pool_id)'
		when 'track_id' then '(select x.name from public.tracks as x where x.id = t.track_id)'
		when 'format_id' then '(select x.name from public.formats as x where x.id = t.format_id)'
		when 'field_id' then '(select x.label from public.logistics_fields as x where x.id = t.field_id)'
		when 'question_id' then '(select x.label from private.call_questions as x where x.id = t.question_id)'
		when 'proposal_id' then '(select x.title from private.proposals as x where x.id = t.proposal_id)'
		when 'order_id' then '(select x.reference from public.orders as x where x.id = t.order_id)'
		when 'booth_id' then '(select x.language from private.booths as x where x.id = t.booth_id)'
		when 'checkpoint_id' then '(select coalesce(x.name, (select r.name from public.rooms as r where r.id = x.room_id))
			from public.checkpoints as x where x.id = t.checkpoint_id)'
	end
$$;

-- The expression of one column in a copy: a sealed value with the place under which it was sealed, the name of what a
-- key refers to, or the value itself. Amounts of an order get its currency.
create function private.copied_expression(p private.copied_tables, p_column text) returns text
language sql stable security definer set search_path = '' as $$
	select case
		when p.sealed ? p_column then format(
			'jsonb_build_object(''sealed'', encode(t.%I, ''hex''), ''key_id'', t.key_id, ''place'', concat_ws('' '', %s))',
			p_column,
			(select string_agg(case when place.position = 1 then quote_literal(word) else format('t.%I', word) end, ', '
					order by place.position)
				from jsonb_array_elements_text(p.sealed -> p_column) with ordinality as place (word, position)))
		when p_column = 'currency' and not exists (select
				from pg_catalog.pg_attribute as a
				where a.attrelid = p.name::regclass and a.attname = 'currency' and not a.attisdropped)
			then '(select x.currency from public.orders as x where x.id = t.order_id)'
		else coalesce(private.copied_name(p_column), format('t.%I', p_column))
	end
$$;

-- What a column is called in a copy: a key loses its "_id", a sealed column its "_sealed".
create function private.copied_key(p_column text) returns text
language sql immutable set search_path = '' as $$ select regexp_replace(p_column, '_(id|sealed)$', '') $$;

-- The rows of one table about these owners: [{column: value}].
create function private.copied_rows(p private.copied_tables, p_owners uuid[], p_sessions uuid[]) returns jsonb
language plpgsql stable security definer set search_path = '' as $$
declare
	v_rows jsonb;
begin
	execute format('select coalesce(jsonb_agg(jsonb_build_object(%s) order by t.%I), ''[]'') from %s as t where t.%I = any ($1)',
		(select string_agg(format('%L, %s', private.copied_key(name), private.copied_expression(p, name)), ', ' order by position)
			from unnest(p.columns) with ordinality as listed (name, position)),
		p.columns[1], p.name, p.owner_column)
		into v_rows using p_owners, p_sessions;
	return v_rows;
end
$$;

-- The ids by which the rows of a person are found.
create function private.copy_owners(p_person uuid, p_owner private.copy_owner) returns uuid[]
language sql stable security definer set search_path = '' as $$
	select case p_owner
		when 'person' then array[p_person]
		when 'registration' then array(select r.id from public.registrations as r where r.person_id = p_person)
		when 'order' then array(select o.id from public.orders as o where o.payer_person_id = p_person)
		when 'proposal' then array(select p.id from private.proposals as p where p.owner_id = p_person)
		when 'account' then array(select a.account_id
			from public.account_people as a
			where a.person_id = p_person and a.relation = 'self')
		when 'assistant' then array(select a.id
			from public.account_people as a
			where a.person_id = p_person and a.relation = 'assistant')
	end
$$;

-- The mails to a person, as far as they are still kept: [{at, template, locale, params, summit, wording}]. The app writes
-- them again. What was secret in them was deleted when they were sent.
create function private.mails_to(p_person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'at', private.iso(o.sent_at),
		'template', o.template,
		'locale', o.locale,
		'params', o.params,
		'summit', private.mail_summit(o.summit_id),
		'wording', private.mail_wording(o.template, o.params, o.summit_id, o.locale)) order by o.sent_at), '[]')
	from private.outbox as o
	where o.person_id = p_person and o.state = 'sent'
$$;

-- The files that a person uploaded, as far as they are kept: [{object, name, sealed}]. Those that answer a question are
-- sealed ({field, answer_sealed, file_key_sealed, key_id}), with their name.
create function private.files_of(p_person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('object', f.object, 'name', f.name, 'sealed', f.sealed) order by f.at, f.object), '[]')
	from (
		select v.object_name as object, v.shown_name as name, null::jsonb as sealed, v.uploaded_at as at
		from private.file_versions as v
		where v.uploaded_by = p_person
		union all
		select p.large_object, 'portrait.' || split_part(o.media_type, '/', 2), null, p.created_at
		from private.portraits as p
		join private.stored_objects as o on o.name = p.large_object
		where p.person_id = p_person
		union all
		select a.object_name, '', jsonb_build_object('field', a.field_id, 'key_id', a.key_id,
			'answer_sealed', encode(a.answer_sealed, 'hex'), 'file_key_sealed', encode(a.file_key_sealed, 'hex')),
			a.answered_at
		from private.logistics_answers as a
		join public.registrations as r on r.id = a.registration_id and r.person_id = p_person
		where a.object_name is not null) as f
	join private.stored_objects as o on o.name = f.object and o.state = 'kept' and o.scan <> 'refused'
$$;

-- Everything about a person that they are given: {made_at, account: {address, created_at, last_signed_in_at},
-- tables: [{name, section, columns, rows}], mails, files, readings, left_out: [{name, reason}]}. Tables without a row are left out.
create function private.copy_of(p_person uuid) returns jsonb
language sql stable security definer set search_path = '' set timezone = 'UTC' as $$
	with mine as (
		select owner, private.copy_owners(p_person, owner::private.copy_owner) as ids
		from unnest(array['person', 'registration', 'order', 'proposal', 'account', 'assistant']) as owner
	), seen as (
		select array(select private.visible_sessions(p_person, s.id) from public.summits as s) as sessions
	), filled as (
		select t.name, t.section, private.copied_rows(t, mine.ids, seen.sessions) as rows,
			array(select private.copied_key(c) from unnest(t.columns) as c) as columns
		from private.copied_tables as t
		join mine on mine.owner = t.owner
		cross join seen
	)
	select jsonb_build_object(
		'made_at', private.iso(now()),
		'accounts', (select coalesce(jsonb_agg(jsonb_build_object(
				'address', u.email,
				'created_at', private.iso(u.created_at),
				'last_signed_in_at', private.iso(u.last_sign_in_at))), '[]')
			from public.account_people as a
			join auth.users as u on u.id = a.account_id
			where a.person_id = p_person and a.relation = 'self'),
		'tables', (select coalesce(jsonb_agg(jsonb_build_object(
					'name', f.name, 'section', f.section, 'columns', f.columns, 'rows', f.rows) order by f.name), '[]')
			from filled as f
			where f.rows <> '[]'),
		'mails', private.mails_to(p_person),
		'files', private.files_of(p_person),
		'readings', public.my_readings(),
		'left_out', (select jsonb_agg(jsonb_build_object('name', n.name, 'reason', n.reason) order by n.reason, n.name)
			from private.not_copied_tables as n))
$$;

-- Whether the reader signed in within the last 15 minutes.
create function private.is_freshly_signed_in() returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select
		from auth.sessions as s
		where s.id = private.auth_session()
			and s.user_id = (select private.account())
			and s.created_at > now() - interval '15 minutes')
$$;

-- Whether a protected person has to sign in once more first: a copy says who they are. Who has a passkey is asked for it
-- instead (private.require_confirmation).
create function private.confirms_copy(p_person uuid) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
	if not exists (select from private.protections as x where x.person_id = p_person) then return false; end if;
	if private.needs_passkey(p_person) then
		perform private.require_confirmation();
		return false;
	end if;
	return not private.is_freshly_signed_in();
end
$$;

-- Asks for a copy of everything about the reader. Only the person: no assistant can. Three at most wait at a time.
create function public.request_data_copy() returns public.copy_request_status
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
begin
	if v_me is null then return 'not_allowed'; end if;
	if private.confirms_copy(v_me) then return 'confirm_first'; end if;
	perform from public.people as p where p.id = v_me for no key update;
	if (select count(*) >= 3
		from private.data_copies as c
		where c.person_id = v_me and c.downloaded_at is null and c.expires_at > now())
	then
		return 'too_many';
	end if;
	perform private.set_audit_context(v_me);
	delete from private.data_copies as c where c.person_id = v_me and c.expires_at < now() - interval '90 days';
	insert into private.data_copies (person_id, expires_at) values (v_me, now() + private.copy_lifetime());
	perform private.enqueue_mail(v_me, 'data_copy_requested', '{}');
	return 'ok';
end
$$;
grant execute on function public.request_data_copy() to authenticated;

-- The reader's copies of the last days: [{id, asked_at, expires_at, downloaded_at}], the newest first.
create function public.my_data_copies() returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object(
		'id', c.id,
		'asked_at', private.iso(c.asked_at),
		'expires_at', private.iso(c.expires_at),
		'downloaded_at', private.iso(c.downloaded_at)) order by c.asked_at desc), '[]')
	from (select *
		from private.data_copies as x
		where x.person_id = (select private.me())
		order by x.asked_at desc
		limit 5) as c
$$;
grant execute on function public.my_data_copies() to authenticated;

-- Reads a copy that the reader asked for, once: {status: ok | confirm_first | used | expired | not_found, copy}. Of two
-- downloads at once, one gets it.
create function public.read_data_copy(copy uuid) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
	v_me uuid := private.me();
	v_copy private.data_copies;
begin
	select * into v_copy from private.data_copies as c where c.id = copy and c.person_id = v_me for update;
	if not found then return jsonb_build_object('status', 'not_found'); end if;
	if v_copy.downloaded_at is not null then return jsonb_build_object('status', 'used'); end if;
	if v_copy.expires_at <= now() then return jsonb_build_object('status', 'expired'); end if;
	if private.confirms_copy(v_me) then return jsonb_build_object('status', 'confirm_first'); end if;
	perform private.set_audit_context(v_me);
	update private.data_copies as c set downloaded_at = now() where c.id = copy;
	return jsonb_build_object('status', 'ok', 'copy', private.copy_of(v_me));
end
$$;
grant execute on function public.read_data_copy(uuid) to authenticated;
