-- Everything about me: a copy for the person, written when it is downloaded.

-- What the text of a mail says of its Summit; null for a mail of none.
create function private.mail_summit(p_summit uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select jsonb_build_object(
		'slug', s.slug,
		'name', s.name,
		'zone', s.zone,
		'starts_on', s.starts_on,
		'ends_on', s.ends_on,
		'venue_name', s.venue_name,
		'city', s.city,
		'reply_to', (select c.mail
			from public.summit_contacts as c
			where c.summit_id = s.id and c.mail is not null and c.kind in ('registration', 'general')
			order by c.kind, c.position
			limit 1))
	from public.summits as s
	where s.id = p_summit
$$;

-- The text that organisers wrote for a mail, {subject, body}; null where the default text is sent.
create function private.mail_wording(p_template text, p_params jsonb, p_summit uuid, p_locale text) returns jsonb
language sql stable security definer set search_path = '' as $$
	select case p_template
		when 'group_message' then private.group_message_text((p_params ->> 'message_id')::uuid, p_locale)
		when 'announcement' then private.announcement_wording((p_params ->> 'announcement_id')::uuid, p_locale)
		else private.custom_mail_text(p_summit, p_template, p_locale)
	end
$$;

-- Claims mails for sending, each by one process only: one mail by its id, else the most urgent ones. Answers with each
-- what its text needs; the address leaves the database sealed. A mail that is too late becomes dead and is not
-- answered. With `p_only_urgent` only those that cannot wait: a code with which somebody signs in, and what has waited
-- for ten seconds.
create or replace function private.claim_mail(
	p_limit integer default 1, p_id uuid default null, p_only_urgent boolean default false
) returns table (
	id uuid, claim uuid, template text, locale text, params jsonb, priority integer, attempts integer,
	address_sealed bytea, address_key_id text, secret bytea, secret_key_id text, time_zone text, summit jsonb,
	wording jsonb
)
language plpgsql volatile security definer set search_path = '' as $$
begin
	return query
	with picked as (
		select o.id from private.outbox as o
		where ((o.state = 'queued' and o.send_after <= now()) or (o.state = 'sending' and o.claimed_until < now()))
			and (p_id is null or o.id = p_id)
			and (not p_only_urgent or o.priority <= 1 or o.created_at < now() - interval '10 seconds')
		order by o.priority, o.created_at
		limit p_limit
		for update skip locked
	), taken as (
		update private.outbox as o
		set state = case
				when o.created_at + private.mail_lifetime(o.template) < now() then 'dead'::public.mail_state
				else 'sending'
			end,
			claim_id = gen_random_uuid(),
			claimed_until = now() + private.mail_claim_duration(),
			attempts = o.attempts + 1,
			last_error = case
				when o.created_at + private.mail_lifetime(o.template) < now() then 'too_late'
				else o.last_error
			end,
			secret = case
				when o.created_at + private.mail_lifetime(o.template) < now() then null
				else o.secret
			end
		from picked
		where o.id = picked.id
		returning o.*
	)
	select t.id, t.claim_id, t.template, t.locale, t.params, t.priority, t.attempts,
		coalesce(t.address_sealed, a.address_sealed),
		case when t.address_sealed is not null then t.key_id else a.key_id end,
		t.secret, t.key_id, p.time_zone,
		private.mail_summit(t.summit_id),
		private.mail_wording(t.template, t.params, t.summit_id, t.locale)
	from taken as t
	left join private.person_addresses as a on a.person_id = t.person_id and a.is_primary
	left join public.person_preferences as p on p.person_id = t.person_id
	where t.state = 'sending'
	order by t.priority, t.created_at;
end
$$;

-- The parts of a copy, in their order.
create domain private.copy_section as text check (value in ('profile', 'roles', 'registration', 'money', 'agenda',
	'speaking', 'participation', 'attendance', 'mail', 'concerns'));

-- Whose rows are given: those that refer to the person, their registrations, the orders that they pay, their own
-- proposals, their account, or the assistants who act for them.
create domain private.copy_owner as text
	check (value in ('person', 'registration', 'order', 'proposal', 'account', 'assistant'));

-- The tables in a copy. Only the listed columns are given: a column that leads to somebody else is never one of them.
create table private.copied_tables (
	name text primary key,
	section private.copy_section not null,
	owner private.copy_owner not null,
	-- The column that refers to the owner.
	owner_column text not null,
	-- The rows are sorted by the first one.
	columns text[] not null,
	-- The place under which each sealed column was sealed: {column: [word, column, …]} (src/lib/people/sealing.ts).
	sealed jsonb not null default '{}'
);
alter table private.copied_tables enable row level security;

-- Why a table that refers to people is not in a copy. technical: work of the machine, or a second copy of what is given.
-- safety: it protects others. staff: what organisers write for each other. others: it is about somebody else.
create domain private.not_copied_reason as text check (value in ('technical', 'safety', 'staff', 'others'));

create table private.not_copied_tables (
	name text primary key,
	reason private.not_copied_reason not null
);
alter table private.not_copied_tables enable row level security;

-- The copies that people asked for. Nothing is stored but who and when: a copy is written when it is downloaded, once.
create table private.data_copies (
	id uuid primary key default gen_random_uuid(),
	person_id uuid not null references public.people (id) on update cascade on delete cascade,
	asked_at timestamptz not null default now(),
	expires_at timestamptz not null,
	downloaded_at timestamptz
);
create index on private.data_copies (person_id, asked_at);
alter table private.data_copies enable row level security;
select audit.watch('private.data_copies', 'person_id');

insert into private.copied_tables (name, section, owner, owner_column, columns, sealed)
values
	('public.people', 'profile', 'person', 'id', '{display_name,office,affiliation,country,biography,links,code,
		created_at,updated_at}', default),
	('private.person_addresses', 'profile', 'person', 'person_id', '{created_at,address_sealed,is_primary,verified_at}',
		'{"address_sealed": ["address"]}'),
	('private.protections', 'profile', 'person', 'person_id', '{created_at,kind,real_name_sealed,no_photographs}',
		'{"real_name_sealed": ["real name"]}'),
	('public.person_preferences', 'profile', 'person', 'person_id', '{updated_at,locale,time_zone,no_photographs,
		agenda_changes,calendar_invitations}', default),
	('private.portraits', 'profile', 'person', 'person_id', '{created_at}', default),
	('private.passkeys', 'profile', 'person', 'person_id', '{created_at,name,is_backed_up,last_used_at}', default),
	('private.recovery_codes', 'profile', 'person', 'person_id', '{created_at,used_at}', default),
	('private.auth_session_devices', 'profile', 'account', 'account_id', '{device}', default),
	('private.push_subscriptions', 'profile', 'person', 'person_id', '{created_at,endpoint}', default),
	('private.personal_links', 'profile', 'person', 'person_id', '{created_at,kind,summit_id,expires_at,used_at,
		revoked_at}', default),
	('public.account_people', 'profile', 'person', 'person_id', '{created_at,relation,scope,until}', default),
	('private.assistant_addresses', 'profile', 'assistant', 'account_people_id', '{address_sealed}',
		'{"address_sealed": ["address"]}'),
	('private.assistant_invitations', 'profile', 'person', 'person_id', '{created_at,address_sealed,scope,until}',
		'{"address_sealed": ["address"]}'),
	('private.erasure_requests', 'profile', 'person', 'person_id', '{requested_at,due_at,stopped_at}', default),
	('private.data_copies', 'profile', 'person', 'person_id', '{asked_at,expires_at,downloaded_at}', default),
	('public.role_grants', 'roles', 'person', 'person_id', '{granted_at,role,summit_id,ended_at}', default),
	('private.concern_deputies', 'roles', 'person', 'person_id', '{granted_at,summit_id,ended_at}', default),
	('public.focal_points', 'roles', 'person', 'person_id', '{since,member_id,summit_id,until}', default),
	('private.reviewers', 'roles', 'person', 'person_id', '{added_at,summit_id,until,ended_at}', default),
	('public.registrations', 'registration', 'person', 'person_id', '{created_at,summit_id,reference,category,member_id,
		pool_id,mode,state,state_since,submitted_at,languages,is_minor,guardian_consent_at,code_of_conduct_at,
		updated_at}', default),
	('public.registration_steps', 'registration', 'registration', 'registration_id', '{at,from_state,to_state,mode,
		category,reason}', default),
	('public.consents', 'registration', 'person', 'person_id', '{given_at,agreed_label,agreed_detail,withdrawn_at}',
		default),
	('public.registration_needs', 'registration', 'person', 'person_id', '{updated_at,access_needs,note}', default),
	('private.emergency_contacts', 'registration', 'registration', 'registration_id', '{updated_at,contact_sealed}',
		'{"contact_sealed": ["emergency contact", "registration_id"]}'),
	('private.logistics_answers', 'registration', 'registration', 'registration_id', '{answered_at,field_id,
		answer_sealed}', '{"answer_sealed": ["logistics answer", "field_id"]}'),
	('private.visa_letters', 'registration', 'registration', 'registration_id', '{issued_at,summit_id,reference,
		content_sealed,replaced_at,withdrawn_at}', '{"content_sealed": ["visa letter"]}'),
	('private.information_requests', 'registration', 'registration', 'registration_id', '{asked_at,summit_id,question,
		deadline,state,answer,answered_at,closed_at}', default),
	('private.guardian_claims', 'registration', 'registration', 'registration_id', '{named_at,reference,asked_at,
		refused_at}', default),
	('private.guardian_stage_agreements', 'registration', 'registration', 'registration_id', '{agreed_at,on_stage,
		recorded}', default),
	('public.member_requests', 'registration', 'registration', 'registration_id', '{created_at,name,sector,country,
		state}', default),
	('public.delegation_places', 'registration', 'registration', 'registration_id', '{summit_id,member_id,position,
		is_head}', default),
	('public.nomination_refusals', 'registration', 'registration', 'registration_id', '{refused_at,summit_id,reason}',
		default),
	('public.seats', 'registration', 'registration', 'registration_id', '{created_at,summit_id,mode,state,held_until,
		released_at,release_reason}', default),
	('public.queue_entries', 'registration', 'registration', 'registration_id', '{created_at,summit_id,mode,reason,
		state,offered_at,deadline,closed_at}', default),
	('public.badges', 'registration', 'registration', 'registration_id', '{issued_at,summit_id,badge_code,revoked_at,
		revoked_reason}', default),
	('public.badge_prints', 'registration', 'registration', 'registration_id', '{printed_at,summit_id,layout}', default),
	('private.desk_codes', 'registration', 'person', 'person_id', '{issued_at,summit_id,checked,expires_at,used_at,
		ended_at}', default),
	('public.orders', 'money', 'order', 'id', '{created_at,summit_id,reference,currency,due_at,closed_at}', default),
	('public.order_lines', 'money', 'registration', 'registration_id', '{created_at,summit_id,mode,amount,currency,priced_at}',
		default),
	('public.order_adjustments', 'money', 'order', 'order_id', '{at,order_id,kind,amount,currency,provider,reason,
		booked_on}', default),
	('public.checkouts', 'money', 'order', 'order_id', '{created_at,order_id,amount,currency,state,
		expires_at}', default),
	('public.refunds', 'money', 'order', 'order_id', '{created_at,order_id,amount,currency,state,reason}', default),
	('public.invoices', 'money', 'order', 'order_id', '{issued_on,summit_id,kind,reference,amount,currency,due_on}',
		default),
	('private.bank_rows', 'money', 'order', 'order_id', '{booked_on,summit_id,amount,currency,words,state}', default),
	('public.waiver_requests', 'money', 'person', 'person_id', '{created_at,summit_id,grounds,explanation,state,amount,
		currency,answer,decided_at}', default),
	('public.agenda_marks', 'agenda', 'person', 'person_id', '{created_at,session_id}', default),
	('private.agenda_visits', 'agenda', 'person', 'person_id', '{visited_at,summit_id}', default),
	('private.session_signups', 'agenda', 'person', 'person_id', '{signed_up_at,session_id,channel,state}', default),
	('public.session_audiences', 'agenda', 'person', 'person_id', '{session_id,summit_id}', default),
	('private.entry_notices', 'agenda', 'person', 'person_id', '{confirmed_at,session_id,level}', default),
	('private.calendar_invitations', 'agenda', 'person', 'person_id', '{session_id,during,sequence}', default),
	('public.session_people', 'speaking', 'person', 'person_id', '{session_id,summit_id,role,state,consent_live,
		consent_record,consent_publish,consent_photo,consents_answered_at}', default),
	('public.person_availabilities', 'speaking', 'person', 'person_id', '{summit_id,zone,during}', default),
	('public.interpreter_languages', 'speaking', 'person', 'person_id', '{summit_id,source,target}', default),
	('private.speaker_needs', 'speaking', 'person', 'person_id', '{saved_at,summit_id,kind,need_sealed}',
		'{"need_sealed": ["speaker need", "person_id", "kind"]}'),
	('private.device_checks', 'speaking', 'person', 'person_id', '{checked_at,summit_id,device,camera,microphone,
		loudspeaker,line}', default),
	('private.speaker_reminders', 'speaking', 'person', 'person_id', '{at,summit_id,task,stage,due_at}', default),
	('private.text_suggestions', 'speaking', 'person', 'person_id', '{suggested_at,session_id,texts,state,reason,
		closed_at}', default),
	('private.co_speaker_suggestions', 'speaking', 'person', 'person_id', '{suggested_at,session_id,part,note,state,
		closed_at}', default),
	('private.file_versions', 'speaking', 'person', 'uploaded_by', '{uploaded_at,shown_name,language,number,chosen_at,
		withdrawn_at}', default),
	('private.proposals', 'speaking', 'person', 'owner_id', '{created_at,summit_id,code,state,title,abstract,
		content_note,notes,format_id,track_id,spoken,attendance,level,submitted_at,updated_at}', default),
	('private.proposal_answers', 'speaking', 'proposal', 'proposal_id', '{proposal_id,question_id,answer}', default),
	('private.proposal_decisions', 'speaking', 'proposal', 'proposal_id', '{decision_released_at,proposal_id,
		released_decision}', default),
	('private.proposal_people', 'speaking', 'person', 'person_id', '{summit_id,role,is_author,state,written_name,
		answered_at}', default),
	('private.reviews', 'speaking', 'person', 'reviewer_id', '{updated_at,scores,comment,sent_at}', default),
	('private.review_messages', 'speaking', 'person', 'person_id', '{written_at,body}', default),
	('private.review_conflicts', 'speaking', 'person', 'person_id', '{declared_at,reason}', default),
	('private.review_assignments', 'speaking', 'person', 'reviewer_id', '{assigned_at}', default),
	('private.chat_messages', 'participation', 'person', 'person_id', '{sent_at,session_id,body,level}', default),
	('private.session_questions', 'participation', 'person', 'person_id', '{asked_at,session_id,body,shown_as,state,
		votes,answered_at}', default),
	('private.hands', 'participation', 'person', 'person_id', '{raised_at,run_id,place,with_camera,state,called_at}',
		default),
	('private.floor_consents', 'participation', 'person', 'person_id', '{given_at,run_id}', default),
	('private.run_participants', 'participation', 'person', 'person_id', '{joined_at,run_id,role,is_on_stage,left_at}', default),
	('private.run_hosts', 'participation', 'person', 'person_id', '{created_at,run_id}', default),
	('private.recording_people', 'participation', 'person', 'person_id', '{recording_id}', default),
	('private.caption_people', 'participation', 'person', 'person_id', '{run_id}', default),
	('private.backstage_messages', 'participation', 'person', 'person_id', '{written_at,run_id,words}', default),
	('private.booth_messages', 'participation', 'person', 'person_id', '{said_at,booth_id,words}', default),
	('private.booth_seats', 'participation', 'person', 'person_id', '{booth_id,is_seated}', default),
	('public.presence', 'attendance', 'person', 'person_id', '{entered_at,session_id,summit_id,kind,checkpoint,left_at,
		source}', default),
	('private.sealed_presence', 'attendance', 'person', 'person_id', '{entered_at,session_id,summit_id,kind,checkpoint,
		left_at,source}', default),
	('private.door_periods', 'attendance', 'person', 'person_id', '{entered_at,summit_id,place,checkpoint_id,day,
		left_at}', default),
	('private.door_scans', 'attendance', 'person', 'person_id', '{scanned_at,summit_id,checkpoint_id,place,direction,
		is_counted,is_offline,undone_at}', default),
	('private.certificates', 'attendance', 'person', 'person_id', '{issued_at,summit_id,kind,content_sealed,ended_at,
		end_reason}', '{"content_sealed": ["certificate"]}'),
	('private.outbox', 'mail', 'person', 'person_id', '{created_at,summit_id,template,locale,state,sent_at}', default),
	('private.announcement_readers', 'mail', 'person', 'person_id', '{delivered_at,locale,seen_at,closed_at}', default),
	('private.group_message_recipients', 'mail', 'person', 'person_id', '{queued_at,locale,state}', default),
	('private.concerns', 'concerns', 'person', 'reporter_id', '{created_at,summit_id,session_id,subject,text_sealed,
		closed_at}', '{"text_sealed": ["concern"]}');

insert into private.not_copied_tables (name, reason)
values
	('private.agenda_digests', 'technical'),
	('private.booth_heartbeats', 'technical'),
	('private.calendar_update_queue', 'technical'),
	('private.desk_monitors', 'technical'),
	('private.former_ids', 'technical'),
	('private.logistics_reminders', 'technical'),
	('private.pending_agenda_changes', 'technical'),
	('private.placement_steps', 'technical'),
	('private.sample_people', 'technical'),
	('private.walk_in_forms', 'technical'),
	('public.release_people', 'technical'),
	('private.alias_traces', 'safety'),
	('private.concern_subjects', 'safety'),
	('private.declines_without_reason', 'safety'),
	('private.entry_bars', 'safety'),
	('private.sealed_name_hashes', 'safety'),
	('private.watch_list_entries', 'safety'),
	('private.watch_list_matches', 'safety'),
	('private.decision_batches', 'staff'),
	('private.decision_proposals', 'staff'),
	('private.desk_lookups', 'staff'),
	('private.door_conflicts', 'staff'),
	('private.member_imports', 'staff'),
	('private.role_proposals', 'staff'),
	('private.re_reviews', 'staff'),
	('private.registration_notes', 'staff'),
	('private.schedule_imports', 'staff'),
	('public.merge_requests', 'staff'),
	('private.proposal_marks', 'others'),
	('private.recording_marks', 'technical'),
	('private.role_invitations', 'others'),
	('private.invitations', 'others'),
	('private.late_links', 'others');

-- How long a copy that was asked for can be downloaded.
create function private.copy_lifetime() returns interval
language sql immutable set search_path = '' as $$ select interval '24 hours' $$;

-- ok: it may be downloaded. confirm_first: a protected person has to confirm that it is they. too_many: three are open.
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

-- The files that a person uploaded, as far as they are kept: [{object, name, media_type}].
create function private.files_of(p_person uuid) returns jsonb
language sql stable security definer set search_path = '' as $$
	select coalesce(jsonb_agg(jsonb_build_object('object', f.object, 'name', f.name) order by f.at, f.object), '[]')
	from (
		select v.object_name as object, v.shown_name as name, v.uploaded_at as at
		from private.file_versions as v
		where v.uploaded_by = p_person
		union all
		select p.large_object, 'portrait.' || split_part(o.media_type, '/', 2), p.created_at
		from private.portraits as p
		join private.stored_objects as o on o.name = p.large_object
		where p.person_id = p_person) as f
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

-- Whether the reader has to confirm first that it is they: a copy says who a protected person is. With a passkey, or
-- where they have none by signing in once more.
create function private.confirms_copy(p_person uuid) returns boolean
language sql stable security definer set search_path = '' as $$
	select exists (select from private.protections as x where x.person_id = p_person)
		and not case
			when private.needs_passkey(p_person) then private.is_recently_confirmed()
			else private.is_freshly_signed_in()
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
